using Sojourn.Kinds.Play.Flow;
using static Sojourn.Kinds.Play.Flow.GameState;

namespace Sojourn.Tests.Play;

public sealed class GameFlowTests
{
    private static readonly GameState[] All = Enum.GetValues<GameState>();

    [Fact]
    public void The_fifteen_states_keep_their_numbers() => All.Select(state => $"{(int)state} {state}").ShouldBe(
    [
        "0 MainMenu", "1 Briefing", "2 Mission", "3 Debrief", "4 Options", "5 CampaignMenu", "6 Loading",
        "7 FredEditor", "8 Shutdown", "9 PilotSelection", "10 ShipSelection", "11 MissionComplete",
        "12 CampaignComplete", "13 StatisticsReview", "14 SaveGameMenu",
    ]);

    [Theory]
    [InlineData(MainMenu,
        "Briefing Options CampaignMenu PilotSelection SaveGameMenu StatisticsReview FredEditor Shutdown")]
    [InlineData(Briefing, "Mission ShipSelection MainMenu CampaignMenu Options")]
    [InlineData(Mission, "MissionComplete Debrief MainMenu Options")]
    [InlineData(Debrief, "MainMenu Briefing CampaignMenu StatisticsReview")]
    [InlineData(Options, "MainMenu Briefing Mission PilotSelection CampaignMenu")]
    [InlineData(CampaignMenu, "MainMenu Briefing PilotSelection")]
    [InlineData(Loading, "MainMenu Briefing Mission")]
    [InlineData(FredEditor, "MainMenu")]
    [InlineData(Shutdown, "")]
    [InlineData(PilotSelection, "MainMenu CampaignMenu StatisticsReview")]
    [InlineData(ShipSelection, "Briefing Loading")]
    [InlineData(MissionComplete, "Debrief CampaignComplete")]
    [InlineData(CampaignComplete, "MainMenu StatisticsReview")]
    [InlineData(StatisticsReview, "MainMenu PilotSelection CampaignMenu")]
    [InlineData(SaveGameMenu, "MainMenu PilotSelection Options")]
    public void Each_state_leads_to_these_and_to_no_other(GameState from, string to)
    {
        GameFlow.Table.After(from).Select(state => state.ToString()).ShouldBe(to.Split(
            ' ', StringSplitOptions.RemoveEmptyEntries));
        foreach (var state in All.Except(GameFlow.Table.After(from)))
        {
            GameFlow.Table.WhyNot(from, state)!.Code.ShouldBe("illegal-state-change");
        }
    }

    [Fact]
    public void Wherever_a_game_was_cut_off_it_is_taken_up_on_a_legal_way_without_flying_a_mission_twice()
    {
        foreach (var state in All)
        {
            var point = GameFlow.ResumeFrom(state);
            var at = MainMenu;
            foreach (var next in point.Path)
            {
                GameFlow.Table.WhyNot(at, next).ShouldBeNull($"{state}: {at} to {next}");
                at = next;
            }

            at.ShouldBe(point.State);
            if (state != Mission)
            {
                point.Path.ShouldNotContain(Mission);
            }
        }
    }

    [Theory]
    [InlineData(Mission, null, Mission, "Briefing Mission")]
    [InlineData(Options, Mission, Mission, "Briefing Mission")]
    [InlineData(Loading, null, MainMenu, "")]
    [InlineData(Options, SaveGameMenu, MainMenu, "")]
    [InlineData(Debrief, Mission, CampaignMenu, "CampaignMenu")]
    [InlineData(CampaignComplete, MissionComplete, StatisticsReview, "StatisticsReview")]
    [InlineData(Shutdown, MainMenu, MainMenu, "")]
    public void A_game_is_taken_up_where_that_can_be_done(GameState was, GameState? before, GameState at, string path)
    {
        var point = GameFlow.ResumeFrom(was, before);
        point.State.ShouldBe(at);
        string.Join(' ', point.Path).ShouldBe(path);
    }

    [Theory]
    [InlineData(Briefing, Mission, "a mission")]
    [InlineData(Briefing, ShipSelection, "ships")]
    [InlineData(MainMenu, Briefing, "a briefing")]
    [InlineData(MainMenu, CampaignMenu, "a pilot")]
    [InlineData(MainMenu, SaveGameMenu, "a pilot")]
    public void A_condition_that_is_not_met_is_named(GameState from, GameState to, string missing)
    {
        var refusal = GameFlow.Guarded(() => new FlowFacts()).WhyNot(from, to)!;
        refusal.Code.ShouldBe("guarded");
        refusal.Message.ShouldContain(missing);
        GameFlow.Guarded(() => new FlowFacts
        {
            HasPilot = true,
            HasCampaign = true,
            HasBriefing = true,
            IsBriefed = true,
            HasShips = true,
            HasShip = true,
            HasMission = true,
        }).WhyNot(from, to).ShouldBeNull();
    }

    [Fact]
    public async Task A_state_is_entered_once_the_transition_is_done()
    {
        var game = GameFlow.Begin();
        var (leave, arrive) = (new TaskCompletionSource(), new TaskCompletionSource());
        var moving = game.MoveAsync(Briefing, async (from, to, _) =>
        {
            (from, to).ShouldBe((MainMenu, Briefing));
            leave.SetResult();
            await arrive.Task;
        });
        await leave.Task;

        (game.Current, game.Next).ShouldBe((MainMenu, Briefing));
        (await game.MoveAsync(Options))!.Code.ShouldBe("in-transition");

        arrive.SetResult();
        (await moving).ShouldBeNull();
        (game.Current, game.Next).ShouldBe((Briefing, null));
    }

    [Fact]
    public async Task A_transition_that_fails_leaves_the_game_where_it_was()
    {
        var game = GameFlow.Begin();
        await Should.ThrowAsync<IOException>(() => game.MoveAsync(
            Briefing, (_, _, _) => throw new IOException("The scene is missing.")));
        (game.Current, game.Next).ShouldBe((MainMenu, null));

        using var given = new CancellationTokenSource();
        await given.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => game.MoveAsync(Briefing, null, given.Token));
        game.Current.ShouldBe(MainMenu);

        (await game.MoveAsync(Mission))!.Code.ShouldBe("illegal-state-change");
        (await game.MoveAsync(MainMenu)).ShouldBeNull();
        (await game.MoveAsync(Briefing)).ShouldBeNull();
        game.Current.ShouldBe(Briefing);
    }

    [Fact]
    public void A_game_of_other_states_has_a_table_of_its_own()
    {
        var table = new FlowTable<DayOfWeek>(new Dictionary<DayOfWeek, DayOfWeek[]>
        {
            [DayOfWeek.Monday] = [DayOfWeek.Tuesday],
            [DayOfWeek.Tuesday] = [DayOfWeek.Monday, DayOfWeek.Wednesday],
        });
        table.PathTo(DayOfWeek.Monday, DayOfWeek.Wednesday).ShouldBe([DayOfWeek.Tuesday, DayOfWeek.Wednesday]);
        table.PathTo(DayOfWeek.Monday, DayOfWeek.Monday).ShouldBe([]);
        table.PathTo(DayOfWeek.Wednesday, DayOfWeek.Monday).ShouldBeNull();
        table.Guard(DayOfWeek.Tuesday, _ => "not today.").WhyNot(DayOfWeek.Monday, DayOfWeek.Tuesday)!
            .Message.ShouldContain("not today");
        table.WhyNot(DayOfWeek.Monday, DayOfWeek.Tuesday).ShouldBeNull();
    }
}
