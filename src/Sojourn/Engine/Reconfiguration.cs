using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>Gives a kind another policy while it runs.</summary>
internal sealed class Reconfiguration(EngineParts parts, KindRuntime kind)
{
    /// <summary>How many sessions' records are written again at once.</summary>
    private const int MaxAtOnce = 64;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    public async Task ApplyAsync(Policy policy, CancellationToken giveUp)
    {
        await kind.Reconfiguring.WaitAsync(giveUp).ConfigureAwait(false);
        try
        {
            await ApplyInTurnAsync(policy, giveUp).ConfigureAwait(false);
        }
        finally
        {
            kind.Reconfiguring.Release();
        }
    }

    private async Task ApplyInTurnAsync(Policy policy, CancellationToken giveUp)
    {
        var faults = Faults(policy).ToList();
        if (faults.Count > 0)
        {
            throw new SojournException($"The policy of kind '{kind.Name}' cannot be used: {string.Join(" ", faults)}");
        }

        kind.Unstamped.UnionWith(kind.Take(policy));
        parts.Describe();
        kind.Residents.PutOut(parts.Time.GetUtcNow(), int.MaxValue);
        await parts.Evictor.ShrinkAsync(kind, parts.Accounts.All, giveUp).ConfigureAwait(false);
        try
        {
            foreach (var status in kind.Unstamped.ToList())
            {
                await RestampAsync(status, giveUp).ConfigureAwait(false);
                kind.Unstamped.Remove(status);
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new SojournException(NotYet(failure));
        }
    }

    /// <summary>
    /// How long a status is kept decides when its sessions are due, and the store has an index of that. This is the one
    /// time that all of them are gone through. (A commit under way may write one of before; see <see
    /// cref="Settlement"/>.)
    /// </summary>
    private async Task RestampAsync(Status status, CancellationToken giveUp)
    {
        await foreach (var sessions in SelectAsync(status, giveUp).Chunk(MaxAtOnce).WithCancellation(giveUp)
            .ConfigureAwait(false))
        {
            await Task.WhenAll(sessions.Select(session => RestampAsync(session, giveUp))).ConfigureAwait(false);
        }
    }

    private async Task RestampAsync(SessionKey session, CancellationToken giveUp)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var answer = await parts.Runner.SubmitAsync(new RestampRequest(kind.CellOf(session.Owner, session.Id)))
                .ConfigureAwait(false);
            switch (answer.Problem)
            {
                case null or { Type: ProblemTypes.NotFound }:
                case { Type: ProblemTypes.Damaged }:
                    // One that cannot be read cannot be written either; whoever asks for it is told.
                    return;
                case { Type: ProblemTypes.Overloaded }:
                    await Task.Delay(pause, parts.Time, giveUp).ConfigureAwait(false);
                    break;
                case { } problem:
                    throw new SojournException(problem);
            }
        }
    }

    private Problem NotYet(Exception failure)
    {
        var problem = (failure as SojournException)?.Problem ?? Problems.StoreUnavailable(failure);
        var why = problem.Type == ProblemTypes.StoreUnavailable ? "The store does not answer now." : problem.Message;
        return problem with
        {
            Message = $"The kind '{kind.Name}' has its new policy, but not all of its sessions could be told how long "
                + $"they live now; until they change they live as long as before. {why} Reconfigure again to go on.",
        };
    }

    private async IAsyncEnumerable<SessionKey> SelectAsync(
        Status status, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken giveUp)
    {
        var query = new SessionQuery
        {
            Kind = kind.Name,
            Owner = null,
            Status = status.Name,
            Limit = SessionQuery.MaxLimit,
        };
        while (true)
        {
            var page = await Listing.ListAsync(parts, query, giveUp).ConfigureAwait(false);
            foreach (var session in page.Sessions)
            {
                yield return session.Key;
            }

            if (page.Next is null)
            {
                yield break;
            }

            query = query with { Cursor = page.Next };
        }
    }

    private IEnumerable<string> Faults(Policy policy)
    {
        foreach (var fault in policy.Faults())
        {
            yield return fault;
        }

        var now = kind.Policy;
        if (policy.Durability != now.Durability)
        {
            yield return $"the durability is {now.Durability}, and cannot be changed while the kind runs.";
        }

        if (!policy.Statuses.Select(Fixed).SequenceEqual(now.Statuses.Select(Fixed)))
        {
            yield return "the statuses cannot be changed while the kind runs, but for how long they are kept; it has: "
                + $"{string.Join(", ", now.Statuses.Select(status => status.Name))}.";
        }
    }

    private static StatusPolicy Fixed(StatusPolicy status) => status with { KeepFor = null };
}
