using Sojourn;

namespace CustomServer;

/// <param name="Water">In litres.</param>
/// <param name="Celsius">How warm the water is.</param>
/// <param name="IsOn">Whether it is being heated.</param>
/// <param name="CoolsAt">When it will be cold again; null if it is.</param>
public sealed record Kettle(double Water, int Celsius = 20, bool IsOn = false, DateTimeOffset? CoolsAt = null);

public sealed record NewKettle(double Water = 1) : IStart<Kettle>;

/// <summary>Switches it on; the reply is how many degrees are missing.</summary>
public sealed record Boil : ICommand<int>;

public sealed record SwitchOff : ICommand;

/// <summary>The heater's report.</summary>
public sealed record Heat(int By) : ICommand;

public sealed record SwitchedOn(int Celsius);

public sealed record Heated(int Celsius);

public sealed record Boiled;

public sealed record Cooled;

/// <summary>What a kettle does. The rules read no clock and heat no water: time and reports come in.</summary>
public sealed class KettleKind : Kind<Kettle>
{
    private static readonly TimeSpan CoolingTime = TimeSpan.FromMinutes(10);

    public KettleKind()
        : base("kettle", new Policy
        {
            Statuses =
                [new("cold") { KeepFor = TimeSpan.FromDays(7) }, new("heating") { Busy = true }, new("hot")],
        })
    {
        Start<NewKettle>((start, context) => start.Water is > 0 and <= 2
            ? Go(new Kettle(start.Water))
            : Invalid("water", "out-of-range", "'water' must be more than 0 and at most 2 litres."));
        On<Boil, int>((kettle, boil, context) => kettle.IsOn
            ? Refuse("on-already", "It is on; wait, or switch it off.")
            : Go(kettle with { IsOn = true, CoolsAt = null }).Event(new SwitchedOn(kettle.Celsius))
                .Reply(100 - kettle.Celsius));
        On<SwitchOff>((kettle, off, context) => Go(Rest(kettle, context)));
        OnDriver<Heat>((kettle, heat, context) =>
        {
            var warmer = kettle with { Celsius = Math.Min(100, kettle.Celsius + heat.By) };
            var step = Go(warmer.Celsius < 100 ? warmer : Rest(warmer, context)).Event(new Heated(warmer.Celsius));
            return warmer.Celsius < 100 ? step : step.Event(new Boiled());
        });
    }

    // The driver is given every session whose status is busy, and loses it when it is so no more.
    protected override string StatusOf(Kettle state) =>
        state.IsOn ? "heating" : state.CoolsAt is null ? "cold" : "hot";

    protected override DateTimeOffset? WakeAt(Kettle state) => state.CoolsAt;

    protected override Step<Kettle> Wake(Kettle state, RuleContext context) =>
        Go(state with { Celsius = 20, CoolsAt = null }).Event(new Cooled());

    private static Kettle Rest(Kettle kettle, RuleContext context) => kettle.IsOn
        ? kettle with { IsOn = false, CoolsAt = context.Now + CoolingTime }
        : kettle;
}

/// <summary>Outside work: heats what is on, and reports. After a crash it is simply called again.</summary>
public sealed class Heater(TimeProvider time) : IDriver<Kettle>
{
    public async Task DriveAsync(DrivenSession<Kettle> session, CancellationToken stop)
    {
        while ((await session.ReadAsync(stop)).IsBusy)
        {
            await Task.Delay(TimeSpan.FromSeconds(0.25), time, stop);
            await session.SendAsync(new Heat(By: 5), stop);
        }
    }
}
