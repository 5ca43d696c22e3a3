using Sojourn.Kinds.Play;
using Sojourn.Kinds.Play.Flow;
using Sojourn.Testing;
using static Sojourn.Kinds.Play.BackupValidity;
using static Sojourn.Tests.Play.Plays;

namespace Sojourn.Tests.Play;

public sealed class RecoveryRulesTests
{
    [Fact]
    public void An_offer_says_what_happened_when_and_what_would_be_lost()
    {
        var play = Begin().Walk(GameState.Briefing, GameState.Mission).After(TimeSpan.FromMinutes(10)).Send(new Beat())
            .At(new DateTimeOffset(2026, 1, 1, 14, 0, 0, TimeSpan.Zero));
        var alive = play.State.LastActivityAt;
        var offer = play.Send(new Interrupted("The process is gone.",
        [
            Found(play, "0", 120), Found(play, "quick", 112, Damaged), Found(play, "auto", 115),
        ])).Reply;

        (offer.What, offer.NoticedAt, offer.LastActivityAt).ShouldBe(("The process is gone.", play.Now, alive));
        // The last checkpoint was the change of state, ten minutes before the last sign of life.
        offer.LastCheckpointAt.ShouldBe(alive - TimeSpan.FromMinutes(10));
        (offer.GameState, offer.ResumeAt).ShouldBe((GameState.Mission, GameState.Mission));
        offer.Path.ShouldBe([GameState.Briefing, GameState.Mission]);
        offer.Backups.Select(backup => $"{backup.Name.Slot} {backup.AgeSeconds} {backup.LostSeconds} {backup.Validity}")
            .ShouldBe(["auto 6900 300 Good", "0 7200 600 Good", "quick 6720 120 Damaged"]);
        offer.Backups[2].Reason.ShouldBe("Its checksum is wrong.");
        offer.Recommended.ShouldBe(new BackupName("auto", 1));
        offer.ArchivedAt.ShouldBe(alive + TimeSpan.FromHours(24));
    }

    [Fact]
    public void An_offer_waits_in_the_session_until_it_is_answered()
    {
        var play = Cut(out _);
        play.Events.OfType<PlayInterrupted>().ShouldHaveSingleItem();
        // Whoever comes late reads the same, and whoever looks again makes no second one.
        var late = play.After(TimeSpan.FromHours(5));
        late.State.Offer.ShouldBe(play.State.Offer);
        var again = late.Send(new Interrupted("Found once more."));
        (again.Reply.What, again.Reply.NoticedAt, again.Events.Count)
            .ShouldBe((play.State.Offer!.What, play.State.Offer.NoticedAt, 0));
    }

    [Fact]
    public void What_is_recommended_is_what_is_performed()
    {
        var play = Cut(out var offer);
        var plan = play.Send(new AcceptRecovery());
        plan.Reply.Backup.ShouldBe(offer.Recommended);
        plan.Reply.Backup.ShouldBe(new BackupName("quick", 1));
        plan.Reply.Others.ShouldBe([new BackupName("auto", 1), new BackupName("0", 1)]);
        (plan.Status, plan.State.Recovery!.Backup).ShouldBe(("recovering", new BackupName("quick", 1)));
    }

    [Fact]
    public void What_is_chosen_is_tried_first_and_then_the_newest_good_ones()
    {
        var play = Cut(out _);
        play.Send(new AcceptRecovery("0")).Reply.ShouldSatisfyAllConditions(
            plan => plan.Backup.Slot.ShouldBe("0"),
            plan => plan.Others.Select(other => other.Slot).ShouldBe(["quick", "auto"]));
        play.Send(new AcceptRecovery("0", NoFallback: true)).Reply.Others.ShouldBeEmpty();
        // The damaged one: the next good one is taken, or nothing, as was said.
        play.Send(new AcceptRecovery("1", 1)).Reply.Backup.Slot.ShouldBe("quick");
        play.Send(new AcceptRecovery("1", 1, NoFallback: true)).Refusal!.Code.ShouldBe("backup-damaged");
        play.Send(new AcceptRecovery("7")).Refusal!.Code.ShouldBe("unknown-backup");
        play.Send(new AcceptRecovery(null, 7)).Refusal!.Code.ShouldBe("no-slot");
    }

