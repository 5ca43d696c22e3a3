using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sojourn.Sqlite;

namespace Sojourn;

/// <summary>Chooses SQLite as the engine's store.</summary>
public static class SqliteServices
{
    /// <summary>Keeps sessions in <c>sojourn.db</c> in this directory, which is made if it does not exist.</summary>
    public static SojournOptions UseSqlite(this SojournOptions options, string directory)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(directory);
        options.Store = services => new SqliteStore(
            directory,
            services.GetService<ILoggerFactory>()?.CreateLogger<SqliteStore>() ?? NullLogger<SqliteStore>.Instance);
        return options;
    }
}
