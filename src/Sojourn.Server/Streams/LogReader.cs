using Sojourn.Kinds.Streams;
using Sojourn.Server.Problems;

namespace Sojourn.Server.Streams;

/// <summary>Reads logs as one row of entries, wherever these are.</summary>
internal sealed class LogReader(SojournEngine engine, TimeProvider time)
{
    /// <summary>How much one answer holds.</summary>
    public static readonly StreamLimits Most = new(10_000, 1 << 20);

    /// <summary>Behind every entry: the log is looked at, and nothing of it is read.</summary>
    private const long Nowhere = long.MaxValue - 1;

    /// <summary>How a log stands; or that there is none.</summary>
    public async ValueTask<(LogState? State, HttpProblem? Problem)> FindAsync(
        LogAddress address, CancellationToken gone)
    {
        var answer = await engine.ReadStreamAsync(
            address.Session, address.Stream, Nowhere, Most, gone);
        return answer.IsAccepted ? Judge(address, answer.Reply) : (null, Of(answer.Problem));
    }

    /// <summary>What lies after an entry, as much as fits an answer.</summary>
    /// <param name="place">The log, and the entry; 0 for the beginning, or what is left of it.</param>
    /// <param name="follower">Who follows it; null for one who looks once.</param>
    /// <param name="gone">Ends it.</param>
    public async ValueTask<(LogSlice? Slice, HttpProblem? Problem)> ReadAsync(
        LogPlace place, StreamFollower? follower, CancellationToken gone)
    {
        var (address, map, after) = place;
        var isOwn = after >= map.Inherited;
        var own = await OwnAsync(address, isOwn ? after - map.Inherited : Nowhere, follower, gone);
        if (own.Page is not { } page)
        {
            return (null, own.Problem);
        }

        var (state, problem) = Judge(address, page);
        if (state is null || state.Map.Life != map.Life)
        {
            return (null, problem ?? NotFound());
        }

        if (!isOwn)
        {
            var (from, lost) = after == 0 ? await OldestAsync(state, address, gone) : (after, null);
            return lost is not null ? (null, lost)
                : from >= map.Inherited ? await ReadAsync(place with { After = from }, follower, gone)
                : await InheritedAsync(state, address, from, gone);
        }

        if (after - map.Inherited + 1 >= page.First || after >= state.Last)
        {
            return (new LogSlice(state, after, page.Items), null);
        }

        // Whoever asks for the beginning gets what is left of it.
        return after == 0
            ? await ReadAsync(place with { After = page.First - 1 }, follower, gone)
            : (null, NotKept());
    }

    /// <summary>Notes that a stream is read, if that prolongs its life.</summary>
    public async ValueTask RenewAsync(LogAddress address, LogState state)
    {
        if (state.Stream?.IsRenewedBy(time.GetUtcNow()) == true)
        {
            // If that cannot be written now, the reader need not mind: the next one tries again.
            _ = await engine.SendAsync(address.Session, new UseStream(), new SendOptions { IsUpkeep = true });
        }
    }

    /// <summary>How long a reader may wait before it is to be noted again; never longer than so much.</summary>
    public static TimeSpan PauseOf(LogState state, TimeSpan most) =>
        state.Stream is { ExpiresAt: null, TtlSeconds: { } seconds } && TimeSpan.FromSeconds(seconds) / 10 < most
            ? TimeSpan.FromSeconds(Math.Max(seconds, 1)) / 10
            : most;

    private async ValueTask<(StreamPage? Page, HttpProblem? Problem)> OwnAsync(
        LogAddress address, long after, StreamFollower? follower, CancellationToken gone)
    {
        if (follower is not null)
        {
            return await follower.ReadAsync(after, Most, gone) is { } followed ? (followed, null) : (null, NotFound());
        }

        var answer = await engine.ReadStreamAsync(address.Session, address.Stream, after, Most, gone);
        return answer.IsAccepted ? (answer.Reply, null) : (null, Of(answer.Problem));
    }

    /// <summary>
    /// Where a fork begins for whoever asks for the beginning: each stream that it has entries of keeps what it likes,
    /// and behind the oldest that is shown none may be missing.
    /// </summary>
    /// <returns>The entry before that.</returns>
    private async ValueTask<(long After, HttpProblem? Problem)> OldestAsync(
        LogState fork, LogAddress address, CancellationToken gone)
    {
        if (fork.Page.First > 1)
        {
            return (fork.Map.Inherited + fork.Page.First - 1, null);
        }

        foreach (var (part, start) in fork.Map.Backwards())
        {
            var (page, problem) = await PartAsync(address, part, Nowhere, Most, gone);
            if (page is null)
            {
                return (0, problem ?? SourceGone(fork));
            }

            if (page.First > 1)
            {
                return (Math.Min(start + page.First - 1, part.UpTo), null);
            }
        }

        return (0, null);
    }

