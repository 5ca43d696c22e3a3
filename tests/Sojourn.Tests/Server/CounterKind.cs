namespace Sojourn.Tests.Server;

public enum Mode
{
    Quiet,
    Loud,
    VeryLoud,
}

public sealed record Counter(long Total, Mode Mode, string Note);

public sealed record NewCounter(long From = 0, string Note = "") : IStart<Counter>;

public sealed record Increment(long By = 1) : ICommand<long>;

public sealed record Tick : ICommand;

public sealed record SetMode(Mode Mode, IReadOnlyList<Mode>? Others = null, int? Level = null) : ICommand;

public sealed record Plan(string Title, IReadOnlyList<Stop> Stops, DateTimeOffset? At = null) : ICommand;

public sealed record Stop(int Number, bool Brief = false);

public sealed record Close : ICommand;

public sealed record Break : ICommand;

public sealed record Forbid : ICommand;

public sealed record WriteNote(string Note) : ICommand;

public sealed record Advance(int Steps) : ICommand;

public sealed record Incremented(long By, long Total);

public sealed record Ticked(int Number);

/// <summary>Small limits, so that tests can reach them.</summary>
public sealed class CounterKind : Kind<Counter>
{
    public const int Retained = 5;

    public CounterKind()
        : base("counter", new Policy
        {
            Statuses = [new("open"), new("closed") { Final = true, KeepFor = TimeSpan.FromHours(1) }],
            RetainedEvents = Retained,
            MaxStateBytes = 4096,
            MaxWatchers = 2,
            MaxOperations = 3,
        })
    {
        Emits<Incremented>();
        Emits<Ticked>();
        Start<NewCounter>((start, context) => start.From < 0
            ? Invalid("from", "negative", "'from' must be 0 or more.")
            : Go(new Counter(start.From, Mode.Quiet, start.Note)));
        On<Increment, long>((counter, command, context) =>
        {
            if (command.By is < 1 or > 100)
                return Invalid("by", "out-of-range", "'by' must be 1 to 100.");
            var total = counter.Total + command.By;
            return Go(counter with { Total = total }).Event(new Incremented(command.By, total)).Reply(total);
        });
        On<Tick>((counter, command, context) => Go(counter with { Total = counter.Total + 1 }));
        On<SetMode>((counter, command, context) => Go(counter with { Mode = command.Mode }));
        On<Plan>((counter, command, context) => Go(counter with { Note = command.Title }));
        On<Close>((counter, command, context) => Go(counter with { Note = "closed" }));
        On<Break>((counter, command, context) => throw new InvalidOperationException("secret of the rule"));
        On<Forbid>((counter, command, context) => Refuse("not-now", "Not now; close it first."));
        On<WriteNote>((counter, command, context) => Go(counter with { Note = command.Note }));
        On<Advance>((counter, command, context) => Enumerable.Range(1, command.Steps)
            .Aggregate(Go(counter with { Total = counter.Total + 1 }), (step, i) => step.Event(new Ticked(i))));
    }

    protected override string StatusOf(Counter state) => state.Note == "closed" ? "closed" : "open";
}
