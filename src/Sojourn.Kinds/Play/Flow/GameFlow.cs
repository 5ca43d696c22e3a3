using static Sojourn.Kinds.Play.Flow.GameState;

namespace Sojourn.Kinds.Play.Flow;

/// <summary>The states of a mission game and what may follow what. Pure.</summary>
public static class GameFlow
{
    /// <summary>The table, without conditions.</summary>
    public static FlowTable<GameState> Table { get; } = new(new Dictionary<GameState, GameState[]>
    {
        [MainMenu] =
        [
            Briefing, Options, CampaignMenu, PilotSelection, SaveGameMenu, StatisticsReview, FredEditor, Shutdown,
        ],
        [Briefing] = [Mission, ShipSelection, MainMenu, CampaignMenu, Options],
        [Mission] = [MissionComplete, Debrief, MainMenu, Options],
        [Debrief] = [MainMenu, Briefing, CampaignMenu, StatisticsReview],
        [Options] = [MainMenu, Briefing, Mission, PilotSelection, CampaignMenu],
        [CampaignMenu] = [MainMenu, Briefing, PilotSelection],
        [Loading] = [MainMenu, Briefing, Mission],
        [FredEditor] = [MainMenu],
        [Shutdown] = [],
        [PilotSelection] = [MainMenu, CampaignMenu, StatisticsReview],
        [ShipSelection] = [Briefing, Loading],
        [MissionComplete] = [Debrief, CampaignComplete],
        [CampaignComplete] = [MainMenu, StatisticsReview],
        [StatisticsReview] = [MainMenu, PilotSelection, CampaignMenu],
        [SaveGameMenu] = [MainMenu, PilotSelection, Options],
    });

    /// <summary>The table with the conditions that a mission game has on entering its states.</summary>
    /// <param name="facts">Asked at each change.</param>
    public static FlowTable<GameState> Guarded(Func<FlowFacts> facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return Table
            .Guard(Mission, _ => Missing(facts().HasMission, "a mission") ?? Missing(facts().HasShip, "a ship"))
            .Guard(ShipSelection, _ => Missing(facts().HasShips, "ships to choose from")
                ?? Missing(facts().IsBriefed, "the end of the briefing"))
            .Guard(Briefing, _ => Missing(facts().HasBriefing, "a briefing")
                ?? Missing(facts().HasCampaign, "a campaign"))
            .Guard(CampaignMenu, _ => Missing(facts().HasPilot, "a pilot"))
            .Guard(SaveGameMenu, _ => Missing(facts().HasPilot, "a pilot"));
    }

    /// <summary>A game at its beginning, with the table without conditions.</summary>
    public static StateMachine<GameState> Begin() => new(Table, MainMenu);

    /// <summary>True for the states at whose begin a game saves by itself.</summary>
    public static bool SavesAt(GameState state) => state is MissionComplete or Debrief or CampaignComplete;

    /// <summary>True where a save meets nothing that is half done.</summary>
    public static bool IsSafeToSave(GameState state) =>
        state is MainMenu or CampaignMenu or Briefing or Debrief or PilotSelection or StatisticsReview;

    /// <summary>
    /// Where a game that ended in a state is taken up again, and how one gets there from the main menu by the table
    /// without flying a mission a second time. A menu over something else becomes what was under it; a mission's end, whose
    /// result is in the saves, becomes the campaign; and what cannot be taken up becomes the main menu.
    /// </summary>
    /// <param name="state">The state it ended in.</param>
    /// <param name="previous">The state before; null if nobody knows.</param>
    public static ResumePoint ResumeFrom(GameState state, GameState? previous = null)
    {
        var at = state switch
        {
            Loading or Options or SaveGameMenu => previous is null or Loading or Options or SaveGameMenu
                ? MainMenu
                : ResumeFrom(previous.Value).State,
            Shutdown or FredEditor => MainMenu,
            Debrief or MissionComplete => CampaignMenu,
            CampaignComplete => StatisticsReview,
            _ => state,
        };
        return new ResumePoint(at, Table.PathTo(MainMenu, at)!);
    }

    private static string? Missing(bool isThere, string what) => isThere ? null : $"there must be {what} first.";
}

/// <summary>What the conditions of <see cref="GameFlow.Guarded"/> ask of a game; all false by default.</summary>
public sealed record FlowFacts
{
    /// <summary>Somebody plays.</summary>
    public bool HasPilot { get; init; }

    /// <summary>A campaign is under way.</summary>
    public bool HasCampaign { get; init; }

    /// <summary>There is something to explain.</summary>
    public bool HasBriefing { get; init; }

    /// <summary>It has been explained.</summary>
    public bool IsBriefed { get; init; }

    /// <summary>There are ships to choose from.</summary>
    public bool HasShips { get; init; }

    /// <summary>One is chosen.</summary>
    public bool HasShip { get; init; }

    /// <summary>A mission is loaded.</summary>
    public bool HasMission { get; init; }
}

/// <summary>Where a game is taken up again.</summary>
/// <param name="State">A state that can be taken up.</param>
/// <param name="Path">The states to go through from the main menu, the last being <paramref name="State"/>; empty if it
/// is the main menu.</param>
public sealed record ResumePoint(GameState State, IReadOnlyList<GameState> Path);
