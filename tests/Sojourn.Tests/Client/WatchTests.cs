namespace Sojourn.Tests.Client;

using Sojourn.Client;

public sealed class WatchTests : IAsyncLifetime
{
    private PretendServer _server = null!;

    public async Task InitializeAsync() => _server = await PretendServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_stream_cut_in_the_middle_of_an_event_goes_on_without_gap_or_repetition()
    {
        // A cut connection may lose what was sent just before, so it is cut only when the first two have arrived.
        var arrived = new TaskCompletionSource();
        _server.OnEvents(
            "counter/x",
            async stream =>
            {
                await stream.EventAsync(1);
                await stream.EventAsync(2);
                await arrived.Task;
                await stream.RawAsync("id: 0000000000000003\nevent: counted\ndata: {\"offset\":\"00000000");
                stream.Cut();
            },
            async stream =>
            {
                await stream.EventAsync(2);
                await stream.EventAsync(3);
                await stream.EventAsync(4);
                await stream.RemovedAsync("expired");
            });

        var news = new List<SessionNews>();
        await foreach (var piece in Client().WatchAsync("counter", "x"))
        {
            news.Add(piece);
            if (piece is SessionEvent { Version: 2 })
                arrived.TrySetResult();
        }

        Offsets(news).ShouldBe([1, 2, 3, 4]);
        news[2].ShouldBeOfType<ConnectionLost>().Attempt.ShouldBe(1);
        news[3].ShouldBeOfType<ConnectionRestored>().Attempts.ShouldBe(1);
        news[^1].ShouldBe(new SessionRemoved("expired"));
        _server.Seen.Select(seen => seen.Header("Last-Event-ID")).ShouldBe([null, PretendServer.Offset(2)]);
    }

    [Fact]
    public async Task An_event_whose_last_line_lacks_its_end_is_not_news()
    {
        _server.OnEvents(
            "counter/x",
            // Whole to look at, but the blank line that would complete it never came.
            stream => stream.RawAsync(
                "id: 0000000000000001\nevent: counted\ndata: {\"offset\":\"0000000000000001\",\"type\":\"counted\","
                + "\"at\":\"2026-11-20T10:00:01Z\",\"version\":1}\n"),
            async stream =>
            {
                await stream.EventAsync(1);
                await stream.RemovedAsync();
            });

        Offsets(await AllAsync()).ShouldBe([1]);
        _server.Seen.ShouldAllBe(seen => seen.Header("Last-Event-ID") == null);
    }

    [Fact]
    public async Task A_watcher_outlives_a_server_that_goes_away_and_comes_back_on_its_port()
    {
        _server.OnEvents(
            "counter/x",
            async stream =>
            {
                await stream.EventAsync(1);
                await stream.HoldAsync();
            },
            async stream =>
            {
                await stream.EventAsync(2);
                await stream.RemovedAsync();
            });

        var news = new List<SessionNews>();
        await foreach (var piece in Client().WatchAsync("counter", "x"))
        {
            news.Add(piece);
            if (piece is SessionEvent { Version: 1 })
                await _server.GoAwayAsync();
            if (piece is ConnectionLost { Reason: "no server answers", Attempt: 3 })
                await _server.ComeBackAsync();
        }

        Offsets(news).ShouldBe([1, 2]);
        news.OfType<ConnectionRestored>().Count().ShouldBe(1);
        _server.Seen.Last().Header("Last-Event-ID").ShouldBe(PretendServer.Offset(1));
    }

    [Fact]
    public async Task A_snapshot_sets_the_place_anew_even_backwards()
    {
        _server.OnEvents("counter/x", async stream =>
        {
            await stream.SnapshotAsync(3, PretendServer.Session("x", lastEvent: 3, version: 3));
            await stream.EventAsync(4);
            await stream.RemovedAsync();
        });

        var news = await AllAsync(after: PretendServer.Offset(9));

        var snapshot = news[0].ShouldBeOfType<SessionSnapshot>();
        snapshot.Offset.ShouldBe(PretendServer.Offset(3));
        snapshot.Session.State!.Value.GetProperty("count").GetInt32().ShouldBe(1);
        Offsets(news).ShouldBe([4]);
        _server.Seen.Single().Target.ShouldEndWith("?offset=0000000000000009");
    }

