using System.Text.Json;
using Sojourn.Testing;

namespace Sojourn.Tests.TestKit;

/// <summary>The engine's rules, tested without an engine.</summary>
public sealed class RulesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_command_is_decided_and_everything_it_yields_can_be_seen()
    {
        var lantern = Rules.Of(new LanternKind()).Start(new NewLantern(2)).Send(new Light(Hours: 3));

        lantern.Reply.ShouldBe(1);
        lantern.State.Oil.ShouldBe(1);
        (lantern.Status, lantern.IsBusy, lantern.IsFinal, lantern.Version).ShouldBe(("lit", true, false, 2L));
        lantern.Events.ShouldBe([new Lit(1)]);
        lantern.WakeAt.ShouldBe(Noon.AddHours(3));
        (lantern.IsAccepted, lantern.IsChange, lantern.ExpiresAt).ShouldBe((true, true, (DateTimeOffset?)null));
    }

    [Fact]
    public void A_refusal_is_an_answer_and_leaves_the_session_where_it_was()
    {
        var dark = Rules.Of(new LanternKind()).Start(new NewLantern(0));

        var refused = dark.Send(new Light());

        refused.Refusal.ShouldBe(new Refusal("no-oil", "Fill it first."));
        (refused.IsAccepted, refused.IsChange, refused.Version).ShouldBe((false, false, 1L));
        refused.State.ShouldBeSameAs(dark.State);
        Should.Throw<InvalidOperationException>(() => refused.Reply).Message.ShouldContain("no-oil");
    }

    [Fact]
    public void A_refused_start_leaves_no_session()
    {
        var nothing = Rules.Of(new LanternKind()).Start(new NewLantern(-1));

        nothing.Refusal!.Field.ShouldBe("oil");
        Should.Throw<InvalidOperationException>(() => nothing.State).Message.ShouldContain("was refused");
        Should.Throw<InvalidOperationException>(() => nothing.Send(new Look()));
        Should.Throw<InvalidOperationException>(() => nothing.After(TimeSpan.Zero));
    }

    [Fact]
    public void A_step_that_changes_nothing_takes_no_version()
    {
        var looked = Rules.Of(new LanternKind()).Start(new NewLantern()).Send(new Look());

        (looked.Reply, looked.IsChange, looked.Version).ShouldBe((3, false, 1L));
    }

    [Fact]
    public void Two_things_can_be_tried_from_the_same_point()
    {
        var start = Rules.Of(new LanternKind()).Start(new NewLantern(5));

        start.Send(new Light()).Send(new Light()).State.Oil.ShouldBe(3);
        start.Send(new Light()).State.Oil.ShouldBe(4);
        start.State.Oil.ShouldBe(5);
    }

    [Fact]
    public void Time_that_passes_calls_the_wake_up_at_its_time_and_ends_what_was_kept_for_long_enough()
    {
        var lit = Rules.Of(new LanternKind()).Start(new NewLantern(1)).Send(new Light(Hours: 2));

        lit.After(TimeSpan.FromHours(2) - TimeSpan.FromTicks(1)).Status.ShouldBe("lit");
        var empty = lit.After(TimeSpan.FromHours(2));
        (empty.Status, empty.IsFinal, empty.Now).ShouldBe(("empty", true, Noon.AddHours(2)));
        empty.Events.ShouldBe([new WentOut(Noon.AddHours(2))]);
        empty.ExpiresAt.ShouldBe(Noon.AddHours(3));
        empty.After(TimeSpan.FromMinutes(59)).IsExpired.ShouldBeFalse();

        var gone = lit.After(TimeSpan.FromHours(3));
        gone.IsExpired.ShouldBeTrue();
        gone.Events.ShouldBe([new WentOut(Noon.AddHours(2))]);
        Should.Throw<InvalidOperationException>(() => gone.Send(new Look())).Message.ShouldContain("expired");
    }

    [Fact]
    public void A_wake_up_after_a_night_without_a_server_comes_late()
    {
        var lit = Rules.Of(new LanternKind()).At(Noon.AddDays(1)).Start(new NewLantern()).Send(new Light());

        lit.Wake().Events.ShouldBe([new WentOut(Noon.AddDays(1).AddHours(1))]);
        lit.At(Noon.AddDays(2)).Wake().Events.ShouldBe([new WentOut(Noon.AddDays(2))]);
        Should.Throw<InvalidOperationException>(() => lit.Wake().Wake()).Message.ShouldContain("WakeAt is null");
    }

    [Fact]
    public void A_clock_that_is_set_back_does_not_take_the_session_back()
    {
        var lit = Rules.Of(new LanternKind()).Start(new NewLantern()).Send(new Light()).At(Noon.AddDays(-1));

        lit.Send(new Light()).WakeAt.ShouldBe(Noon.AddHours(1));
    }

    [Fact]
    public void The_same_seed_throws_the_same_and_another_one_something_else()
    {
        var book = Rules.Of(new LanternKind());

        var first = book.Seeded(7).Start(new NewLantern()).Send(new Throw());
        book.Seeded(7).Start(new NewLantern()).Send(new Throw()).Reply.ShouldBe(first.Reply);
        book.Seeded(8).Start(new NewLantern()).Send(new Throw()).Reply.ShouldNotBe(first.Reply);
        book.Start(new NewLantern()).Seeded(7).Send(new Throw()).Reply.ShouldBe(first.Reply);
        book.Named("b").Seeded(7).Start(new NewLantern()).Send(new Throw()).Reply.ShouldNotBe(first.Reply);
    }

    [Fact]
    public void Chance_is_what_the_engine_would_throw()
    {
        var context = new RuleContext(new SessionKey("lantern", OwnerId.Local, "a"), 1, Noon, 7);

        Rules.Of(new LanternKind()).Seeded(7).Start(new NewLantern()).Send(new Throw()).Reply
            .ShouldBe(context.Dice.Next(1, 1_000_000));
    }

    [Fact]
    public void A_drivers_report_and_its_end_are_decided_too()
    {
        var lit = Rules.Of(new LanternKind()).Start(new NewLantern()).Send(new Light());

        lit.Send(new Burnt(1)).State.Oil.ShouldBe(1);
        lit.DriverEnds("no wick", attempts: 4).State.LastThrow.ShouldBe(4);
        lit.Send(new Snuff()).DriverEnds().IsChange.ShouldBeFalse("it is not busy");
    }

    [Fact]
    public void A_session_can_be_taken_up_in_the_middle_of_its_life()
    {
        var old = Rules.Of(new LanternKind()).From(new Lantern(9, true, Noon.AddMinutes(5)), version: 40);

        (old.Status, old.Version, old.WakeAt).ShouldBe(("lit", 40L, Noon.AddMinutes(5)));
        old.Send(new Light()).Version.ShouldBe(41);
    }

    [Fact]
    public void What_is_appended_to_a_stream_can_be_read()
    {
        var drawn = Rules.Of(new LanternKind()).Start(new NewLantern()).Send(new Draw("pictures"));

        drawn.Entries.Single().Stream.ShouldBe("pictures");
        drawn.Entries.Single().Bytes.ToArray().ShouldBe("light"u8.ToArray());
        drawn.IsChange.ShouldBeTrue();
    }

    [Fact]
    public void A_rule_that_keeps_count_on_the_side_is_found_and_named_with_its_seed()
    {
        var start = Rules.Of(new LanternKind()).Seeded(99).Start(new NewLantern());

        var broken = Should.Throw<RuleBrokenException>(() => start.Send(new WatchClock()));

        (broken.Command, broken.Seed).ShouldBe(("watch-clock", 99UL));
        broken.Message.ShouldContain("'watch-clock' of kind 'lantern' is not pure");
        broken.Message.ShouldContain("\"lastThrow\":1");
        broken.Message.ShouldContain("\"lastThrow\":2");
        broken.Message.ShouldContain("Step 2, seed 99, at 2026-01-01T12:00:00");
    }

    [Fact]
    public void A_state_with_a_part_that_json_leaves_out_is_found_when_a_rule_depends_on_it()
    {
        var start = Rules.Of(new LanternKind()).Start(new NewLantern());

        Should.Throw<RuleBrokenException>(() => start.Send(new Forget()).Send(new Remember())).Message
            .ShouldContain("'remember' of kind 'lantern' decides otherwise once the state has been stored and read");
    }

    [Fact]
    public void A_rule_that_writes_into_the_state_it_was_given_is_found()
    {
        var start = Rules.Of(new LanternKind()).Start(new NewLantern());

        Should.Throw<RuleBrokenException>(() => start.Send(new Scratch("x"))).Message
            .ShouldContain("changes the state that it is given");
    }

    [Fact]
    public void A_rule_that_throws_is_told_with_the_command_and_the_cause()
    {
        var start = Rules.Of(new LanternKind()).Start(new NewLantern());

        var broken = Should.Throw<RuleBrokenException>(() => start.Send(new Drop()));

        broken.Message.ShouldContain("'drop' of kind 'lantern' throws InvalidOperationException: It broke.");
        broken.InnerException.ShouldBeOfType<InvalidOperationException>();
        Should.Throw<RuleBrokenException>(() => start.Send(new Vanish())).Message.ShouldContain("no status 'nowhere'");
        Should.Throw<RuleBrokenException>(() => start.Send(new Draw("No Name"))).Message.ShouldContain("'No Name'");
    }

    [Fact]
    public void A_wake_up_that_does_not_move_on_is_found()
    {
        var lit = Rules.Of(new LanternKind()).From(new Lantern(1, true, Noon, LastThrow: 13));

        Should.Throw<RuleBrokenException>(() => lit.Wake()).Message.ShouldContain("which has passed");
    }

    [Fact]
    public void The_policys_limits_hold_to_the_byte()
    {
        var start = Rules.Of(new LanternKind()).Start(new NewLantern());
        start.Send(new Flood(3)).Events.Count.ShouldBe(3);
        Should.Throw<RuleBrokenException>(() => start.Send(new Flood(4)))
            .Message.ShouldContain("of 4; the policy allows 3");

        var around = JsonSerializer.Serialize(start.Send(new Grow(0)).State, SojournJson.Stored).Length;
        start.Send(new Grow(400 - around)).IsChange.ShouldBeTrue();
        Should.Throw<RuleBrokenException>(() => start.Send(new Grow(401 - around))).Message.ShouldContain("of 401");
    }

    [Fact]
    public void An_events_size_is_measured_as_the_engine_does()
    {
        var size = EventSize();
        Rules.Of(new LanternKind(LanternKind.Limits with { MaxEntryBytes = size })).Start(new NewLantern())
            .Send(new Flood(1)).Events.Count.ShouldBe(1);
        var tight = Rules.Of(new LanternKind(LanternKind.Limits with { MaxEntryBytes = size - 1 }));
        Should.Throw<RuleBrokenException>(() => tight.Start(new NewLantern()).Send(new Flood(1)))
            .Message.ShouldContain($"of {size:N0}; the policy allows {size - 1:N0}");

        static int EventSize() => """
            {"offset":"0123456789abcdef_0000000000000001","type":"glow","at":"2026-01-01T12:00:00Z",
            "version":2,"data":{"level":1}}
            """.ReplaceLineEndings("").Length;
    }

    [Fact]
    public void A_kind_that_the_engine_would_refuse_is_refused_here_too()
    {
        Should.Throw<SojournException>(() => Rules.Of(new LanternKind(new Policy { Statuses = [] })))
            .Message.ShouldContain("1 to 32 statuses");
        Should.Throw<ArgumentException>(() => Rules.Of(new LanternKind()).Start(new NewLantern())
            .Send(new Server.Tick())).Message.ShouldContain("no command Tick");
    }

    [Fact]
    public void A_seed_that_fails_is_named_and_can_be_run_alone()
    {
        var run = new List<ulong>();
        var failed = Should.Throw<SeedFailedException>(() => Seeds.Each(10, Odd));

        failed.Seed.ShouldBe(4UL);
        failed.Message.ShouldStartWith("Seed 4 fails: ");
        run.ShouldBe([1UL, 2, 3, 4]);
        Should.Throw<SeedFailedException>(() => Seeds.Each(1, Odd, first: 4)).Seed.ShouldBe(4UL);
        Seeds.Each(3, _ => { });

        void Odd(ulong seed)
        {
            run.Add(seed);
            seed.ShouldNotBe(4UL);
        }
    }

    [Fact]
    public void A_hundred_random_evenings_keep_the_rules()
    {
        Seeds.Each(100, seed =>
        {
            var dice = new Dice(seed);
            Decided<Lantern> lantern = Rules.Of(new LanternKind()).Seeded(seed).Start(new NewLantern(dice.Next(1, 5)));
            var oil = lantern.State.Oil;
            for (var i = 0; i < 20 && !lantern.IsExpired; i++)
            {
                lantern = dice.Next(3) switch
                {
                    0 => lantern.Send(new Light(dice.Next(1, 4))),
                    1 => lantern.Send(new Snuff()),
                    _ => lantern.After(TimeSpan.FromMinutes(dice.Next(200))),
                };
                oil -= lantern.Events.OfType<Lit>().Count();
            }

            (lantern.IsExpired || lantern.State.Oil == oil).ShouldBeTrue();
        });
    }
}
