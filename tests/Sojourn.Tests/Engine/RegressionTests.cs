using System.Threading.Channels;
using Sojourn.Stores;
using Sojourn.Testing;

namespace Sojourn.Tests.Engine;

/// <summary>Faults that were found by trying to break the engine. Each began as a failing test.</summary>
public sealed class RegressionTests
{
    private static readonly Policy WriteBehind = TallyKind.DefaultPolicy with { Durability = Durability.WriteBehind };

    [Fact]
    public async Task A_failed_commit_keeps_the_order_of_steps_removal_and_new_life()
    {
        var store = new MemoryStore();
        await using (var bench = await Bench.StartAsync(WriteBehind, store))
        {
            await bench.CreateAsync();
            await bench.Sojourn.FlushAsync();
            await bench.Sojourn.SendAsync("a", new Write("old life"));
            await bench.Sojourn.RemoveAsync(Bench.Key("a"));
            await bench.CreateAsync();
            await bench.Sojourn.SendAsync("a", new Add(100));
            bench.Store.Fault = StoreFault.BeforeWriting;
            await Should.ThrowAsync<SojournException>(() => bench.Sojourn.FlushAsync());
            bench.Store.Fault = StoreFault.None;
            await bench.FlushedAsync();
            (await bench.GetAsync()).DurableVersion.ShouldBe(2);
        }

        await using var later = await Bench.StartAsync(WriteBehind, store);
        (await later.GetAsync()).State.ShouldBe(new Tally(100));
    }

    [Fact]
    public async Task A_removal_whose_commit_failed_is_not_taken_for_done()
    {
        var store = new MemoryStore();
        await using var bench = await Bench.StartAsync(WriteBehind, store);
        await bench.CreateAsync();
        await bench.Sojourn.FlushAsync();
        await bench.Sojourn.RemoveAsync(Bench.Key("a"));
        bench.Store.Fault = StoreFault.BeforeWriting;
        await Should.ThrowAsync<SojournException>(() => bench.Sojourn.FlushAsync());
        bench.Store.Fault = StoreFault.None;
        await bench.FlushedAsync();

        (await store.LoadAsync(Bench.Key("a"), default)).ShouldBeNull();
    }

    [Fact]
    public async Task What_another_node_wrote_is_never_overwritten_unseen()
    {
        var store = new MemoryStore();
        await using var bench = await Bench.StartAsync(store: store);
        var id = await bench.CreateAsync();
        await bench.Sojourn.SendAsync(id, new Add(1), new SendOptions { OperationId = "first" });
        for (var round = 0; round < 50; round++)
        {
            var before = (await store.LoadAsync(Bench.Key("a"), default))!;
            var foreign = before with
            {
                Version = before.Version + 1,
                State = System.Text.Encoding.UTF8.GetBytes($$"""{"total":{{1000 * (round + 1)}},"status":"open"}"""),
            };
            var change = new SaveSession(before.Key, before.Version, foreign) { Entries = [], Operations = [] };
            await store.CommitAsync([change]);

            var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(async () =>
                await bench.Sojourn.SendAsync(id, new Add(1), i % 2 == 0
                    ? new SendOptions { OperationId = $"{round}-{i}" }
                    : null))));

