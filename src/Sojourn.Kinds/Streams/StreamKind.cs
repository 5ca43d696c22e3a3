namespace Sojourn.Kinds.Streams;

/// <summary>
/// Durable streams: logs that anybody may append to and follow, over the protocol of the same name. Entries and what is
/// known of their producers are in one commit.
/// </summary>
public sealed class StreamKind : Kind<DurableStream>
{
    /// <summary>The kind's name in the store.</summary>
    public const string KindName = "stream";

    /// <summary>The session's log that holds a stream's entries.</summary>
    public const string Data = "data";

    /// <summary>The most forks that a stream has at once.</summary>
    public const int MostForks = 1_000;

    /// <summary>The statuses of a stream, as <see cref="StreamPhase"/> in words.</summary>
    public const string Open = "open", Closed = "closed", Deleted = "deleted", Ended = "ended";

    // Why a stream takes no new fork.
    internal const string GoneCode = "stream-gone", DeletedCode = "stream-deleted", FullCode = "too-many-forks";

    /// <summary>With these limits.</summary>
    public StreamKind(StreamOptions options)
        : base(KindName, Checked(options).ToPolicy())
    {
        Start<CreateStream>(Begin);
        On<AppendToStream, AppendReply>(Append);
        On<UseStream>((stream, _, context) =>
            Go(stream.PhaseAt(context.Now) < StreamPhase.Deleted && stream.IsRenewedBy(context.Now)
                ? stream with { UsedAt = context.Now }
                : stream));
        On<DeleteStream, DurableStream>((stream, _, context) => Answered(End(stream, context.Now)));
        On<NoteFork>(Note);
        On<DropForks, DurableStream>(Drop);
    }

    /// <inheritdoc />
    protected override string StatusOf(DurableStream state) => state.Phase switch
    {
        StreamPhase.Open => Open,
        StreamPhase.Closed => Closed,
        StreamPhase.Deleted => Deleted,
        _ => Ended,
    };

    /// <inheritdoc />
    protected override DateTimeOffset? WakeAt(DurableStream state) => state.EndsAt;

    /// <inheritdoc />
    protected override Step<DurableStream> Wake(DurableStream state, RuleContext context) =>
        Go(state.EndsAt <= context.Now ? End(state, context.Now) : state);

    private static StreamOptions Checked(StreamOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = options.Faults().ToList();
        return faults.Count == 0
            ? options
            : throw new SojournException($"The options of streams cannot be used: {string.Join(" ", faults)}");
    }

    private static Step<DurableStream> Begin(CreateStream start, RuleContext context)
    {
        return Go(new DurableStream(start.Name, start.ContentType)
        {
            Life = context.Now,
            Appended = start.Entries.Count,
            TtlSeconds = start.TtlSeconds,
            UsedAt = context.Now,
            ExpiresAt = start.ExpiresAt,
            Phase = start.Closed ? StreamPhase.Closed : StreamPhase.Open,
            Fork = start.Fork,
        }).Append(Data, start.Entries);
    }

    private static Step<DurableStream, AppendReply> Append(
        DurableStream stream, AppendToStream append, RuleContext context)
    {
        var known = append.Stamp is { } named ? stream.Producers.GetValueOrDefault(named.Id) : null;
        var outcome = Judge(stream, append, context.Now);
        var producers = outcome == AppendOutcome.Appended && append.Stamp is { } stamp
            ? Producers.Note(stream.Producers, stamp, context.Now)
            : stream.Producers;
        outcome = producers is null ? AppendOutcome.TooManyProducers : outcome;
        if (outcome != AppendOutcome.Appended)
        {
            return Go(stream).Reply(new AppendReply(outcome, stream, known));
        }

        var after = stream with
        {
            Appended = stream.Appended + append.Entries.Count,
            UsedAt = context.Now,
            Phase = append.Close ? StreamPhase.Closed : stream.Phase,
            ClosedBy = append.Close ? append.Stamp : null,
            Seq = append.Seq ?? stream.Seq,
            Producers = producers!,
        };
        known = append.Stamp is { } done ? after.Producers[done.Id] : null;
        return Go(after).Append(Data, append.Entries).Reply(new AppendReply(outcome, after, known));
    }

    private static AppendOutcome Judge(DurableStream stream, AppendToStream append, DateTimeOffset now)
    {
        switch (stream.PhaseAt(now))
        {
            case StreamPhase.Ended:
                return AppendOutcome.Gone;
            case StreamPhase.Deleted:
                return AppendOutcome.Deleted;
            case StreamPhase.Closed:
                // Closing it twice is closing it once, unless a producer counts on having been the one.
                return append.Stamp is null ? append.Entries.Count == 0 ? AppendOutcome.Duplicate : AppendOutcome.Closed
                    : append.Stamp == stream.ClosedBy ? AppendOutcome.Duplicate
                    // What was taken before the end was taken, and whoever is shut out is to know.
                    : Producers.Judge(stream, append.Stamp) is
                        (AppendOutcome.Duplicate or AppendOutcome.StaleEpoch) and var told ? told
                    : AppendOutcome.Closed;
            case StreamPhase.Open:
            default:
                break;
        }

        if (append.Entries.Count > 0
            && DurableStream.MediaTypeOf(append.ContentType ?? "") != DurableStream.MediaTypeOf(stream.ContentType))
        {
            return AppendOutcome.OtherType;
        }

        // Before Stream-Seq: what is sent again has the same, and was taken.
        var byProducer = append.Stamp is { } stamp ? Producers.Judge(stream, stamp) : AppendOutcome.Appended;
        var isBelow = append.Seq is not null && stream.Seq is not null
            && string.CompareOrdinal(append.Seq, stream.Seq) <= 0;
        return byProducer != AppendOutcome.Appended ? byProducer
            : isBelow ? AppendOutcome.SeqNotAbove
            : AppendOutcome.Appended;
    }

    private static Step<DurableStream> Note(DurableStream stream, NoteFork note, RuleContext context)
    {
        var phase = stream.PhaseAt(context.Now);
        return stream.Life != note.Life || phase == StreamPhase.Ended
            ? Refuse(GoneCode, "There is no such stream any more.")
            // Deleted meanwhile, it is kept for those that were noted before.
            : stream.Forks.Contains(note.Fork) ? Go(stream)
            : phase == StreamPhase.Deleted ? Refuse(DeletedCode, "The stream was deleted; it has no new forks.")
            : stream.Forks.Count >= MostForks
                ? Refuse(FullCode, $"The stream has {MostForks:N0} forks already; delete one first.")
            : Go(stream with { Forks = stream.Forks.Add(note.Fork) });
    }

    private static Step<DurableStream, DurableStream> Drop(DurableStream stream, DropForks drop, RuleContext context)
    {
        var left = stream.Life == drop.Life ? stream.Forks.Except(drop.Forks) : stream.Forks;
        if (left.Count == stream.Forks.Count)
        {
            return Answered(stream);
        }

        var after = stream with { Forks = left };
        return Answered(after.Phase == StreamPhase.Deleted ? End(after, context.Now) : after);
    }

    private static Step<DurableStream, DurableStream> Answered(DurableStream stream) => Go(stream).Reply(stream);

    private static DurableStream End(DurableStream stream, DateTimeOffset now)
    {
        var phase = stream.Forks.IsEmpty ? StreamPhase.Ended : StreamPhase.Deleted;
        return stream.Phase == phase || stream.Phase == StreamPhase.Ended
            ? stream
            : stream with { Phase = phase, UsedAt = now };
    }
}
