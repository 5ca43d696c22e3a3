using System.Security.Cryptography;
using System.Text.Json;
using System.Threading.Tasks.Sources;
using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>
/// One thing asked of one session, from the line for its turn to the answer: waits, is judged, and, if that changed a
/// durable session, is answered once the change is on disk.
/// </summary>
internal abstract class Request(Cell cell) : TurnWork, IValueTaskSource<Answer<object?>>
{
    private byte[]? _hash;
    private ManualResetValueTaskSourceCore<Answer<object?>> _completion = new()
    {
        RunContinuationsAsynchronously = true,
    };

    /// <summary>What is asked, for traces.</summary>
    public virtual string Name => GetType().Name;

    /// <summary>The session; another object if this one went out of use while the request waited.</summary>
    public Cell Cell { get; set; } = cell;

    public string? OperationId { get; set; }

    public long? ExpectedVersion { get; set; }

    public Lease? Lease { get; init; }

    /// <summary>For a driver's report, its number under its lease.</summary>
    public DriverReport? Report { get; init; }

    /// <summary>If cancelled before the request has its turn, it is not judged at all.</summary>
    public CancellationToken GiveUp { get; set; }

    /// <summary>How often it was judged, because what it was judged on was taken back.</summary>
    public int Attempts { get; set; }

    /// <summary>True if it can change a session, and thus needs a store that takes commits.</summary>
    public virtual bool MayWrite => true;

    /// <summary>True if it is let through while the engine stops.</summary>
    public virtual bool IsInternal => false;

    /// <summary>As <see cref="SendOptions.IsUpkeep"/>.</summary>
    public bool IsUpkeep { get; set; }

    /// <summary>
    /// The type that the reply is stored as with an operation id; null if the session itself is the reply.
    /// </summary>
    public virtual Type? ReplyType => null;

    /// <summary>What it changes; null before it is judged, and if it changes nothing.</summary>
    public Change? Change { get; set; }

    /// <summary>What will be answered once the state that it was judged on is durable.</summary>
    public Answer<object?> Answer { get; set; }

    /// <summary>The <see cref="Cell.Epoch"/> in which it was judged.</summary>
    public int Epoch { get; set; }

    /// <summary>True while the committer has it, and with it, for a durable session, the duty to answer.</summary>
    public bool IsHandedOn { get; set; }

    /// <summary>By how many bytes it makes its session longer, while it is on its way to the store.</summary>
    public long Growth { get; set; }

    /// <summary>True if it is judged as though there were no session: what is there goes when this is done.</summary>
    public virtual bool BeginsAnew => false;

    /// <summary>For a start, the place that is kept for it.</summary>
    public Reservation? Place { get; init; }

    /// <summary>The record of its operation id, once judged.</summary>
    public OperationRecord? Operation { get; set; }

    /// <summary>Labels that a new session gets.</summary>
    public virtual IReadOnlyDictionary<string, string> Labels => Snapshot.NoLabels;

