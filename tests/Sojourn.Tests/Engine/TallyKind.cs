namespace Sojourn.Tests.Engine;

/// <summary>A tally that tests can make do whatever a kind may do.</summary>
public sealed record Tally(
    long Total, string Status = "open", string Note = "", DateTimeOffset? RingAt = null, int Rings = 0);

public sealed record StartTally(long From = 0, string Status = "open") : IStart<Tally>;

public sealed record Add(long By, int Events = 1) : ICommand<long>;

public sealed record Look : ICommand<long>;

public sealed record Write(string Note) : ICommand;

public sealed record Draw(int Bytes) : ICommand<int>;

public sealed record Throw : ICommand<int>;

public sealed record Crash : ICommand;

public sealed record Announce(bool End) : ICommand;

/// <summary>Events that are named as what event streams tell of the session itself.</summary>
public static class Clash
{
    public sealed record SessionRemoved;

    public sealed record SessionSnapshot;
}

public sealed record Move(string Status) : ICommand;

public sealed record RingAt(DateTimeOffset At) : ICommand;

public sealed record Report(int Part) : ICommand;

public sealed record Added(long By, long Total);

public sealed record Rang(int Times);

public sealed record Reported(int Part);

public sealed record Ended(string? Error, int Attempts);

public sealed class TallyKind : Kind<Tally>
{
    public TallyKind(Policy? policy = null, string name = "tally")
        : base(name, policy ?? DefaultPolicy)
    {
        Start<StartTally>((start, context) => start.From < 0
            ? Invalid("from", "negative", "Start from 0 or more.")
            : Go(new Tally(start.From, start.Status)).Event(new Added(start.From, start.From)));
        On<Add, long>((tally, add, context) => add.By == 0
            ? Refuse("adds-nothing", "Add something.")
            : Adding(tally, add).Reply(tally.Total + add.By));
        On<Look, long>((tally, look, context) => Go(tally).Reply(tally.Total));
        On<Write>((tally, write, context) => Go(tally with { Note = write.Note }));
        On<Draw, int>((tally, draw, context) => Go(tally with { Total = tally.Total + 1 })
            .Append("pictures", new byte[draw.Bytes]).Reply(draw.Bytes));
        On<Throw, int>((tally, command, context) => Go(tally with { Total = tally.Total + 1 })
            .Reply(context.Dice.Next(1, 7)));
        On<Crash>((tally, crash, context) => throw new InvalidOperationException("The rule is broken."));
        On<Announce>((tally, announce, context) => Go(tally)
            .Event(announce.End ? new Clash.SessionRemoved() : new Clash.SessionSnapshot()));
        On<Move>((tally, move, context) => Go(tally with { Status = move.Status }));
        On<RingAt>((tally, ring, context) => Go(tally with { RingAt = ring.At }));
        OnDriver<Report>((tally, report, context) =>
            Go(tally with { Total = tally.Total + report.Part }).Event(new Reported(report.Part)));
    }

    public static Policy DefaultPolicy { get; } = new()
    {
        Statuses =
        [
            new("open"),
            new("working") { Busy = true },
            new("done") { Final = true, Resumable = true, KeepFor = TimeSpan.FromHours(1) },
        ],
    };

    protected override string StatusOf(Tally state) => state.Status;

    protected override DateTimeOffset? WakeAt(Tally state) => state.RingAt;

    protected override Step<Tally> Wake(Tally state, RuleContext context) => state.Note == "deaf"
        ? Go(state)
        : Go(state with { RingAt = null, Rings = state.Rings + 1 }).Event(new Rang(state.Rings + 1));

    protected override Step<Tally> DriverEnded(Tally state, DriverExit exit, RuleContext context) =>
        Go(state with { Note = exit.Error ?? "returned" }).Event(new Ended(exit.Error, exit.Attempts));

    private static Step<Tally> Adding(Tally tally, Add add)
    {
        var step = Go(tally with { Total = tally.Total + add.By });
        for (var i = 0; i < add.Events; i++)
        {
            step = step.Event(new Added(add.By, tally.Total + add.By));
        }

        return step;
    }
}
