using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>A command of the kind.</summary>
internal sealed class SendRequest(Cell cell, CommandRule rule, object command) : Request(cell)
{
    [ThreadStatic]
    private static SendRequest? _spare;

    private CommandRule _rule = rule;
    private object _command = command;

    public override string Name => _rule.Name;

    public override Type? ReplyType => _rule.ReplyType;

    protected override object Asked => new { _rule.Name, Command = _command };

    /// <summary>
    /// A request, perhaps one that was used before: commands on volatile sessions are answered in the blink that it
    /// takes to allocate one.
    /// </summary>
    public static SendRequest Rent(Cell cell, CommandRule rule, object command)
    {
        if (_spare is not { } spare)
        {
            return new SendRequest(cell, rule, command);
        }

        _spare = null;
        spare.Reset();
        (spare.Cell, spare._rule, spare._command) = (cell, rule, command);
        return spare;
    }

    /// <summary>Gives it back. Only for one that was answered and that nobody else has seen.</summary>
    public void Return() => _spare = this;

    public override Verdict Judge(Snapshot? latest, RuleContext context) => latest is null
        ? Verdict.No(Problems.NotFound(Cell))
        : Verdict.Of(_rule.Decide(latest.State, _command, context));
}

/// <summary>The start of a session, or, if it may exist already, a look at it.</summary>
internal sealed class CreateRequest(
    Cell cell, object start, IReadOnlyDictionary<string, string> labels, bool getIfExists) : Request(cell)
{
    /// <summary>True to begin anew in the place of what is there.</summary>
    public bool IsFresh { get; init; }

    public override bool BeginsAnew => IsFresh;

    /// <summary>Why <see cref="Request.Place"/> is null, if it is.</summary>
    public Fullness Fullness { get; init; }

    /// <summary>True once it was refused for nothing but the lack of a place.</summary>
    public bool LacksPlace { get; private set; }

    public override IReadOnlyDictionary<string, string> Labels => labels;

    protected override object Asked => new { Start = start, Labels = labels };

    public override Verdict Judge(Snapshot? latest, RuleContext context)
    {
        // It may have been judged before, when there was nothing whose place it could take.
        LacksPlace = latest is null && Place is null && !(IsFresh && Cell.Latest is not null);
        return latest switch
        {
            null when LacksPlace => Verdict.No(Problems.Full(Fullness, Cell.Kind, Cell.Account)),
            null => Verdict.Of(Cell.Kind.Rules.Start.Decide(start, context)),
            _ when getIfExists => Verdict.Same(Cell.View(latest)),
            _ => Verdict.No(Problems.AlreadyExists(Cell, latest)),
        };
    }

    public override object ReplyFor(object? reply, Snapshot after) => Cell.View(after);

    // Of a session that has begun in it, the place is taken already; one that took another's place never needed it.
    protected override void Completing() => Place?.Release();
}

/// <summary>Makes place for another session, unless this one has become busy, or just changed.</summary>
/// <param name="cell">The session.</param>
/// <param name="victim">What was found.</param>
/// <param name="among">Lets one of those that are asked make place.</param>
internal sealed class EvictRequest(Cell cell, Victim victim, OneOf among) : Request(cell)
{
    public override Verdict Judge(Snapshot? latest, RuleContext context) =>
        latest is null || latest.CreatedAt != victim.CreatedAt || latest.Version != victim.Version
        || latest.Status.Busy || !among.TryBe(this)
            ? Verdict.Same(null)
            : Verdict.Remove(RemovalReason.Evicted);
}

/// <summary>Puts a session out of memory, if nothing and nobody needs it there.</summary>
internal sealed class PassivateRequest(Cell cell) : Request(cell)
{
    public override bool MayWrite => false;

    public override bool IsInternal => true;

    public override Verdict Judge(Snapshot? latest, RuleContext context) => Verdict.Same(null);
}

/// <summary>Puts the newest good snapshot in the place of a record that cannot be read; then a look at it.</summary>
internal sealed class RestoreRequest(Cell cell) : Request(cell)
{
    public override Verdict Judge(Snapshot? latest, RuleContext context) => latest is null
        ? Verdict.No(Problems.NotFound(Cell))
        : Verdict.Same(Cell.View(latest));
}

/// <summary>Counts as activity, and changes nothing else.</summary>
internal sealed class TouchRequest(Cell cell) : Request(cell)
{
    public override Verdict Judge(Snapshot? latest, RuleContext context) => latest is null
        ? Verdict.No(Problems.NotFound(Cell))
        : Verdict.Keep(latest.State, latest.Extras.Labels);

    public override object ReplyFor(object? reply, Snapshot after) => Cell.View(after);
}

/// <summary>Sets and removes labels.</summary>
/// <param name="cell">The session.</param>
/// <param name="labels">New values; null to remove a label.</param>
internal sealed class LabelRequest(Cell cell, IReadOnlyDictionary<string, string?> labels) : Request(cell)
{
    protected override object Asked => new { Labels = labels };

