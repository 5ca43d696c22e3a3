using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sojourn.Client.Explorer;

/// <summary>How a game begins.</summary>
/// <param name="Pilot">What the player is called: 1 to 40 characters; null for "Pilot".</param>
/// <param name="Seed">What the map is made from, from 0; null for chance.</param>
/// <param name="RuleSet">A set of figures that the server has; null for <c>standard</c>.</param>
public sealed record GameStart(string? Pilot = null, int? Seed = null, string? RuleSet = null);

/// <summary>A game as its player sees it.</summary>
/// <param name="Pilot">What the player is called.</param>
/// <param name="Place">Where the ship is.</param>
/// <param name="Goal">How far the game is.</param>
/// <param name="Gauges">How much there is of what runs out.</param>
/// <param name="Stats">The ship with all that adds to it.</param>
/// <param name="Ship">The ship's name for people.</param>
/// <param name="Slots">What is fitted where.</param>
/// <param name="MaxFuel">What the tank holds.</param>
/// <param name="MaxHealth">The most health.</param>
/// <param name="Cargo">What is in the hold.</param>
/// <param name="Actions">Everything that a player may think of doing, in the order in which to offer it.</param>
public sealed record GameView(
    string Pilot, GamePlace Place, GameGoal Goal, GameGauges Gauges, GameStats Stats, string Ship,
    IReadOnlyList<GameSlots> Slots, int MaxFuel, int MaxHealth, IReadOnlyList<GameCargo> Cargo,
    IReadOnlyList<GameAction> Actions)
{
    /// <summary>The game's version that this is of.</summary>
    [JsonIgnore]
    public long Version { get; init; }

    /// <summary>What must be answered; null if nothing.</summary>
    public GameEncounter? Encounter { get; init; }

    /// <summary>The fight that is on; null without one.</summary>
    public GameFight? Fight { get; init; }

    /// <summary>The pod; null without one.</summary>
    public GamePod? Pod { get; init; }

    /// <summary>The quest that was accepted; null without one.</summary>
    public GameQuest? Quest { get; init; }

    /// <summary>How the game ended; null while it is on.</summary>
    public GameEnding? Ending { get; init; }
}

/// <summary>Something to do.</summary>
/// <param name="Command">The command that does it.</param>
/// <param name="Parameters">Its parameters.</param>
/// <param name="Group">What it belongs to: <c>travel</c>, <c>here</c>, <c>onBoard</c>…</param>
/// <param name="Title">What it does, for people.</param>
/// <param name="Available">True if it can be done now.</param>
public sealed record GameAction(
    string Command, IReadOnlyDictionary<string, JsonElement> Parameters, string Group, string Title, bool Available)
{
    /// <summary>Why it cannot, for programs; null if it can.</summary>
    public string? Code { get; init; }

    /// <summary>Why it cannot, for people; null if it can.</summary>
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

/// <summary>What an action came to.</summary>
/// <param name="Success">True: it was done. That is not the same as gone well.</param>
/// <param name="Type">How it went: <c>info</c>, <c>success</c>, <c>warning</c>, <c>danger</c>, <c>victory</c> or
/// <c>gameOver</c>.</param>
/// <param name="Text">What happened, for people.</param>
/// <param name="Turn">Turns taken so far.</param>
public sealed record GameOutcome(bool Success, string Type, string Text, int Turn)
{
    /// <summary>How the game ended; null while it is on.</summary>
    public GameEnding? Ending { get; init; }
}

/// <summary>A place.</summary>
public sealed record GamePlace(
    string Node, string Name, string Type, string Region, string RegionName, double Danger, bool HasRepair)
{
    /// <summary>Its market, for people; null without one.</summary>
    public string? Market { get; init; }
}

/// <summary>How far a game is.</summary>
public sealed record GameGoal(int Wealth, int VictoryWealth, int Turn, int MaxTurns);

/// <summary>How much there is of what runs out.</summary>
public sealed record GameGauges(int Hull, int Fuel, int Health, int Food);

/// <summary>A ship with all that adds to it.</summary>
public sealed record GameStats(int MaxHull, int CargoCapacity, int CargoUsed, int CombatPower);

/// <summary>The slots of one type, and what is fitted in them.</summary>
public sealed record GameSlots(string Type, int Slots, IReadOnlyList<GameFitted> Fitted);

/// <summary>Something fitted.</summary>
public sealed record GameFitted(string Id, string Name);

/// <summary>Some of one item in the hold.</summary>
public sealed record GameCargo(string Item, string Name, int Quantity, int Weight)
{
    /// <summary>What one of it brings here; null if nobody buys.</summary>
    public int? Price { get; init; }
}

/// <summary>Something that must be answered; the answers are among the actions.</summary>
public sealed record GameEncounter(string Id, string Title, string Text);

/// <summary>A fight.</summary>
public sealed record GameFight(string Enemy, string Name, int Hp, int MaxHp, int Round);

/// <summary>The escape pod; while it is <paramref name="Flying"/> the ship is lost.</summary>
public sealed record GamePod(int Hp, int MaxHp, bool Flying, IReadOnlyList<GameFitted> Augmentations);

/// <summary>A quest.</summary>
public sealed record GameQuest(string Id, string Name, string Target, string TargetName, int DueTurn);

/// <summary>How a game ended.</summary>
/// <param name="Victory">True if it was won.</param>
/// <param name="Reason">Why, for programs: <c>wealthy</c>, <c>died</c>, <c>stranded</c>…</param>
/// <param name="Text">Why, for people.</param>
public sealed record GameEnding(bool Victory, string Reason, string Text);
