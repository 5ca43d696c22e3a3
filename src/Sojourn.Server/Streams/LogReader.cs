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
        return answer.IsAccepted ? Judge(address, answer.Reply) : (null, HttpProblem.Of(answer.Problem));
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
            return await InheritedAsync(state, address, after, gone);
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
            _ = await engine.SendAsync(address.Session, new UseStream());
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
        return answer.IsAccepted ? (answer.Reply, null) : (null, HttpProblem.Of(answer.Problem));
    }

    /// <summary>Entries that a fork has from others; then its own, in the same answer.</summary>
    private async ValueTask<(LogSlice? Slice, HttpProblem? Problem)> InheritedAsync(
        LogState state, LogAddress address, long after, CancellationToken gone)
    {
        var items = new List<StreamItem>();
        var bytes = 0L;
        var from = after;
        while (from + items.Count < state.Last && items.Count < Most.Entries && bytes < Most.Bytes)
        {
            var at = from + items.Count;
            var (session, start, upTo) = state.Map.PartAfter(at) is { } place
                ? (address.Session with { Id = SessionId.Parse(place.Part.Session) }, place.Start, place.Part.UpTo)
                : (address.Session, state.Map.Inherited, state.Last);
            var limits = new StreamLimits(
                (int)Math.Min(Most.Entries - items.Count, upTo - at), (int)(Most.Bytes - bytes));
            var answer = await engine.ReadStreamAsync(session, StreamKind.Data, at - start, limits, gone);
            if (!answer.IsAccepted)
            {
                return (null, HttpProblem.Of(answer.Problem));
            }

            if (answer.Reply.Items.Count == 0)
            {
                if (from > 0 || items.Count > 0 || answer.Reply.First + start > upTo)
                {
                    return (null, NotKept());
                }

                from = answer.Reply.First - 1 + start;
            }

            items.AddRange(answer.Reply.Items);
            bytes += answer.Reply.Items.Sum(item => (long)item.Bytes.Length);
        }

        return (new LogSlice(state, from, items), null);
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

    public static HttpProblem NotFound() => new(ProblemTypes.NotFound, "There is no such stream.");

    public static HttpProblem Deleted() => new(
        HttpProblemTypes.Gone, "The stream was deleted; what it held is kept for its forks alone.")
    { Code = "stream-deleted" };

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
