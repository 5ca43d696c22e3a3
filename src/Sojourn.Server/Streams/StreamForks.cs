using Sojourn.Kinds.Streams;
using Sojourn.Server.Problems;

namespace Sojourn.Server.Streams;

/// <summary>
/// Makes forks and lets go of them. The source notes a fork before that begins, so that it is never without what it has
/// from there; what a crash leaves between the two is a note of a fork that is not there, found when it matters: when
/// the source is deleted.
/// </summary>
internal sealed class StreamForks(SojournEngine engine, LogReader reader, TimeProvider time)
{
    /// <summary>What has begun is finished and what is over is cleared away, whatever the owner's quota says.</summary>
    private static readonly SendOptions Upkeep = new() { IsUpkeep = true };

    /// <summary>Finds what a fork is to have, and has the source note it.</summary>
    public async ValueTask<(ForkPlan? Plan, HttpProblem? Problem)> PrepareAsync(
        StreamCreation creation, CancellationToken gone)
    {
        if (!StreamName.TryFind(creation.Source!, out var id) || id == creation.Key.Id)
        {
            return (null, NoSource());
        }

        var address = new LogAddress(creation.Key with { Id = id }, StreamKind.Data);
        var (state, problem) = await reader.FindAsync(address, gone);
        if (state?.Stream is not { } source)
        {
            return (null, problem?.Type switch
            {
                null or ProblemTypes.NotFound => NoSource(),
                HttpProblemTypes.Gone => SourceDeleted(),
                // What cannot be read now is not gone.
                _ => problem,
            });
        }

        var isOtherType = creation.ContentType is { } type
            && DurableStream.MediaTypeOf(type) != DurableStream.MediaTypeOf(source.ContentType);
        if (isOtherType)
        {
            return (null, Conflict("content-type", $"The source is {source.ContentType}, and so are its forks."));
        }

        var at = source.Last;
        if (creation.ForkOffset is { } offset && (!state.Map.TryFind(offset, out at) || at > source.Last))
        {
            return (null, HttpProblem.BadParameter(
                StreamHeaders.ForkOffset, "This offset is of another stream, or beyond the source's end."));
        }

        var (cut, prefix, unread) = await CutAsync(address, state, at, creation.ForkSubOffset);
        if (unread is not null || cut < 0)
        {
            return (null, unread ?? HttpProblem.BadParameter(
                StreamHeaders.ForkSubOffset, "The source does not hold so much behind the offset."));
        }

        var fork = new StreamFork(id.ToString(), source.Life, state.Map.CutAt(id.ToString(), cut))
        {
            Offset = at,
            SubOffset = creation.ForkSubOffset,
            Depth = (source.Fork?.Depth ?? 0) + 1,
        };
        if (fork.Depth > StreamFork.LongestChain)
        {
            return (null, Conflict(StreamKind.FullCode,
                $"Forks of forks go {StreamFork.LongestChain} deep; fork an older one."));
        }

        var noted = await NoteAsync(address.Session, source, creation.Key.Id, new());
        return noted.Problem is { } no
            ? (null, Refusal(no))
            : (new ForkPlan(address.Session, source, fork, prefix), null);
    }

    /// <summary>
    /// Makes sure that the source still knows of a fork that has just begun: the note may have been dropped, and the
    /// source deleted, when there was no fork yet.
    /// </summary>
    public async ValueTask<HttpProblem?> ConfirmAsync(ForkPlan plan, SessionKey fork)
    {
        var noted = await NoteAsync(plan.Source, plan.Stream, fork.Id, Upkeep);
        if (noted.Problem is not { Type: ProblemTypes.NotFound or ProblemTypes.Refused } no)
        {
            // Noted; or it cannot be asked now, and then the note that was made before stands for it.
            return null;
        }

        var deleted = await engine.SendAsync(fork, new DeleteStream(), Upkeep);
        return deleted.Problem is { Type: not ProblemTypes.NotFound } stays ? HttpProblem.Of(stays) : Refusal(no);
    }

    /// <summary>
    /// Has a source note a fork. Forks that expire tell nobody, so where there seem to be too many they are counted.
    /// </summary>
    private async ValueTask<Answer<object?>> NoteAsync(
        SessionKey source, DurableStream stream, SessionId fork, SendOptions options)
    {
        var note = new NoteFork(stream.Life, fork.ToString());
        var noted = await engine.SendAsync(source, note, options);
        if (noted.Problem?.Code != StreamKind.FullCode)
        {
            return noted;
        }

        var there = await engine.GetAsync(source);
        if (there.IsAccepted && there.Reply.State is DurableStream full && full.Life == stream.Life)
        {
            await CheckAsync(source, full);
        }

        return await engine.SendAsync(source, note, Upkeep);
    }

    /// <summary>A fork did not come to be.</summary>
    public ValueTask ForgetAsync(ForkPlan plan, SessionId fork) =>
        LetGoAsync(plan.Source, plan.Stream.Life, [fork.ToString()]);

