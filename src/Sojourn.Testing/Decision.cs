namespace Sojourn.Testing;

/// <summary>What one turn of the session yielded, and the session after it; types forgotten.</summary>
internal sealed record Decision(Standing After)
{
    private const int MostWakeUps = 10_000;

    public object? Reply { get; private init; }

    public Refusal? Refusal { get; private init; }

    public bool IsChange { get; private init; }

    public IReadOnlyList<object> Events { get; private init; } = [];

    public IReadOnlyList<AppendedEntry> Entries { get; private init; } = [];

    public static Decision Nothing(Standing standing) => new(standing);

    public static Decision Start(Standing before, object start)
    {
        var asked = new Asked(WireName.Of(start.GetType()), start);
        return Of(before, Proof.Decide(before, asked, (_, context) => before.Kind.Rules.Start.Decide(start, context)));
    }

    public static Decision Resume(Standing before, object state, long version)
    {
        var status = before.Kind.Rules.StatusOf(state);
        return new Decision((before with { Version = version - 1 }).Next(state, status));
    }

    public static Decision Send(Decision last, object command)
    {
        var standing = last.After;
        _ = Standing.StateOf(last);
        if (!standing.Kind.Rules.Commands.TryGetValue(command.GetType(), out var rule))
        {
            throw new ArgumentException(
                $"The kind '{standing.Kind.Name}' has no command {command.GetType().Name}.", nameof(command));
        }

        return Of(standing, Proof.Decide(
            standing, new Asked(rule.Name, command), (state, context) => rule.Decide(state!, command, context)));
    }

    public static Decision DriverEnds(Decision last, DriverExit exit)
    {
        var standing = last.After;
        return Standing.StatusOf(last).Busy
            ? Of(standing, Proof.Decide(standing, new Asked(nameof(DriverEnds), exit),
                (state, context) => standing.Kind.Rules.DriverEnded(state!, exit, context)))
            : Nothing(standing);
    }

    public static Decision Wake(Decision last)
    {
        _ = Standing.StateOf(last);
        var wakeAt = last.After.WakeAt ?? throw new InvalidOperationException(
            "Nothing is to be woken: WakeAt is null for this state.");
        var due = last.After.DecidedAt < wakeAt ? last.After with { Now = wakeAt } : last.After;
        if (due.ExpiresAt <= due.DecidedAt)
        {
            return new Decision(due.Expire());
        }

        var asked = new Asked(nameof(Wake), null);
        var decision = Of(due, Proof.Decide(due, asked, (state, context) => due.Kind.Rules.Wake(state!, context)));
        return decision.After.WakeAt <= due.DecidedAt
            ? throw new RuleBrokenException(due, asked,
                $"leaves WakeAt at {decision.After.WakeAt:O}, which has passed: the engine would call it again and "
                + "again. Move it on, or set it to null.")
            : decision;
    }

    public static Decision Pass(Decision last, TimeSpan time)
    {
        _ = Standing.StateOf(last);
        var until = last.After.Now + time;
        var passed = Nothing(last.After);
        for (var calls = 0; passed.After.NextDue() <= until; calls++)
        {
            if (calls == MostWakeUps)
            {
                throw new RuleBrokenException(passed.After, new Asked(nameof(Wake), null),
                    $"was called {MostWakeUps:N0} times within {time}: that is more than a session is meant to be.");
            }

            passed = passed.Then(passed.After.ExpiresAt <= passed.After.NextDue()
                ? new Decision(passed.After.Expire())
                : Wake(passed));
        }

        // An engine that was late catches up at once; it does not take the clock back.
        var now = passed.After.Now < until ? until : passed.After.Now;
        return passed with { After = passed.After with { Now = now } };
    }

    private static Decision Of(Standing before, Proven proven)
    {
        var outcome = proven.Outcome;
        if (outcome.Refusal is not null || !proven.IsChange)
        {
            return new Decision(before) { Refusal = outcome.Refusal, Reply = outcome.Reply };
        }

        return new Decision(before.Next(outcome.State!, proven.Status))
        {
            Reply = outcome.Reply,
            IsChange = true,
            Events = outcome.Events,
            Entries = [.. outcome.Appends.Select(append => new AppendedEntry(append.Stream, append.Entry))],
        };
    }

    private Decision Then(Decision next) => next with
    {
        IsChange = IsChange || next.IsChange,
        Events = [.. Events, .. next.Events],
        Entries = [.. Entries, .. next.Entries],
    };
}

/// <summary>What the rules were asked, for messages.</summary>
/// <param name="Name">The command's name on the wire, or the rule's.</param>
/// <param name="Command">Its parameters; null if there are none.</param>
internal sealed record Asked(string Name, object? Command);
