using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>Makes place for new sessions where a policy wants that: the expired go first, then the final, then the
/// idle.</summary>
internal sealed class Evictor(ISessionStore store, Committer committer, Runner runner, TimeProvider time)
{
    /// <summary>
    /// How many candidates are looked up at once. Each is taken only if it is still as it was, so none that was used
    /// meanwhile goes in another one's stead.
    /// </summary>
    private const int MaxCandidates = 64;

    /// <summary>Removes one session of the kind, or of an owner's share in it.</summary>
    /// <returns>False if all are busy, or there is none.</returns>
    public async ValueTask<bool> TryEvictAsync(KindRuntime kind, OwnerId? owner, CancellationToken giveUp)
    {
        // In turn: two that look at once would find the same candidates.
        await kind.Evicting.WaitAsync(giveUp);
        try
        {
            return await TryEvictInTurnAsync(kind, owner, giveUp);
        }
        finally
        {
            kind.Evicting.Release();
        }
    }

    /// <summary>Evicts until a policy that has become stricter is kept, or all that are left are busy.</summary>
    public async Task ShrinkAsync(KindRuntime kind, IEnumerable<OwnerAccount> accounts, CancellationToken giveUp)
    {
        if (kind.Policy.WhenFull == WhenFull.Refuse)
        {
            return;
        }

        while (kind.Tally.Sessions > (kind.Policy.MaxSessions ?? long.MaxValue))
        {
            if (!await TryEvictAsync(kind, null, giveUp))
            {
                break;
            }
        }

        foreach (var account in accounts)
        {
            while (account.TallyOf(kind).Sessions > (kind.Policy.MaxSessionsPerOwner ?? long.MaxValue))
            {
                if (!await TryEvictAsync(kind, account.Owner, giveUp))
                {
                    break;
                }
            }
        }
    }

    private async ValueTask<bool> TryEvictInTurnAsync(KindRuntime kind, OwnerId? owner, CancellationToken giveUp)
    {
        for (var isFresh = false; ;)
        {
            var changes = Volatile.Read(ref kind.Upheavals);
            if (owner is not null || kind.Candidates.Count == 0 || (changes != kind.CandidatesSeen && !isFresh))
            {
                if (isFresh)
                {
                    return false;
                }

                isFresh = true;
                kind.CandidatesSeen = changes;
                kind.Candidates.Clear();
                foreach (var victim in await CandidatesAsync(kind, owner, giveUp))
                {
                    kind.Candidates.Enqueue(victim);
                }
            }

            while (kind.Candidates.TryDequeue(out var victim))
            {
                var cell = kind.CellOf(victim.Key.Owner, victim.Key.Id);
                var answer = await runner.SubmitAsync(new EvictRequest(cell, victim));
                if (answer.IsChange)
                {
                    // Those of one owner are not the kind's.
                    kind.CandidatesSeen = owner is null ? kind.CandidatesSeen : -1;
                    return true;
                }

                if (!isFresh)
                {
                    // It changed since it was looked up, and it may be its turn all the same.
                    kind.Candidates.Clear();
                }
            }
        }
    }

    private async ValueTask<IReadOnlyList<Victim>> CandidatesAsync(
        KindRuntime kind, OwnerId? owner, CancellationToken giveUp)
    {
        var now = time.GetUtcNow();
        var byActivity = kind.Policy.WhenFull == WhenFull.EvictLeastRecentlyUsed;
        if (kind.IsVolatile)
        {
            return [.. kind.Cells.ToList()
                .Select(cell => (Cell: cell, Seen: cell.Visible))
                .Where(place => place.Seen is { Status.Busy: false } && (owner is null || place.Cell.Owner == owner))
                .OrderBy(place => place.Seen!.ExpiresAt <= now ? 0 : place.Seen.Status.Final ? 1 : 2)
                .ThenBy(place => byActivity ? place.Seen!.LastActivityAt : place.Seen!.CreatedAt)
                .Take(MaxCandidates)
                .Select(place => new Victim(place.Cell.Key, place.Seen!.Version, place.Seen.CreatedAt))];
        }

        if (!kind.IsDurable)
        {
            // The store must know of every step before it can say which session took none for longest.
            await committer.FlushAsync().WaitAsync(giveUp);
        }

        return await store.VictimsAsync(new VictimQuery(kind.Name, owner, byActivity, now, MaxCandidates), giveUp);
    }
}
