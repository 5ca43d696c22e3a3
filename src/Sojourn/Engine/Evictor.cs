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

    /// <summary>How long a candidate's turn is waited for.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    /// <summary>Removes one session of the kind, or of an owner's share in it.</summary>
    /// <returns>False if all are busy, or there is none.</returns>
    public async ValueTask<bool> TryEvictAsync(KindRuntime kind, OwnerId? owner, CancellationToken giveUp)
    {
        // In turn: two that look at once would find the same candidates.
        await kind.Evicting.WaitAsync(giveUp).ConfigureAwait(false);
        try
        {
            return await TryEvictInTurnAsync(kind, owner, giveUp).ConfigureAwait(false);
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
            if (!await TryEvictAsync(kind, null, giveUp).ConfigureAwait(false))
            {
                break;
            }
        }

        foreach (var account in accounts)
        {
            while (account.TallyOf(kind).Sessions > (kind.Policy.MaxSessionsPerOwner ?? long.MaxValue))
            {
                if (!await TryEvictAsync(kind, account.Owner, giveUp).ConfigureAwait(false))
                {
                    break;
                }
            }
        }
    }

    private async ValueTask<bool> TryEvictInTurnAsync(KindRuntime kind, OwnerId? owner, CancellationToken giveUp)
    {
        var atWork = new List<Victim>();
        for (var isFresh = false; ;)
        {
            var changes = Volatile.Read(ref kind.Upheavals);
            if (owner is not null || kind.Candidates.Count == 0 || (changes != kind.CandidatesSeen && !isFresh))
            {
                if (isFresh)
                {
                    return atWork.Count > 0 && await TryOneOfAsync(kind, atWork, giveUp).ConfigureAwait(false);
                }

                isFresh = true;
                atWork.Clear();
                kind.CandidatesSeen = changes;
                kind.Candidates.Clear();
                foreach (var victim in await CandidatesAsync(kind, owner, giveUp).ConfigureAwait(false))
                {
                    kind.Candidates.Enqueue(victim);
                }
            }

            while (kind.Candidates.TryDequeue(out var victim))
            {
                var cell = kind.CellOf(victim.Key.Owner, victim.Key.Id);
                if (cell.IsInRule)
                {
                    // It may never return, and must not hold up all starts of its kind: the next one is asked.
                    atWork.Add(victim);
                    continue;
                }

                if (await TryOneOfAsync(kind, [victim], giveUp).ConfigureAwait(false))
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

    /// <summary>Removes the first of these whose turn comes, and that is as it was found.</summary>
    /// <returns>False if there is none, or it is no one's turn for too long.</returns>
    private async Task<bool> TryOneOfAsync(
        KindRuntime kind, IReadOnlyList<Victim> victims, CancellationToken giveUp)
    {
        var one = new OneOf();
        var answered = AnyChangedAsync([.. victims.Select(victim => runner.SubmitAsync(
            new EvictRequest(kind.CellOf(victim.Key.Owner, victim.Key.Id), victim, one)).AsTask())]);
        try
        {
            return await answered.WaitAsync(LongestWait, time, giveUp).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // One whose turn has come is on its way to the store, and will have made place.
            return !one.TryClose() && await answered.WaitAsync(giveUp).ConfigureAwait(false);
        }
        finally
        {
            one.TryClose();
        }
    }

    private static async Task<bool> AnyChangedAsync(IReadOnlyList<Task<Answer<object?>>> asked)
    {
        await foreach (var answer in Task.WhenEach(asked).ConfigureAwait(false))
        {
            if ((await answer.ConfigureAwait(false)).IsChange)
            {
                return true;
            }
        }

        return false;
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
            await committer.FlushAsync().WaitAsync(giveUp).ConfigureAwait(false);
        }

        return await store.VictimsAsync(new VictimQuery(kind.Name, owner, byActivity, now, MaxCandidates), giveUp)
            .ConfigureAwait(false);
    }
}
