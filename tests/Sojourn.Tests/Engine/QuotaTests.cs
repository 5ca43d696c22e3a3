using Sojourn.Engine;
using Sojourn.Testing;

namespace Sojourn.Tests.Engine;

/// <summary>What one owner may take up, and what others notice of it.</summary>
public sealed class QuotaTests
{
    private static readonly OwnerId Other = OwnerId.Parse("other");

    [Fact]
    public async Task So_many_sessions_and_not_one_more()
    {
        await using var bench = await StartAsync(new() { MaxSessions = 2 });
        await bench.CreateAsync("a");
        await bench.CreateAsync("b");

        var refused = await bench.Sojourn.CreateAsync(new StartTally());

        refused.Problem!.Type.ShouldBe(ProblemTypes.QuotaExceeded);
        refused.Problem.Message.ShouldContain("2 sessions");
        refused.Problem.RetryAfter.ShouldBe(TallyKind.DefaultPolicy.RetryWhenFull);
        (await bench.Sojourn.CreateAsync(new StartTally(), new() { Owner = Other })).IsAccepted.ShouldBeTrue();
        await bench.Sojourn.RemoveAsync(Bench.Key("a"));
        await bench.CreateAsync("c");
    }

    [Fact]
    public async Task So_many_bytes_and_a_step_that_makes_a_session_smaller_is_always_allowed()
    {
        await using var bench = await StartAsync(new());
        await bench.CreateAsync("a");
        await bench.Sojourn.SendAsync("a", new Write(new string('x', 1000)));
        var bytes = (await bench.Sojourn.StatisticsAsync(OwnerId.Local)).Kinds.Single().Bytes;
        bytes.ShouldBeInRange(1000, 1500);
        bench.Sojourn.SetQuota(OwnerId.Local, new() { MaxBytes = bytes + 10 });

        (await bench.Sojourn.SendAsync("a", new Write(new string('x', 1010)))).IsAccepted
            .ShouldBeTrue("at the limit");
        (await bench.Sojourn.SendAsync("a", new Write(new string('x', 1011)))).Problem!.Type
            .ShouldBe(ProblemTypes.QuotaExceeded);
        bench.Sojourn.SetQuota(OwnerId.Local, new() { MaxBytes = 0 });
        (await bench.Sojourn.SendAsync("a", new Write("y"))).IsAccepted.ShouldBeTrue();
        (await bench.Sojourn.RemoveAsync(Bench.Key("a"))).IsAccepted.ShouldBeTrue();
        (await bench.Sojourn.StatisticsAsync(OwnerId.Local)).Kinds.Single().Bytes.ShouldBe(0);
    }

    [Fact]
    public async Task Who_has_used_up_all_bytes_can_still_end_a_session()
    {
        var policy = TallyKind.DefaultPolicy with
        {
            Statuses = [.. TallyKind.DefaultPolicy.Statuses, new("cancelled") { Final = true, Resumable = true }],
        };
        await using var bench = await Bench.StartAsync(policy);
        await bench.CreateAsync("a");
        await bench.CreateAsync("b", "cancelled");
        bench.Sojourn.SetQuota(OwnerId.Local, new() { MaxBytes = 0 });

        (await bench.Sojourn.SendAsync("a", new Move("working"))).Problem!.Type.ShouldBe(ProblemTypes.QuotaExceeded);
        (await bench.Sojourn.SendAsync("a", new Move("cancelled"))).IsAccepted.ShouldBeTrue("this ends it");
        foreach (var id in (string[])["a", "b"])
        {
            (await bench.Sojourn.SendAsync(id, new Write("more"))).Problem!.Type
                .ShouldBe(ProblemTypes.QuotaExceeded, "it has ended before");
        }

        (await bench.Sojourn.CreateAsync(new StartTally(0, "cancelled"))).Problem!.Type
            .ShouldBe(ProblemTypes.QuotaExceeded, "a start ends nothing");
    }

