using Sojourn.Kinds.Play;
using Sojourn.Kinds.Play.Flow;
using Sojourn.Kinds.Play.Games;
using Sojourn.Kinds.Play.Saves;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Play;

/// <summary>Games that keep their own sessions, on real files.</summary>
public sealed class GameSessionTests
{
    [Fact]
    public async Task A_game_that_ended_well_is_never_offered_for_recovery()
    {
        await using var game = await GameUnderTest.OpenAsync();
        var session = await game.StartAsync();
        game.Clock.Advance(TimeSpan.FromMinutes(3));
        (await session.EndAsync("quit")).DurationSeconds.ShouldBe(180);
        (await session.EndAsync()).DurationSeconds.ShouldBe(180);
        game.Folder.Current.ShouldBeNull();
        (await session.GetAsync()).End.ShouldBe(PlayEnd.Clean);

        await game.Folder.DisposeAsync();
        await game.ReopenAsync();
        game.Folder.Recoveries.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_folder_that_is_disposed_of_ends_its_session()
    {
        await using var game = await GameUnderTest.OpenAsync();
        var session = await game.StartAsync();
        await game.Folder.DisposeAsync();
        await game.Folder.DisposeAsync();

        await game.ReopenAsync();
        game.Folder.Recoveries.ShouldBeEmpty();
        var ended = await game.Folder.Engine.GetAsync<PlaySession>(session.Key.Id);
        ended.Reply.State.End.ShouldBe(PlayEnd.Clean);
    }

    [Fact]
    public async Task A_session_begins_with_a_checkpoint_of_the_game()
    {
        await using var game = await GameUnderTest.OpenAsync();
        var session = await game.StartAsync();
        var first = await game.SavedByItselfAsync();
        (first.Type, first.Why, first.Save!.Slot).ShouldBe((SaveType.Checkpoint, "start", SlotName.Auto));
        var about = first.Save.Details;
        (about.Callsign, about.Type, about.PlayId, about.GameState)
            .ShouldBe(("Maverick", SaveType.Checkpoint, session.Key.Id.ToString(), "MainMenu"));
        var state = await session.GetAsync();
        (state.Checkpoint!.Slot, state.Checkpoint.Generation).ShouldBe(("auto", first.Save.Generation));
    }

    [Fact]
    public async Task Checkpoints_and_automatic_saves_come_at_their_intervals_with_the_game_as_it_is_then()
    {
        await using var game = await GameUnderTest.OpenAsync();
        var session = await game.StartAsync();
        await game.SavedByItselfAsync();
        game.Now = "five minutes later";
        game.Clock.Advance(TimeSpan.FromMinutes(5));

        var saved = await game.SavedByItselfAsync();
        (saved.Why, saved.Failure).ShouldBe(("interval", null));
        var loaded = await session.LoadAsync(SlotName.Auto);
        GameUnderTest.TextOf(loaded.Content).ShouldBe("five minutes later");
    }

    [Fact]
    public async Task A_mission_that_is_over_is_saved_by_itself()
    {
        await using var game = await GameUnderTest.OpenAsync();
        var session = await game.StartAsync();
        await game.SavedByItselfAsync();
        (await session.ChangeStateAsync(GameState.Briefing)).ShouldBeNull();
        (await session.ChangeStateAsync(GameState.Mission)).ShouldBeNull();
        game.Now = "mission complete";
        (await session.ChangeStateAsync(GameState.MissionComplete)).ShouldBeNull();

        AutomaticSave saved;
        do
        {
            saved = await game.SavedByItselfAsync();
        }
        while (saved.Type != SaveType.Auto);
        (saved.Why, saved.Save!.Details.GameState).ShouldBe(("state-change", "MissionComplete"));
        GameUnderTest.TextOf((await session.LoadAsync(SlotName.Auto)).Content).ShouldBe("mission complete");
        (await session.GetAsync()).AutoSaveWanted.ShouldBeNull();
    }

    [Fact]
    public async Task What_the_table_forbids_is_answered_and_changes_nothing()
    {
        await using var game = await GameUnderTest.OpenAsync();
        var session = await game.StartAsync();
        (await session.ChangeStateAsync(GameState.Mission))!.Code.ShouldBe("illegal-state-change");
        (await session.GetAsync()).GameState.ShouldBe(GameState.MainMenu);
    }

    [Fact]
    public async Task Saves_and_quick_saves_are_told_to_the_session()
    {
        await using var game = await GameUnderTest.OpenAsync();
        var session = await game.StartAsync();
        await session.SaveAsync(SlotName.Number(3), GameUnderTest.Capture("three"));
        await session.QuickSaveAsync(GameUnderTest.Capture("quick"));
        var state = await session.GetAsync();
        state.Slots["3"].Type.ShouldBe("manual");
        state.Slots["quick"].Type.ShouldBe("quick");
        state.Slots["quick"].Sha256.Length.ShouldBe(64);
        GameUnderTest.TextOf((await session.LoadAsync(SlotName.Quick)).Content).ShouldBe("quick");
    }

    [Fact]
    public async Task A_save_that_fails_is_told_to_the_session_and_to_the_caller()
    {
        await using var game = await GameUnderTest.OpenAsync();
        var session = await game.StartAsync();
        using var given = new CancellationTokenSource();
        await given.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => session.SaveAsync(
            SlotName.Number(3), GameUnderTest.Capture("three"), null, given.Token));
        var tally = (await session.GetAsync()).Saves;
        tally.Failed.ShouldBe(1);
        tally.LastError.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_capture_that_throws_is_told_and_the_next_one_is_saved()
    {
        await using var game = await GameUnderTest.OpenAsync();
        var isBroken = true;
        var start = await game.Folder.StartAsync(
            new StartPlay("Maverick"),
            _ => isBroken ? throw new InvalidOperationException("No scene.") : GameUnderTest.Capture("well"));
        var session = game.Listen(start.Session!);
        session.AutoSave();
        AutomaticSave failed;
        do
        {
            failed = await game.SavedByItselfAsync();
        }
        while (failed.Type != SaveType.Auto);
        failed.Failure.ShouldBeOfType<InvalidOperationException>();

        isBroken = false;
        session.AutoSave();
        (await game.SavedByItselfAsync()).Save.ShouldNotBeNull();
    }

    [Fact]
    public async Task Updates_overwrite_and_arrive_in_the_order_in_which_they_were_made()
    {
        await using var game = await GameUnderTest.OpenAsync();
        var session = await game.StartAsync();
        await Task.WhenAll(Enumerable.Range(1, 100).Select(i =>
            session.UpdateAsync(new Dictionary<string, object?> { ["progress"] = i })));
        (await session.GetAsync()).Metadata["progress"].GetInt32().ShouldBe(100);
    }

    [Fact]
    public async Task Intervals_are_changed_while_it_is_played()
    {
        await using var game = await GameUnderTest.OpenAsync();
        var session = await game.StartAsync();
        await game.SavedByItselfAsync();
        await session.AdjustAsync(new Adjust(AutoSave: false, CheckpointSeconds: 60));

        game.Clock.Advance(TimeSpan.FromSeconds(60));

        (await game.SavedByItselfAsync()).ShouldSatisfyAllConditions(
            save => save.Type.ShouldBe(SaveType.Checkpoint), save => save.Why.ShouldBe("interval"));
        await Should.ThrowAsync<SojournException>(() => session.AdjustAsync(new Adjust(CheckpointSeconds: 59)));
    }

    [Fact]
    public async Task A_pilot_who_plays_already_is_a_conflict_until_the_player_takes_over()
    {
        await using var game = await GameUnderTest.OpenAsync();
        var first = await game.StartAsync();
        var second = await game.Folder.StartAsync(new StartPlay(" Maverick ", "wcsaga"));
        (second.Session, second.Problem!.Code, second.Other).ShouldBe((null, "already-playing", first.Key.Id));
        (await first.GetAsync()).Status.ShouldBe(PlayStatus.Playing);
        game.Folder.Current.ShouldBe(first);

        var third = await game.Folder.StartAsync(new StartPlay("Maverick", "wcsaga", TakeOver: true));
        third.Session.ShouldBe(game.Folder.Current);
        (await first.GetAsync()).End.ShouldBe(PlayEnd.TakenOver);
        (await third.Session!.GetAsync()).Status.ShouldBe(PlayStatus.Playing);
    }

    [Fact]
    public async Task A_second_program_on_the_folder_is_told_so()
    {
        await using var game = await GameUnderTest.OpenAsync();
        var refusal = await Should.ThrowAsync<SaveFolderInUseException>(() => GameFolder.OpenAsync(game.Path));
        refusal.ProcessId.ShouldBe(Environment.ProcessId);
        (await game.StartAsync()).ShouldNotBeNull();
    }

    [Fact]
    public async Task The_sign_of_life_comes_more_often_than_checkpoints()
    {
        await using var game = await GameUnderTest.OpenAsync();
        var session = await game.StartAsync();
        var begun = game.Clock.GetUtcNow();
        await using var beaten = game.Folder.Engine.Subscribe((_, _) => default);
        var version = (await game.Folder.Engine.GetAsync(session.Key)).Version;
        game.Clock.Advance(TimeSpan.FromSeconds(5));
        await session.DisposeAsync();
        (await session.GetAsync()).LastActivityAt.ShouldBe(begun + TimeSpan.FromSeconds(5));
        (await game.Folder.Engine.GetAsync(session.Key)).Version.ShouldBeGreaterThan(version);
    }

    [Fact]
    public void Signs_of_life_come_between_each_second_and_each_minute()
    {
        foreach (var seconds in new[] { 0.9, 61 })
        {
            Should.Throw<SojournException>(() => new GameOptions { BeatEvery = TimeSpan.FromSeconds(seconds) }.Check());
        }

        new GameOptions { BeatEvery = TimeSpan.FromSeconds(1) }.Check();
        new GameOptions { BeatEvery = TimeSpan.FromSeconds(60) }.Check();
    }

    [Fact]
    public async Task Nothing_comes_back_to_the_games_thread()
    {
        using var scratch = new ScratchDirectory();
        var thread = new GameThread();

        var folder = await thread.Call(() => GameFolder.OpenAsync(scratch.Path));
        var start = await thread.Call(() => folder.StartAsync(new StartPlay("Maverick", "wcsaga")));
        var session = start.Session.ShouldNotBeNull();
        await thread.Call(() => session.UpdateAsync(new Dictionary<string, object?> { ["sector"] = 4 }));
        await thread.Call(() => session.ChangeStateAsync(GameState.Briefing));
        await thread.Call(() => session.QuickSaveAsync(GameUnderTest.Capture("a game")));
        await thread.Call(() => session.GetAsync());
        await thread.Call(() => session.LoadAsync(SlotName.Quick));
        await thread.Call(() => session.EndAsync());
        await thread.Call(() => folder.DisposeAsync().AsTask());

        thread.Posts.ShouldBeEmpty();
    }
}
