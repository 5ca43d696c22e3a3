using Microsoft.Data.Sqlite;
using Sojourn.Sqlite;

namespace Sojourn.Mesh.Settings;

/// <summary>The seats that this machine has taken: the newest of each party.</summary>
internal sealed class SeatTable(SettingsFile file)
{
    /// <summary>Whoever sits in more parties has forgotten the oldest one, and so does this.</summary>
    public const int Most = 64;

    /// <summary>Newest first.</summary>
    public IReadOnlyList<KeptSeat> List() => file.Read(connection =>
    {
        using var all = new Statement(connection, """
            SELECT url, party, party_name, seat, member, address, joined_at FROM seat
            ORDER BY joined_at DESC, rowid DESC
            """);
        return all.All(Read).OfType<KeptSeat>().ToList();
    });

    /// <summary>Keeps one, in place of the one in the same party.</summary>
    public void Keep(KeptSeat seat) => file.Change(connection =>
    {
        using var keep = new Statement(connection, """
            INSERT OR REPLACE INTO seat (url, party, party_name, seat, member, address, joined_at)
            VALUES ($0, $1, $2, $3, $4, $5, $6)
            """);
        keep.Run(seat.Url.AbsoluteUri, seat.Party, seat.PartyName, seat.Seat, seat.Member, seat.Address,
            seat.JoinedAt.ToUnixTimeMilliseconds());
        if (SeatUrl.IsLocal(seat.Url))
        {
            // The same party, where it was before.
            using var moved = new Statement(connection, """
                DELETE FROM seat WHERE party = $0 AND url <> $1 AND substr(url, -length($2)) = $2
                """);
            moved.Run(seat.Party, seat.Url.AbsoluteUri, seat.Url.Fragment);
        }

        using var forget = new Statement(connection, """
            DELETE FROM seat WHERE rowid NOT IN (SELECT rowid FROM seat ORDER BY joined_at DESC, rowid DESC LIMIT $0)
            """);
        return forget.Run(Most);
    });

    /// <summary>Forgets the one in a party.</summary>
    /// <returns>False if there is none.</returns>
    public bool Remove(Uri url, string party) => file.Change(connection =>
    {
        using var remove = new Statement(connection, "DELETE FROM seat WHERE url = $0 AND party = $1");
        return remove.Run(url.AbsoluteUri, party) > 0;
    });

    internal static IEnumerable<string> FindFaults(SqliteConnection connection)
    {
        using var all = new Statement(connection, "SELECT url FROM seat");
        return all.All(row => row.GetString(0)).Where(url => !Uri.TryCreate(url, UriKind.Absolute, out _))
            .Select(url => $"A seat is kept at '{url}', which is no server.");
    }

    /// <summary>Null for one that something else has written, and that leads nowhere.</summary>
    private static KeptSeat? Read(SqliteDataReader row) =>
        Uri.TryCreate(row.GetString(0), UriKind.Absolute, out var url)
            ? new(url, row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5),
                DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)))
            : null;
}