            answers.Select(answer => answer.Reply).Order()
                .ShouldBe(Enumerable.Range(1, 6).Select(i => (1000L * (round + 1)) + i));
        }
    }

    [Fact]
    public async Task A_session_that_remembers_as_many_operations_as_it_may_takes_new_ones_two_days_later()
    {
        await using var bench = await Bench.StartAsync(TallyKind.DefaultPolicy with { MaxOperations = 3 });
        var id = await bench.CreateAsync();
        for (var i = 0; i < 3; i++)
        {
            (await SendAsync(i)).IsAccepted.ShouldBeTrue();
        }

        bench.Clock.Advance(TimeSpan.FromHours(47));
        (await SendAsync(3)).Problem!.Type.ShouldBe(ProblemTypes.TooManyOperations);
        bench.Clock.Advance(TimeSpan.FromHours(1));
        (await SendAsync(3)).IsAccepted.ShouldBeTrue();
        (await SendAsync(0)).IsReplay.ShouldBeFalse();

        ValueTask<Answer<long>> SendAsync(int i) =>
            bench.Sojourn.SendAsync(id, new Add(1), new SendOptions { OperationId = $"op-{i}" });
    }

    [Fact]
    public async Task A_new_life_does_not_answer_for_the_old_one()
    {
        await using var bench = await Bench.StartAsync(WriteBehind);
        var once = new SendOptions { OperationId = "pay" };
        await bench.CreateAsync();
        await bench.Sojourn.SendAsync("a", new Add(7), once);
        await bench.Sojourn.FlushAsync();
        await bench.Sojourn.RemoveAsync(Bench.Key("a"));
        bench.Clock.Advance(TimeSpan.FromTicks(1));
        await bench.CreateAsync();

        var answer = await bench.Sojourn.SendAsync("a", new Add(7), once);

        answer.IsReplay.ShouldBeFalse();
        (await bench.GetAsync()).DurableVersion.ShouldBe(0);
        await bench.Sojourn.FlushAsync();
        (await bench.GetAsync()).DurableVersion.ShouldBe(2);
    }

    [Theory]
    [InlineData(Durability.Durable)]
    [InlineData(Durability.WriteBehind)]
    public async Task Whatever_was_acknowledged_while_stopping_is_there_afterwards(Durability durability)
    {
        var policy = TallyKind.DefaultPolicy with { Durability = durability };
        for (var round = 0; round < 20; round++)
        {
            var store = new MemoryStore();
            var acknowledged = 0L;
            await using (var bench = await Bench.StartAsync(policy, store))
            {
                var id = await bench.CreateAsync();
                var callers = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
                {
                    while ((await bench.Sojourn.SendAsync(id, new Add(1))).IsAccepted)
                    {
                        Interlocked.Increment(ref acknowledged);
                    }
                })).ToList();
                var patience = Bench.Patience();
                while (Volatile.Read(ref acknowledged) < 50)
                {
                    patience.ThrowIfCancellationRequested();
                    await Task.Yield();
                }

                (await bench.Sojourn.StopAsync()).Unsaved.ShouldBeEmpty();
                await Task.WhenAll(callers).WaitAsync(Bench.Patience());
            }

            await using var later = await Bench.StartAsync(policy, store);
            (await later.GetAsync()).State.Total.ShouldBe(acknowledged);
        }
    }

    [Fact]
    public async Task A_store_that_does_not_answer_holds_up_a_stop_for_the_grace_time_only()
    {
        await using var bench = await Bench.StartAsync(WriteBehind);
        await bench.CreateAsync();
        bench.Store.Hold();
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        await bench.Store.Held();
        await bench.CreateAsync("b");

        var stopping = bench.Sojourn.StopAsync();
        await bench.UntilAsync(() => Task.FromResult(stopping.IsCompleted), pauses: TimeSpan.FromMinutes(1));

        (await stopping).Unsaved.ShouldBe([Bench.Key("a"), Bench.Key("b")], ignoreOrder: true);
    }

    [Fact]
    public async Task A_flush_completes_under_a_steady_load()
    {
        await using var bench = await Bench.StartAsync();
        await bench.CreateAsync();
        using var enough = new CancellationTokenSource();
        var load = Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                await bench.Sojourn.SendAsync("a", new Look());
                await bench.Sojourn.SendAsync("a", new Write("busy"));
            }
        })).ToList();

        for (var i = 0; i < 20; i++)
        {
            await bench.Sojourn.FlushAsync(Bench.Patience());
        }

        await enough.CancelAsync();
        await Task.WhenAll(load);
    }

    [Fact]
    public async Task A_damaged_busy_session_is_tried_again_with_growing_pauses()
    {
        var store = new MemoryStore();
        await using (var before = await Bench.StartAsync(store: store))
        {
            await before.CreateAsync("a", "working");
        }

        // The status of the stored session is none of this kind's any more: it cannot be read.
        await using var bench = await Bench.StartAsync(new Policy(), store: store, driver: () => new Idle());
        for (var i = 0; i < 1000; i++)
        {
            (await bench.Sojourn.GetAsync<Tally>("a")).Problem!.Type.ShouldBe(ProblemTypes.Damaged);
        }

        var late = bench.Clock.GetUtcNow().AddYears(1);
        var lease = await store.ClaimAsync(new LeaseClaim("tally", "x", late, late, 1));
        lease.Single().Term.ShouldBeInRange(1, 3);
    }

    [Fact]
    public async Task Cancel_and_retry_at_once_end_the_old_drive_and_begin_a_new_one()
    {
        var drives = Channel.CreateUnbounded<(DrivenSession<Tally> Session, CancellationToken Stop)>();
        await using var bench = await Bench.StartAsync(driver: () => new Handed(drives.Writer));
        await bench.CreateAsync("a", "working");
        var first = await drives.Reader.ReadAsync(Bench.Patience());
        bench.Store.Hold();
        var blocked = bench.Sojourn.SendAsync("a", new Write("x")).AsTask();
        await bench.Store.Held();
        var cancel = bench.Sojourn.SendAsync("a", new Move("open")).AsTask();
        var retry = bench.Sojourn.SendAsync("a", new Move("working")).AsTask();
        bench.Store.Release();
        await Task.WhenAll(blocked, cancel, retry);

        var second = await drives.Reader.ReadAsync(Bench.Patience());

        first.Stop.IsCancellationRequested.ShouldBeTrue();
        second.Session.Term.ShouldBeGreaterThan(first.Session.Term);
        (await first.Session.SendAsync(new Report(500), default)).Problem!.Type.ShouldBe(ProblemTypes.LeaseLost);
        (await bench.GetAsync()).State.Total.ShouldBe(0);
    }

    [Fact]
    public void To_keep_for_ever_is_to_leave_the_time_out()
    {
        var policy = new Policy { Statuses = [new("open") { KeepFor = TimeSpan.MaxValue }] };

        Should.Throw<SojournException>(() => new TallyKind(policy).BuildRules()).Message
            .ShouldContain("at most ten years");
    }

    [Fact]
    public async Task So_many_steps_may_be_on_their_way_to_the_store()
    {
        await using var bench = await Bench.StartAsync(WriteBehind, configure: options => options.MaxPendingSteps = 3);
        await bench.CreateAsync();
        (await bench.Sojourn.SendAsync("a", new Add(1))).IsAccepted.ShouldBeTrue();
        (await bench.Sojourn.SendAsync("a", new Add(1))).IsAccepted.ShouldBeTrue();
        var full = await bench.Sojourn.SendAsync("a", new Add(1));
        full.Problem!.Type.ShouldBe(ProblemTypes.Overloaded);
        full.Problem.Retryable.ShouldBeTrue();

        await bench.Sojourn.FlushAsync();
        (await bench.Sojourn.SendAsync("a", new Add(1))).Reply.ShouldBe(3);
    }

    [Fact]
    public async Task A_watcher_is_not_carried_over_into_another_life()
    {
        await using var bench = await Bench.StartAsync();
        await bench.CreateAsync();
        await using var news = bench.Sojourn.WatchAsync(Bench.Key("a"), 0, Bench.Patience()).GetAsyncEnumerator();
        (await news.MoveNextAsync()).ShouldBeTrue();
        bench.Store.Hold();
        var removing = bench.Sojourn.RemoveAsync(Bench.Key("a")).AsTask();
        await bench.Store.Held();
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        var creating = bench.CreateAsync();
        bench.Store.Release();
        await Task.WhenAll(removing, creating);
        await bench.Sojourn.SendAsync("a", new Add(1));

        (await news.MoveNextAsync()).ShouldBeTrue();
        news.Current.ShouldBe(new SessionRemoved(RemovalReason.Removed));
        (await news.MoveNextAsync()).ShouldBeFalse();
    }

    private sealed class Idle : IDriver<Tally>
    {
        public Task DriveAsync(DrivenSession<Tally> session, CancellationToken stop) => Task.CompletedTask;
    }

    private sealed class Handed(ChannelWriter<(DrivenSession<Tally>, CancellationToken)> drives) : IDriver<Tally>
    {
        public async Task DriveAsync(DrivenSession<Tally> session, CancellationToken stop)
        {
            await drives.WriteAsync((session, stop), CancellationToken.None);
            await new TaskCompletionSource().Task.WaitAsync(stop);
        }
    }
}
