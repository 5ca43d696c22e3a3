namespace Sojourn.Kinds.Play.Flow;

/// <summary>Where in a game its player is. The numbers are stable: games store them.</summary>
public enum GameState
{
    /// <summary>The main menu; every game begins here.</summary>
    MainMenu = 0,

    /// <summary>A mission is explained.</summary>
    Briefing = 1,

    /// <summary>A mission is being flown.</summary>
    Mission = 2,

    /// <summary>A mission is looked back on.</summary>
    Debrief = 3,

    /// <summary>Settings.</summary>
    Options = 4,

    /// <summary>The campaigns and their missions.</summary>
    CampaignMenu = 5,

    /// <summary>Something is being loaded.</summary>
    Loading = 6,

    /// <summary>The mission editor.</summary>
    FredEditor = 7,

    /// <summary>The game is being left; nothing comes after it.</summary>
    Shutdown = 8,

    /// <summary>Who plays is chosen.</summary>
    PilotSelection = 9,

    /// <summary>What is flown is chosen.</summary>
    ShipSelection = 10,

    /// <summary>A mission has been completed.</summary>
    MissionComplete = 11,

    /// <summary>A campaign has been completed.</summary>
    CampaignComplete = 12,

    /// <summary>The pilot's record.</summary>
    StatisticsReview = 13,

    /// <summary>Saving and loading.</summary>
    SaveGameMenu = 14,
}

/// <summary>The game's states as people read them.</summary>
internal static class GameStateWords
{
    /// <summary>As in <c>main menu</c>.</summary>
    public static string InWords(this GameState state) => string.Concat(state.ToString().Select((letter, at) =>
        char.IsAsciiLetterUpper(letter) && at > 0
            ? $" {char.ToLowerInvariant(letter)}"
            : $"{char.ToLowerInvariant(letter)}"));
}
