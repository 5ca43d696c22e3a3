namespace Sojourn.Bench;

internal sealed record Meter(long Count, string Text, DateTimeOffset At);

internal sealed record StartMeter(int TextLength) : IStart<Meter>;

internal sealed record Count(int By) : ICommand<long>;

internal sealed record CountAloud(int By) : ICommand<long>;

internal sealed record Counted(long Total, string Padding);

internal sealed class MeterKind : Kind<Meter>
{
    private static readonly string Padding = new('p', 140);

    public MeterKind(Durability durability, int inMemory = 1_000_000)
        : base("meter", new Policy
        {
            Durability = durability,
            RetainedEvents = 100,
            MaxInMemory = inMemory,
        })
    {
        Start<StartMeter>((start, context) => Go(new Meter(0, new string('x', start.TextLength), context.Now)));
        On<Count, long>((meter, count, context) =>
            Go(meter with { Count = meter.Count + count.By, At = context.Now }).Reply(meter.Count + count.By));
        On<CountAloud, long>((meter, count, context) =>
            Go(meter with { Count = meter.Count + count.By, At = context.Now })
                .Event(new Counted(meter.Count + count.By, Padding)).Reply(meter.Count + count.By));
    }
}
