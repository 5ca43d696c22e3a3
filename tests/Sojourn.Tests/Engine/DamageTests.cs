using System.Collections.Concurrent;
using Sojourn.Stores;
using Sojourn.Testing;

namespace Sojourn.Tests.Engine;

/// <summary>A session that cannot be read, seen by those who want it, and by those who do not.</summary>
public sealed class DamageTests
{
    private static readonly Policy WriteBehind = TallyKind.DefaultPolicy with { Durability = Durability.WriteBehind };

    [Fact]
    public async Task A_damaged_session_that_is_read_again_and_again_is_told_and_kept_aside_once()
    {
        var store = new MemoryStore();
        await using (var before = await Bench.StartAsync(store: store))
        {
            await before.CreateAsync("a", "working");
        }

        // The status of the stored session is none of this kind's any more: it cannot be read.
        await using var bench = await Bench.StartAsync(new Policy(), store: store);
        var heard = new ConcurrentQueue<Happening>();
        bench.Sojourn.Subscribe((happening, stop) =>
        {
            heard.Enqueue(happening.What);
            return default;
        });
        for (var i = 0; i < 20; i++)
        {
            (await bench.Sojourn.GetAsync<Tally>("a")).Problem!.Type.ShouldBe(ProblemTypes.Damaged);
        }

        (await bench.Sojourn.StatisticsAsync()).Kinds.Single().Activity!.Damaged.ShouldBe(1);
        await bench.Sojourn.StopAsync();
        heard.Count(what => what == Happening.Damaged).ShouldBe(1);
    }

    [Fact]
    public async Task A_damaged_write_behind_session_holds_up_no_other_and_its_loss_is_said()
    {
        await using var bench = await Bench.StartAsync(WriteBehind);
        await bench.CreateAsync("a");
        await bench.CreateAsync("b");
        await bench.Sojourn.FlushAsync();
        bench.Store.Damaged = Bench.Key("a");
        (await bench.Sojourn.SendAsync("a", new Add(1))).IsAccepted.ShouldBeTrue();
        (await bench.Sojourn.SendAsync("b", new Add(1))).IsAccepted.ShouldBeTrue();

        (await Should.ThrowAsync<SojournException>(() => bench.Sojourn.FlushAsync())).Problem!.Type
            .ShouldBe(ProblemTypes.Damaged);

        bench.Sojourn.Health.Critical.ShouldBeNull();
        (await bench.GetAsync("b")).DurableVersion.ShouldBe(2);
        (await bench.Sojourn.SendAsync("b", new Add(1))).IsAccepted.ShouldBeTrue();
        await bench.Sojourn.FlushAsync();
        (await bench.GetAsync("b")).DurableVersion.ShouldBe(3);
        (await bench.Sojourn.SendAsync("a", new Add(1))).Problem!.Type.ShouldBe(ProblemTypes.Damaged);
        (await bench.Sojourn.StatisticsAsync()).Kinds.Single().Activity!.Damaged.ShouldBe(1);
        (await bench.Sojourn.StopAsync()).Unsaved.ShouldBe([Bench.Key("a")]);
    }

    [Fact]
    public async Task A_session_that_turned_out_to_be_damaged_in_memory_can_be_restored()
    {
        await using var bench = await Bench.StartAsync(WriteBehind);
        await bench.CreateAsync("a");
        await bench.Sojourn.FlushAsync();
        bench.Store.Damaged = Bench.Key("a");
        await bench.Sojourn.SendAsync("a", new Add(1));
        await Should.ThrowAsync<SojournException>(() => bench.Sojourn.FlushAsync());

        (await bench.Sojourn.RestoreAsync(Bench.Key("a"))).Reply.Version.ShouldBe(1);

        (await bench.Sojourn.SendAsync("a", new Add(5))).Reply.ShouldBe(5);
        await bench.Sojourn.FlushAsync();
        (await bench.GetAsync()).DurableVersion.ShouldBe(2);
    }

    [Fact]
    public async Task Steps_on_what_the_store_does_not_have_are_given_up_and_hold_up_no_other()
    {
        await using var bench = await Bench.StartAsync(WriteBehind);
        await bench.CreateAsync("a");
        await bench.CreateAsync("b");
        await bench.Sojourn.FlushAsync();
        await bench.Store.CommitAsync([new RemoveSession(Bench.Key("a"), RemoveSession.AnyVersion)]);
        await bench.Sojourn.SendAsync("a", new Add(1));
        await bench.Sojourn.SendAsync("b", new Add(1));

        await Should.ThrowAsync<SojournException>(() => bench.Sojourn.FlushAsync().WaitAsync(Bench.Patience()));

        (await bench.GetAsync("b")).DurableVersion.ShouldBe(2);
        (await bench.Sojourn.SendAsync("a", new Add(1))).Problem!.Type.ShouldBe(ProblemTypes.NotFound);
        (await bench.Sojourn.StopAsync()).Unsaved.ShouldBe([Bench.Key("a")]);
    }

    [Fact]
    public async Task While_the_store_takes_nothing_nothing_is_restored()
    {
        var store = new MemoryStore();
        await using (var before = await Bench.StartAsync(store: store))
        {
            await before.CreateAsync("a");
        }

        await using var bench = await Bench.StartAsync(store: store);
        await bench.CreateAsync("b");
        bench.Store.Damaged = Bench.Key("a");
        bench.Store.FailProbes = true;
        bench.Store.Fault = StoreFault.BeforeWriting;
        (await bench.Sojourn.SendAsync("b", new Add(1))).IsAccepted.ShouldBeFalse();

        (await bench.Sojourn.RestoreAsync(Bench.Key("a"))).Problem!.Type.ShouldBe(ProblemTypes.StoreUnavailable);

        bench.Store.Damaged.ShouldBe(Bench.Key("a"));
        bench.Store.FailProbes = false;
        bench.Store.Fault = StoreFault.None;
        await bench.UntilAsync(async () => (await bench.Sojourn.RestoreAsync(Bench.Key("a"))).IsAccepted);
    }

    [Fact]
    public async Task A_session_whose_last_step_failed_can_be_removed_when_it_turns_out_to_be_damaged()
    {
        await using var bench = await Bench.StartAsync();
        await bench.CreateAsync("a");
        await bench.CreateAsync("b");
        bench.Store.Fault = StoreFault.BeforeWriting;
        (await bench.Sojourn.SendAsync("a", new Add(1))).IsAccepted.ShouldBeFalse();
        bench.Store.Fault = StoreFault.None;
        bench.Store.Damaged = Bench.Key("a");
        await bench.UntilAsync(async () => (await bench.Sojourn.SendAsync("b", new Add(1))).IsAccepted);

        (await bench.Sojourn.RemoveAsync(Bench.Key("a"))).IsAccepted.ShouldBeTrue();

        (await bench.Sojourn.GetAsync<Tally>("a")).Problem!.Type.ShouldBe(ProblemTypes.NotFound);
    }
}
