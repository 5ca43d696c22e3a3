using Sojourn.Stores;
using Sojourn.Testing;

namespace Sojourn.Tests.Engine;

public sealed class DurabilityTests
{
    private static readonly Policy WriteBehind = TallyKind.DefaultPolicy with { Durability = Durability.WriteBehind };
    private static readonly Policy Volatile = TallyKind.DefaultPolicy with { Durability = Durability.Volatile };

    [Fact]
    public async Task Nobody_sees_a_version_that_is_not_on_disk()
    {
        await using var bench = await Bench.StartAsync();
        var id = await bench.CreateAsync();
        bench.Store.Hold();

        var writing = bench.Sojourn.SendAsync(id, new Add(5)).AsTask();
        await bench.Store.Held();

        var seen = await bench.GetAsync();
        seen.Version.ShouldBe(1);
        seen.State.Total.ShouldBe(0);
        (await bench.Sojourn.ReadEventsAsync(Bench.Key("a"), 0, 10)).Count.ShouldBe(1);
        writing.IsCompleted.ShouldBeFalse();
        bench.Store.Release();
        (await writing).Reply.ShouldBe(5);
        (await bench.GetAsync()).Version.ShouldBe(2);
    }

    [Fact]
    public async Task Even_a_refusal_waits_for_what_it_was_judged_on()
    {
        await using var bench = await Bench.StartAsync();
        var id = await bench.CreateAsync();
        bench.Store.Hold();
        var writing = bench.Sojourn.SendAsync(id, new Add(5)).AsTask();
        await bench.Store.Held();

        var refused = bench.Sojourn.SendAsync(id, new Add(0)).AsTask();
        var mismatch = bench.Sojourn.SendAsync(id, new Add(1), new SendOptions { ExpectedVersion = 1 }).AsTask();

        (refused.IsCompleted, mismatch.IsCompleted).ShouldBe((false, false));
        bench.Store.Release();
        await writing;
        (await refused).Problem!.Type.ShouldBe(ProblemTypes.Refused);
        (await mismatch).Problem!.Current!.Version.ShouldBe(2);
    }

    [Fact]
    public async Task What_arrives_during_a_flush_joins_the_next_and_writes_its_state_once()
    {
        await using var bench = await Bench.StartAsync();
        var id = await bench.CreateAsync();
        bench.Store.Hold();
        var first = bench.Sojourn.SendAsync(id, new Add(1)).AsTask();
        await bench.Store.Held();
        var (commits, changes) = (bench.Store.Commits, bench.Store.Changes);

        var rest = Enumerable.Range(0, 50).Select(_ => bench.Sojourn.SendAsync(id, new Add(1)).AsTask()).ToList();
        bench.Store.Release();
        await first;
        var answers = await Task.WhenAll(rest);

        (bench.Store.Commits - commits).ShouldBe(1);
        (bench.Store.Changes - changes).ShouldBe(2);
        answers.Select(answer => answer.Reply).ShouldBe(Enumerable.Range(2, 50).Select(i => (long)i));
    }

    [Fact]
    public async Task A_failed_commit_fails_its_commands_rolls_back_and_recovers_by_itself()
    {
        await using var bench = await Bench.StartAsync();
        var id = await bench.CreateAsync();
        await bench.CreateAsync("b");
        bench.Store.Fault = StoreFault.BeforeWriting;
        bench.Store.FailProbes = true;

        var failed = await bench.Sojourn.SendAsync(id, new Add(5));

        failed.Problem!.Type.ShouldBe(ProblemTypes.StoreUnavailable);
        failed.Problem.Retryable.ShouldBeTrue();
        bench.Sojourn.Health.Critical.ShouldNotBeNull();
        (await bench.GetAsync()).Version.ShouldBe(1);
        var commits = bench.Store.Commits;
        (await bench.Sojourn.SendAsync("b", new Add(1))).Problem!.Type.ShouldBe(ProblemTypes.StoreUnavailable);
        bench.Store.Commits.ShouldBe(commits, "while the store fails, commands are refused without trying each");

        bench.Store.Fault = StoreFault.None;
        bench.Store.FailProbes = false;
        await RecoverAsync(bench);
        (await bench.Sojourn.SendAsync(id, new Add(2))).Reply.ShouldBe(2);
        (await bench.GetAsync()).LastEvent.ShouldBe(2);
    }

