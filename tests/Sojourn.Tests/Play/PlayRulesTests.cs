using System.Text.Json;
using Sojourn.Kinds.Play;
using Sojourn.Kinds.Play.Flow;
using Sojourn.Testing;
using static Sojourn.Tests.Play.Plays;

namespace Sojourn.Tests.Play;

public sealed class PlayRulesTests
{
    [Fact]
    public void A_play_begins_with_its_pilot_its_figures_and_a_checkpoint()
    {
        var play = Begin(new StartPlay("  Maverick ", "wcsaga", "Pete Mitchell", "1.2", "deck"));

        play.Status.ShouldBe("playing");
        (play.State.Pilot, play.State.Game, play.State.PilotName, play.State.GameVersion, play.State.Device)
            .ShouldBe(("Maverick", "wcsaga", "Pete Mitchell", "1.2", "deck"));
        (play.State.AutoSave, play.State.AutoSaveSeconds, play.State.CheckpointSeconds).ShouldBe((true, 300, 300));
        (play.State.StartedAt, play.State.LastActivityAt, play.State.GameState)
            .ShouldBe((play.Now, play.Now, GameState.MainMenu));
        play.State.Checkpoint.ShouldBe(new CheckpointNote(1, play.Now, "start", GameState.MainMenu));
        play.Events.Single().ShouldBeOfType<PlayStarted>().Pilot.ShouldBe("Maverick");
    }

    [Theory]
    [InlineData("pilot", "")]
    [InlineData("pilot", "a/b")]
    [InlineData("game", "Über")]
    [InlineData("pilotName", "with\na line")]
    [InlineData("checkpointSeconds", "59.9")]
    [InlineData("checkpointSeconds", "86401")]
    [InlineData("autoSaveSeconds", "NaN")]
    public void A_start_that_cannot_be_says_which_parameter_is_wrong(string field, string value)
    {
        var number = double.TryParse(value, out var seconds) ? seconds : 300;
        var start = new StartPlay(
            field == "pilot" ? value : "Ann",
            field == "game" ? value : "game",
            field == "pilotName" ? value : null,
            CheckpointSeconds: field == "checkpointSeconds" ? number : 300,
            AutoSaveSeconds: field == "autoSaveSeconds" ? number : 300);
        var refusal = Begin(start).Refusal!;
        (refusal.Field, refusal.IsInvalid).ShouldBe((field, true));
    }

    [Fact]
    public void Intervals_go_down_to_a_minute_and_up_to_a_day()
    {
        Begin(new StartPlay("Ann", CheckpointSeconds: 60, AutoSaveSeconds: 86_400)).IsAccepted.ShouldBeTrue();
        Begin(new StartPlay("Ann", CheckpointSeconds: 600)).State.CheckpointSeconds.ShouldBe(600);
        Begin(new StartPlay("Ann", CheckpointSeconds: 30)).Refusal!.Message.ShouldContain("60 to 86,400");
    }

    [Fact]
    public void When_it_is_saved_can_be_changed_while_it_is_played()
    {
        var play = Begin().After(Minute).Send(new Adjust(false, 60, 86_400));
        (play.State.AutoSave, play.State.AutoSaveSeconds, play.State.CheckpointSeconds).ShouldBe((false, 60, 86_400));
        play.State.NextCheckpointAt.ShouldBe(play.Now.AddDays(1));
        play.Events.Single().ShouldBeOfType<PlayAdjusted>().Text.ShouldBe(
            "A checkpoint every 1440 minutes; not saved by itself.");

        // On again, it counts from then; what is not said stays.
        play = play.After(Minute).Send(new Adjust(AutoSave: true));
        (play.State.AutoSave, play.State.NextAutoSaveAt).ShouldBe((true, play.Now + Minute));
        play.State.CheckpointSeconds.ShouldBe(86_400);

        play.Send(new Adjust(AutoSaveSeconds: 59.9)).Refusal!.Field.ShouldBe("autoSaveSeconds");
        play.Send(new Adjust(CheckpointSeconds: 86_401)).Refusal!.Field.ShouldBe("checkpointSeconds");
        play.Send(new End()).Send(new Adjust(true)).Refusal!.Code.ShouldBe("session-ended");
    }

