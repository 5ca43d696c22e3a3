using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Sojourn.Sqlite;

/// <summary>SHA-256 over every row of every table: two files with the same one hold the same.</summary>
internal static class StoreDigest
{
    private static readonly string[] Contents =
    [
        "SELECT * FROM session ORDER BY number",
        "SELECT * FROM label ORDER BY name, value, session",
        "SELECT * FROM chunk ORDER BY place",
        "SELECT * FROM operation ORDER BY place",
        "SELECT * FROM snapshot ORDER BY place",
        "SELECT * FROM tally ORDER BY kind, owner, status, busy, final",
        "SELECT * FROM age ORDER BY kind, hour",
        "SELECT * FROM quarantine ORDER BY place",
        "SELECT * FROM quarantine_piece ORDER BY quarantine, what",
        "SELECT * FROM mark",
    ];

    public static string Of(SqliteConnection connection, CancellationToken giveUp)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var sql in Contents)
        {
            Add(hash, connection, sql, giveUp);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Add(IncrementalHash hash, SqliteConnection connection, string sql, CancellationToken giveUp)
    {
        Add(hash, 't', Encoding.UTF8.GetBytes(sql));
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                giveUp.ThrowIfCancellationRequested();
                for (var i = 0; i < rows.FieldCount; i++)
                {
                    Add(hash, rows.GetValue(i));
                }
            }
        }
        catch (SqliteException damage) when (Damage.IsPage(damage))
        {
            // A copy of a damaged file is damaged in the same place.
            Add(hash, 'd', []);
        }
    }

    private static void Add(IncrementalHash hash, object value)
    {
        switch (value)
        {
            case long number:
                Span<byte> bytes = stackalloc byte[sizeof(long)];
                BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
                Add(hash, 'i', bytes);
                break;
            case byte[] blob:
                Add(hash, 'b', blob);
                break;
            case string text:
                Add(hash, 's', Encoding.UTF8.GetBytes(text));
                break;
            default:
                // Null; numbers with a fraction are in no table, unless by damage.
                Add(hash, 'n', []);
                break;
        }
    }

    private static void Add(IncrementalHash hash, char type, ReadOnlySpan<byte> bytes)
    {
        Span<byte> head = stackalloc byte[1 + sizeof(int)];
        head[0] = (byte)type;
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], bytes.Length);
        hash.AppendData(head);
        hash.AppendData(bytes);
    }
}