    [Fact]
    public async Task Watching_from_now_misses_nothing_when_the_first_connection_breaks_before_any_news()
    {
        _server.On("GET /v1/counter/x", PretendServer.Session("x", lastEvent: 7));
        _server.OnEvents(
            "counter/x",
            stream =>
            {
                stream.Cut();
                return Task.CompletedTask;
            },
            async stream =>
            {
                await stream.EventAsync(8);
                await stream.RemovedAsync();
            });

        Offsets(await AllAsync(after: "now")).ShouldBe([8]);

        _server.Seen.Where(seen => seen.Target.Contains("/events", StringComparison.Ordinal))
            .ShouldAllBe(seen => seen.Target.EndsWith("?offset=0000000000000007", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_is_not_ready_is_asked_again_when_it_says()
    {
        _server.On(
            "GET /v1/counter/x/events",
            PretendServer.Problem("stopping", 503, "The server is stopping.", retryAfter: 0));
        _server.OnEvents("counter/x", stream => stream.RemovedAsync());

        var news = await AllAsync();

        // "At once" still leaves it time to breathe.
        var lost = news[0].ShouldBeOfType<ConnectionLost>();
        (lost.Reason, lost.Attempt).ShouldBe(("The server is stopping.", 1));
        lost.RetryIn.ShouldBeInRange(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2));
        news[1].ShouldBe(new ConnectionRestored(1));
    }

    [Theory]
    [InlineData(400, "invalid-parameter")]
    [InlineData(401, "unauthorized")]
    [InlineData(403, "forbidden")]
    [InlineData(404, "not-found")]
    [InlineData(500, "damaged")]
    public async Task What_will_never_be_answered_is_not_asked_again(int status, string type)
    {
        _server.On("GET /v1/counter/x/events", PretendServer.Problem(type, status));

        var thrown = await Should.ThrowAsync<SojournProblemException>(() => AllAsync());

        thrown.Problem.Name.ShouldBe(type);
        _server.Seen.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_no_event_stream_is_not_watched()
    {
        _server.On("GET /v1/counter/x/events", new { hello = "portal" });

        var thrown = await Should.ThrowAsync<SojournConnectionException>(() => AllAsync());

        thrown.Message.ShouldContain("no Sojourn server");
    }

    [Fact]
    public async Task Stopping_ends_the_watching_and_the_connection()
    {
        var left = new TaskCompletionSource();
        _server.OnEvents("counter/x", async stream =>
        {
            await stream.EventAsync(1);
            await stream.HoldAsync();
            left.SetResult();
        });
        using var stop = new CancellationTokenSource();

        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in Client().WatchAsync("counter", "x", stop: stop.Token))
                await stop.CancelAsync();
        });

        await left.Task;
    }

    [Fact]
    public async Task A_connection_on_which_nothing_arrives_is_dead()
    {
        var clock = new CrankedClock();
        _server.OnEvents(
            "counter/x",
            async stream =>
            {
                await stream.EventAsync(1);
                await stream.HoldAsync();
            },
            stream => stream.RemovedAsync());
        await using var watching = Client(clock).WatchAsync("counter", "x").GetAsyncEnumerator();
        await watching.MoveNextAsync();

        var next = watching.MoveNextAsync().AsTask();
        await clock.SetAsync(TimeSpan.FromSeconds(45));
        clock.Advance(TimeSpan.FromSeconds(45));

        (await next).ShouldBeTrue();
        watching.Current.ShouldBeOfType<ConnectionLost>().Reason.ShouldBe("nothing arrived for 45 s");
    }

    private async Task<List<SessionNews>> AllAsync(string? after = null)
    {
        var news = new List<SessionNews>();
        await foreach (var piece in Client().WatchAsync("counter", "x", after))
            news.Add(piece);
        return news;
    }

    private SojournClient Client(TimeProvider? clock = null) => new(new SojournClientOptions
    {
        Url = _server.Url,
        Key = "secret",
        FirstRetryDelay = TimeSpan.FromMilliseconds(2),
        MaxRetryDelay = TimeSpan.FromMilliseconds(20),
        TimeProvider = clock ?? TimeProvider.System,
    });

    private static IEnumerable<long> Offsets(IEnumerable<SessionNews> news) =>
        news.OfType<SessionEvent>().Select(e => long.Parse(e.Offset));
}