    public override Verdict Judge(Snapshot? latest, RuleContext context)
    {
        if (latest is null)
        {
            return Verdict.No(Problems.NotFound(Cell));
        }

        var next = latest.Extras.Labels.ToDictionary(StringComparer.Ordinal);
        foreach (var (name, value) in labels)
        {
            if (value is null)
            {
                next.Remove(name);
            }
            else
            {
                next[name] = value;
            }
        }

        return next.Count > Engine.Labels.MaxCount
            ? Verdict.No(Problems.TooManyLabels())
            : Verdict.Keep(latest.State, Engine.Labels.Check(next));
    }

    public override object ReplyFor(object? reply, Snapshot after) => Cell.View(after);
}

internal sealed class RemoveRequest(Cell cell) : Request(cell)
{
    /// <summary>What the session was listed by, and must match still; null if it goes whatever it is.</summary>
    public SessionQuery? Where { get; init; }

    /// <summary>True if it may go even if it cannot be read.</summary>
    public bool MayBeUnread => Where is null or { IsDamaged: true };

    public override Verdict Judge(Snapshot? latest, RuleContext context) => latest is null
        ? Verdict.No(Problems.NotFound(Cell))
        : Matches(latest) ? Verdict.Remove(RemovalReason.Removed)
        : Verdict.No(Problems.NoLongerMatches(Cell));

    private bool Matches(Snapshot latest) => Where is null
        || (!Where.IsDamaged && Where.Matches(KindRuntime.Record(Cell, latest, default)));
}

/// <summary>A look at a session that may have to be loaded first.</summary>
internal sealed class ReadRequest(Cell cell) : Request(cell)
{
    public override bool MayWrite => false;

    public override bool IsInternal => true;

    public override Verdict Judge(Snapshot? latest, RuleContext context)
    {
        if (Cell.Visible is not { } visible)
        {
            return Verdict.No(Problems.NotFound(Cell));
        }

        Cell.NoteRead(context.Now);
        return Verdict.Same(Cell.View(visible));
    }
}

/// <summary>
/// Makes a drive known to its session, in its turn, so that it cannot leave memory in between. Ends the drive if the
/// session is not busy (any more).
/// </summary>
internal sealed class TakeUpRequest(Cell cell, Drive drive) : Request(cell)
{
    public override bool MayWrite => false;

    public override bool IsInternal => true;

    public override Verdict Judge(Snapshot? latest, RuleContext context)
    {
        if (Cell.Visible is not { } visible)
        {
            return Verdict.No(Problems.NotFound(Cell));
        }

        drive.Cell = Cell;
        var isBusy = drive.TakeUp(visible);
        Cell.EnsureParts().Drive = drive;
        // Whoever publishes writes Visible, then looks for the drive; this side does it the other way round, so that
        // one of the two sees the other.
        Interlocked.MemoryBarrier();
        if (!isBusy || !drive.IsOf(Cell.Visible))
        {
            drive.End();
        }

        return Verdict.Same(null);
    }
}

/// <summary>Takes a cell out of use if there is no session in it.</summary>
internal sealed class RetireRequest(Cell cell) : Request(cell)
{
    public override bool MayWrite => false;

    public override bool IsInternal => true;

    public override Verdict Judge(Snapshot? latest, RuleContext context) => Verdict.Same(null);
}

/// <summary>A session's time has come: it expires, or its rules are called. Early or twice it does nothing.</summary>
internal sealed class WakeRequest(Cell cell) : Request(cell)
{
    private Snapshot? _judged;

    /// <summary>
    /// When the session is due after this; null if never. Not asked of the cell, which may have left memory by then.
    /// </summary>
    public DateTimeOffset? DueAfter => Change is { } change ? change.After?.DueAt : _judged?.DueAt;

    public override Verdict Judge(Snapshot? latest, RuleContext context)
    {
        _judged = latest;
        if (latest is null)
        {
            return Verdict.Same(null);
        }

        if (latest.ExpiresAt <= context.Now)
        {
            return Verdict.Remove(RemovalReason.Expired);
        }

        return latest.WakeAt <= context.Now
            ? Verdict.Of(Cell.Kind.Rules.Wake(latest.State, context))
            : Verdict.Same(null);
    }
}

/// <summary>
/// The policy has changed how long sessions live: this one's record is written again, with when it is due now.
/// </summary>
internal sealed class RestampRequest(Cell cell) : Request(cell)
{
    public override bool IsInternal => true;

    public override Verdict Judge(Snapshot? latest, RuleContext context) =>
        latest is null ? Verdict.Same(null) : Verdict.Restamp();
}

/// <summary>
/// A driver's code has ended; what that means is the kind's business, unless the session is busy no more.
/// </summary>
internal sealed class DriverEndedRequest(Cell cell, DriverExit exit) : Request(cell)
{
    public override bool IsInternal => true;

    public override Verdict Judge(Snapshot? latest, RuleContext context) => latest is { Status.Busy: true }
        ? Verdict.Of(Cell.Kind.Rules.DriverEnded(latest.State, exit, context))
        : Verdict.Same(null);
}
