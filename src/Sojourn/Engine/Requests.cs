namespace Sojourn.Engine;

/// <summary>A command of the kind.</summary>
internal sealed class SendRequest(Cell cell, CommandRule rule, object command) : Request(cell)
{
    [ThreadStatic]
    private static SendRequest? _spare;

    private CommandRule _rule = rule;
    private object _command = command;

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
    public override IReadOnlyDictionary<string, string> Labels => labels;

    protected override object Asked => new { Start = start, Labels = labels };

    public override Verdict Judge(Snapshot? latest, RuleContext context) => latest switch
    {
        null => Verdict.Of(Cell.Kind.Rules.Start.Decide(start, context)),
        _ when getIfExists => Verdict.Same(Cell.View(latest)),
        _ => Verdict.No(Problems.AlreadyExists(Cell)),
    };

    public override object ReplyFor(object? reply, Snapshot after) => Cell.View(after);
}

internal sealed class RemoveRequest(Cell cell) : Request(cell)
{
    public override Verdict Judge(Snapshot? latest, RuleContext context) => latest is null
        ? Verdict.No(Problems.NotFound(Cell))
        : Verdict.Remove(RemovalReason.Removed);
}

/// <summary>A look at a session that may have to be loaded first.</summary>
internal sealed class ReadRequest(Cell cell) : Request(cell)
{
    public override bool MayWrite => false;

    public override bool IsInternal => true;

    public override Verdict Judge(Snapshot? latest, RuleContext context) => Cell.Visible is { } visible
        ? Verdict.Same(Cell.View(visible))
        : Verdict.No(Problems.NotFound(Cell));
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
    public override Verdict Judge(Snapshot? latest, RuleContext context)
    {
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
/// A driver's code has ended; what that means is the kind's business, unless the session is busy no more.
/// </summary>
internal sealed class DriverEndedRequest(Cell cell, DriverExit exit) : Request(cell)
{
    public override bool IsInternal => true;

    public override Verdict Judge(Snapshot? latest, RuleContext context) => latest is { Status.Busy: true }
        ? Verdict.Of(Cell.Kind.Rules.DriverEnded(latest.State, exit, context))
        : Verdict.Same(null);
}