    [Fact]
    public void An_update_overwrites_what_was_there()
    {
        var play = Begin().Send(Set(("progress", 10), ("mission", "Alpha"))).After(Minute)
            .Send(Set(("progress", 75), ("mission", null), ("checkpoint", "halfway")));

        play.State.Metadata.Select(each => $"{each.Key}={each.Value}").ShouldBe(["checkpoint=halfway", "progress=75"]);
        (play.State.LastUpdateAt, play.State.LastActivityAt).ShouldBe((play.Now, play.Now));
        play.Events.Single().ShouldBeOfType<PlayUpdated>().Names.ShouldBe(["checkpoint", "mission", "progress"]);
        play.Reply.DurationSeconds.ShouldBe(60);
    }

    [Fact]
    public void A_copy_of_the_metadata_stays_as_it_was_when_more_happens()
    {
        var play = Begin().Send(Set(("a", 1)));
        var copy = play.State;
        play.Send(Set(("a", 2))).Send(new End());
        (copy.Metadata["a"].GetInt32(), copy.Metadata.Count, copy.Status).ShouldBe((1, 1, PlayStatus.Playing));
    }

    [Fact]
    public void Metadata_is_limited_in_names_and_in_bytes()
    {
        var full = Begin().Send(Set([.. Enumerable.Range(0, 64).Select(i => ($"n{i}", (object?)i))]));
        full.IsAccepted.ShouldBeTrue();
        full.Send(Set(("one-more", 1))).Refusal!.Code.ShouldBe("too-many");
        full.Send(Set(("one-more", 1), ("n0", null))).IsAccepted.ShouldBeTrue();

        // The name, two quotes, and the text.
        Begin().Send(Set(("a", new string('x', (16 << 10) - 3)))).IsAccepted.ShouldBeTrue();
        Begin().Send(Set(("a", new string('x', (16 << 10) - 2)))).Refusal!.Code.ShouldBe("too-large");
        foreach (var name in new[] { "", "a b", "é", new string('x', 65) })
        {
            Begin().Send(Set((name, 1))).Refusal!.Field.ShouldBe("metadata");
        }
    }

    [Fact]
    public void The_game_goes_where_the_table_says_and_nowhere_else()
    {
        var play = Begin().Walk(GameState.Briefing).After(Minute).Send(new ChangeState(GameState.Mission));
        (play.State.GameState, play.State.PreviousGameState, play.State.GameStateAt)
            .ShouldBe((GameState.Mission, GameState.Briefing, play.Now));
        play.Reply.ShouldBe(new StateChange(GameState.Mission, GameState.Briefing, AutoSave: false, Checkpoint: true));

        var refused = play.Send(new ChangeState(GameState.Shutdown));
        refused.Refusal!.Code.ShouldBe("illegal-state-change");
        refused.Refusal.Message.ShouldContain("MissionComplete, Debrief, MainMenu, Options");
        refused.State.ShouldBe(play.State);

        var same = play.Send(new ChangeState(GameState.Mission));
        (same.IsChange, same.Reply.Checkpoint).ShouldBe((false, false));
    }

    [Fact]
    public void A_change_of_state_is_a_checkpoint()
    {
        var play = Begin().After(Minute).Walk(GameState.Options);
        play.State.Checkpoint.ShouldBe(new CheckpointNote(2, play.Now, "state-change", GameState.Options));
        play.State.NextCheckpointAt.ShouldBe(play.Now + TimeSpan.FromMinutes(5));
    }

