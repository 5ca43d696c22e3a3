using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sojourn.Kinds.Generation;

namespace Sojourn.Models;

/// <summary>Adds models to an application.</summary>
public static class ModelServices
{
    /// <summary>
    /// Has the kind <c>generation</c> make its storyboards by models: adds a <see cref="ModelGenerator"/> as the
    /// <see cref="IStoryboardGenerator"/>. Options that cannot be used keep the host from starting.
    /// </summary>
    public static SojournBuilder AddModelGenerator(this SojournBuilder builder, Action<ModelOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new ModelOptions();
        configure(options);
        return builder.AddModelGenerator(options);
    }

    internal static SojournBuilder AddModelGenerator(this SojournBuilder builder, ModelOptions options)
    {
        builder.Services.AddSingleton<IStoryboardGenerator>(provider => new ModelGenerator(
            options,
            provider.GetService<TimeProvider>(),
            provider.GetService<ILogger<ModelGenerator>>()));
        return builder;
    }
}
