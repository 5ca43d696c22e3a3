using Sojourn.Kinds.Explorer.Catalogue;

namespace Sojourn.Kinds.Explorer;

/// <summary>
/// A game as it stands. The map is not in it: it is made again from <see cref="MapSeed"/>, and only what the player has
/// seen of it is kept.
/// </summary>
public sealed record Game
{
    /// <summary>What the player is called.</summary>
    public required string Pilot { get; init; }

    /// <summary>The figures of this game.</summary>
    public required RuleSet Rules { get; init; }

    /// <summary>What the map is made from.</summary>
    public required int MapSeed { get; init; }

    /// <summary>Where the ship is: a node of the map.</summary>
    public required string At { get; init; }

    /// <summary>Turns taken. Travelling, mining and salvaging take one each.</summary>
    public int Turn { get; init; }

    /// <summary>The pilot's health; at 0 the game is lost.</summary>
    public int Health { get; init; }

    /// <summary>Credits.</summary>
    public int Wealth { get; init; }

    /// <summary>The ship's hull; at 0 the pod is ejected, or the game lost.</summary>
    public int Hull { get; init; }

    /// <summary>Fuel in the tank; at 0 the game is lost.</summary>
    public int Fuel { get; init; }

    /// <summary>Food on board.</summary>
    public int Food { get; init; }

    /// <summary>The ship that is flown, or was lost if the pod is <see cref="Pod.Flying"/>.</summary>
    public string Ship { get; init; } = ShipType.First;

    /// <summary>What is fitted to it, in the order of fitting.</summary>
    public IReadOnlyList<string> Mods { get; init; } = [];

    /// <summary>The escape pod; null without one.</summary>
    public Pod? Pod { get; init; }

    /// <summary>The hold: one stack an item, in the order of arrival.</summary>
    public IReadOnlyList<Stack> Cargo { get; init; } = [];

    /// <summary>What works for some turns only.</summary>
    public IReadOnlyList<TimedEffect> Effects { get; init; } = [];

    /// <summary>Nodes that the player has been at, in order of the first visit.</summary>
    public IReadOnlyList<string> Visited { get; init; } = [];

    /// <summary>Further nodes that the player knows of, through scans.</summary>
    public IReadOnlyList<string> Charted { get; init; } = [];

    /// <summary>
    /// The turn in which the player last looked around or scanned here; once a turn is all that it brings.
    /// </summary>
    public int? ExploredAt { get; init; }

    /// <summary>As <see cref="ExploredAt"/>, for scanning.</summary>
    public int? ScannedAt { get; init; }

    /// <summary>The quest that was accepted; null without one.</summary>
    public Quest? Quest { get; init; }

    /// <summary>Quests done, in order.</summary>
    public IReadOnlyList<string> CompletedQuests { get; init; } = [];

    /// <summary>What must be answered before anything else; null if nothing.</summary>
    public Encounter? Encounter { get; init; }

    /// <summary>The fight that is on; null without one.</summary>
    public Fight? Fight { get; init; }

    /// <summary>How the game ended; null while it is on.</summary>
    public Ending? Ending { get; init; }

    /// <summary>What has been done so far.</summary>
    public Tally Statistics { get; init; } = new();
}

/// <summary>The escape pod.</summary>
/// <param name="Hp">What it still withstands; at 0 while it flies the game is lost.</param>
public sealed record Pod(int Hp)
{
    /// <summary>What it was given.</summary>
    public IReadOnlyList<string> Augmentations { get; init; } = [];

    /// <summary>True while the pilot sits in it, the ship being lost.</summary>
    public bool Flying { get; init; }

    /// <summary>True until the first flight after buying it: it cannot be augmented yet.</summary>
    public bool JustBought { get; init; }
}

/// <summary>Some of one item.</summary>
/// <param name="Item">Its name.</param>
/// <param name="Quantity">How many; at least 1.</param>
public sealed record Stack(string Item, int Quantity);

/// <summary>Something that works for some turns.</summary>
/// <param name="Type">What it does; <c>temp_hp</c> adds to the ship's greatest hull.</param>
/// <param name="Value">How much.</param>
/// <param name="Turns">For how many turns still; at least 1.</param>
public sealed record TimedEffect(string Type, int Value, int Turns)
{
    /// <summary>Adds to the ship's greatest hull.</summary>
    public const string TempHp = "temp_hp";
}

/// <summary>A task that was accepted.</summary>
/// <param name="Id">Which.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Target">The node at which it is done.</param>
/// <param name="DueTurn">The last turn in which it can be.</param>
public sealed record Quest(string Id, string Name, string Target, int DueTurn);

/// <summary>Something that must be answered.</summary>
/// <param name="Id">What it is.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Text">What the player reads.</param>
/// <param name="Choices">The answers it takes, in order; the last is always free.</param>
public sealed record Encounter(string Id, string Title, string Text, IReadOnlyList<Choice> Choices)
{
    /// <summary>For a quest that is offered: where it would lead.</summary>
    public string? Target { get; init; }
}

/// <summary>An answer.</summary>
/// <param name="Id">Its name on the wire.</param>
/// <param name="Text">Its name for people.</param>
public sealed record Choice(string Id, string Text);

/// <summary>A fight.</summary>
/// <param name="Enemy">Against whom.</param>
/// <param name="Hp">What it still withstands.</param>
/// <param name="Round">Rounds fought.</param>
public sealed record Fight(string Enemy, int Hp, int Round = 0);

/// <summary>How a game ended.</summary>
/// <param name="Victory">True if it was won.</param>
/// <param name="Reason">Why, for programs.</param>
/// <param name="Text">Why, for people.</param>
public sealed record Ending(bool Victory, EndReason Reason, string Text);

/// <summary>Why a game ended.</summary>
public enum EndReason
{
    /// <summary>Won: rich enough to retire.</summary>
    Wealthy,

    /// <summary>Lost: the pilot died.</summary>
    Died,

    /// <summary>Lost: the ship was destroyed and there was no pod.</summary>
    ShipDestroyed,

    /// <summary>Lost: the pod was destroyed.</summary>
    PodDestroyed,

    /// <summary>Lost: no fuel is left.</summary>
    Stranded,

    /// <summary>Lost: the turns are used up.</summary>
    OutOfTime,
}

/// <summary>What a player has done. Numbers only grow.</summary>
public sealed record Tally
{
    /// <summary>In units of the map.</summary>
    public int DistanceTravelled { get; init; }

    /// <summary>Nodes visited, each counted once.</summary>
    public int SystemsVisited { get; init; }

    /// <summary>Items taken on board that were not bought.</summary>
    public int ItemsCollected { get; init; }

    /// <summary>Credits that came in. Wealth is always what one started with, plus these, minus those spent.</summary>
    public int CreditsEarned { get; init; }

    /// <summary>Credits that went out.</summary>
    public int CreditsSpent { get; init; }

    /// <summary>Enemies destroyed or put to flight.</summary>
    public int ShipsDestroyed { get; init; }

    /// <summary>How often the pod was ejected.</summary>
    public int PodUses { get; init; }

    /// <summary>Of <see cref="ShipsDestroyed"/>, how many had been counted at the last salvage.</summary>
    public int Salvaged { get; init; }
}
