using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>A data directory, held by one process, and its file: made, migrated, checked and mended.</summary>
internal sealed partial class DataDirectory : IDisposable
{
    public const string FileName = "sojourn.db";

    /// <summary>A file up to this size is checked whole each time it is opened: well below a second.</summary>
    private const long CheckedAtOpen = 64 << 20;

    private readonly string _path;
    private readonly ILogger _log;
    private FileStream? _lock;

    public DataDirectory(string path, ILogger log)
    {
        (_path, _log) = (path, log);
        File = Path.Combine(path, FileName);
    }

    /// <summary>What is written into the lock once there is a file: from then on, none is made anew.</summary>
    private static ReadOnlySpan<byte> HoldsData => "This directory holds Sojourn's sessions.\n"u8;

    public string File { get; }

    private string Lock => Path.Combine(_path, "sojourn.lock");

    /// <summary>There while a page is known to be damaged: the next start looks at all of them.</summary>
    private string DamageSign => Path.Combine(_path, "sojourn.damaged");

    /// <exception cref="SojournException">Another process has it.</exception>
    public void Take()
    {
        Directory.CreateDirectory(_path);
        try
        {
            _lock = DataFiles.OpenOwn(Lock);
        }
        catch (IOException taken) when (IsInUse(taken))
        {
            throw new SojournException(
                $"The data directory '{_path}' is in use by another process. Stop that one, or choose another.", taken);
        }
    }

    /// <summary>Checked, mended and migrated, whatever it needs; nobody else has it open yet.</summary>
    /// <exception cref="SojournException">It cannot be used; it is as it was.</exception>
    public SqliteConnection OpenForWriting()
    {
        RefuseIfGone();
        // SQLite gives its log the permissions of its file, so make that one first.
        DataFiles.OpenOwn(File).Dispose();
        try
        {
            Mend();
            // A file that turns out not to be ours must stay as it is, so nothing is set before this.
            var connection = Connections.Open(File, forWriting: true);
            try
            {
                Schema.Ensure(connection, File);
                connection.Run("PRAGMA journal_mode = WAL");
                // A flipped byte in the file's header lets SQLite read it and never write: better said now.
                if (SQLitePCL.raw.sqlite3_db_readonly(connection.Handle, "main") != 0)
                {
                    throw new DamagedRecordException("its header forbids to write to it");
                }

                SignLock();
                return connection;
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        }
        catch (Exception damage) when (Damage.IsOfFile(damage))
        {
            throw new SojournException(
                $"'{File}' cannot be used ({damage.Message}). It was left as it is; restore the directory from a "
                + "backup.",
                damage);
        }
    }

    /// <summary>
    /// A connection for one that failed, while readers go on: the file itself is not opened again, for with its last
    /// handle a process gives up all locks that SQLite holds on it.
    /// </summary>
    public SqliteConnection OpenForWritingAgain() => Connections.Open(File, forWriting: true);

    public SqliteConnection OpenForReading() => Connections.Open(File, forWriting: false);

    /// <summary>A page was found damaged. Never fails: what matters is the failure that is being dealt with.</summary>
    public void NoteDamage(Exception failure)
    {
        LogDamage(File, failure.Message);
        try
        {
            DataFiles.OpenOwn(DamageSign).Dispose();
        }
        catch (Exception secondary) when (secondary is IOException or UnauthorizedAccessException)
        {
            LogDamage(DamageSign, secondary.Message);
        }
    }

    public void Dispose() => _lock?.Dispose();

    /// <summary>Other failures of the file system, a full disk among them, are no sign of another process.</summary>
    private static bool IsInUse(IOException failure)
    {
        const int SharingViolation = unchecked((int)0x80070020);
        const int WouldBlockOnLinux = 11;
        const int WouldBlockOnMac = 35;
        return failure.HResult == (OperatingSystem.IsWindows() ? SharingViolation
            : OperatingSystem.IsLinux() ? WouldBlockOnLinux
            : WouldBlockOnMac);
    }

    private void RefuseIfGone()
    {
        if (_lock is { Length: > 0 } && !(new FileInfo(File) is { Exists: true, Length: > 0 }))
        {
            throw new SojournException(
                $"'{File}' is gone or empty, though this directory held sessions. Restore it from a backup; to begin "
                + $"with nothing instead, delete '{Lock}'.");
        }
    }

    private void SignLock()
    {
        if (_lock is { Length: 0 } held)
        {
            held.Write(HoldsData);
            held.Flush(flushToDisk: true);
            DataFiles.FlushDirectory(_path);
        }
    }

    private void Mend()
    {
        var isSuspect = System.IO.File.Exists(DamageSign);
        if (!isSuspect && new FileInfo(File).Length > CheckedAtOpen)
        {
            return;
        }

        using (var connection = Connections.Open(File, forWriting: true))
        {
            if (!Schema.IsCurrent(connection))
            {
                return;
            }

            Schema.EnsureWhole(connection);
            // Where columns and counters differ, the records tell which of them are wrong.
            if (!HasGoodPages(connection) || !Recount.IsRight(connection))
            {
                Replace(connection);
            }
        }

        System.IO.File.Delete(DamageSign);
    }

    private static bool HasGoodPages(SqliteConnection connection)
    {
        try
        {
            using var check = new Statement(connection, "PRAGMA integrity_check(1)");
            return check.First(row => row.GetString(0)) == "ok";
        }
        catch (SqliteException damage) when (Damage.IsPage(damage))
        {
            return false;
        }
    }

    /// <summary>
    /// Puts a whole file in this one's place. Until the last rename the old one is there; after it, its copy is.
    /// </summary>
    private void Replace(SqliteConnection damaged)
    {
        damaged.Run("PRAGMA wal_checkpoint(TRUNCATE)");
        var aside = Enumerable.Range(1, int.MaxValue).Select(n => $"{File}.damaged-{n}")
            .First(name => !System.IO.File.Exists(name));
        var mended = File + ".mended";
        System.IO.File.Delete(mended);
        DataFiles.OpenOwn(mended).Dispose();
        (int Good, int Damaged) sessions;
        using (var connection = Connections.Open(mended, forWriting: true))
        {
            Schema.Make(connection);
            sessions = Salvage.Copy(damaged, connection, Path.GetFileName(aside));
        }

        DataFiles.Copy(File, aside);
        DataFiles.Flush(mended);
        DataFiles.FlushDirectory(_path);
        damaged.Close();
        // All of it is in the file, which is no longer the one that it belongs to.
        System.IO.File.Delete(File + "-wal");
        System.IO.File.Delete(File + "-shm");
        System.IO.File.Move(mended, File, overwrite: true);
        DataFiles.FlushDirectory(_path);
        LogMended(File, sessions.Good, sessions.Damaged, aside);
    }

    [LoggerMessage(201, LogLevel.Error, "{File} is damaged: {Problem} The next start mends what it can.")]
    private partial void LogDamage(string file, string problem);

    [LoggerMessage(202, LogLevel.Error,
        "{File} was damaged and is mended: {Good} sessions are whole, {Damaged} are damaged. The file as it "
        + "was is {Aside}.")]
    private partial void LogMended(string file, int good, int damaged, string aside);
}