    [Fact]
    public async Task What_a_server_does_for_order_takes_nothing_of_an_owners_rate_and_bytes()
    {
        await using var bench = await StartAsync(new() { CommandsPerSecond = 1, Burst = 1 });
        await bench.CreateAsync("a");
        bench.Sojourn.SetQuota(OwnerId.Local, new() { CommandsPerSecond = 1, Burst = 1, MaxBytes = 0 });
        (await bench.Sojourn.SendAsync("a", new Write("one"))).Problem!.Type.ShouldBe(ProblemTypes.RateLimited);

        var upkeep = new SendOptions { IsUpkeep = true };
        (await bench.Sojourn.SendAsync("a", new Write("two"), upkeep)).IsAccepted.ShouldBeTrue();
        (await bench.Sojourn.SendAsync(Bench.Key("a"), new Write("three"), upkeep)).IsAccepted.ShouldBeTrue();
        (await bench.GetAsync()).State.Note.ShouldBe("three");
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        (await bench.Sojourn.SendAsync("a", new Write("four and more"))).Problem!.Type
            .ShouldBe(ProblemTypes.QuotaExceeded, "others are as limited as ever");
    }

    [Fact]
    public async Task What_is_on_its_way_to_the_store_counts_as_bytes_until_the_store_has_spoken()
    {
        await using var bench = await StartAsync(new());
        await bench.CreateAsync("a");
        await bench.CreateAsync("b");
        var bytes = (await bench.Sojourn.StatisticsAsync(OwnerId.Local)).Kinds.Single().Bytes;
        bench.Sojourn.SetQuota(OwnerId.Local, new() { MaxBytes = bytes + 1000 });

        bench.Store.Hold();
        var first = bench.Sojourn.SendAsync("a", new Write(new string('x', 600)));
        await bench.Store.Held();
        var second = bench.Sojourn.SendAsync("b", new Write(new string('x', 600)));
        (await second).Problem!.Type.ShouldBe(ProblemTypes.QuotaExceeded);
        bench.Store.Fault = StoreFault.BeforeWriting;
        bench.Store.Release();

        (await first).Problem!.Type.ShouldBe(ProblemTypes.StoreUnavailable);
        bench.Store.Fault = StoreFault.None;
        await bench.UntilAsync(async () =>
            (await bench.Sojourn.SendAsync("b", new Write(new string('x', 600)))).IsAccepted);
    }

    [Fact]
    public async Task So_many_commands_at_once_then_so_many_a_second()
    {
        await using var bench = await StartAsync(new() { CommandsPerSecond = 2, Burst = 3 });

        async Task<Answer<long>> AddAsync() => await bench.Sojourn.SendAsync("a", new Add(1));
        await bench.CreateAsync("a");
        (await AddAsync()).IsAccepted.ShouldBeTrue();
        (await AddAsync()).IsAccepted.ShouldBeTrue();
        var refused = await AddAsync();
        refused.Problem!.Type.ShouldBe(ProblemTypes.RateLimited);
        refused.Problem.RetryAfter.ShouldBe(TimeSpan.FromSeconds(0.5));
        bench.Clock.Advance(TimeSpan.FromSeconds(0.5));
        (await AddAsync()).IsAccepted.ShouldBeTrue();
        (await AddAsync()).IsAccepted.ShouldBeFalse();
        bench.Clock.Advance(TimeSpan.FromHours(1));
        for (var i = 0; i < 3; i++)
        {
            (await AddAsync()).IsAccepted.ShouldBeTrue();
        }

        (await AddAsync()).IsAccepted.ShouldBeFalse("what is not used is kept up to the burst");
        (await bench.Sojourn.GetAsync<Tally>("a")).IsAccepted.ShouldBeTrue("reads are free");
    }

