using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sojourn.Sqlite;

namespace Sojourn;

/// <summary>Chooses SQLite as the engine's store.</summary>
public static class SqliteServices
{
    /// <summary>
    /// Keeps sessions in <c>sojourn.db</c> in this directory, which is made if it does not exist, with a journal
    /// before it
    /// that acknowledges: see <see cref="JournaledStore"/>.
    /// </summary>
    /// <param name="options">The engine's.</param>
    /// <param name="directory">Where the files lie.</param>
    /// <param name="configure">Changes how the journal works; null (the default) for the defaults.</param>
    public static SojournOptions UseSqlite(
        this SojournOptions options, string directory, Action<JournalOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(directory);
        var journal = new JournalOptions();
        configure?.Invoke(journal);
        options.Store = services => new JournaledStore(
            directory,
            journal,
            services.GetService<TimeProvider>() ?? TimeProvider.System,
            services.GetService<ILoggerFactory>()?.CreateLogger<JournaledStore>()
                ?? NullLogger<JournaledStore>.Instance);
        return options;
    }
}
