using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Sojourn.Kinds.Streams;
using Sojourn.Server.Streams;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Streams;

/// <summary>How many forks there may be, how deep, and what they leave when they go.</summary>
public sealed class ForkLimitTests : IAsyncLifetime
{
    private static readonly SessionKey Source = Key("source");

    private StreamsUnderTest _streams = null!;

    private SojournEngine Engine => _streams.Server.Services.GetRequiredService<SojournEngine>();

    private StreamForks Forks => _streams.Server.Services.GetRequiredService<StreamForks>();

    public async Task InitializeAsync()
    {
        _streams = await StreamsUnderTest.StartAsync();
        await _streams.CreateAsync("source", text: "one");
    }

    public Task DisposeAsync() => _streams.DisposeAsync().AsTask();

    [Fact]
    public async Task Forks_that_have_expired_make_place_for_others()
    {
        for (var i = 1; i < StreamKind.MostForks; i++)
            await BeginAsync(Source, $"fork-{i}");
        await BeginAsync(Source, "short", new("short", StreamsUnderTest.Text) { TtlSeconds = 0 });

        (await ForkAsync("next")).Status.ShouldBe(HttpStatusCode.Created);
        var refused = await ForkAsync("another");
        refused.ShouldBeProblem(409, "refused")["code"].GetString().ShouldBe("too-many-forks");
        var noted = (await StreamAsync(Source)).Forks;
        (noted.Count, noted.Contains("next"), noted.Contains("another")).ShouldBe((StreamKind.MostForks, true, false));
    }

    [Fact]
    public async Task A_fork_whose_place_was_taken_before_it_was_there_goes_again()
    {
        var plan = await PlanAsync();
        await DropAsync("fork");
        for (var i = 0; i < StreamKind.MostForks; i++)
            await BeginAsync(Source, $"fork-{i}");
        await BeginAsync(plan);

        var told = (await Forks.ConfirmAsync(plan, Key("fork"))).ShouldNotBeNull();
        (told.Status, told.Code).ShouldBe((409, "too-many-forks"));
        (await StatusAsync("fork")).ShouldBe(404);
    }

    [Fact]
    public async Task Forks_of_forks_go_64_deep_and_no_deeper_whether_they_have_entries_of_their_own_or_not()
    {
        var from = "source";
        for (var i = 1; i <= StreamFork.LongestChain; i++)
        {
            (await ForkAsync($"fork-{i}", from)).Status.ShouldBe(HttpStatusCode.Created);
            from = $"fork-{i}";
        }

        (await ForkAsync("deeper", from)).ShouldBeProblem(409, "refused")["code"].GetString()
            .ShouldBe("too-many-forks");
        (await StreamAsync(Key(from))).Forks.ShouldBeEmpty();

        (await _streams.SendAsync("DELETE", "source")).Status.ShouldBe(HttpStatusCode.NoContent);
        for (var i = 1; i <= StreamFork.LongestChain; i++)
        {
            (await StatusAsync("source")).ShouldBe(410, "it is kept for the last of them");
            (await _streams.SendAsync("DELETE", $"fork-{i}")).Status.ShouldBe(HttpStatusCode.NoContent);
        }

        (await StatusAsync("source")).ShouldBe(404);
    }

    [Fact]
    public async Task A_chain_that_is_longer_than_one_may_be_now_goes_as_a_whole()
    {
        var from = Source;
        for (var i = 0; i < 2 * StreamFork.LongestChain; i++)
        {
            await BeginAsync(from, $"fork-{i}");
            (await _streams.SendAsync("DELETE", from.Id.ToString())).Status.ShouldBe(HttpStatusCode.NoContent);
            from = Key($"fork-{i}");
        }

        (await _streams.SendAsync("DELETE", from.Id.ToString())).Status.ShouldBe(HttpStatusCode.NoContent);
        (await StatusAsync("source")).ShouldBe(404);
        (await StatusAsync("fork-0")).ShouldBe(404);
    }

    [Fact]
    public async Task A_fork_of_before_its_depth_was_kept_is_as_deep_as_it_has_streams_entries_of()
    {
        var life = (await StreamAsync(Source)).Life;
        new StreamFork("source", life, []).Depth.ShouldBe(1);
        StreamPart[] parts = [.. Enumerable.Range(1, 7).Select(i => new StreamPart($"s{i}", life, i))];
        new StreamFork("source", life, [.. parts]).Depth.ShouldBe(7);
        (new StreamFork("source", life, [.. parts]) { Depth = 9 }).Depth.ShouldBe(9);
    }

    [Fact]
    public async Task A_fork_that_was_noted_before_its_source_was_deleted_keeps_that()
    {
        var plan = await PlanAsync();
        // As a request that looked for forks before this one was noted.
        (await Engine.SendAsync(Source, new DeleteStream())).IsAccepted.ShouldBeTrue();
        await BeginAsync(plan);

        (await Forks.ConfirmAsync(plan, Key("fork"))).ShouldBeNull();
        (await StatusAsync("source"), await StatusAsync("fork")).ShouldBe((410, 200));
        (await _streams.SendAsync("DELETE", "fork")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await StatusAsync("source")).ShouldBe(404);
    }

