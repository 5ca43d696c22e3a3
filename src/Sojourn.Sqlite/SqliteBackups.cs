using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Sojourn.Sqlite;
using Sojourn.Stores;

namespace Sojourn;

/// <summary>Restores and tries backups. From any thread, but one at a time for each target.</summary>
public static class SqliteBackups
{
    /// <summary>
    /// Makes a data directory of a backup. It appears under its name when all of it is there, verified and flushed.
    /// </summary>
    /// <param name="backup">A directory that <see cref="ISessionStore.BackupAsync"/> made. It is only read.</param>
    /// <param name="directory">The data directory to be: it must not exist, or be empty.</param>
    /// <param name="giveUp">Leaves nothing behind under the directory's name.</param>
    /// <exception cref="SojournException">The directory is not empty or in use, or the backup is not whole.</exception>
    public static async Task<BackupReport> RestoreAsync(
        string backup, string directory, CancellationToken giveUp = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(backup);
        ArgumentException.ThrowIfNullOrEmpty(directory);
        var manifest = BackupManifest.Read(backup);
        var source = Path.Combine(backup, DataDirectory.FileName);
        manifest.Verify(source);
        using var target = new NewDirectory(directory);
        var copy = Path.Combine(target.Partial, DataDirectory.FileName);
        await Task.Run(() => DataFiles.Copy(source, copy), giveUp).ConfigureAwait(false);
        manifest.Verify(copy);
        var check = await CheckAsync(target.Partial, giveUp).ConfigureAwait(false);
        target.Complete();
        return new BackupReport(target.Path, check.Sessions, check.Entries, manifest.Bytes, check.Damaged);
    }

    /// <summary>
    /// Restores a backup aside, opens and checks it, and compares every session with the backup's: what a restore would
    /// bring is known before it is needed. Leaves nothing behind.
    /// </summary>
    /// <param name="backup">A directory that <see cref="ISessionStore.BackupAsync"/> made. It is only read.</param>
    /// <param name="giveUp">Stops it.</param>
    /// <exception cref="SojournException">The backup is not whole.</exception>
    public static async Task<DrillReport> DrillAsync(string backup, CancellationToken giveUp = default)
    {
        var aside = Directory.CreateTempSubdirectory("sojourn-drill-").FullName;
        try
        {
            var restored = Path.Combine(aside, "data");
            var report = await RestoreAsync(backup, restored, giveUp).ConfigureAwait(false);
            var differences = await Task.Run(() => Compare(backup, restored), giveUp).ConfigureAwait(false);
            return new DrillReport(report.Sessions, report.Entries, report.Damaged, differences);
        }
        finally
        {
            Directory.Delete(aside, recursive: true);
        }
    }

    /// <summary>Copies a file as it is at one moment; called with a reader's connection, while commits go on.</summary>
    internal static BackupReport Make(SqliteConnection source, string directory, CancellationToken giveUp)
    {
        using var target = new NewDirectory(directory);
        var file = Path.Combine(target.Partial, DataDirectory.FileName);
        DataFiles.OpenOwn(file).Dispose();
        source.Run("BEGIN");
        StoreCheck check;
        try
        {
            // The moment is that of the first look; what is committed later is in neither side of the comparison.
            source.ReadLong("SELECT count(*) FROM mark");
            using var copy = Connections.Open(file, forWriting: true);
            source.BackupDatabase(copy);
            giveUp.ThrowIfCancellationRequested();
            // One file, which can be read without anything being made beside it.
            copy.Run("PRAGMA journal_mode = DELETE");
            if (StoreDigest.Of(source, giveUp) != StoreDigest.Of(copy, giveUp))
            {
                throw new IOException($"The copy in '{target.Partial}' is not what was copied; it was deleted.");
            }

            check = new StoreChecker(copy, giveUp).Check();
        }
        finally
        {
            source.Run("ROLLBACK");
        }

        DataFiles.Flush(file);
        var manifest = BackupManifest.Of(file, check);
        manifest.Write(target.Partial);
        target.Complete();
        return new BackupReport(target.Path, check.Sessions, check.Entries, manifest.Bytes, check.Damaged);
    }

    private static async Task<StoreCheck> CheckAsync(string directory, CancellationToken giveUp)
    {
        var store = new SqliteStore(directory, NullLogger.Instance);
        await using var closing = store.ConfigureAwait(false);
        await store.OpenAsync(giveUp).ConfigureAwait(false);
        return await store.CheckAsync(giveUp).ConfigureAwait(false);
    }

    private static List<string> Compare(string backup, string restored)
    {
        var (before, after) = (Sessions(backup), Sessions(restored));
        var differences = before.Where(session => !after.TryGetValue(session.Key, out var other)
                || other != session.Value)
            .Select(session => $"{session.Key} is not as it is in the backup.");
        return [.. differences, .. after.Keys.Except(before.Keys).Select(name => $"{name} is not in the backup.")];
    }

    /// <summary>Of each session its version and a checksum of its record and its state.</summary>
    private static Dictionary<string, string> Sessions(string directory)
    {
        var file = new Uri(Path.GetFullPath(Path.Combine(directory, DataDirectory.FileName))).AbsoluteUri;
        using var connection = new SqliteConnection($"Data Source={file}?mode=ro&immutable=1;Pooling=False");
        connection.Open();
        var sessions = new Dictionary<string, string>(StringComparer.Ordinal);
        using var all = new Statement(connection, "SELECT kind, owner, id, version, header, state FROM session");
        all.Each(row =>
        {
            var name = $"{row.GetString(1)}:{row.GetString(0)}/{row.GetString(2)}";
            var header = SHA256.HashData(row.GetFieldValue<byte[]>(4));
            var state = SHA256.HashData(row.GetFieldValue<byte[]>(5));
            sessions[name] = $"{row.GetInt64(3)} {Convert.ToHexString(header)} {Convert.ToHexString(state)}";
            return true;
        });
        return sessions;
    }
}

/// <summary>What a restore of a backup would bring.</summary>
/// <param name="Sessions">Sessions restored.</param>
/// <param name="Entries">Stream entries restored.</param>
/// <param name="Damaged">A sentence for each record that was damaged when the backup was made.</param>
/// <param name="Differences">A sentence for each session that is not as it is in the backup.</param>
public sealed record DrillReport(
    long Sessions, long Entries, IReadOnlyList<string> Damaged, IReadOnlyList<string> Differences);
