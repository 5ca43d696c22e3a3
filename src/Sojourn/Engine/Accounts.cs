using System.Collections.Concurrent;
using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>Every owner's account, and the counting that fills them when the engine starts.</summary>
internal sealed class Accounts(int kinds, OwnerQuota quota)
{
    private readonly ConcurrentDictionary<OwnerId, OwnerAccount> _accounts = new();
    private OwnerQuota _quota = quota;

    public IEnumerable<OwnerAccount> All => _accounts.Values;

    public OwnerAccount Of(OwnerId owner) => _accounts.TryGetValue(owner, out var account)
        ? account
        : _accounts.GetOrAdd(owner, new OwnerAccount(
            owner, owner == OwnerId.System ? OwnerQuota.Unlimited : Volatile.Read(ref _quota), kinds));

    /// <summary>The quota of every tenant that has none of its own, and of those to come.</summary>
    public void SetDefault(OwnerQuota quota)
    {
        var before = Interlocked.Exchange(ref _quota, quota);
        foreach (var account in _accounts.Values.Where(
            account => account.Owner != OwnerId.System && ReferenceEquals(account.Quota, before)))
        {
            account.Quota = quota;
        }
    }

    /// <summary>
    /// Takes over what the store counted, for the kinds given: at the start, and after a commit whose outcome nobody
    /// could know. No commit may be under way.
    /// </summary>
    public void Take(Census census, IReadOnlyCollection<KindRuntime> kinds)
    {
        foreach (var kind in kinds)
        {
            // Statuses that the kind no longer has are counted by the store alone.
            var known = census.ByStatus.Where(count => count.Kind == kind.Name)
                .Select(count => (Count: count, Status: kind.FindStatus(count.Status)))
                .Where(count => count.Status is not null).ToList();
            kind.Tally.Reset(known.Select(count => (count.Status!, count.Count.Sessions, count.Count.Bytes)));
            kind.Ages.Reset(census.ByAge.Where(count => count.Kind == kind.Name));
            var shares = known.ToLookup(count => count.Count.Owner);
            foreach (var owner in shares)
            {
                _ = Of(owner.Key);
            }

            foreach (var account in _accounts.Values)
            {
                var (sessions, bytes) = account.TallyOf(kind).Reset(
                    shares[account.Owner].Select(count => (count.Status!, count.Count.Sessions, count.Count.Bytes)));
                // Never the sum of all kinds: those that are not counted anew move theirs meanwhile.
                account.AddSessions(sessions);
                account.AddBytes(bytes);
            }
        }
    }
}