    /// <summary>Entries that a fork has from others; then its own, in the same answer.</summary>
    private async ValueTask<(LogSlice? Slice, HttpProblem? Problem)> InheritedAsync(
        LogState state, LogAddress address, long from, CancellationToken gone)
    {
        var items = new List<StreamItem>();
        var bytes = 0L;
        while (from + items.Count < state.Last && items.Count < Most.Entries && bytes < Most.Bytes)
        {
            var at = from + items.Count;
            var (part, start) = state.Map.PartAfter(at)
                ?? (state.Map.OwnPart(address, state.Last), state.Map.Inherited);
            var limits = new StreamLimits(
                (int)Math.Min(Most.Entries - items.Count, part.UpTo - at), (int)(Most.Bytes - bytes));
            var (page, problem) = await PartAsync(address, part, at - start, limits, gone);
            if (page is null)
            {
                return (null, problem ?? SourceGone(state));
            }

            if (page.Items.Count == 0)
            {
                // The oldest of this part were dropped. What stands before is good, and its reader learns of the gap
                // when it comes to it.
                return items.Count > 0 ? (new LogSlice(state, from, items), null) : (null, NotKept());
            }

            items.AddRange(page.Items);
            bytes += page.Items.Sum(item => (long)item.Bytes.Length);
        }

        return (new LogSlice(state, from, items), null);
    }

    /// <returns>
    /// A page of the stream that a part is of; nothing if that stream is gone, or its name is another's by now.
    /// </returns>
    private async ValueTask<(StreamPage? Page, HttpProblem? Problem)> PartAsync(
        LogAddress address, StreamPart part, long after, StreamLimits limits, CancellationToken gone)
    {
        var session = address.Session with { Id = SessionId.Parse(part.Session) };
        var answer = await engine.ReadStreamAsync(session, StreamKind.Data, after, limits, gone);
        return answer.IsAccepted
            // One that has ended is gone for everybody, also before the engine has cleared it away.
            ? (answer.Reply.Session.State is DurableStream { Phase: not StreamPhase.Ended } there
                && there.Life == part.Life ? answer.Reply : null, null)
            : (null, answer.Problem.Type == ProblemTypes.NotFound ? null : HttpProblem.Of(answer.Problem));
    }

    private (LogState? State, HttpProblem? Problem) Judge(LogAddress address, StreamPage page)
    {
        var state = LogState.Of(address, page);
        var isUnknown = state.Stream is null && page.Last == 0 && address.Stream != Stores.StreamKey.Events;
        return isUnknown ? (null, NotFound()) : state.Stream?.PhaseAt(time.GetUtcNow()) switch
        {
            StreamPhase.Ended => (null, NotFound()),
            StreamPhase.Deleted => (null, Deleted()),
            _ => (state, null),
        };
    }

    /// <summary>The engine's problem with a stream, in the words of streams.</summary>
    public static HttpProblem Of(Problem problem) =>
        problem.Type == ProblemTypes.NotFound ? NotFound() : HttpProblem.Of(problem);

    public static HttpProblem NotFound() => new(ProblemTypes.NotFound, "There is no such stream.");

    public static HttpProblem Deleted() => new(
        HttpProblemTypes.Gone, "The stream was deleted; what it held is kept for its forks alone.")
    { Code = "stream-deleted" };

    /// <summary>Only a crash at the wrong moment, or a damaged store, leaves a fork like this.</summary>
    private static HttpProblem SourceGone(LogState fork) => new(
        HttpProblemTypes.Gone,
        "The stream that this one was forked from is gone, and with it what this one had from there. Read on from "
        + $"{fork.OffsetOf(fork.Map.Inherited)}, where its own begins.")
    { Code = "source-gone", Field = "offset" };

    private static HttpProblem NotKept() => new(
        HttpProblemTypes.Gone,
        "What lies after this offset is not kept any more. Read on from -1, the oldest there is.")
    { Code = "not-retained" };
}

/// <summary>A place in a log.</summary>
/// <param name="Address">The log.</param>
/// <param name="Map">Its offsets.</param>
/// <param name="After">The entry before that place; 0 for the beginning.</param>
internal readonly record struct LogPlace(LogAddress Address, LogMap Map, long After);
