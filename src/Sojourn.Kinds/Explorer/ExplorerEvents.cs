namespace Sojourn.Kinds.Explorer;

// What happened, for whoever watches. Each has a text, so that a log needs no knowledge of the game.

/// <summary>A game began.</summary>
public sealed record GameStarted(string Text, string Pilot, string At);

/// <summary>The ship is somewhere else.</summary>
public sealed record Travelled(string Text, string From, string To, int Fuel, int Turn);

/// <summary>A region was entered for the first time.</summary>
public sealed record RegionReached(string Text, string Region, int Credits);

/// <summary>Something was found, or nothing was; or luck struck.</summary>
public sealed record Explored(string Text);

/// <summary>A call for help went out.</summary>
public sealed record DistressSignalled(string Text, int Fuel);

/// <summary>The surroundings were scanned.</summary>
public sealed record Scanned(string Text, IReadOnlyList<string> Charted);

/// <summary>A field was mined.</summary>
public sealed record Mined(string Text, IReadOnlyList<Stack> Found);

/// <summary>A wreck was taken apart.</summary>
public sealed record Salvaged(string Text, IReadOnlyList<Stack> Found);

/// <summary>Something hurt the ship, the pod or the pilot.</summary>
public sealed record Harmed(string Text, int Hull, int Pod, int Health);

/// <summary>The hull was repaired.</summary>
public sealed record Repaired(string Text, int Hull, int Credits);

/// <summary>Something was bought.</summary>
public sealed record Bought(string Text, string What, int Quantity, int Credits);

/// <summary>Something was sold.</summary>
public sealed record Sold(string Text, string What, int Quantity, int Credits);

/// <summary>An item was used, food eaten, or goods thrown away.</summary>
public sealed record Used(string Text, string What, int Quantity);

/// <summary>Something must be answered.</summary>
public sealed record EncounterMet(string Text, Encounter Encounter);

/// <summary>It was answered.</summary>
public sealed record ChoiceMade(string Text, string Encounter, string Choice);

/// <summary>A quest was accepted.</summary>
public sealed record QuestAccepted(string Text, Quest Quest);

/// <summary>A quest is done.</summary>
public sealed record QuestCompleted(string Text, string Quest);

/// <summary>A quest was given up, or its time ran out.</summary>
public sealed record QuestFailed(string Text, string Quest);

/// <summary>A fight began.</summary>
public sealed record FightBegan(string Text, string Enemy, int Hp);

/// <summary>A round was fought. Damage is 0 for a miss.</summary>
public sealed record RoundFought(string Text, int Round, int DamageDealt, int DamageTaken, int EnemyHp);

/// <summary>A fight is over.</summary>
public sealed record FightEnded(string Text, string Enemy, FightEnd How, int Credits);

/// <summary>How a fight ended.</summary>
public enum FightEnd
{
    /// <summary>The enemy was destroyed.</summary>
    Won,

    /// <summary>The enemy fled.</summary>
    EnemyFled,

    /// <summary>The player got away.</summary>
    Fled,

    /// <summary>The enemy was paid.</summary>
    PaidOff,

    /// <summary>The ship was lost.</summary>
    Lost,
}

/// <summary>The ship is lost; the pilot sits in the pod.</summary>
public sealed record Ejected(string Text, IReadOnlyList<Stack> Kept);

/// <summary>What works for some turns has passed, or repaired something.</summary>
public sealed record TurnPassed(string Text);

/// <summary>The game is won or lost.</summary>
public sealed record GameEnded(string Text, Ending Ending);

/// <summary>A saved game was taken up in the place of this one.</summary>
public sealed record GameTakenUp(string Text, int? Slot, int Turn);