    [Fact]
    public void A_save_is_asked_for_after_a_mission_at_its_debriefing_and_at_the_campaigns_end()
    {
        var play = Begin().Walk(GameState.Briefing, GameState.Mission);
        play.State.AutoSaveWanted.ShouldBeNull();
        var complete = play.Send(new ChangeState(GameState.MissionComplete));
        (complete.Reply.AutoSave, complete.State.AutoSaveWanted).ShouldBe((true, "state-change"));
        complete.Events.OfType<AutoSaveDue>().ShouldHaveSingleItem();
        complete.Send(new ChangeState(GameState.Debrief)).Reply.AutoSave.ShouldBeTrue();
        complete.Send(new ChangeState(GameState.CampaignComplete)).Reply.AutoSave.ShouldBeTrue();
        complete.Send(Save("auto", 1, "auto")).State.AutoSaveWanted.ShouldBeNull();

        var without = Begin(new StartPlay("Ann", AutoSave: false)).Walk(GameState.Briefing, GameState.Mission)
            .Send(new ChangeState(GameState.MissionComplete));
        (without.Reply.AutoSave, without.State.AutoSaveWanted).ShouldBe((false, null));
        without.After(TimeSpan.FromHours(1)).Events.OfType<AutoSaveDue>().ShouldBeEmpty();
    }

    [Fact]
    public void Checkpoints_and_saves_are_asked_for_at_their_intervals()
    {
        var play = Begin(new StartPlay("Ann", CheckpointSeconds: 60, AutoSaveSeconds: 150))
            .After(TimeSpan.FromSeconds(301));
        play.Events.OfType<CheckpointDue>().Count().ShouldBe(5);
        play.Events.OfType<AutoSaveDue>().Count().ShouldBe(2);
        // Nobody played: what the rules do by themselves is no sign of life.
        play.State.LastActivityAt.ShouldBe(play.State.StartedAt);
    }

    [Fact]
    public void A_checkpoint_that_was_made_puts_the_next_one_off()
    {
        var play = Begin().After(TimeSpan.FromMinutes(4))
            .Send(new Checkpoint("game", new SavedContent("auto", 3, "checkpoint")));
        play.Reply.ShouldBe(new CheckpointNote(2, play.Now, "game", GameState.MainMenu, "auto", 3));
        play.State.Slots["auto"].Generation.ShouldBe(3);
        play.After(TimeSpan.FromMinutes(4)).Events.ShouldBeEmpty();
        play.After(TimeSpan.FromMinutes(5)).Events.Count.ShouldBe(2);
        play.Send(new Checkpoint("")).Refusal!.Field.ShouldBe("why");
    }

    [Fact]
    public void How_saving_went_is_counted()
    {
        var play = Begin().Send(Save("3", 1, milliseconds: 4)).Send(Save("3", 2, milliseconds: 8))
            .Send(Save("quick", 1, "quick", 3)).Send(Save("3", 3) with { Error = "The disk is full." });

        var tally = play.Reply;
        (tally.Done, tally.Failed, tally.LastError, tally.Bytes, tally.LastSlot)
            .ShouldBe((3, 1, "The disk is full.", 3000, "quick"));
        (tally.LastMilliseconds, tally.AverageMilliseconds, tally.FastestMilliseconds, tally.SlowestMilliseconds)
            .ShouldBe((3, 5, 3, 8));
        play.State.Slots.Values.Select(save => $"{save.Slot} {save.Generation}").ShouldBe(["3 2", "quick 1"]);
        play.Events.Single().ShouldBeOfType<SaveNotDone>().Slot.ShouldBe("3");
    }

    [Fact]
    public void A_report_of_a_save_that_comes_late_takes_nothing_back() =>
        Begin().Send(Save("3", 5)).Send(Save("3", 4)).State.Slots["3"].Generation.ShouldBe(5);

    [Theory]
    [InlineData("one\ntwo\u0007", 10, "one two")]
    [InlineData("abcd", 4, "abcd")]
    [InlineData("abcde", 4, "abc…")]
    [InlineData("ab\ud83d\ude80cd", 4, "ab…")]
    [InlineData(null, 4, "")]
    public void A_text_for_people_becomes_one_line_and_is_cut_between_characters(string? text, int most, string line) =>
        PlayLimits.Cut(text, most).ShouldBe(line);

