using Microsoft.AspNetCore.Http;
using Sojourn.Kinds.Explorer.Saves;
using Sojourn.Kinds.Streams;
using Sojourn.Server.Guarding;
using Sojourn.Server.Json;
using Sojourn.Server.Keys;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;

namespace Sojourn.Server.Operating;

/// <summary>Tells what there is and what happens: each owner its own, an admin everybody's.</summary>
internal sealed class StatsEndpoint(SojournEngine engine)
{
    public async ValueTask<HttpProblem?> GetAsync(HttpContext context, Caller caller)
    {
        if (!Query.TryReadOwner(context.Request, out var owner, out var fault))
        {
            return fault;
        }

        if (!caller.IsAdmin)
        {
            if (owner is not null && owner != caller.Owner)
            {
                return new(HttpProblemTypes.Forbidden, "Only an admin key may see another owner's statistics.");
            }

            owner = caller.Owner;
        }

        var found = await engine.StatisticsAsync(owner, context.RequestAborted);
        await Wire.SendAsync(context.Response, new StatsView(
            owner?.ToString(),
            found.StartedAt,
            found.At,
            // The server's keys are sessions too, but nobody's business. Streams and slots are told of once there are
            // some.
            [.. found.Kinds.Where(kind => !KeyKind.IsOfTheServer(kind.Kind)
                && (!KeyKind.HasOwnPaths(kind.Kind) || kind.Sessions > 0))],
            found.Store is { } store ? StoreView.Of(store) : null)
        {
            Use = found.Owner is { } use ? UseView.Of(use) : null,
        });
        return null;
    }
}

/// <summary>What there is and what happens.</summary>
/// <param name="Owner">Whose sessions these are; left out for everybody's.</param>
/// <param name="StartedAt">When the server started; what is counted "since the start" is since then.</param>
/// <param name="At">When this was put together.</param>
/// <param name="Kinds">Each kind, in order of its name.</param>
/// <param name="Store">What is on its way to the store; left out in an owner's own.</param>
internal sealed record StatsView(
    string? Owner,
    DateTimeOffset StartedAt,
    DateTimeOffset At,
    IReadOnlyList<KindStatistics> Kinds,
    StoreView? Store)
{
    /// <summary>What the owner takes up of its quota, over all kinds; left out in everybody's.</summary>
    public UseView? Use { get; init; }
}

/// <summary>What an owner takes up, and how much of it there may be.</summary>
/// <param name="Sessions">Sessions of all kinds together, streams included.</param>
/// <param name="Bytes">Bytes of their stored states and logs.</param>
/// <param name="Streams">Event streams that are followed now.</param>
/// <param name="PendingSteps">Steps that are not in the store yet.</param>
internal sealed record UseView(long Sessions, long Bytes, int Streams, int PendingSteps)
{
    /// <summary>The most sessions; left out for no limit.</summary>
    public long? MaxSessions { get; init; }

    /// <summary>The most bytes; left out for no limit.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>The most streams that are followed at once; left out for no limit.</summary>
    public int? MaxStreams { get; init; }

    /// <summary>Starts and commands a second, on average; left out for no limit.</summary>
    public double? CommandsPerSecond { get; init; }

    public static UseView Of(OwnerUse use) => new(use.Sessions, use.Bytes, use.Streams, use.PendingSteps)
    {
        MaxSessions = use.Quota.MaxSessions,
        MaxBytes = use.Quota.MaxBytes,
        MaxStreams = use.Quota.MaxStreams,
        CommandsPerSecond = use.Quota.CommandsPerSecond,
    };
}

/// <summary>The way to the store.</summary>
/// <param name="PendingSteps">Steps that are not in the store yet.</param>
/// <param name="PendingBytes">Their bytes.</param>
/// <param name="Commits">Commits since the start.</param>
/// <param name="Changes">Sessions in them.</param>
/// <param name="LastCommitSeconds">How long the last one took.</param>
/// <param name="LagChanges">Changes that are safe, but not yet in their final place.</param>
/// <param name="LagBytes">Bytes of log that these keep.</param>
/// <param name="Failing">True from a failed commit to the next that succeeds.</param>
/// <param name="MaxPendingSteps">From how many waiting steps on changes are turned away.</param>
/// <param name="MaxPendingBytes">From how many waiting bytes on changes are turned away.</param>
internal sealed record StoreView(
    long PendingSteps,
    long PendingBytes,
    long Commits,
    long Changes,
    double LastCommitSeconds,
    long LagChanges,
    long LagBytes,
    bool Failing,
    long MaxPendingSteps,
    long MaxPendingBytes)
{
    public static StoreView Of(StoreStatistics store) => new(
        store.PendingSteps, store.PendingBytes, store.Commits, store.Changes, store.LastCommit.TotalSeconds,
        store.LagChanges, store.LagBytes, store.IsFailing, store.MaxPendingSteps, store.MaxPendingBytes);
}
