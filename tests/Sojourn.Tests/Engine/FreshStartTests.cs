using System.Collections.Concurrent;
using System.Threading.Channels;
using Sojourn.Stores;
using Sojourn.Testing;

namespace Sojourn.Tests.Engine;

/// <summary>A session that begins anew in the place of an old one: one of the two is always there.</summary>
public sealed class FreshStartTests
{
    private static readonly CreateOptions Fresh = new() { Id = "a", Fresh = true };

    public static TheoryData<Durability> Durabilities =>
        [Durability.Durable, Durability.WriteBehind, Durability.Volatile];

    [Theory]
    [MemberData(nameof(Durabilities))]
    public async Task A_fresh_start_that_is_refused_leaves_the_old_session(Durability durability)
    {
        await using var bench = await StartAsync(durability);
        await bench.CreateAsync("a");
        await bench.Sojourn.SendAsync("a", new Add(5));

        var refused = await bench.Sojourn.CreateAsync(new StartTally(-1), Fresh);
        var strange = await bench.Sojourn.CreateAsync(new StartTally(1, "no-such-status"), Fresh);

        refused.Problem!.Type.ShouldBe(ProblemTypes.Invalid);
        strange.Problem!.Type.ShouldBe(ProblemTypes.RuleFailed);
        var seen = await bench.GetAsync();
        (seen.Version, seen.State.Total).ShouldBe((2, 5));
        (await bench.Sojourn.ReadEventsAsync(Bench.Key("a"), 0, 10)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_fresh_start_that_the_owner_has_no_bytes_for_leaves_the_old_session()
    {
        await using var bench = await StartAsync(Durability.Durable);
        await bench.Sojourn.CreateAsync(new StartTally(3), new CreateOptions { Id = "a" });
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        var used = (await bench.Sojourn.StatisticsAsync()).Kinds.Single().Bytes;

        bench.Sojourn.SetQuota(OwnerId.Local, new OwnerQuota { MaxBytes = used });
        var larger = await bench.Sojourn.CreateAsync(new StartTally(1_000_000_000), Fresh);
        var asLarge = await bench.Sojourn.CreateAsync(new StartTally(7), Fresh);

        larger.Problem!.Type.ShouldBe(ProblemTypes.QuotaExceeded);
        larger.Problem.Retryable.ShouldBeTrue();
        asLarge.Reply.State.Total.ShouldBe(7, "what goes makes place for what comes");
    }

    [Fact]
    public async Task A_fresh_start_that_the_disk_has_no_place_for_leaves_the_old_session()
    {
        await using var bench = await StartAsync(Durability.Durable);
        await bench.CreateAsync("a");
        await bench.Sojourn.SendAsync("a", new Add(5));

        bench.Store.Fault = StoreFault.BeforeWriting;
        var failed = await bench.Sojourn.CreateAsync(new StartTally(1), Fresh);
        bench.Store.Fault = StoreFault.None;

        failed.Problem!.Type.ShouldBe(ProblemTypes.StoreUnavailable);
        (await bench.GetAsync()).State.Total.ShouldBe(5);
        await bench.UntilAsync(async () => (await bench.Sojourn.SendAsync("a", new Add(1))).IsAccepted);
        (await bench.GetAsync()).State.Total.ShouldBe(6);
    }

    [Theory]
    [InlineData(Durability.Durable)]
    [InlineData(Durability.WriteBehind)]
    public async Task A_fresh_start_is_one_commit(Durability durability)
    {
        await using var bench = await StartAsync(durability);
        await bench.CreateAsync("a");
        await bench.Sojourn.SendAsync("a", new Add(5));
        await bench.Sojourn.FlushAsync();
        var commits = bench.Store.Commits;

        (await bench.Sojourn.CreateAsync(new StartTally(1), Fresh)).IsAccepted.ShouldBeTrue();
        await bench.Sojourn.FlushAsync();

        bench.Store.Commits.ShouldBe(commits + 1);
        var stored = (await bench.Store.LoadAsync(Bench.Key("a"), default))!;
        (stored.Version, stored.LastEvent).ShouldBe((1, 1));
    }

    [Theory]
    [InlineData(Durability.Durable)]
    [InlineData(Durability.WriteBehind)]
    public async Task A_fresh_start_that_took_effect_though_its_commit_failed_is_done_once(Durability durability)
    {
        await using var bench = await StartAsync(durability);
        await bench.CreateAsync("a");
        await bench.Sojourn.SendAsync("a", new Add(5));
        await bench.Sojourn.FlushAsync();
        var heard = new ConcurrentQueue<Happening>();
        await using var hearing = bench.Sojourn.Subscribe((happening, stop) =>
        {
            heard.Enqueue(happening.What);
            return default;
        });

        bench.Store.Fault = StoreFault.AfterWriting;
        var options = Fresh with { OperationId = "anew" };
        var first = await bench.Sojourn.CreateAsync(new StartTally(1), options);
        first.IsAccepted.ShouldBe(durability == Durability.WriteBehind, "that was acknowledged before");
        await Should.ThrowAsync<SojournException>(() => bench.Sojourn.FlushAsync());
        bench.Store.Fault = StoreFault.None;
        await bench.UntilAsync(async () => (await bench.Sojourn.SendAsync("a", new Add(1))).IsAccepted);
        var again = await bench.Sojourn.CreateAsync(new StartTally(1), options);
        await bench.Sojourn.FlushAsync();

        again.IsReplay.ShouldBeTrue();
        var seen = await bench.GetAsync();
        (seen.Version, seen.State.Total, seen.LastEvent).ShouldBe((2, 2, 2));
        (await bench.Store.LoadAsync(Bench.Key("a"), default))!.Version.ShouldBe(2);
        await bench.Sojourn.StopAsync();
        heard.ShouldBe([Happening.Removed, Happening.Created, Happening.Changed]);
    }

    [Theory]
    [MemberData(nameof(Durabilities))]
    public async Task Who_watched_the_old_session_is_told_its_end_and_who_comes_sees_the_new_one(Durability durability)
    {
        await using var bench = await StartAsync(durability);
        await bench.CreateAsync("a");
        await bench.Sojourn.SendAsync("a", new Add(5));
        await using var old = bench.Sojourn.WatchAsync(Bench.Key("a"), 2, Bench.Patience()).GetAsyncEnumerator();
        var end = old.MoveNextAsync();

        await bench.Sojourn.CreateAsync(new StartTally(1), Fresh);
        await bench.Sojourn.SendAsync("a", new Add(1));

        (await end).ShouldBeTrue();
        old.Current.ShouldBe(new SessionRemoved(RemovalReason.Removed));
        (await old.MoveNextAsync()).ShouldBeFalse();
        (await bench.WaitForAsync("added", after: 0)).Data<Added>().ShouldBe(new Added(1, 1));
        (await bench.WaitForAsync("added", after: 1)).Data<Added>().ShouldBe(new Added(1, 2));
    }

    [Theory]
    [MemberData(nameof(Durabilities))]
    public async Task Subscribers_and_counters_hear_of_one_end_and_one_beginning(Durability durability)
    {
        await using var bench = await StartAsync(durability);
        var heard = new ConcurrentQueue<SessionHappening>();
        await using var hearing = bench.Sojourn.Subscribe((happening, stop) =>
        {
            heard.Enqueue(happening);
            return default;
        });
        await bench.CreateAsync("a");
        await bench.Sojourn.SendAsync("a", new Add(5));

        await bench.Sojourn.CreateAsync(new StartTally(1, "done"), Fresh);

        var kind = (await bench.Sojourn.StatisticsAsync()).Kinds.Single();
        (kind.Sessions, kind.ByStatus["open"], kind.ByStatus["done"]).ShouldBe((1, 0, 1));
        await bench.Sojourn.StopAsync();
        heard.Select(one => one.What)
            .ShouldBe([Happening.Created, Happening.Changed, Happening.Removed, Happening.Created]);
        heard.ElementAt(2).View!.Version.ShouldBe(2);
        heard.ElementAt(3).View!.Version.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Durabilities))]
    public async Task Where_all_places_are_taken_a_fresh_start_takes_that_of_the_old_session(Durability durability)
    {
        await using var bench = await StartAsync(durability, policy => policy with { MaxSessions = 2 });
        await bench.CreateAsync("a");
        await bench.CreateAsync("b");

        for (var i = 0; i < 3; i++)
        {
            (await bench.Sojourn.CreateAsync(new StartTally(i), Fresh)).IsAccepted.ShouldBeTrue();
        }

        (await bench.Sojourn.CreateAsync(new StartTally(), new CreateOptions { Id = "c" }))
            .Problem!.Type.ShouldBe(ProblemTypes.Full);
        await bench.Sojourn.RemoveAsync(Bench.Key("b"));
        (await bench.Sojourn.CreateAsync(new StartTally(), Fresh)).IsAccepted.ShouldBeTrue();
        (await bench.Sojourn.CreateAsync(new StartTally(), new CreateOptions { Id = "c" })).IsAccepted.ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Durabilities))]
    public async Task The_old_sessions_driver_is_stopped_and_reports_nothing_of_the_new_one(Durability durability)
    {
        var started = Channel.CreateUnbounded<long>();
        var late = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var driver = new Script(async (session, stop) =>
        {
            var total = (await session.ReadAsync(stop)).State.Total;
            await started.Writer.WriteAsync(total, CancellationToken.None);
            var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registered = stop.Register(over.SetResult);
            await over.Task;
            if (total == 0)
            {
                var answer = await session.SendAsync(new Report(100), CancellationToken.None);
                late.TrySetResult(answer.Problem?.Type ?? "accepted");
            }
        });
        await using var bench = await Bench.StartAsync(
            TallyKind.DefaultPolicy with { Durability = durability }, driver: () => driver);
        await bench.CreateAsync("a", "working");
        await bench.Sojourn.FlushAsync();
        (await started.Reader.ReadAsync(Bench.Patience())).ShouldBe(0);

        await bench.Sojourn.CreateAsync(new StartTally(7, "working"), Fresh);
        await bench.Sojourn.FlushAsync();

        (await late.Task.WaitAsync(Bench.Patience())).ShouldBe(ProblemTypes.LeaseLost);
        (await started.Reader.ReadAsync(Bench.Patience())).ShouldBe(7);
        (await bench.GetAsync()).State.Total.ShouldBe(7);
    }

    [Theory]
    [MemberData(nameof(Durabilities))]
    public async Task Steps_before_and_after_it_that_wait_for_the_same_flush_belong_each_to_their_own_life(
        Durability durability)
    {
        await using var bench = await StartAsync(durability);
        await bench.CreateAsync("a");
        await bench.CreateAsync("b");
        await bench.Sojourn.FlushAsync();
        bench.Store.Hold();
        var holding = bench.Sojourn.SendAsync("b", new Add(1)).AsTask();
        var flushing = bench.Sojourn.FlushAsync();
        var old = bench.Sojourn.SendAsync("a", new Add(5, Events: 3)).AsTask();
        var anew = bench.Sojourn.CreateAsync(new StartTally(1), Fresh).AsTask();
        var next = bench.Sojourn.SendAsync("a", new Add(1)).AsTask();
        bench.Store.Release();

        await Task.WhenAll(holding, flushing);
        ((await old).Version, (await anew).Version, (await next).Version).ShouldBe((2, 1, 2));
        await bench.Sojourn.FlushAsync();
        var events = await bench.Sojourn.ReadEventsAsync(Bench.Key("a"), 0, 10);
        events.Select(happened => happened.Data<Added>().Total).ShouldBe([1L, 2]);
    }

    private sealed class Script(Func<DrivenSession<Tally>, CancellationToken, Task> run) : IDriver<Tally>
    {
        public Task DriveAsync(DrivenSession<Tally> session, CancellationToken stop) => run(session, stop);
    }

    private static Task<Bench> StartAsync(Durability durability, Func<Policy, Policy>? change = null)
    {
        var policy = TallyKind.DefaultPolicy with { Durability = durability };
        return Bench.StartAsync(change?.Invoke(policy) ?? policy);
    }
}
