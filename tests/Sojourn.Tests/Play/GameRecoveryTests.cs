using Sojourn.Kinds.Play;
using Sojourn.Kinds.Play.Flow;
using Sojourn.Kinds.Play.Games;
using Sojourn.Kinds.Play.Saves;

namespace Sojourn.Tests.Play;

/// <summary>Games that were cut off, and the next start, on real files.</summary>
public sealed class GameRecoveryTests
{
    [Fact]
    public async Task A_game_that_was_cut_off_is_offered_with_all_that_is_known()
    {
        await using var game = await CutAsync();
        var recovery = game.Folder.Recoveries.ShouldHaveSingleItem();
        var offer = recovery.Offer;

        offer.What.ShouldContain("cut off");
        offer.NoticedAt.ShouldBe(game.Clock.GetUtcNow());
        (offer.NoticedAt - offer.LastActivityAt).ShouldBe(TimeSpan.FromHours(1));
        (offer.GameState, offer.ResumeAt).ShouldBe((GameState.Mission, GameState.Mission));
        offer.Path.ShouldBe([GameState.Briefing, GameState.Mission]);
        offer.Recommended!.Slot.ShouldBe("quick");
        offer.Backups.Select(backup => backup.Name.Slot).ShouldBe(["quick", "3", "auto"]);
        offer.Backups.Select(backup => backup.LostSeconds).ShouldBe([60, 120, 180]);
        offer.Backups.ShouldAllBe(backup => backup.Validity == BackupValidity.Good && backup.AgeSeconds > 3600);
        recovery.State.Metadata["progress"].GetInt32().ShouldBe(75);
    }

