namespace Sojourn.Kinds.Explorer;

/// <summary>Begins a game.</summary>
/// <param name="Pilot">What the player is called: 1 to 40 characters. Default "Pilot".</param>
/// <param name="Seed">What the map is made from, from 0; the same seed gives the same map. Default: chance.</param>
/// <param name="RuleSet">A set of figures that the server has. Default <c>standard</c>.</param>
public sealed record StartGame(string? Pilot = null, int? Seed = null, string? RuleSet = null) : IStart<Game>;

/// <summary>Flies on: a hop to a neighbouring node, a jump to a neighbouring region, or, with neither named, a hop to
/// any neighbour. Takes a turn.</summary>
/// <param name="Node">A neighbour of the node one is at.</param>
/// <param name="Region">A neighbour of the region one is in.</param>
public sealed record Navigate(string? Node = null, string? Region = null) : ICommand<Outcome>;

/// <summary>Calls for help when the fuel does not last for a hop. Takes a turn.</summary>
public sealed record SignalDistress : ICommand<Outcome>;

/// <summary>Looks around: goods, or good or bad luck. Once a turn.</summary>
public sealed record Explore : ICommand<Outcome>;

/// <summary>Scans: charts what lies beyond the neighbours, and may find something. Once a turn.</summary>
public sealed record Scan : ICommand<Outcome>;

/// <summary>Mines an asteroid field. Needs a mining laser; takes a turn.</summary>
public sealed record Mine : ICommand<Outcome>;

/// <summary>Takes a wreck apart: a derelict, or what one has just destroyed. Needs a salvager; takes a turn.</summary>
public sealed record Salvage : ICommand<Outcome>;

/// <summary>Makes the hull whole, at a yard.</summary>
public sealed record Repair : ICommand<Outcome>;

/// <summary>Buys another ship at a yard, in place of the one that is flown; what is fitted to that is lost.</summary>
/// <param name="Ship">Which.</param>
public sealed record BuyShip(string Ship) : ICommand<Outcome>;

/// <summary>Buys a mod and fits it, at a yard.</summary>
/// <param name="Mod">Which.</param>
public sealed record BuyMod(string Mod) : ICommand<Outcome>;

/// <summary>Takes a mod out and sells it for half, at a yard. Rigs stay.</summary>
/// <param name="Mod">Which.</param>
public sealed record RemoveMod(string Mod) : ICommand<Outcome>;

/// <summary>Buys an escape pod, anywhere.</summary>
public sealed record BuyPod : ICommand<Outcome>;

/// <summary>Gives the pod something more, at a yard.</summary>
/// <param name="Augmentation">Which.</param>
public sealed record BuyAugmentation(string Augmentation) : ICommand<Outcome>;

/// <summary>Uses one of an item. In a fight it takes the round.</summary>
/// <param name="Item">Which.</param>
public sealed record UseItem(string Item) : ICommand<Outcome>;

/// <summary>Buys goods at a market.</summary>
/// <param name="Item">Which.</param>
/// <param name="Quantity">How many; at least 1. Default 1.</param>
public sealed record BuyItem(string Item, int Quantity = 1) : ICommand<Outcome>;

/// <summary>Sells goods at a market or a yard.</summary>
/// <param name="Item">Which.</param>
/// <param name="Quantity">How many; at least 1. Default 1.</param>
public sealed record SellItem(string Item, int Quantity = 1) : ICommand<Outcome>;

/// <summary>Throws goods away.</summary>
/// <param name="Item">Which.</param>
/// <param name="Quantity">How many; at least 1. Default 1.</param>
public sealed record Jettison(string Item, int Quantity = 1) : ICommand<Outcome>;

/// <summary>Eats: 2 health for each food, by the standard figures.</summary>
/// <param name="Amount">How much food at most; at least 1. Default 10. What would be wasted is not eaten.</param>
public sealed record Eat(int Amount = 10) : ICommand<Outcome>;

/// <summary>Answers what was met.</summary>
/// <param name="Answer">One of the encounter's choices.</param>
public sealed record Choose(string Answer) : ICommand<Outcome>;

/// <summary>Gives the quest up.</summary>
public sealed record AbandonQuest : ICommand<Outcome>;

/// <summary>Fights a round.</summary>
/// <param name="Tactic">How. Default <c>attack</c>.</param>
public sealed record Attack(Tactic Tactic = Tactic.Attack) : ICommand<Outcome>;

/// <summary>Tries to get away from a fight.</summary>
public sealed record Flee : ICommand<Outcome>;

/// <summary>Offers credits for peace.</summary>
public sealed record Negotiate : ICommand<Outcome>;

/// <summary>How a round is fought.</summary>
public enum Tactic
{
    /// <summary>Neither more nor less.</summary>
    Attack,

    /// <summary>Half the hits and half the damage, for half the enemy's hits.</summary>
    Evasive,

    /// <summary>Surer and a little weaker. Needs a targeting computer.</summary>
    PreciseShot,

    /// <summary>Stronger and less sure. Needs two weapons.</summary>
    Barrage,
}

/// <summary>Puts a saved game in the place of this one.</summary>
/// <param name="Game">What was saved.</param>
/// <param name="Slot">From which slot; null for an imported file.</param>
internal sealed record TakeUpSave(Game Game, int? Slot) : ICommand;

/// <summary>What an action came to. One that cannot be done is a problem, and has no outcome.</summary>
/// <param name="Success">
/// True: it was done. (A problem says false.) Done is not the same as gone well: see <paramref name="Type"/>.
/// </param>
/// <param name="Type">Whether what came of it is good, for a client to colour it.</param>
/// <param name="Text">What happened, in sentences for people.</param>
/// <param name="Turn">Turns taken so far.</param>
public sealed record Outcome(bool Success, OutcomeType Type, string Text, int Turn)
{
    /// <summary>What must be answered now; null if nothing.</summary>
    public Encounter? Encounter { get; init; }

    /// <summary>The fight that is on; null without one.</summary>
    public Fight? Fight { get; init; }

    /// <summary>How the game ended; null while it is on.</summary>
    public Ending? Ending { get; init; }
}

/// <summary>Whether what came of an action is good.</summary>
public enum OutcomeType
{
    /// <summary>Neither.</summary>
    Info,

    /// <summary>It went well.</summary>
    Success,

    /// <summary>It did not go well.</summary>
    Warning,

    /// <summary>It did harm.</summary>
    Danger,

    /// <summary>The game is won.</summary>
    Victory,

    /// <summary>The game is lost.</summary>
    GameOver,
}