    [Fact]
    public void A_save_that_cannot_be_loaded_makes_place_for_the_next_good_one()
    {
        var second = Cut(out _).Send(new AcceptRecovery()).Send(new TryNext("It is cut short."));
        second.Reply.Backup.Slot.ShouldBe("auto");
        var spoilt = second.State.Offer!.Backups.Single(backup => backup.Name.Slot == "quick");
        (spoilt.Validity, spoilt.Reason).ShouldBe((Damaged, "It is cut short."));

        var third = second.Send(new TryNext("This too."));
        third.Reply.Others.ShouldBeEmpty();
        third.Send(new TryNext("And this.")).Refusal!.Code.ShouldBe("nothing-left");
    }

    [Fact]
    public void A_game_that_was_recovered_plays_on_in_a_legal_state()
    {
        var accepted = Cut(out _).After(Minute).Send(new AcceptRecovery());
        var play = accepted.Send(new Recovered("quick", 1));
        (play.Status, play.State.GameState, play.State.PreviousGameState, play.State.Recoveries)
            .ShouldBe(("playing", GameState.Mission, GameState.Mission, 1));
        (play.State.Offer, play.State.Recovery, play.State.LastActivityAt).ShouldBe((null, null, play.Now));
        play.State.Checkpoint!.Why.ShouldBe("recovery");
        play.Events.Single().ShouldBeOfType<PlayRecovered>().LostSeconds.ShouldBe(60);

        // Short of what the offer says, if the game has not got what the rest of the way needs.
        accepted.Send(new Recovered("quick", 1, GameState.Briefing)).State.GameState.ShouldBe(GameState.Briefing);
        accepted.Send(new Recovered("quick", 1, GameState.MainMenu)).State.GameState.ShouldBe(GameState.MainMenu);
        accepted.Send(new Recovered("quick", 1, GameState.Loading)).Refusal!.Code.ShouldBe("illegal-state-change");
        accepted.Send(new Recovered("9", 1)).Refusal!.Code.ShouldBe("unknown-backup");
    }

    [Fact]
    public void A_recovery_that_fails_keeps_the_offer()
    {
        var play = Cut(out _).Send(new AcceptRecovery()).Send(new RecoveryFailed("The mission's files are missing."));
        (play.Status, play.Reply.LastFailure, play.State.Recovery)
            .ShouldBe(("interrupted", "The mission's files are missing.", null));
        play.Reply.Backups[0].ShouldSatisfyAllConditions(
            first => first.Name.Slot.ShouldBe("quick"), first => first.Attempts.ShouldBe(1));
        play.Events.Single().ShouldBeOfType<RecoveryNotDone>();
        play.Send(new RecoveryFailed("Damaged.", Damaged: true)).Refusal!.Code.ShouldBe("not-recovering");
        play.Send(new AcceptRecovery()).Send(new RecoveryFailed("Bad.", Damaged: true))
            .Reply.Recommended!.Slot.ShouldBe("auto");
    }

    [Fact]
    public void A_save_that_recovery_crashed_on_twice_is_not_offered_first_again()
    {
        var once = Cut(out _).Send(new AcceptRecovery()).Send(new Interrupted("Crashed in the recovery."));
        (once.Status, once.Reply.Recommended!.Slot, once.Reply.Backups[0].Attempts)
            .ShouldBe(("interrupted", "quick", 1));
        once.Reply.LastFailure!.ShouldContain("quick");

        var twice = once.Send(new AcceptRecovery()).Send(new Interrupted("And again."));
        twice.Reply.Backups.Select(backup => $"{backup.Name.Slot} {backup.Attempts}")
            .ShouldBe(["auto 0", "0 0", "quick 2", "1 0"]);
        twice.Reply.Recommended!.Slot.ShouldBe("auto");
        // It can still be chosen.
        twice.Send(new AcceptRecovery("quick")).Reply.Backup.Slot.ShouldBe("quick");
    }

    [Fact]
    public void Attempts_that_the_files_remember_count_too()
    {
        var play = Begin();
        play.Send(new Interrupted("Gone.", [Found(play, "quick", 1, attempts: 2), Found(play, "auto", 2)]))
            .Reply.Recommended!.Slot.ShouldBe("auto");
    }

    [Fact]
    public void An_attempt_that_was_cancelled_is_taken_back() =>
        Cut(out _).Send(new AcceptRecovery()).Send(new RecoveryFailed("Cancelled.", Counts: false))
            .Reply.Backups[0].Attempts.ShouldBe(0);

