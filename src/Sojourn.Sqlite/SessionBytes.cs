using Microsoft.Data.Sqlite;
using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>A session's record from the bytes of its row.</summary>
internal static class SessionBytes
{
    /// <exception cref="DamagedRecordException">They are not what was stored there.</exception>
    public static SessionRecord Read(SessionKey key, long version, byte[] header, byte[] state)
    {
        var record = StoredHeader.Read(key, header);
        if (record.Version != version)
        {
            throw new DamagedRecordException(
                $"{key}: the record is of version {record.Version}, its row says {version}.");
        }

        return record with { State = Framing.Unwrap(Places.State(key.ToString(), version), state) };
    }

    /// <summary>From a row of version, header and state; null if it is damaged.</summary>
    public static SessionRecord? TryRead(SessionKey key, SqliteDataReader row)
    {
        try
        {
            return Damage.Guard(
                key.ToString(),
                () => Read(key, row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2)));
        }
        catch (DamagedRecordException)
        {
            return null;
        }
    }
}
