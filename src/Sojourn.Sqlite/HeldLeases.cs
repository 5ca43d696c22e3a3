using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>
/// Who drives what. In memory alone: no other process has the file, so all leases end with this one; their terms, which
/// must go on growing, are in the file. Used on the writer's thread.
/// </summary>
internal sealed class HeldLeases
{
    private readonly Dictionary<SessionKey, Held> _held = [];

    public bool IsHeldBy(Lease lease) =>
        _held.TryGetValue(lease.Key, out var held) && held.Node == lease.Node && held.Term == lease.Term;

    /// <summary>True if nobody may claim the session yet.</summary>
    public bool IsTaken(SessionKey key, DateTimeOffset now) =>
        _held.TryGetValue(key, out var held) && held.Until > now;

    /// <summary>How many sessions of a kind are driven, by owner.</summary>
    public Dictionary<OwnerId, int> CountLive(string kind, DateTimeOffset now) => _held
        .Where(held => held.Key.Kind == kind && held.Value.Node is not null && held.Value.Until > now)
        .CountBy(held => held.Key.Owner)
        .ToDictionary();

    public void Take(Lease lease, DateTimeOffset until) => _held[lease.Key] = new Held(lease.Node, lease.Term, until);

    /// <summary>False if another holds it, or nobody.</summary>
    public bool Renew(Lease lease, DateTimeOffset until)
    {
        if (!IsHeldBy(lease))
        {
            return false;
        }

        Take(lease, until);
        return true;
    }

    public void Release(Lease lease, DateTimeOffset notBefore)
    {
        if (IsHeldBy(lease))
        {
            _held[lease.Key] = new Held(null, lease.Term, notBefore);
        }
    }

    /// <summary>The session is gone.</summary>
    public void Drop(SessionKey key) => _held.Remove(key);

    /// <summary>Forgets what is over, so that this does not grow with all sessions that were ever driven.</summary>
    public void Tidy(DateTimeOffset now)
    {
        foreach (var key in _held.Where(held => held.Value.Until <= now && held.Value.Node is null)
            .Select(held => held.Key).ToList())
        {
            _held.Remove(key);
        }
    }

    private sealed record Held(string? Node, long Term, DateTimeOffset Until);
}
