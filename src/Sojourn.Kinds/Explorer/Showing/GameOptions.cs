using Sojourn.Kinds.Explorer.Playing;

namespace Sojourn.Kinds.Explorer.Showing;

/// <summary>
/// What can be done in a game now, what it costs, or why it cannot be done, and all that follows from the state: what a
/// client needs to show a game without knowing its rules. Made from the state alone, by the checks that the rules
/// themselves make.
/// </summary>
/// <param name="Pilot">What the player is called.</param>
/// <param name="Place">Where the ship is.</param>
/// <param name="Goal">How far the game is.</param>
/// <param name="Gauges">How much there is of what runs out.</param>
/// <param name="Stats">The ship with all that adds to it.</param>
/// <param name="Ship">The ship's name for people.</param>
/// <param name="Slots">Where what is fitted.</param>
/// <param name="MaxFuel">What the tank holds.</param>
/// <param name="MaxHealth">The most health.</param>
/// <param name="Cargo">What is in the hold.</param>
/// <param name="Actions">Everything that a player may think of doing, in the order in which to offer it.</param>
public sealed record GameOptions(
    string Pilot, PlaceShown Place, GoalShown Goal, GaugesShown Gauges, Stats Stats, string Ship,
    IReadOnlyList<SlotShown> Slots, int MaxFuel, int MaxHealth, IReadOnlyList<CargoShown> Cargo,
    IReadOnlyList<GameAction> Actions)
{
    /// <summary>What must be answered; null if nothing.</summary>
    public Encounter? Encounter { get; init; }

    /// <summary>How the game ended; null while it is on.</summary>
    public Ending? Ending { get; init; }

    /// <summary>The pod; null without one.</summary>
    public PodShown? Pod { get; init; }

    /// <summary>The fight that is on; null without one.</summary>
    public FightShown? Fight { get; init; }

    /// <summary>The quest that was accepted; null without one.</summary>
    public QuestShown? Quest { get; init; }

    /// <summary>Of a game as it stands.</summary>
    public static GameOptions Of(Game game)
    {
        ArgumentNullException.ThrowIfNull(game);
        return OptionsWriter.Write(new Situation(game));
    }
}

/// <summary>Something to do.</summary>
/// <param name="Command">The command that does it.</param>
/// <param name="Parameters">Its parameters.</param>
/// <param name="Group">What it belongs to, for a client to arrange.</param>
/// <param name="Title">What it does, for people.</param>
public sealed record GameAction(
    string Command, IReadOnlyDictionary<string, object> Parameters, ActionGroup Group, string Title)
{
    /// <summary>True if it can be done now.</summary>
    public bool Available { get; init; } = true;

    /// <summary>Why it cannot, for programs: the code that the refusal would have. Null if it can.</summary>
    public string? Code { get; init; }

    /// <summary>Why it cannot, for people. Null if it can.</summary>
    public string? Why { get; init; }

    /// <summary>What it takes, or, if negative, brings.</summary>
    public int? Credits { get; init; }

    /// <summary>Fuel that it takes.</summary>
    public int? Fuel { get; init; }

    /// <summary>Turns that it takes.</summary>
    public int? Turns { get; init; }

    /// <summary>How likely it succeeds, 0 to 1; null if that is not a question.</summary>
    public double? Chance { get; init; }

    /// <summary>What else is to be known, for people; null if nothing.</summary>
    public string? Detail { get; init; }

    /// <summary>What the player might regret, for people; null if nothing.</summary>
    public string? Warning { get; init; }
}

/// <summary>What an action belongs to.</summary>
public enum ActionGroup
{
    /// <summary>The answer to what was met.</summary>
    Encounter,

    /// <summary>The fight.</summary>
    Fight,

    /// <summary>Flying on.</summary>
    Travel,

    /// <summary>What can be done at the place.</summary>
    Here,

    /// <summary>What can be done with what is on board.</summary>
    OnBoard,

    /// <summary>Selling goods.</summary>
    Sell,

    /// <summary>Buying goods.</summary>
    Buy,

    /// <summary>Mods.</summary>
    Mods,

    /// <summary>Ships.</summary>
    Ships,

    /// <summary>The pod.</summary>
    Pod,
}

/// <summary>A place.</summary>
public sealed record PlaceShown(
    string Node, string Name, string Type, string Region, string RegionName, double Danger, bool HasRepair,
    string? Market);

/// <summary>How far a game is.</summary>
public sealed record GoalShown(int Wealth, int VictoryWealth, int Turn, int MaxTurns);

/// <summary>How much there is of what runs out. The hull is whole at the ship's <see cref="Stats.MaxHull"/>.</summary>
public sealed record GaugesShown(int Hull, int Fuel, int Health, int Food);

/// <summary>The slots of one type: what is fitted, by name for people, and how many there are.</summary>
public sealed record SlotShown(Catalogue.SlotType Type, int Slots, IReadOnlyList<FittedShown> Fitted);

/// <summary>Something fitted.</summary>
public sealed record FittedShown(string Id, string Name);

/// <summary>
/// Some of one item in the hold. <paramref name="Price"/> is what one of it brings here; null if nobody buys.
/// </summary>
public sealed record CargoShown(string Item, string Name, int Quantity, int Weight, int? Price);

/// <summary>The pod.</summary>
public sealed record PodShown(int Hp, int MaxHp, bool Flying, IReadOnlyList<FittedShown> Augmentations);

/// <summary>A fight.</summary>
public sealed record FightShown(string Enemy, string Name, int Hp, int MaxHp, int Round);

/// <summary>A quest.</summary>
public sealed record QuestShown(string Id, string Name, string Target, string TargetName, int DueTurn);
