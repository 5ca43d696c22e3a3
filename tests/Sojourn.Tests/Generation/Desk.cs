using System.Text.Json;
using Sojourn.Kinds.Generation;
using State = Sojourn.Kinds.Generation.Generation;

namespace Sojourn.Tests.Generation;

/// <summary>
/// The rules on a desk: commands are decided one after another, time is a hand crank, and after every step the state
/// goes through the JSON that a store would keep.
/// </summary>
internal sealed class Desk
{
    public static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly SessionKey Key = new("generation", OwnerId.Local, "generation-desk");

    private readonly KindRules _rules;

    public Desk(GenerationOptions? options = null) => _rules = new GenerationKind(options).BuildRules();

    public DateTimeOffset Now { get; set; } = Noon;

    public State State { get; private set; } = null!;

    public List<object> Events { get; } = [];

    /// <summary>The stream of pictures, from entry 1.</summary>
    public List<ReadOnlyMemory<byte>> Pictures { get; } = [];

    public string Status => _rules.StatusOf(State);

    public DateTimeOffset? WakeAt => _rules.WakeAt(State);

    public Policy Policy => _rules.Kind.Policy;

    private RuleContext Context => new(Key, Events.Count, Now, seed: 7);

    public Refusal? Start(StartGeneration start) => Take(_rules.Start.Decide(start, Context));

    public Refusal? Send(object command) => Take(_rules.Commands[command.GetType()].Decide(State, command, Context));

    public Refusal? Wake() => Take(_rules.Wake(State, Context));

    public Refusal? DriverEnds(string? error) => Take(_rules.DriverEnded(State, new DriverExit(error, 1), Context));

    public ValueTask<ReadOnlyMemory<byte>?> ReadPicture(long entry, CancellationToken stop) => new(
        entry >= 1 && entry <= Pictures.Count ? Pictures[(int)entry - 1] : (ReadOnlyMemory<byte>?)null);

    /// <summary>Drives as the driver would, at most so many reports, as if the process ended after that.</summary>
    public async Task DriveAsync(IStoryboardGenerator? generator = null, int reports = int.MaxValue)
    {
        var driver = new GenerationDriver(generator ?? new EmbeddedGenerator());
        var isTakenUp = false;
        for (; reports > 0 && State.IsBusy; reports--)
        {
            object report = isTakenUp
                ? await driver.WorkAsync(State, ReadPicture, CancellationToken.None)
                : new TakeUp(State.Run);
            isTakenUp = true;
            Send(report).ShouldBeNull();
        }
    }

    /// <summary>A desk whose storyboard is finished.</summary>
    public static async Task<Desk> FinishedAsync(int scenes = 3)
    {
        var desk = new Desk();
        desk.Start(new StartGeneration(Stories.Short, NumScenes: scenes)).ShouldBeNull();
        await desk.DriveAsync();
        desk.Status.ShouldBe("completed");
        return desk;
    }

    private Refusal? Take(Outcome outcome)
    {
        if (outcome.Refusal is { } refusal)
        {
            return refusal;
        }

        var json = JsonSerializer.Serialize(outcome.State, typeof(State), SojournJson.Stored);
        State = JsonSerializer.Deserialize<State>(json, SojournJson.Stored)!;
        (JsonSerializer.Serialize(State, SojournJson.Stored) == json).ShouldBeTrue("the state changes as it is stored");
        Events.AddRange(outcome.Events);
        Pictures.AddRange(outcome.Appends.Select(append => append.Entry));
        return null;
    }
}

internal static class Stories
{
    public const string Short =
        "Mara climbed the stairs of the lighthouse with a lantern. \"The lamp is out,\" she said.\n\n"
        + "Old Tobias came up from the kitchen. The storm shook the windows, and rain ran down the glass.\n\n"
        + "By dawn they had mended the wheel. Mara looked out over the sea at Saltmere, and a small boat came home.";

    /// <summary>A story of exactly so many characters, of short words.</summary>
    public static string Of(int characters) =>
        string.Concat(Enumerable.Repeat("a b ", (characters / 4) + 1))[..characters]
        is var text && text.EndsWith(' ') ? text[..^1] + "c" : text;
}
