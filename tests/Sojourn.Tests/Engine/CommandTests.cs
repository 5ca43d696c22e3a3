using Sojourn.Testing;

namespace Sojourn.Tests.Engine;

public sealed class CommandTests
{
    [Fact]
    public async Task A_command_is_typed_in_and_out()
    {
        await using var bench = await Bench.StartAsync();
        var id = await bench.CreateAsync();

        var answer = await bench.Sojourn.SendAsync(id, new Add(5));

        answer.Reply.ShouldBe(5);
        answer.Version.ShouldBe(2);
        answer.DurableVersion.ShouldBe(2);
        (answer.FirstEvent, answer.LastEvent).ShouldBe((2, 2));
        var seen = await bench.GetAsync();
        seen.State.Total.ShouldBe(5);
        seen.Version.ShouldBe(2);
    }

    [Fact]
    public async Task A_refusal_is_an_answer_and_changes_nothing()
    {
        await using var bench = await Bench.StartAsync();
        var id = await bench.CreateAsync();

        var answer = await bench.Sojourn.SendAsync(id, new Add(0));

        answer.IsAccepted.ShouldBeFalse();
        answer.Problem.Type.ShouldBe(ProblemTypes.Refused);
        answer.Problem.Code.ShouldBe("adds-nothing");
        Should.Throw<SojournException>(() => answer.Reply).Message.ShouldBe("Add something.");
        (await bench.GetAsync()).Version.ShouldBe(1);
    }

    [Fact]
    public async Task An_exception_in_a_rule_fails_that_command_and_leaves_the_state()
    {
        await using var bench = await Bench.StartAsync();
        var id = await bench.CreateAsync();
        await bench.Sojourn.SendAsync(id, new Add(3));

        (await bench.Sojourn.SendAsync(id, new Crash())).Problem!.Type.ShouldBe(ProblemTypes.RuleFailed);

        (await bench.Sojourn.SendAsync(id, new Add(1))).Reply.ShouldBe(4);
    }

    [Fact]
    public async Task A_status_that_the_policy_does_not_list_fails_the_command()
    {
        await using var bench = await Bench.StartAsync();
        var id = await bench.CreateAsync();

        var answer = await bench.Sojourn.SendAsync(id, new Move("elsewhere"));

        answer.Problem!.Type.ShouldBe(ProblemTypes.RuleFailed);
        answer.Problem.Cause!.Message.ShouldContain("open, working, done");
        (await bench.GetAsync()).Status.ShouldBe("open");
    }

