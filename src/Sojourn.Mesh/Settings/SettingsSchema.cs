using Microsoft.Data.Sqlite;
using Sojourn.Sqlite;

namespace Sojourn.Mesh.Settings;

/// <summary>What is in the file, and how it is told from other files.</summary>
internal static class SettingsSchema
{
    /// <summary>Goes up when the tables change.</summary>
    public const int Version = 1;

    /// <summary><c>Sjrn</c>: says whose file it is.</summary>
    private const int Application = 0x536A726E;

    private const string Tables = """
        CREATE TABLE setting (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL, changed_at INTEGER NOT NULL);
        CREATE TABLE seat (
            url TEXT NOT NULL, party TEXT NOT NULL, party_name TEXT NOT NULL, seat TEXT NOT NULL, member TEXT NOT NULL,
            address TEXT NOT NULL, joined_at INTEGER NOT NULL, PRIMARY KEY (url, party));
        CREATE TABLE profile (
            name TEXT NOT NULL COLLATE NOCASE PRIMARY KEY, game TEXT NOT NULL, ports TEXT NOT NULL, mtu INTEGER);
        CREATE TABLE server (
            name TEXT NOT NULL COLLATE NOCASE PRIMARY KEY, game TEXT NOT NULL, address TEXT NOT NULL);
        """;

    private static readonly string[] Names = ["profile", "seat", "server", "setting"];

    /// <summary>True if it is what is in the file that keeps it from being used.</summary>
    public static bool IsDamage(Exception failure) => failure is DamagedSettingsException || Damage.IsPage(failure);

    /// <summary>Makes the tables in an empty file; all of them or none.</summary>
    /// <exception cref="SettingsException">The file is another program's, or a newer version's.</exception>
    /// <exception cref="DamagedSettingsException">Tables are missing.</exception>
    public static void Ensure(SqliteConnection connection, string path)
    {
        if (connection.ReadLong("PRAGMA user_version") == 0)
            Make(connection, path);
        var version = connection.ReadLong("PRAGMA user_version");
        if (connection.ReadLong("PRAGMA application_id") != Application)
            throw new SettingsException($"'{path}' is another program's file, and is left as it is. Move it away, "
                + "or name another directory with --home.");
        if (version != Version)
            throw new SettingsException($"'{path}' is of version {version}, and this program knows {Version}: a newer "
                + "one wrote it. Use that one, or name another directory with --home.");
        using var tables = new Statement(
            connection, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
        if (Names.Except(tables.All(row => row.GetString(0))).ToList() is { Count: > 0 } missing)
            throw new DamagedSettingsException($"the table {string.Join(", ", missing)} is missing");
    }

    /// <summary>What SQLite finds wrong with the file; nothing if it is whole.</summary>
    public static IReadOnlyList<string> FindDamage(SqliteConnection connection)
    {
        using var check = new Statement(connection, "PRAGMA integrity_check");
        return check.All(row => row.GetString(0)) is var said && said is ["ok"] ? [] : said;
    }

    /// <exception cref="DamagedSettingsException">It is not whole.</exception>
    public static void RefuseIfDamaged(SqliteConnection connection)
    {
        if (FindDamage(connection) is [var first, ..])
            throw new DamagedSettingsException(first);
    }

    private static void Make(SqliteConnection connection, string path)
    {
        connection.Run("BEGIN IMMEDIATE");
        try
        {
            // Another process may have been first.
            if (connection.ReadLong("PRAGMA user_version") == 0)
            {
                if (connection.ReadLong("SELECT count(*) FROM sqlite_master") != 0)
                    throw new SettingsException(
                        $"'{path}' is another program's file, and is left as it is. Move it away, or name another "
                        + "directory with --home.");
                connection.Run($"{Tables} PRAGMA application_id = {Application}; PRAGMA user_version = {Version};");
            }

            connection.Run("COMMIT");
        }
        catch
        {
            if (SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0)
                connection.Run("ROLLBACK");
            throw;
        }
    }
}

/// <summary>What is in the file is not what was written there.</summary>
internal sealed class DamagedSettingsException(string message) : Exception(message);