    [Fact]
    public void Whoever_declines_ends_the_session_and_whoever_decides_later_keeps_the_offer()
    {
        var later = Cut(out var offer).Send(new DecideLater());
        (later.Status, later.Reply.Deferred, later.Reply.ArchivedAt).ShouldBe(("interrupted", 1, offer.ArchivedAt));
        later.Send(new AcceptRecovery()).IsAccepted.ShouldBeTrue();

        var declined = later.Send(new DeclineRecovery());
        (declined.Status, declined.State.End, declined.State.Offer).ShouldBe(("ended", PlayEnd.Declined, null));
        declined.Send(new DeclineRecovery()).IsChange.ShouldBeFalse();
        declined.Send(new AcceptRecovery()).Refusal!.Code.ShouldBe("no-offer");
        Begin().Send(new DecideLater()).Refusal!.Code.ShouldBe("no-offer");
        Begin().Send(new DeclineRecovery()).Refusal!.Code.ShouldBe("no-offer");
    }

    [Fact]
    public void An_offer_that_nobody_answers_for_a_day_is_archived_and_not_destroyed()
    {
        var play = Cut(out var offer);
        play.After(TimeSpan.FromHours(23.9)).Status.ShouldBe("interrupted");
        var archived = play.After(TimeSpan.FromHours(24));
        (archived.Status, archived.Events.Single().ShouldBeOfType<PlayArchived>().Text.Length > 0)
            .ShouldBe(("archived", true));
        archived.State.Offer.ShouldBe(offer);

        archived.Send(new AcceptRecovery()).Refusal!.Code.ShouldBe("archived");
        archived.Send(new DecideLater()).Refusal!.Code.ShouldBe("archived");
        archived.Send(new AcceptRecovery(FromArchive: true)).Send(new Recovered("quick", 1)).Status.ShouldBe("playing");
        archived.Send(new DeclineRecovery()).Status.ShouldBe("ended");
        archived.Send(new ContinuePlay()).Status.ShouldBe("playing");
        archived.After(TimeSpan.FromDays(366)).IsExpired.ShouldBeTrue();
    }

    [Fact]
    public void A_cut_that_is_found_after_more_than_a_day_goes_to_the_archive_at_once()
    {
        var play = Begin().At(new DateTimeOffset(2026, 1, 2, 13, 0, 0, TimeSpan.Zero)).Send(new Interrupted("Gone."));
        play.Status.ShouldBe("archived");
        play.Events.Select(happened => happened.GetType()).ShouldBe([typeof(PlayInterrupted), typeof(PlayArchived)]);
        play.Reply.GameState.ShouldBe(GameState.MainMenu);
        Begin(options: new PlayOptions { OfferFor = TimeSpan.FromHours(48) })
            .At(new DateTimeOffset(2026, 1, 2, 13, 0, 0, TimeSpan.Zero)).Send(new Interrupted("Gone."))
            .Status.ShouldBe("interrupted");
    }

    [Fact]
    public void Without_a_save_that_can_be_loaded_the_offer_still_tells_what_happened()
    {
        var play = Begin();
        play = play.Send(new Interrupted("Gone.", [Found(play, "0", 1, Damaged)]));
        play.State.Offer!.Recommended.ShouldBeNull();
        play.Send(new AcceptRecovery()).Refusal!.Code.ShouldBe("nothing-to-recover");
        play.Status.ShouldBe("interrupted");
    }

    [Fact]
    public void A_game_that_a_server_hears_nothing_of_is_cut_off_and_may_come_back()
    {
        var options = new PlayOptions { SilentAfter = TimeSpan.FromMinutes(2) };
        var play = Begin(options: options).Send(Save("3", 4)).After(Minute).Send(new Beat());
        play.After(TimeSpan.FromSeconds(119)).Status.ShouldBe("playing");
        var cut = play.After(TimeSpan.FromMinutes(2));
        cut.Status.ShouldBe("interrupted");
        cut.State.Offer!.LastActivityAt.ShouldBe(play.Now);
        // What it saved is on its own machine, where nobody here can look.
        cut.State.Offer.Backups.Single().ShouldSatisfyAllConditions(
            backup => backup.Name.ShouldBe(new BackupName("3", 4)), backup => backup.Validity.ShouldBe(Unknown),
            backup => backup.LostSeconds.ShouldBe(60));
        cut.Send(new Beat()).Refusal!.Code.ShouldBe("interrupted");

        var back = cut.Send(new ContinuePlay());
        (back.Status, back.State.Offer, back.State.Recoveries).ShouldBe(("playing", null, 0));
        back.Send(new ContinuePlay()).IsChange.ShouldBeFalse();
        Begin().After(TimeSpan.FromDays(3)).Status.ShouldBe("playing");
    }