    /// <summary>Deletes a stream; while it has forks it is kept for them.</summary>
    public async ValueTask<HttpProblem?> DeleteAsync(SessionKey key)
    {
        var there = await engine.GetAsync(key);
        if (!there.IsAccepted)
        {
            return LogReader.Of(there.Problem);
        }

        var stream = (DurableStream)there.Reply.State!;
        var phase = stream.PhaseAt(time.GetUtcNow());
        if (phase >= StreamPhase.Deleted)
        {
            return phase == StreamPhase.Deleted ? LogReader.Deleted() : LogReader.NotFound();
        }

        await CheckAsync(key, stream);
        // As with the removal of a session: who has used up a quota may always make room.
        var deleted = await engine.SendAsync(key, new DeleteStream(), Upkeep);
        if (deleted.Problem is { } problem)
        {
            return LogReader.Of(problem);
        }

        stream = (DurableStream)deleted.Reply!;
        if (stream is { Phase: StreamPhase.Ended, Fork: { } fork })
        {
            await LetGoAsync(key with { Id = SessionId.Parse(fork.Source) }, fork.SourceLife, [key.Id.ToString()]);
        }

        return null;
    }

    /// <summary>Drops the notes of forks that are not there.</summary>
    public async ValueTask CheckAsync(SessionKey key, DurableStream source)
    {
        var lost = new List<string>();
        foreach (var name in source.Forks)
        {
            var fork = key with { Id = SessionId.Parse(name) };
            var answer = await engine.GetAsync(fork);
            var isThere = answer.IsAccepted
                ? answer.Reply.State is DurableStream there && IsForkOf(there, key, source)
                    && there.PhaseAt(time.GetUtcNow()) != StreamPhase.Ended
                // What cannot be read now is not gone.
                : answer.Problem.Type != ProblemTypes.NotFound;
            if (!isThere)
            {
                lost.Add(name);
            }
        }

        if (lost.Count > 0)
        {
            await LetGoAsync(key, source.Life, lost);
        }
    }

    public static bool IsForkOf(DurableStream fork, SessionKey key, DurableStream source) =>
        fork.Fork?.Source == key.Id.ToString() && fork.Fork.SourceLife == source.Life;

    /// <summary>
    /// Forks are gone, and with them their notes; and if the source was only kept for those, it goes too, and so on.
    /// </summary>
    private async ValueTask LetGoAsync(SessionKey source, DateTimeOffset life, IReadOnlyList<string> forks)
    {
        // Each turn comes to an older stream, so there is a last.
        while (true)
        {
            // What cannot be written now is found when the deleted are looked through.
            var dropped = await engine.SendAsync(source, new DropForks(life, forks), Upkeep);
            if (!dropped.IsAccepted
                || dropped.Reply is not DurableStream { Phase: StreamPhase.Ended, Fork: { } above } ended
                || ended.Life != life)
            {
                return;
            }

            (life, forks) = (above.SourceLife, [source.Id.ToString()]);
            source = source with { Id = SessionId.Parse(above.Source) };
        }
    }

    public static HttpProblem Conflict(string code, string detail) => new(ProblemTypes.Refused, detail) { Code = code };

    private static HttpProblem Refusal(Problem no) =>
        no.Type == ProblemTypes.NotFound || no.Code == StreamKind.GoneCode ? NoSource()
        : no.Code == StreamKind.DeletedCode ? SourceDeleted()
        : HttpProblem.Of(no);

    /// <summary>
    /// How many entries it has whole, and the piece of one that follows; less than none if there is not so much.
    /// </summary>
    private async ValueTask<(long Cut, ReadOnlyMemory<byte> Prefix, HttpProblem? Problem)> CutAsync(
        LogAddress address, LogState source, long at, long more)
    {
        if (more == 0)
        {
            return (at, default, null);
        }

        if (source.Form == LogForm.Json)
        {
            return (at + more <= source.Last ? at + more : -1, default, null);
        }

        var (slice, problem) = await reader.ReadAsync(new(address, source.Map, at), null, CancellationToken.None);
        return problem is not null ? (-1, default, problem)
            : slice is { Items: [var next, ..] } && slice.After == at && next.Bytes.Length >= more
                ? (at, next.Bytes[..(int)more], null)
            : (-1, default, null);
    }

    private static HttpProblem NoSource() => new(ProblemTypes.NotFound, "There is no such stream to fork.");

    private static HttpProblem SourceDeleted() =>
        Conflict("source-deleted", "The source was deleted; it has no new forks.");
}

/// <summary>A fork that its source has noted.</summary>
/// <param name="Source">The source's session.</param>
/// <param name="Stream">The source.</param>
/// <param name="Fork">What the fork has of it.</param>
/// <param name="Prefix">The piece of an entry that it begins with.</param>
internal sealed record ForkPlan(
    SessionKey Source, DurableStream Stream, StreamFork Fork, ReadOnlyMemory<byte> Prefix);
