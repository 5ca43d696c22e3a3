using Microsoft.Extensions.DependencyInjection;

namespace Sojourn.Kinds.Play;

/// <summary>Adds play sessions.</summary>
public static class PlayServices
{
    /// <summary>Adds the kind, and what begins its sessions one a pilot (<see cref="PlayStarts"/>).</summary>
    /// <param name="builder">The engine's.</param>
    /// <param name="options">The limits; null for the defaults. Read once, here.</param>
    /// <exception cref="SojournException">An option is out of its range; the message names all that are.</exception>
    public static SojournBuilder AddPlay(this SojournBuilder builder, PlayOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddKind(new PlayKind(options));
        builder.Services.AddSingleton(provider => new PlayStarts(provider.GetRequiredService<SojournEngine>()));
        return builder;
    }
}