    [Fact]
    public async Task What_was_decided_on_a_step_that_failed_is_decided_again()
    {
        await using var bench = await Bench.StartAsync();
        var id = await bench.CreateAsync();
        bench.Store.Hold();
        var doomed = bench.Sojourn.SendAsync(id, new Add(100)).AsTask();
        await bench.Store.Held();
        var after = bench.Sojourn.SendAsync(id, new Add(1)).AsTask();
        var elsewhere = bench.Sojourn.CreateAsync(new StartTally(), new CreateOptions { Id = "b" }).AsTask();
        bench.Store.Fault = StoreFault.BeforeWriting;
        bench.Store.Release();

        (await doomed).Problem!.Type.ShouldBe(ProblemTypes.StoreUnavailable);
        // Refused with the failure, or decided anew if the store was back by then: never the sum of both.
        bench.Store.Fault = StoreFault.None;
        (await after).Problem?.Type.ShouldBe(ProblemTypes.StoreUnavailable);
        (await elsewhere).Problem?.Type.ShouldBe(ProblemTypes.StoreUnavailable);
        await RecoverAsync(bench);
        (await bench.GetAsync()).State.Total.ShouldBeLessThan(2);
    }

    [Fact]
    public async Task A_commit_that_took_effect_after_all_is_found_by_its_operation_id()
    {
        await using var bench = await Bench.StartAsync();
        var id = await bench.CreateAsync();
        var once = new SendOptions { OperationId = "pay-1" };
        bench.Store.Fault = StoreFault.AfterWriting;
        (await bench.Sojourn.SendAsync(id, new Add(5), once)).Problem!.Type.ShouldBe(ProblemTypes.StoreUnavailable);
        bench.Store.Fault = StoreFault.None;
        await RecoverAsync(bench);

        var again = await bench.Sojourn.SendAsync(id, new Add(5), once);

        again.IsReplay.ShouldBeTrue();
        again.Reply.ShouldBe(5);
        (await bench.GetAsync()).State.Total.ShouldBe(5);
        (await bench.Sojourn.SendAsync(id, new Add(1))).Reply.ShouldBe(6);
    }

    [Fact]
    public async Task The_same_operation_id_has_one_effect_also_after_a_restart()
    {
        var store = new MemoryStore();
        var once = new SendOptions { OperationId = "pay-1" };
        await using (var bench = await Bench.StartAsync(store: store))
        {
            var id = await bench.CreateAsync();
            (await bench.Sojourn.SendAsync(id, new Add(5), once)).IsReplay.ShouldBeFalse();
            await bench.Sojourn.SendAsync(id, new Add(1));
        }

        await using var later = await Bench.StartAsync(store: store);
        var again = await later.Sojourn.SendAsync("a", new Add(5), once);
        (again.IsReplay, again.IsChange, again.Reply, again.Version).ShouldBe((true, false, 5, 2));
        (await later.Sojourn.SendAsync("a", new Add(6), once)).Problem!.Type.ShouldBe(ProblemTypes.OperationReused);
        (await later.GetAsync()).State.Total.ShouldBe(6);
    }