    [Fact]
    public async Task Commands_of_one_session_are_decided_one_after_another()
    {
        await using var bench = await Bench.StartAsync();
        var id = await bench.CreateAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ =>
            Task.Run(async () => await bench.Sojourn.SendAsync(id, new Add(1)))));

        answers.Select(answer => answer.Reply).Order().ShouldBe(Enumerable.Range(1, 500).Select(i => (long)i));
        answers.Select(answer => answer.Version).Distinct().Count().ShouldBe(500);
        var seen = await bench.GetAsync();
        seen.State.Total.ShouldBe(500);
        seen.LastEvent.ShouldBe(501);
    }

    [Fact]
    public async Task An_expected_version_that_does_not_hold_answers_with_the_session_as_it_is()
    {
        await using var bench = await Bench.StartAsync();
        var id = await bench.CreateAsync();
        await bench.Sojourn.SendAsync(id, new Add(2));

        var answer = await bench.Sojourn.SendAsync(id, new Add(1), new SendOptions { ExpectedVersion = 1 });

        answer.Problem!.Type.ShouldBe(ProblemTypes.VersionMismatch);
        answer.Problem.Current!.Version.ShouldBe(2);
        ((Tally)answer.Problem.Current.State).Total.ShouldBe(2);
        (await bench.Sojourn.SendAsync(id, new Add(1), new SendOptions { ExpectedVersion = 2 })).Reply.ShouldBe(3);
    }

    [Fact]
    public async Task A_command_that_changes_nothing_takes_no_version()
    {
        await using var bench = await Bench.StartAsync();
        var id = await bench.CreateAsync();
        var commits = bench.Store.Commits;

        var answer = await bench.Sojourn.SendAsync(id, new Look());

        answer.IsAccepted.ShouldBeTrue();
        answer.IsChange.ShouldBeFalse();
        answer.Version.ShouldBe(1);
        bench.Store.Commits.ShouldBe(commits);
    }

    [Fact]
    public async Task The_same_seed_throws_the_same_dice()
    {
        var throws = new List<int>();
        for (var run = 0; run < 2; run++)
        {
            await using var bench = await Bench.StartAsync();
            var id = await bench.CreateAsync();
            throws.Add((await bench.Sojourn.SendAsync(id, new Throw())).Reply);
            throws.Add((await bench.Sojourn.SendAsync(id, new Throw())).Reply);
        }

        throws[..2].ShouldBe(throws[2..]);
        throws.ShouldAllBe(eyes => eyes >= 1 && eyes <= 6);
    }

    [Theory]
    [InlineData(true, "session-removed")]
    [InlineData(false, "session-snapshot")]
    public async Task An_event_cannot_have_a_name_that_event_streams_need_themselves(bool end, string name)
    {
        await using var bench = await Bench.StartAsync();
        var id = await bench.CreateAsync();

        var failed = await bench.Sojourn.SendAsync(id, new Announce(end));

        failed.Problem!.Type.ShouldBe(ProblemTypes.RuleFailed);
        failed.Problem.Cause!.Message.ShouldContain($"'{name}'");
        (await bench.GetAsync()).Version.ShouldBe(1);
    }

    [Fact]
    public async Task Nobody_finds_a_session_that_is_not_there_or_is_another_owners()
    {
        await using var bench = await Bench.StartAsync();
        var id = await bench.CreateAsync();
        var stranger = OwnerId.Parse("stranger");

        (await bench.Sojourn.SendAsync("b", new Add(1))).Problem!.Type.ShouldBe(ProblemTypes.NotFound);
        (await bench.Sojourn.GetAsync<Tally>(id, stranger)).Problem!.Type.ShouldBe(ProblemTypes.NotFound);
        (await bench.Sojourn.SendAsync(id, new Add(1), new SendOptions { Owner = stranger })).Problem!.Type
            .ShouldBe(ProblemTypes.NotFound);
        (await bench.Sojourn.RemoveAsync(new SessionKey("tally", stranger, id))).Problem!.Type
            .ShouldBe(ProblemTypes.NotFound);
        (await bench.GetAsync()).Version.ShouldBe(1);
    }

    [Fact]
    public async Task A_session_is_created_once_and_then_got()
    {
        await using var bench = await Bench.StartAsync();
        var get = new CreateOptions { Id = "a", GetIfExists = true };

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            Task.Run(async () => await bench.Sojourn.CreateAsync(new StartTally(9), get))));

        answers.Count(answer => answer.IsChange).ShouldBe(1);
        answers.ShouldAllBe(answer => answer.Reply.State.Total == 9);
        (await bench.Sojourn.CreateAsync(new StartTally(), get with { GetIfExists = false })).Problem!.Type
            .ShouldBe(ProblemTypes.AlreadyExists);
    }

    [Fact]
    public async Task A_start_that_is_refused_leaves_no_session()
    {
        await using var bench = await Bench.StartAsync();

        var answer = await bench.Sojourn.CreateAsync(new StartTally(-1), new CreateOptions { Id = "a" });

        answer.Problem!.Type.ShouldBe(ProblemTypes.Invalid);
        answer.Problem.Field.ShouldBe("from");
        (await bench.Sojourn.GetAsync<Tally>("a")).Problem!.Type.ShouldBe(ProblemTypes.NotFound);
        await bench.CreateAsync();
    }

    [Fact]
    public async Task A_removed_session_is_gone_and_its_id_is_free()
    {
        await using var bench = await Bench.StartAsync();
        var id = await bench.CreateAsync();
        await bench.Sojourn.SendAsync(id, new Add(1));

        (await bench.Sojourn.RemoveAsync(Bench.Key("a"))).IsAccepted.ShouldBeTrue();

        (await bench.Sojourn.SendAsync(id, new Add(1))).Problem!.Type.ShouldBe(ProblemTypes.NotFound);
        (await bench.Sojourn.RemoveAsync(Bench.Key("a"))).Problem!.Type.ShouldBe(ProblemTypes.NotFound);
        await bench.CreateAsync();
        (await bench.GetAsync()).LastEvent.ShouldBe(1);
    }

    [Fact]
    public async Task A_caller_who_gives_up_while_waiting_for_the_turn_has_asked_nothing()
    {
        await using var bench = await Bench.StartAsync();
        var id = await bench.CreateAsync();
        using var giveUp = new CancellationTokenSource();
        bench.Store.Hold();
        var slow = bench.Sojourn.SendAsync(id, new Add(1)).AsTask();
        await bench.Store.Held();
        await giveUp.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(
            () => bench.Sojourn.SendAsync(id, new Add(10), giveUp: giveUp.Token).AsTask());
        bench.Store.Release();

        (await slow).Reply.ShouldBe(1);
        (await bench.Sojourn.SendAsync(id, new Add(1))).Reply.ShouldBe(2);
    }

    [Fact]
    public async Task What_a_repeated_answer_says_was_done_can_be_read_at_once()
    {
        await using var bench = await Bench.StartAsync();
        await bench.CreateAsync("a");
        await bench.Sojourn.SendAsync("a", new Add(1), new SendOptions { OperationId = "one" });
        bench.Store.Fault = StoreFault.AfterWriting;
        (await bench.Sojourn.SendAsync("a", new Add(10), new SendOptions { OperationId = "two" }))
            .Problem!.Type.ShouldBe(ProblemTypes.StoreUnavailable);
        bench.Store.Fault = StoreFault.None;
        await bench.UntilAsync(() => Task.FromResult(bench.Sojourn.Health.Critical is null));

        var again = await bench.Sojourn.SendAsync("a", new Add(10), new SendOptions { OperationId = "two" });

        (again.IsReplay, again.Reply, again.Version, again.DurableVersion).ShouldBe((true, 11, 3, 3));
        var seen = await bench.GetAsync();
        (seen.State.Total, seen.Version, seen.LastEvent).ShouldBe((11, 3, 3));
        (await bench.Sojourn.SendAsync("a", new Add(100))).Reply.ShouldBe(111);
    }

    [Fact]
    public void A_kind_that_cannot_work_says_all_that_is_wrong()
    {
        var policy = new Policy
        {
            Statuses = [new("open") { Busy = true, Final = true }, new("late") { Resumable = true }],
            MaxDriven = 0,
        };

        var refused = Should.Throw<SojournException>(() => new TallyKind(policy, "No Good").BuildRules());

        refused.Message.ShouldContain("not a kind's name");
        refused.Message.ShouldContain("both busy and final");
        refused.Message.ShouldContain("'late' is resumable and must then be final");
        refused.Message.ShouldContain("MaxDriven must be at least 1");
    }
}
