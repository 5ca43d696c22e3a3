using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Sojourn.Sqlite;

/// <summary>Opens connections to one file, all with the same settings.</summary>
internal static class Connections
{
    public static SqliteConnection Open(string file, bool forWriting)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = forWriting ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = 30,
        }.ConnectionString);
        try
        {
            connection.Open();
            // FULL: a commit is on disk before it is reported, also on power loss. 16 MiB of log between checkpoints:
            // few enough that a restart reads it in no time, many enough that hot pages are written once.
            connection.Run("PRAGMA busy_timeout = 10000; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;");
            if (forWriting)
            {
                connection.Run("PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4096;");
            }
            else
            {
                connection.Run("PRAGMA cache_size = -8192; PRAGMA query_only = ON;");
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs fixed SQL.</summary>
    public static void Run(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Runs fixed SQL that yields one number.</summary>
    public static long ReadLong(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
