using Microsoft.Data.Sqlite;
using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>
/// Finds sessions by their numbers, one at a time: what an index lists is read this way, so that one damaged row, or
/// page, spoils no other.
/// </summary>
internal sealed class Rows
{
    private readonly Statement _key;
    private readonly Statement _row;
    private readonly Statement _header;

    public Rows(Statements statements)
    {
        _key = statements.Make("SELECT kind, owner, id FROM session WHERE number = $0");
        _row = statements.Make(
            $"SELECT {SessionTable.Columns}, kind, owner, id FROM session WHERE number = $0");
        _header = statements.Make("SELECT header FROM session WHERE number = $0");
    }

    /// <summary>Null if it is gone, or damaged.</summary>
    public SessionKey? TryKey(long number) => Try(() => _key.First(row => (SessionKey?)Key(row, 0), number));

    /// <summary>Null if it is gone, or damaged.</summary>
    public (SessionKey Key, SessionRow Row)? TryRow(long number) => Try(() => _row.First(
        row => ((SessionKey, SessionRow)?)(Key(row, 12), SessionTable.ReadRow(row)), number));

    /// <summary>Without its state. A damaged one by what is known of it, so that it can be found.</summary>
    public SessionRecord Header(SessionKey key, long number)
    {
        try
        {
            var header = Damage.Guard(
                key.ToString(), () => _header.First(row => row.GetFieldValue<byte[]>(0), number));
            return header is null ? Damaged(key) : StoredHeader.Read(key, header);
        }
        catch (DamagedRecordException)
        {
            return Damaged(key);
        }
    }

    public static SessionRecord Damaged(SessionKey key) => new()
    {
        Key = key,
        Version = 0,
        Status = "damaged",
        IsBusy = false,
        IsFinal = false,
        CreatedAt = default,
        LastActivityAt = default,
        StatusSince = default,
        ExpiresAt = null,
        WakeAt = null,
        FirstEvent = 1,
        LastEvent = 0,
        Tails = new Dictionary<string, StreamTail>(StringComparer.Ordinal),
        Labels = new Dictionary<string, string>(StringComparer.Ordinal),
        State = default,
    };

    private static SessionKey Key(SqliteDataReader row, int column) => new(
        row.GetString(column), OwnerId.Parse(row.GetString(column + 1)), SessionId.Parse(row.GetString(column + 2)));

    private static T? Try<T>(Func<T?> read)
        where T : struct
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (Damage.Is(failure))
        {
            return null;
        }
    }
}