    [Fact]
    public void A_server_that_was_away_itself_gives_its_games_time_to_call()
    {
        var play = Begin(options: new PlayOptions { SilentAfter = TimeSpan.FromMinutes(2) });
        var late = play.At(play.Now.AddHours(3)).Wake();
        late.Status.ShouldBe("playing");
        late.After(TimeSpan.FromMinutes(2)).Status.ShouldBe("interrupted");
    }

    [Fact]
    public void A_recovery_that_falls_silent_is_an_attempt_that_failed()
    {
        var options = new PlayOptions { SilentAfter = TimeSpan.FromMinutes(2) };
        var accepted = Begin(options: options).Send(Save("3", 4)).After(TimeSpan.FromMinutes(3))
            .Send(new AcceptRecovery());
        accepted.After(Minute).Send(new Beat()).After(Minute).Status.ShouldBe("recovering");
        var cut = accepted.After(TimeSpan.FromMinutes(2));
        (cut.Status, cut.State.Offer!.Backups.Single().Attempts).ShouldBe(("interrupted", 1));
    }

    [Fact]
    public void While_a_recovery_is_under_way_nothing_else_is_done()
    {
        var play = Cut(out _).Send(new AcceptRecovery());
        play.Send(Set(("a", 1))).Refusal!.Code.ShouldBe("recovering");
        play.Send(new AcceptRecovery()).Refusal!.Code.ShouldBe("recovering");
        play.Send(new ContinuePlay()).Refusal!.Code.ShouldBe("recovering");
        play.Send(new End()).Refusal!.Code.ShouldBe("recovering");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_game_that_was_silent_and_then_ends_has_ended_well(bool isArchived)
    {
        Decided<PlaySession> cut = Begin().Send(new Interrupted("Nothing was heard."));
        cut = isArchived ? cut.After(TimeSpan.FromDays(2)) : cut;
        cut.State.Status.ShouldBe(isArchived ? PlayStatus.Archived : PlayStatus.Interrupted);
        var ended = cut.Send(new End());
        ended.Refusal.ShouldBeNull();
        (ended.State.Status, ended.State.End, ended.State.Offer).ShouldBe((PlayStatus.Ended, PlayEnd.Clean, null));
    }

    [Fact]
    public void A_backup_that_is_none_is_refused() => Begin().Send(new Interrupted("Gone.", [null!]))
        .Refusal!.Message.ShouldContain("backups");

    [Fact]
    public void Backups_are_limited_and_checked()
    {
        var play = Begin();
        play.Send(new Interrupted(
            "Gone.", [.. Enumerable.Range(1, 64).Select(i => Found(play, "0", i, generation: i))]))
            .Reply.Backups.Length.ShouldBe(64);
        play.Send(new Interrupted(
            "Gone.", [.. Enumerable.Range(1, 65).Select(i => Found(play, "0", i, generation: i))]))
            .Refusal!.Field.ShouldBe("backups");
        play.Send(new Interrupted("Gone.", [Found(play, "x", 1)])).Refusal!.Field.ShouldBe("backups");
        play.Send(new Interrupted(new string('x', 5000))).Reply.What.Length.ShouldBe(256);
    }

    /// <summary>In a mission, cut off two minutes ago, with four saves of which one is damaged.</summary>
    private static Decided<PlaySession> Cut(out RecoveryOffer offer)
    {
        var play = Begin().Walk(GameState.Briefing, GameState.Mission);
        play = play.At(play.Now.AddMinutes(2));
        var cut = play.Send(new Interrupted("The process is gone.",
        [
            Found(play, "0", 10), Found(play, "auto", 5), Found(play, "quick", 3), Found(play, "1", 2.5, Damaged),
        ]));
        offer = cut.Reply;
        return cut;
    }
}