    [Fact]
    public async Task A_fork_that_came_to_nothing_does_not_keep_a_source_that_was_deleted_meanwhile()
    {
        var plan = await PlanAsync();
        (await Engine.SendAsync(Source, new DeleteStream())).IsAccepted.ShouldBeTrue();
        await Forks.ForgetAsync(plan, "fork");

        (await StatusAsync("source")).ShouldBe(404);
    }

    [Fact]
    public async Task A_fork_that_lost_its_source_and_cannot_be_cleared_away_is_not_said_to_be_gone()
    {
        var plan = await PlanAsync();
        (await _streams.SendAsync("DELETE", "source")).Status.ShouldBe(HttpStatusCode.NoContent);
        await BeginAsync(plan);
        _streams.Server.Store.Commits = new IOException("No space left on device");

        (await Forks.ConfirmAsync(plan, Key("fork"))).ShouldNotBeNull().Type.ShouldBe(ProblemTypes.StoreUnavailable);
    }

    [Fact]
    public async Task A_fork_that_its_owner_cannot_afford_is_refused_and_leaves_nothing()
    {
        foreach (var (burst, status) in new (int, int)[] { (1, 429), (2, 429), (3, 201) })
        {
            await using var streams = new StreamsUnderTest(await ServerUnderTest.StartAsync(
                quota: new OwnerQuota { CommandsPerSecond = 0.001, Burst = burst }));
            await streams.CreateAsync("source", text: "one");
            var fork = await streams.SendAsync("PUT", "fork", null, null, From("source"));
            ((int)fork.Status).ShouldBe(status, fork.Text);

            (await streams.SendAsync("HEAD", "fork")).Status.ShouldBe(
                status == 201 ? HttpStatusCode.OK : HttpStatusCode.NotFound);
            (await streams.SendAsync("DELETE", "source")).Status.ShouldBe(HttpStatusCode.NoContent);
            (await streams.SendAsync("HEAD", "source")).Status.ShouldBe(
                status == 201 ? HttpStatusCode.Gone : HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task Who_has_used_up_all_bytes_can_delete_streams_and_their_forks()
    {
        (await ForkAsync("fork")).Status.ShouldBe(HttpStatusCode.Created);
        Engine.SetQuota(OwnerId.Local, new() { MaxBytes = 0 });

        // By more than a time may be shorter than another.
        (await _streams.SendAsync("POST", "source", new string('x', 100), StreamsUnderTest.Text))
            .ShouldBeProblem(429, "quota-exceeded");
        (await ForkAsync("another-fork")).ShouldBeProblem(429, "quota-exceeded");
        (await _streams.SendAsync("DELETE", "source")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await StatusAsync("source")).ShouldBe(410);
        (await _streams.SendAsync("DELETE", "fork")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await StatusAsync("source"), await StatusAsync("fork")).ShouldBe((404, 404));
    }

    private static SessionKey Key(string name) => new(StreamKind.KindName, OwnerId.Local, name);

    private static (string, string) From(string source) => ("Stream-Forked-From", $"/v1/streams/{source}");

    private Task<Reply> ForkAsync(string name, string source = "source") =>
        _streams.SendAsync("PUT", name, null, null, From(source));

    private async Task<int> StatusAsync(string name) => (int)(await _streams.SendAsync("HEAD", name)).Status;

    private async Task<DurableStream> StreamAsync(SessionKey key) =>
        (DurableStream)(await Engine.GetAsync(key)).Reply.State!;

    /// <summary>The first half of a fork: its source has noted it.</summary>
    private async Task<ForkPlan> PlanAsync() => (await Forks.PrepareAsync(
        new StreamCreation("fork", Key("fork")) { Source = "source" }, default)).Plan.ShouldNotBeNull();

    /// <summary>The second half.</summary>
    private Task BeginAsync(ForkPlan plan) =>
        CreateAsync("fork", new("fork", StreamsUnderTest.Text) { Fork = plan.Fork });

    /// <summary>Both halves, without a request, and of a fork as deep as it says.</summary>
    private async Task BeginAsync(SessionKey source, string name, CreateStream? start = null)
    {
        var life = (await StreamAsync(source)).Life;
        (await Engine.SendAsync(source, new NoteFork(life, name))).IsAccepted.ShouldBeTrue();
        var fork = new StreamFork(source.Id.ToString(), life, []);
        await CreateAsync(name, (start ?? new(name, StreamsUnderTest.Text)) with { Fork = fork });
    }

    private async Task CreateAsync(string name, CreateStream start) => (await Engine.CreateAsync(
        StreamKind.KindName, start, new CreateOptions { Id = name })).IsAccepted.ShouldBeTrue();

    private async Task DropAsync(string fork) => (await Engine.SendAsync(
        Source, new DropForks((await StreamAsync(Source)).Life, [fork]))).IsAccepted.ShouldBeTrue();
}