    [Fact]
    public async Task What_is_recommended_is_loaded_and_the_session_goes_on()
    {
        await using var game = await CutAsync();
        var recovery = game.Folder.Recoveries.Single();
        var answer = await recovery.AcceptAsync();
        GameUnderTest.TextOf(answer.Game!.Content).ShouldBe("quick");
        answer.Game.Metadata.Slot.ShouldBe(SlotName.Quick);
        answer.Game.Plan.Path.ShouldBe([GameState.Briefing, GameState.Mission]);

        var session = await answer.Game.ConfirmAsync(game.Capture);
        session.Key.ShouldBe(recovery.Session);
        var state = await session.GetAsync();
        (state.Status, state.GameState, state.Pilot, state.Recoveries)
            .ShouldBe((PlayStatus.Playing, GameState.Mission, "Maverick", 1));
        state.Metadata["progress"].GetInt32().ShouldBe(75);
        game.Folder.Recoveries.ShouldBeEmpty();
        game.Folder.Current.ShouldBe(session);

        await session.EndAsync();
        await game.Folder.DisposeAsync();
        await game.ReopenAsync();
        game.Folder.Recoveries.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_player_may_choose_another_save()
    {
        await using var game = await CutAsync();
        var recovery = game.Folder.Recoveries.Single();
        var chosen = recovery.Offer.Backups.Single(backup => backup.Name.Slot == "3").Name;
        GameUnderTest.TextOf((await recovery.AcceptAsync(chosen)).Game!.Content).ShouldBe("three");
    }

    [Fact]
    public async Task A_damaged_save_is_listed_as_such_and_the_next_good_one_is_recommended()
    {
        await using var game = await CutAsync(damage: true);
        var offer = game.Folder.Recoveries.Single().Offer;
        var damaged = offer.Backups.Single(backup => backup.Name.Slot == "quick");
        (damaged.Validity, damaged.Reason).ShouldSatisfyAllConditions(
            bad => bad.Validity.ShouldBe(BackupValidity.Damaged), bad => bad.Reason.ShouldNotBeNull());
        offer.Backups[^1].ShouldBe(damaged);
        offer.Recommended!.Slot.ShouldBe("3");
        var answer = await game.Folder.Recoveries.Single().AcceptAsync(damaged.Name, noFallback: true);
        answer.Problem!.Code.ShouldBe("backup-damaged");
    }

    [Fact]
    public async Task A_save_that_is_damaged_after_the_offer_makes_place_for_the_next_good_one()
    {
        await using var game = await CutAsync();
        var recovery = game.Folder.Recoveries.Single();
        await SpoilAsync(game, SlotName.Quick);

        var answer = await recovery.AcceptAsync();
        GameUnderTest.TextOf(answer.Game!.Content).ShouldBe("three");
        answer.Game.Skipped.Single().ShouldSatisfyAllConditions(
            skipped => skipped.Save.Slot.ShouldBe("quick"), skipped => skipped.Reason.Length.ShouldBeGreaterThan(0));
    }

    [Fact]
    public async Task Told_to_try_no_other_save_it_keeps_the_offer()
    {
        await using var game = await CutAsync();
        var recovery = game.Folder.Recoveries.Single();
        await SpoilAsync(game, SlotName.Quick);

        var answer = await recovery.AcceptAsync(recovery.Offer.Recommended, noFallback: true);
        (answer.Game, answer.Problem!.Code).ShouldBe((null, "nothing-left"));
        var state = (await game.Folder.Engine.GetAsync<PlaySession>(recovery.Session.Id)).Reply.State;
        (state.Status, state.Offer!.Recommended!.Slot).ShouldBe((PlayStatus.Interrupted, "3"));
        (await recovery.AcceptAsync()).Game.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_recovery_that_crashes_twice_is_not_recommended_again()
    {
        await using var game = await CutAsync();
        for (var crash = 1; crash <= 2; crash++)
        {
            var recovery = game.Folder.Recoveries.Single();
            recovery.Offer.Recommended!.Slot.ShouldBe("quick");
            (await recovery.AcceptAsync()).Game.ShouldNotBeNull();
            // The game goes down over it, before it could say that it runs.
            await game.CrashAsync();
            await game.ReopenAsync();
            game.Folder.Recoveries.Single().Offer.LastFailure.ShouldNotBeNull();
        }

        var third = game.Folder.Recoveries.Single().Offer;
        third.Recommended!.Slot.ShouldBe("3");
        third.Backups.Single(backup => backup.Name.Slot == "quick").Attempts.ShouldBe(2);
    }

    [Fact]
    public async Task A_recovery_that_was_cancelled_is_no_attempt()
    {
        await using var game = await CutAsync();
        var recovery = game.Folder.Recoveries.Single();
        using var given = new CancellationTokenSource();
        // Once the session has taken the answer, while the save is loaded.
        game.Folder.Saves.Happened += (_, happened) =>
        {
            if (happened.Type == SaveEventType.LoadStarted)
            {
                given.Cancel();
            }
        };
        await Should.ThrowAsync<OperationCanceledException>(() => recovery.AcceptAsync(giveUp: given.Token));
        var state = (await game.Folder.Engine.GetAsync<PlaySession>(recovery.Session.Id)).Reply.State;
        (state.Status, state.Offer!.Backups.Max(backup => backup.Attempts)).ShouldBe((PlayStatus.Interrupted, 0));
    }

    [Fact]
    public async Task A_game_that_cannot_be_set_up_says_so_and_the_offer_stays()
    {
        await using var game = await CutAsync();
        var recovered = (await game.Folder.Recoveries.Single().AcceptAsync()).Game!;
        await recovered.FailAsync("The mission's files are missing.", damaged: true);
        await game.CrashAsync();
        await game.ReopenAsync();
        var offer = game.Folder.Recoveries.Single().Offer;
        offer.LastFailure.ShouldBe("The mission's files are missing.");
    }

    [Fact]
    public async Task Declined_is_not_offered_again_and_the_saves_stay()
    {
        await using var game = await CutAsync();
        await game.Folder.Recoveries.Single().DeclineAsync();
        game.Folder.Recoveries.ShouldBeEmpty();
        await game.Folder.DisposeAsync();
        await game.ReopenAsync();
        game.Folder.Recoveries.ShouldBeEmpty();
        (await game.Folder.Saves.ListAsync()).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Put_off_it_is_offered_at_the_next_start_also_if_another_game_was_played_meanwhile()
    {
        await using var game = await CutAsync();
        var first = game.Folder.Recoveries.Single();
        await first.DecideLaterAsync();
        var session = await game.StartAsync();
        // While another one is played, it takes the player's word to end that.
        (await first.AcceptAsync()).Problem!.Code.ShouldBe("already-playing");
        await session.EndAsync();
        await game.Folder.DisposeAsync();

        await game.ReopenAsync();
        var again = game.Folder.Recoveries.ShouldHaveSingleItem();
        (again.Session, again.Offer.Deferred, again.Offer.NoticedAt)
            .ShouldBe((first.Session, 1, first.Offer.NoticedAt));
        (await again.AcceptAsync()).Game.ShouldNotBeNull();
    }

    [Fact]
    public async Task After_a_day_it_is_archived_and_can_be_asked_for_still()
    {
        await using var game = await CutAsync(away: TimeSpan.FromHours(25));
        game.Folder.Recoveries.ShouldBeEmpty();
        var archived = (await game.Folder.FindArchivedAsync()).ShouldHaveSingleItem();
        archived.IsArchived.ShouldBeTrue();
        var answer = await archived.AcceptAsync();
        GameUnderTest.TextOf(answer.Game!.Content).ShouldBe("quick");
        (await (await answer.Game.ConfirmAsync()).GetAsync()).Status.ShouldBe(PlayStatus.Playing);
    }

    [Fact]
    public async Task Another_pilots_saves_are_not_offered()
    {
        await using var game = await GameUnderTest.OpenAsync();
        var other = await game.StartAsync("Goose");
        await game.SavedByItselfAsync();
        await other.SaveAsync(SlotName.Number(1), GameUnderTest.Capture("goose"));
        await other.EndAsync();
        var session = await game.StartAsync();
        await session.SaveAsync(SlotName.Number(2), GameUnderTest.Capture("maverick"));
        await session.DisposeAsync();
        await game.CrashAsync();
        await game.ReopenAsync();
        game.Folder.Recoveries.Single().Offer.Backups.ShouldAllBe(backup => backup.Name.Slot != "1");
    }

    [Fact]
    public async Task A_game_that_goes_down_and_knows_it_says_why()
    {
        await using var game = await GameUnderTest.OpenAsync();
        var session = await game.StartAsync();
        await game.SavedByItselfAsync();
        await session.AbandonAsync("The graphics driver failed.");
        await game.Folder.DisposeAsync();
        await game.ReopenAsync();
        game.Folder.Recoveries.Single().Offer.What.ShouldBe("The graphics driver failed.");
    }

    /// <summary>
    /// In a mission, with a checkpoint, a save and a quick save, a minute apart; cut off a minute later, and started again
    /// after some time.
    /// </summary>
    private static async Task<GameUnderTest> CutAsync(bool damage = false, TimeSpan? away = null)
    {
        var game = await GameUnderTest.OpenAsync();
        var session = await game.StartAsync();
        await game.SavedByItselfAsync();
        await session.ChangeStateAsync(GameState.Briefing);
        await session.ChangeStateAsync(GameState.Mission);
        game.Clock.JumpTo(game.Clock.GetUtcNow().AddMinutes(1));
        await session.SaveAsync(SlotName.Number(3), GameUnderTest.Capture("three"));
        game.Clock.JumpTo(game.Clock.GetUtcNow().AddMinutes(1));
        var quick = await session.QuickSaveAsync(GameUnderTest.Capture("quick"));
        game.Clock.JumpTo(game.Clock.GetUtcNow().AddMinutes(1));
        await session.UpdateAsync(new Dictionary<string, object?> { ["progress"] = 75 });
        await game.CrashAsync();
        if (damage)
        {
            game.Damage(quick);
        }

        game.Clock.JumpTo(game.Clock.GetUtcNow() + (away ?? TimeSpan.FromHours(1)));
        await game.ReopenAsync();
        return game;
    }

    private static async Task SpoilAsync(GameUnderTest game, SlotName slot) =>
        game.Damage((await game.Folder.Saves.GenerationsAsync(slot))[0].Metadata!);
}
