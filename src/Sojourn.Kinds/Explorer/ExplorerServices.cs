using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sojourn.Kinds.Explorer.Saves;

namespace Sojourn.Kinds.Explorer;

/// <summary>Adds Cosmic Explorer.</summary>
public static class ExplorerServices
{
    /// <summary>Adds the game, its save slots (<see cref="SaveSlots"/>), and what saves by itself.</summary>
    /// <param name="builder">The engine's.</param>
    /// <param name="options">The limits; null for the defaults. Read once, here.</param>
    /// <exception cref="SojournException">An option is out of its range; the message names all that are.</exception>
    public static SojournBuilder AddExplorer(this SojournBuilder builder, ExplorerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        options ??= new ExplorerOptions();
        builder.AddKind(new ExplorerKind(options)).AddKind(new ExplorerSaveKind(options));
        var (slots, key) = (options.SaveSlots, options.ExportKey);
        builder.Services.AddSingleton<PendingSaves>();
        builder.Services.AddSingleton(provider => new SaveSlots(
            provider.GetRequiredService<SojournEngine>(), slots, key, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<PendingSaves>()));
        builder.Services.AddSingleton<IHostedService, AutoSaver>();
        return builder;
    }
}