    /// <summary>SHA-256 of what is asked, to tell another command under the same operation id.</summary>
    public byte[] Hash => _hash ??= SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(Asked, SojournJson.Stored));

    /// <summary>What is asked, as something whose JSON tells it from anything else.</summary>
    protected virtual object Asked => GetType().Name;

    public ValueTask<Answer<object?>> Task => new(this, _completion.Version);

    public bool IsAnswered => _completion.GetStatus(_completion.Version) != ValueTaskSourceStatus.Pending;

    /// <summary>The answer, if it is there already; then nobody else may ask for it.</summary>
    public bool TryTakeAnswer(out Answer<object?> answer)
    {
        var isThere = _completion.GetStatus(_completion.Version) == ValueTaskSourceStatus.Succeeded;
        answer = isThere ? _completion.GetResult(_completion.Version) : default;
        return isThere;
    }

    /// <summary>The kind's rule, or the engine's own. Pure; an exception fails this request alone.</summary>
    public abstract Verdict Judge(Snapshot? latest, RuleContext context);

    /// <summary>True if this report was stored before, by a commit whose outcome the driver did not learn.</summary>
    public bool IsReported(Snapshot? latest) =>
        Report is { } report && latest?.Extras.Reported is { } last
        && report.Term == last.Term && report.Number <= last.Number;

    /// <summary>Called with the session's new snapshot, to make a reply of it.</summary>
    public virtual object? ReplyFor(object? reply, Snapshot after) => reply;

    /// <summary>Makes an answered request ready to be asked again.</summary>
    protected void Reset()
    {
        _completion.Reset();
        _hash = null;
        (OperationId, ExpectedVersion, IsUpkeep, GiveUp) = (null, null, false, default);
        (Change, Operation, Attempts, Next) = (null, null, 0, null);
    }

    public void Complete() => Complete(Answer);

    public void Complete(Answer<object?> answer)
    {
        Completing();
        _completion.SetResult(answer);
    }

    public void Complete(Problem problem) => Complete(new Answer<object?>(problem));

    /// <summary>Called once, before the answer is given.</summary>
    protected virtual void Completing()
    {
    }

    Answer<object?> IValueTaskSource<Answer<object?>>.GetResult(short token) => _completion.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<Answer<object?>>.GetStatus(short token) => _completion.GetStatus(token);

    void IValueTaskSource<Answer<object?>>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token, flags);
}

/// <summary>What a request does to its session: a new snapshot with what the step adds, or the end of it.</summary>
/// <param name="After">The new snapshot; null for a removal.</param>
internal readonly record struct Change(Snapshot? After)
{
    public ReadOnlyMemory<byte> StateJson { get; init; }

    public SessionEvent[] Events { get => field ?? []; init; }

    public StreamEntry[] Entries { get => field ?? []; init; }

    public RemovalReason Reason { get; init; }

    /// <summary>The version that it was decided on; 0 if there was no session.</summary>
    public long BaseVersion { get; init; }

    /// <summary>True if that version is of another life, whose place this one takes.</summary>
    public bool Replaces { get; init; }

    /// <summary>Bytes that it keeps in memory until it is in the store.</summary>
    public long Weight
    {
        get
        {
            long weight = StateJson.Length;
            foreach (var happened in Events)
            {
                weight += happened.Json.Length;
            }

            foreach (var entry in Entries)
            {
                weight += entry.Bytes.Length;
            }

            return weight;
        }
    }

    /// <summary>Operation ids used before this are to be forgotten.</summary>
    public DateTimeOffset? TrimOperationsBefore { get; init; }
}

/// <summary>How a request was judged.</summary>
internal readonly record struct Verdict
{
    /// <summary>It was not done.</summary>
    public Problem? Problem { get; private init; }

    /// <summary>A step of the rules; null if there is none.</summary>
    public Outcome? Outcome { get; private init; }

    /// <summary>The session is to be removed.</summary>
    public RemovalReason? Removal { get; private init; }

    /// <summary>The labels after a step of the engine's own; null where they stay.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; private init; }

    /// <summary>The record is to be written again, as the same version.</summary>
    public bool IsRestamp { get; private init; }

    /// <summary>The answer where nothing changes.</summary>
    public object? Reply { get; private init; }

    public static Verdict No(Problem problem) => new() { Problem = problem };

    public static Verdict Same(object? reply) => new() { Reply = reply };

    public static Verdict Remove(RemovalReason reason) => new() { Removal = reason, Reply = Nothing.Value };

    /// <summary>A step that leaves the state as it is.</summary>
    public static Verdict Keep(object state, IReadOnlyDictionary<string, string> labels) =>
        new() { Outcome = new Outcome(state, null, [], [], null), Labels = labels };

    public static Verdict Restamp() => new() { IsRestamp = true };

    public static Verdict Of(Outcome outcome) => outcome.Refusal is not { } refusal
        ? new Verdict { Outcome = outcome }
        : No(new Problem(refusal.IsInvalid ? ProblemTypes.Invalid : ProblemTypes.Refused, refusal.Message)
        {
            Code = refusal.Code,
            Field = refusal.Field,
        });
}
