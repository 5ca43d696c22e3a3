using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>Gives a kind another policy while it runs.</summary>
internal sealed class Reconfiguration(EngineParts parts, KindRuntime kind)
{
    /// <summary>How many sessions' records are written again at once.</summary>
    private const int MaxAtOnce = 64;

    public async Task ApplyAsync(Policy policy, CancellationToken giveUp)
    {
        var faults = Faults(policy).ToList();
        if (faults.Count > 0)
        {
            throw new SojournException($"The policy of kind '{kind.Name}' cannot be used: {string.Join(" ", faults)}");
        }

        var changed = kind.Take(policy);
        parts.Describe();
        kind.Residents.PutOut(parts.Time.GetUtcNow(), int.MaxValue);
        await parts.Evictor.ShrinkAsync(kind, parts.Accounts.All, giveUp);
        foreach (var status in changed)
        {
            await RestampAsync(status, giveUp);
        }
    }

    /// <summary>
    /// How long a status is kept decides when its sessions are due, and the store has an index of that. This is the one
    /// time that all of them are gone through.
    /// </summary>
    private async Task RestampAsync(Status status, CancellationToken giveUp)
    {
        var asked = new List<Task>();
        await foreach (var session in SelectAsync(status, giveUp))
        {
            asked.Add(parts.Runner.SubmitAsync(
                new RestampRequest(kind.CellOf(session.Owner, session.Id))).AsTask());
            if (asked.Count >= MaxAtOnce)
            {
                await Task.WhenAll(asked);
                asked.Clear();
            }
        }

        await Task.WhenAll(asked);
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
            var page = await Listing.ListAsync(parts, query, giveUp);
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
