using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>Where a dispatcher gets its leases.</summary>
internal interface ILeaseSource
{
    /// <summary>A session is busy and may be claimed from then on.</summary>
    void Offer(Cell cell, DateTimeOffset notBefore);

    ValueTask<IReadOnlyList<Lease>> ClaimAsync(LeaseClaim claim);

    ValueTask<IReadOnlyList<Lease>> RenewAsync(IReadOnlyList<Lease> leases, DateTimeOffset until);

    ValueTask ReleaseAsync(Lease lease, DateTimeOffset notBefore);
}

/// <summary>Leases that the store keeps, for all nodes that share it.</summary>
internal sealed class StoredLeases(ISessionStore store) : ILeaseSource
{
    public void Offer(Cell cell, DateTimeOffset notBefore)
    {
        // The store's index knows.
    }

    public ValueTask<IReadOnlyList<Lease>> ClaimAsync(LeaseClaim claim) => store.ClaimAsync(claim);

    public ValueTask<IReadOnlyList<Lease>> RenewAsync(IReadOnlyList<Lease> leases, DateTimeOffset until) =>
        store.RenewAsync(leases, until);

    public ValueTask ReleaseAsync(Lease lease, DateTimeOffset notBefore) => store.ReleaseAsync(lease, notBefore);
}

/// <summary>Leases on sessions that only this process has: nobody else can take them.</summary>
internal sealed class VolatileLeases : ILeaseSource
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SessionKey, (Cell Cell, DateTimeOffset NotBefore)> _offered = [];
    private long _term;

    public void Offer(Cell cell, DateTimeOffset notBefore)
    {
        lock (_gate)
        {
            _offered[cell.Key] = (cell, notBefore);
        }
    }

    public ValueTask<IReadOnlyList<Lease>> ClaimAsync(LeaseClaim claim)
    {
        lock (_gate)
        {
            var ready = _offered.Where(offer => offer.Value.NotBefore <= claim.Now && offer.Value.Cell.Drive is null)
                .Take(claim.Limit).Select(offer => offer.Key).ToList();
            foreach (var key in ready)
            {
                _offered.Remove(key);
            }

            return new([.. ready.Select(key => new Lease(key, claim.Node, ++_term))]);
        }
    }

    public ValueTask<IReadOnlyList<Lease>> RenewAsync(IReadOnlyList<Lease> leases, DateTimeOffset until) => new([]);

    public ValueTask ReleaseAsync(Lease lease, DateTimeOffset notBefore) => default;
}
