using Microsoft.Extensions.DependencyInjection;

namespace Sojourn.Kinds.Play.Cloud;

/// <summary>Adds save slots on a server.</summary>
public static class CloudServices
{
    /// <summary>Adds the slots; the server then serves them at <c>/v1/play-slots</c>.</summary>
    /// <param name="builder">The engine's.</param>
    /// <param name="options">The limits; null for the defaults. Read once, here.</param>
    /// <exception cref="SojournException">An option is out of its range; the message names all that are.</exception>
    public static SojournBuilder AddCloudSlots(this SojournBuilder builder, CloudSlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        options ??= new CloudSlotOptions();
        builder.AddKind(new CloudSlotKind(options));
        builder.Services.AddSingleton(provider =>
            new CloudSlots(provider.GetRequiredService<SojournEngine>(), options));
        return builder;
    }
}