    [Fact]
    public async Task One_that_is_turned_away_for_its_rate_costs_no_memory()
    {
        await using var bench = await StartAsync(new() { CommandsPerSecond = 1, Burst = 1 });
        await bench.CreateAsync("a");

        for (var i = 0; i < 100; i++)
        {
            (await bench.Sojourn.SendAsync($"none-{i}", new Add(1))).Problem!.Type.ShouldBe(ProblemTypes.RateLimited);
        }

        bench.Sojourn.InMemory("tally").ShouldBe(1);
    }

    [Fact]
    public async Task So_many_streams_are_followed_at_once()
    {
        await using var bench = await StartAsync(new() { MaxStreams = 1 });
        await bench.CreateAsync("a");
        await using (var first = bench.Sojourn.WatchAsync(Bench.Key("a"), 0, Bench.Patience()).GetAsyncEnumerator())
        {
            await first.MoveNextAsync();
            (await Should.ThrowAsync<SojournException>(() => bench.WaitForAsync("added")))
                .Problem!.Type.ShouldBe(ProblemTypes.QuotaExceeded);
        }

        await bench.WaitForAsync("added");
    }

    [Fact]
    public async Task Quotas_that_make_no_sense_are_refused()
    {
        await using var bench = await StartAsync(new());

        Should.Throw<SojournException>(() => bench.Sojourn.SetQuota(Other, new() { CommandsPerSecond = 0 }))
            .Message.ShouldContain("CommandsPerSecond");
        Should.Throw<SojournException>(() => bench.Sojourn.SetQuota(Other, new() { Burst = 0, MaxBytes = -1 }))
            .Message.ShouldContain("negative");
        bench.Sojourn.QuotaOf(Other).ShouldBe(new OwnerQuota());
    }

    [Fact]
    public void What_begins_while_the_store_counts_other_kinds_anew_is_counted_once()
    {
        var accounts = new Accounts(2, OwnerQuota.Unlimited);
        var stored = new KindRuntime(new TallyKind(name: "stored").BuildRules(), 0, accounts);
        var behind = new KindRuntime(new TallyKind(name: "behind").BuildRules(), 1, accounts);
        var account = accounts.Of(OwnerId.Local);
        accounts.Take(new([new("stored", OwnerId.Local, "open", 5, 500)], []), [stored]);

        // A step of the other kind moves the kind's share first, and then the account.
        account.TallyOf(behind).Add(1, isReserved: false);
        account.TallyOf(behind).AddBytes(100);
        accounts.Take(new([new("stored", OwnerId.Local, "open", 3, 300)], []), [stored]);
        account.AddSessions(1);
        account.AddBytes(100);

        (account.Sessions, account.Bytes).ShouldBe((4, 400));
    }

    [Fact]
    public async Task Owners_take_turns_on_the_way_to_the_store()
    {
        await using var bench = await Bench.StartAsync();
        var kind = new KindRuntime(new TallyKind().BuildRules(), 0, new Accounts(1, OwnerQuota.Unlimited));
        var queue = new FairQueue();
        void Add(string owner, int count)
        {
            for (var i = 0; i < count; i++)
            {
                queue.Add(new TouchRequest(kind.CellOf(OwnerId.Parse(owner), $"s{i}")));
            }
        }

        Add("loud", 10_000);
        Add("quiet", 3);
        Add("calm", 2);
        var batch = new List<Request>();
        queue.Take(batch, 300);

        batch.Count.ShouldBe(300);
        batch.Count(request => request.Cell.Owner.ToString() == "quiet").ShouldBe(3);
        batch.Count(request => request.Cell.Owner.ToString() == "calm").ShouldBe(2);
        batch.Where(request => request.Cell.Owner.ToString() == "loud").Select(request => request.Cell.Id.ToString())
            .ShouldBe(Enumerable.Range(0, 295).Select(i => $"s{i}"), "those of one owner keep their order");
    }

    private static Task<Bench> StartAsync(OwnerQuota quota) => Bench.StartAsync(
        configure: options => options.Quotas[OwnerId.Local] = quota);
}
