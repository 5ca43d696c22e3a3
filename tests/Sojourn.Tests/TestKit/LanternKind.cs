using System.Text.Json.Serialization;

namespace Sojourn.Tests.TestKit;

public sealed record Lantern(int Oil, bool IsLit, DateTimeOffset? LitUntil, int LastThrow = 0)
{
    [JsonIgnore]
    public int Forgotten { get; init; }

    public IList<string> Marks { get; init; } = [];
}

public sealed record NewLantern(int Oil = 3) : IStart<Lantern>;

public sealed record Light(int Hours = 1) : ICommand<int>;

public sealed record Look : ICommand<int>;

public sealed record Throw : ICommand<int>;

public sealed record Snuff : ICommand;

public sealed record Lit(int OilLeft);

public sealed record WentOut(DateTimeOffset At);

public sealed record WatchClock : ICommand;

public sealed record Forget : ICommand;

public sealed record Remember : ICommand<int>;

public sealed record Scratch(string Mark) : ICommand;

public sealed record Drop : ICommand;

public sealed record Vanish : ICommand;

public sealed record Flood(int Events) : ICommand;

public sealed record Grow(int Bytes) : ICommand;

public sealed record Draw(string Stream) : ICommand;

public sealed record Burnt(int Oil) : ICommand;

public sealed record Glow(int Level);

/// <summary>A lantern that burns for a while; some of its rules break what the engine relies on.</summary>
public sealed class LanternKind(Policy? policy = null) : LanternRules(policy ?? Limits)
{
    public static Policy Limits => new()
    {
        Statuses =
        [
            new("dark") { KeepFor = TimeSpan.FromDays(2) }, new("lit") { Busy = true },
            new("empty") { Final = true, Resumable = true, KeepFor = TimeSpan.FromHours(1) },
        ],
        MaxEventsPerStep = 3,
        MaxStateBytes = 400,
    };
}

public abstract class LanternRules : Kind<Lantern>
{
    private int _calls;

    protected LanternRules(Policy policy)
        : base("lantern", policy)
    {
        Start<NewLantern>((start, context) => start.Oil < 0
            ? Invalid("oil", "negative", "'oil' must be 0 or more.")
            : Go(new Lantern(start.Oil, false, null)));
        On<Light, int>((lantern, light, context) => lantern.Oil == 0
            ? Refuse("no-oil", "Fill it first.")
            : Go(lantern with { Oil = lantern.Oil - 1, IsLit = true, LitUntil = context.Now.AddHours(light.Hours) })
                .Event(new Lit(lantern.Oil - 1)).Reply(lantern.Oil - 1));
        On<Look, int>((lantern, look, context) => Go(lantern).Reply(lantern.Oil));
        On<Snuff>((lantern, snuff, context) => Go(lantern with { IsLit = false, LitUntil = null }));
        On<Throw, int>((lantern, command, context) =>
        {
            var thrown = context.Dice.Next(1, 1_000_000);
            return Go(lantern with { LastThrow = thrown }).Reply(thrown);
        });
        OnDriver<Burnt>((lantern, burnt, context) => Go(lantern with { Oil = burnt.Oil }));
        On<Draw>((lantern, draw, context) => Go(lantern).Append(draw.Stream, "light"u8.ToArray()));
        On<Flood>((lantern, flood, context) => Enumerable.Range(1, flood.Events)
            .Aggregate(Go(lantern), (step, i) => step.Event(new Glow(i))));
        On<Grow>((lantern, grow, context) => Go(lantern with { Marks = [new string('x', grow.Bytes)] }));
        BreakPromises();
    }

    protected override string StatusOf(Lantern state) =>
        state.Oil < 0 ? "nowhere" : state.IsLit ? "lit" : state.Oil == 0 ? "empty" : "dark";

    protected override DateTimeOffset? WakeAt(Lantern state) => state.LitUntil;

    protected override Step<Lantern> Wake(Lantern state, RuleContext context) => state.LastThrow == 13
        ? Go(state with { Oil = 5 })
        : Go(state with { IsLit = false, LitUntil = null }).Event(new WentOut(context.Now));

    protected override Step<Lantern> DriverEnded(Lantern state, DriverExit exit, RuleContext context) =>
        Go(state with { IsLit = false, LitUntil = null, LastThrow = exit.Attempts });

    private void BreakPromises()
    {
        On<WatchClock>((lantern, command, context) => Go(lantern with { LastThrow = ++_calls }));
        On<Forget>((lantern, command, context) => Go(lantern with { Forgotten = 7 }));
        On<Remember, int>((lantern, command, context) =>
            Go(lantern with { LastThrow = lantern.Forgotten }).Reply(lantern.Forgotten));
        On<Scratch>((lantern, command, context) =>
        {
            lantern.Marks.Add(command.Mark);
            return Go(lantern with { });
        });
        On<Drop>((lantern, command, context) => throw new InvalidOperationException("It broke."));
        On<Vanish>((lantern, command, context) => Go(lantern with { Oil = -1 }));
    }
}
