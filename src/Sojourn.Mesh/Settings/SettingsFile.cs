using Microsoft.Data.Sqlite;
using Sojourn.Sqlite;
using SQLitePCL;

namespace Sojourn.Mesh.Settings;

/// <summary>
/// One SQLite file, for its owner's eyes only. Every change is one transaction, so that a crash leaves what was there
/// before it or what is there after it, and several processes may have the file open. From any thread.
/// </summary>
internal sealed class SettingsFile : IDisposable
{
    public const string Name = "settings.db";

    /// <summary>The shortest page there is.</summary>
    private const int ShortestFile = 512;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Lock _guard = new();
    private readonly SqliteConnection _connection;
    private bool _isAtWork;

    private SettingsFile(string path, SqliteConnection connection, string? notice) =>
        (Path, _connection, Notice) = (path, connection, notice);

    public string Path { get; }

    /// <summary>A sentence about what was found damaged, and where it is now; null for nothing.</summary>
    public string? Notice { get; }

    /// <summary>Opens the file, makes it if it is not there, and puts it aside if it is damaged.</summary>
    /// <param name="directory">Where it is; made if it is not there.</param>
    /// <param name="patience">How long to wait for another process.</param>
    /// <exception cref="SettingsException">It cannot be used; it is as it was.</exception>
    public static SettingsFile Open(string directory, TimeSpan patience)
    {
        SqliteLibrary.EnsureLoaded();
        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(directory, Name));
        if (!Directory.Exists(directory))
            DataFiles.MakeOwnDirectory(directory);
        try
        {
            return new(path, OpenWhole(path, patience), null);
        }
        catch (Exception damage) when (SettingsSchema.IsDamage(damage))
        {
            return PutAside(path, patience, damage);
        }
        catch (SqliteException failure)
        {
            throw Explain(path, failure);
        }
    }

    /// <summary>Reads what belongs together.</summary>
    public T Read<T>(Func<SqliteConnection, T> read) => Run("BEGIN", read);

    /// <summary>Changes something, wholly or not at all. Within another change, it is part of that.</summary>
    public T Change<T>(Func<SqliteConnection, T> change) => Run("BEGIN IMMEDIATE", change);

    /// <summary>Copies it as it is at one moment; the copy appears when it is whole.</summary>
    /// <exception cref="SettingsException">There is something of that name, or it cannot be written.</exception>
    public void Backup(string to)
    {
        var part = to + ".part";
        File.Delete(part);
        DataFiles.OpenOwn(part).Dispose();
        try
        {
            lock (_guard)
            {
                using var copy = Connect(part, TimeSpan.FromSeconds(1));
                _connection.BackupDatabase(copy);
                SettingsSchema.RefuseIfDamaged(copy);
            }

            DataFiles.Flush(part);
            File.Move(part, to, overwrite: false);
            DataFiles.FlushDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(to))!);
        }
        catch (SqliteException failure)
        {
            throw Explain(part, failure);
        }
        catch (IOException) when (File.Exists(to) || Directory.Exists(to))
        {
            throw new SettingsException($"'{to}' is there already, and is left as it is. Name another file.");
        }
        finally
        {
            File.Delete(part);
        }
    }

    public void Dispose() => _connection.Dispose();

    internal static SqliteConnection Connect(string path, TimeSpan patience)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = Math.Max(1, (int)patience.TotalSeconds),
        }.ConnectionString);
        try
        {
            connection.Open();
            // FULL: what was set is on the disk when it is said to be. No log beside the file, which a copy would lack.
            connection.Run("PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static SqliteConnection OpenWhole(string path, TimeSpan patience)
    {
        MakePrivate(path);
        // SQLite would take it for an empty one, and write over it.
        if (new FileInfo(path).Length is > 0 and < ShortestFile)
            throw new DamagedSettingsException("it was cut off");
        var connection = Connect(path, patience);
        try
        {
            SettingsSchema.RefuseIfDamaged(connection);
            SettingsSchema.Ensure(connection, path);
            // A flipped byte in the file's header lets SQLite read it and never write: better said now.
            if (raw.sqlite3_db_readonly(connection.Handle, "main") != 0)
            {
                using var isAllowed = File.OpenHandle(
                    path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
                throw new DamagedSettingsException("its header forbids to write to it");
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// One process at a time, which looks again: else a second one would put aside what the first has just made.
    /// </summary>
    private static SettingsFile PutAside(string path, TimeSpan patience, Exception damage)
    {
        using var turn = TakeTurn(path);
        try
        {
            return new(path, OpenWhole(path, patience), null);
        }
        catch (Exception still) when (SettingsSchema.IsDamage(still))
        {
            var aside = Enumerable.Range(1, int.MaxValue).Select(number => $"{path}.damaged-{number}")
                .First(name => !File.Exists(name));
            File.Move(path, aside);
            return new(path, OpenWhole(path, patience), $"'{path}' was damaged ({damage.Message.TrimEnd('.')}). It was "
                + $"put aside as '{aside}', and all settings are as they come. A backup can be put in its place.");
        }
        catch (SqliteException failure)
        {
            throw Explain(path, failure);
        }
    }

    private static FileStream TakeTurn(string path)
    {
        try
        {
            return DataFiles.OpenOwn(path + ".mending");
        }
        catch (IOException taken)
        {
            throw new SettingsException(
                $"'{path}' is damaged, and another process is putting it aside. Try again in a moment.", taken);
        }
    }

    /// <summary>The file is for its owner's eyes from its first moment on.</summary>
    private static void MakePrivate(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        try
        {
            if (!File.Exists(path))
                new FileStream(path, options).Dispose();
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was first; one is as good as the other.
        }

        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(path) != OwnerOnly)
            File.SetUnixFileMode(path, OwnerOnly);
    }

    private T Run<T>(string begin, Func<SqliteConnection, T> work)
    {
        lock (_guard)
        {
            if (_isAtWork)
                return work(_connection);
            try
            {
                _connection.Run(begin);
                _isAtWork = true;
                var done = work(_connection);
                _connection.Run("COMMIT");
                return done;
            }
            catch (SqliteException failure)
            {
                throw Explain(Path, failure);
            }
            finally
            {
                _isAtWork = false;
                // Nothing is open any more after a commit, and after some failures.
                if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
                    _connection.Run("ROLLBACK");
            }
        }
    }

    private static SettingsException Explain(string path, SqliteException failure)
    {
        const int busy = 5, locked = 6, readOnly = 8, full = 13;
        var why = failure.SqliteErrorCode switch
        {
            busy or locked => "another process has been busy with it for too long. Try again in a moment.",
            readOnly => "it may not be written to. Are you its owner?",
            full => "the disk is full.",
            _ => failure.Message,
        };
        return new SettingsException($"'{path}' cannot be used: {why}", failure);
    }
}