    [Theory]
    [InlineData("999", 1, "manual", 1)]
    [InlineData("03", 1, "manual", 1)]
    [InlineData("../x", 1, "manual", 1)]
    [InlineData("3", 0, "manual", 1)]
    [InlineData("3", 1, "cloud", 1)]
    [InlineData("3", 1, "manual", -1)]
    public void A_report_of_a_save_that_cannot_be_is_refused(string slot, long generation, string type, long size)
    {
        var refused = Begin().Send(new Saved(new SavedContent(slot, generation, type, "", size)));
        (refused.Refusal!.Field, refused.State.Saves.Done).ShouldBe(("save", 0));
        Begin().Send(new Saved(new SavedContent("3", 1, Sha256: "abc"))).Refusal!.Field.ShouldBe("save");
    }

    [Fact]
    public void A_save_of_a_tebibyte_is_counted_and_a_larger_one_is_refused()
    {
        var largest = new SavedContent("quick", 1, "quick", "", 1L << 40, 4);
        var play = Begin().Send(new Saved(largest)).Send(new Saved(largest with { Generation = 2 }));
        play.State.Saves.Bytes.ShouldBe(2L << 40);
        var refused = play.Send(new Saved(largest with { Generation = 3, Size = (1L << 40) + 1 }));
        refused.Refusal!.Message.ShouldContain("1,099,511,627,776");
    }

    [Fact]
    public void A_sign_of_life_counts_once_a_second()
    {
        var play = Begin();
        play.Send(new Beat()).IsChange.ShouldBeFalse();
        var later = play.At(play.Now.AddSeconds(1)).Send(new Beat());
        (later.IsChange, later.State.LastActivityAt, later.Events.Count).ShouldBe((true, later.Now, 0));
    }

    [Fact]
    public void An_end_says_how_long_it_lasted_and_nothing_comes_after_it()
    {
        var play = Begin().Send(Set(("a", 1))).After(TimeSpan.FromMinutes(90)).Send(new End("the window was closed"));
        (play.Status, play.IsFinal, play.State.End, play.State.EndedAt)
            .ShouldBe(("ended", true, PlayEnd.Clean, play.Now));
        play.Reply.DurationSeconds.ShouldBe(5400);
        play.State.Metadata.Count.ShouldBe(1);
        play.Events.Single().ShouldBeOfType<PlayEnded>().Text.ShouldContain("the window was closed");

        play.Send(new End()).IsChange.ShouldBeFalse();
        play.Send(Set(("a", 2))).Refusal!.Code.ShouldBe("session-ended");
        play.Send(new Beat()).Refusal!.Code.ShouldBe("session-ended");
        play.WakeAt.ShouldBeNull();
        play.After(TimeSpan.FromDays(29)).IsExpired.ShouldBeFalse();
        play.After(TimeSpan.FromDays(30)).IsExpired.ShouldBeTrue();
    }

    [Fact]
    public void A_play_that_ended_well_is_never_a_crash() => Begin().Send(new End())
        .Send(new Interrupted("The process is gone.")).Refusal!.Code.ShouldBe("session-ended");

    [Fact]
    public void Whoever_takes_over_is_named()
    {
        var play = Begin().Send(new TakeOver("play-2"));
        (play.Status, play.State.End).ShouldBe(("ended", PlayEnd.TakenOver));
        play.Events.Single().ShouldBeOfType<PlayEnded>().Text.ShouldContain("play-2");
        play.Send(new TakeOver("play-3")).IsChange.ShouldBeFalse();
    }

    [Fact]
    public void Options_that_cannot_be_are_told_all_at_once()
    {
        var fault = Should.Throw<SojournException>(() => new PlayKind(new PlayOptions
        {
            SilentAfter = TimeSpan.FromSeconds(4),
            OfferFor = TimeSpan.Zero,
            MaxSessions = 0,
            ShortestInterval = TimeSpan.Zero,
            KeepEndedFor = TimeSpan.Zero,
            KeepArchivedFor = TimeSpan.FromDays(4000),
        })).Message;
        foreach (var name in new[]
        {
            "SilentAfter", "OfferFor", "MaxSessions", "ShortestInterval", "KeepEndedFor", "KeepArchivedFor",
        })
        {
            fault.ShouldContain(name);
        }
    }
}