    [Theory]
    [InlineData(Durability.Durable)]
    [InlineData(Durability.WriteBehind)]
    [InlineData(Durability.Volatile)]
    public async Task Many_at_once_under_one_operation_id_have_one_effect(Durability durability)
    {
        await using var bench = await Bench.StartAsync(TallyKind.DefaultPolicy with { Durability = durability });
        var id = await bench.CreateAsync();
        var once = new SendOptions { OperationId = "pay-1" };

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ =>
            Task.Run(async () => await bench.Sojourn.SendAsync(id, new Add(5), once))));

        answers.ShouldAllBe(answer => answer.Reply == 5);
        answers.Count(answer => answer.IsChange).ShouldBe(1);
        answers.Count(answer => answer.IsReplay).ShouldBe(49);
        (await bench.GetAsync()).State.Total.ShouldBe(5);
    }

    [Fact]
    public async Task The_same_operation_id_creates_one_session()
    {
        await using var bench = await Bench.StartAsync();
        var once = new CreateOptions { OperationId = "new-1" };

        var first = await bench.Sojourn.CreateAsync(new StartTally(3), once);
        var again = await bench.Sojourn.CreateAsync(new StartTally(3), once);

        again.IsReplay.ShouldBeTrue();
        again.Reply.Key.ShouldBe(first.Reply.Key);
        (await bench.Sojourn.CreateAsync(new StartTally(4), once)).Problem!.Type.ShouldBe(ProblemTypes.OperationReused);
    }

    [Theory]
    [InlineData(Durability.Durable)]
    [InlineData(Durability.Volatile)]
    public async Task A_session_remembers_so_many_operation_ids_and_forgets_them_after_a_day(Durability durability)
    {
        await using var bench = await Bench.StartAsync(
            TallyKind.DefaultPolicy with { MaxOperations = 3, Durability = durability });
        var id = await bench.CreateAsync();
        static SendOptions Once(int i) => new() { OperationId = $"op-{i}" };
        for (var i = 0; i < 3; i++)
        {
            (await bench.Sojourn.SendAsync(id, new Add(1), Once(i))).IsAccepted.ShouldBeTrue();
        }

        (await bench.Sojourn.SendAsync(id, new Add(1), Once(3))).Problem!.Type.ShouldBe(ProblemTypes.TooManyOperations);
        (await bench.Sojourn.SendAsync(id, new Add(1), Once(0))).IsReplay.ShouldBeTrue();

        // The first three count as long as they may still be younger than a day.
        bench.Clock.Advance(TimeSpan.FromHours(24));
        (await bench.Sojourn.SendAsync(id, new Add(1), Once(3))).Problem!.Type.ShouldBe(ProblemTypes.TooManyOperations);
        bench.Clock.Advance(TimeSpan.FromHours(24));
        (await bench.Sojourn.SendAsync(id, new Add(1), Once(3))).Problem?.Type.ShouldBe(ProblemTypes.TooManyOperations);
    }

    [Fact]
    public async Task Write_behind_is_answered_at_once_and_on_disk_after_its_delay()
    {
        await using var bench = await Bench.StartAsync(WriteBehind);
        var id = await bench.CreateAsync();
        var answer = await bench.Sojourn.SendAsync(id, new Add(5));
        (answer.Version, answer.DurableVersion).ShouldBe((2, 0));
        (await bench.GetAsync()).State.Total.ShouldBe(5);
        bench.Store.Commits.ShouldBe(0);

        bench.Clock.Advance(TimeSpan.FromMilliseconds(99));
        bench.Store.Commits.ShouldBe(0);
        bench.Store.Hold();
        bench.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await bench.Store.Held();
        bench.Store.Release();

        await bench.Sojourn.FlushAsync();
        (await bench.GetAsync()).DurableVersion.ShouldBe(2);
    }

    [Fact]
    public async Task Write_behind_steps_outlive_a_failing_store_and_a_commit_of_unknown_outcome()
    {
        var store = new MemoryStore();
        await using var bench = await Bench.StartAsync(WriteBehind, store);
        var id = await bench.CreateAsync();
        await bench.Sojourn.SendAsync(id, new Add(1));
        bench.Store.Fault = StoreFault.AfterWriting;
        await Should.ThrowAsync<SojournException>(() => bench.Sojourn.FlushAsync());
        (await bench.Sojourn.SendAsync(id, new Add(1))).Problem!.Type.ShouldBe(ProblemTypes.StoreUnavailable);
        (await bench.GetAsync()).State.Total.ShouldBe(1);

        bench.Store.Fault = StoreFault.None;
        await RecoverAsync(bench);
        (await bench.Sojourn.SendAsync(id, new Add(1))).Reply.ShouldBe(2);
        await bench.Sojourn.FlushAsync();

        (await store.LoadAsync(Bench.Key("a"), default))!.Version.ShouldBe(3);
        (await store.ReadStreamAsync(new StreamKey(Bench.Key("a"), "events"), 0, 10, 1 << 20, default))
            .Select(entry => entry.Number).ShouldBe([1L, 2, 3]);
    }

    [Fact]
    public async Task Write_behind_steps_are_on_disk_after_a_stop_and_after_a_flush_removed_ones_too()
    {
        var store = new MemoryStore();
        await using (var bench = await Bench.StartAsync(WriteBehind, store))
        {
            await bench.CreateAsync();
            await bench.CreateAsync("b");
            await bench.Sojourn.FlushAsync();
            await bench.Sojourn.RemoveAsync(Bench.Key("b"));
            await bench.CreateAsync("b");
            await bench.Sojourn.SendAsync("b", new Add(7));
            await bench.Sojourn.RemoveAsync(Bench.Key("a"));
            (await bench.Sojourn.StopAsync()).Unsaved.ShouldBeEmpty();
        }

        await using var later = await Bench.StartAsync(WriteBehind, store);
        (await later.Sojourn.GetAsync<Tally>("a")).Problem!.Type.ShouldBe(ProblemTypes.NotFound);
        (await later.GetAsync("b")).State.Total.ShouldBe(7);
    }

    [Fact]
    public async Task A_stop_while_the_store_fails_says_what_could_not_be_saved()
    {
        await using var bench = await Bench.StartAsync(WriteBehind);
        await bench.CreateAsync();
        bench.Store.Fault = StoreFault.BeforeWriting;
        bench.Store.FailProbes = true;

        var report = await bench.Sojourn.StopAsync();

        report.Unsaved.ShouldBe([Bench.Key("a")]);
        (await bench.Sojourn.StopAsync()).ShouldBeSameAs(report);
        (await bench.Sojourn.SendAsync("a", new Add(1))).Problem!.Type.ShouldBe(ProblemTypes.Stopping);
    }

    [Fact]
    public async Task A_volatile_session_never_touches_the_store()
    {
        await using var bench = await Bench.StartAsync(Volatile);
        var id = await bench.CreateAsync();
        var answer = await bench.Sojourn.SendAsync(id, new Add(5));
        await bench.Sojourn.SendAsync(id, new Draw(3));
        await bench.Sojourn.FlushAsync();

        (answer.Reply, answer.DurableVersion).ShouldBe((5, 0));
        bench.Store.Commits.ShouldBe(0);
        (await bench.Sojourn.ReadEntryAsync(Bench.Key("a"), "pictures", 1))!.Value.Length.ShouldBe(3);
        var page = await bench.Sojourn.ListAsync(new SessionQuery { Kind = "tally" });
        page.Sessions.Single().Version.ShouldBe(3);
        await bench.Sojourn.RemoveAsync(Bench.Key("a"));
        (await bench.Sojourn.ListAsync(new SessionQuery { Kind = "tally" })).Sessions.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Durability.Durable)]
    [InlineData(Durability.WriteBehind)]
    public async Task A_step_beyond_a_limit_is_refused_and_one_at_the_limit_is_not(Durability durability)
    {
        await using var bench = await Bench.StartAsync(TallyKind.DefaultPolicy with
        {
            Durability = durability,
            MaxEventsPerStep = 4,
            MaxEntryBytes = 400,
            MaxStateBytes = 1000,
        });
        var id = await bench.CreateAsync();

        (await bench.Sojourn.SendAsync(id, new Add(1, Events: 5))).Problem!.Type.ShouldBe(ProblemTypes.TooLarge);
        (await bench.Sojourn.SendAsync(id, new Add(1, Events: 4))).IsAccepted.ShouldBeTrue();
        (await bench.Sojourn.SendAsync(id, new Draw(401))).Problem!.Type.ShouldBe(ProblemTypes.TooLarge);
        (await bench.Sojourn.SendAsync(id, new Draw(400))).IsAccepted.ShouldBeTrue();
        (await bench.Sojourn.SendAsync(id, new Write(new string('x', 1000)))).Problem!.Type
            .ShouldBe(ProblemTypes.TooLarge);
        (await bench.Sojourn.SendAsync(id, new Write(new string('x', 800)))).IsAccepted.ShouldBeTrue();
        (await bench.GetAsync()).Version.ShouldBe(4);
    }

    [Fact]
    public async Task Too_many_who_wait_for_a_turn_are_told_to_come_back()
    {
        var store = new MemoryStore();
        await using (var before = await Bench.StartAsync(store: store))
        {
            await before.CreateAsync();
        }

        await using var bench = await Bench.StartAsync(TallyKind.DefaultPolicy with { MaxWaiting = 2 }, store);
        bench.Store.HoldLoads();
        var holding = bench.Sojourn.SendAsync("a", new Add(1)).AsTask();
        await bench.Store.Held();

        var waiting = new[] { Send(), Send() };
        var turnedAway = await Send();
        bench.Store.Release();

        turnedAway.Problem!.Type.ShouldBe(ProblemTypes.Overloaded);
        turnedAway.Problem.Retryable.ShouldBeTrue();
        (await holding).Reply.ShouldBe(1);
        (await Task.WhenAll(waiting)).Select(answer => answer.Reply).ShouldBe([2L, 3]);
        (await Send()).Reply.ShouldBe(4);
        Task<Answer<long>> Send() => bench.Sojourn.SendAsync("a", new Add(1)).AsTask();
    }

    /// <summary>Lets the probe's time come and waits until the engine has noticed.</summary>
    private static Task RecoverAsync(Bench bench) =>
        bench.UntilAsync(() => Task.FromResult(bench.Sojourn.Health.Critical is null));
}
