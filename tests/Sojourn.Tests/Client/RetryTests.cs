namespace Sojourn.Tests.Client;

using Sojourn.Client;

public sealed record SetNote(string? Note) : ICommand<string?>;

/// <summary>What is sent again, when, and what never is.</summary>
public sealed class RetryTests : IAsyncLifetime
{
    private PretendServer _server = null!;

    public async Task InitializeAsync() => _server = await PretendServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(408)]
    [InlineData(502)]
    [InlineData(504)]
    public async Task A_gateway_that_does_not_reach_the_server_is_asked_again_under_the_same_key(int status)
    {
        _server.On(
            "POST /v1/counter/x/set-note",
            PretendServer.Problem("something", status), PretendServer.Break,
            PretendServer.Answer(new { version = 2, reply = "hello" }));

        var answer = await Client().Session("counter", "x").SendAsync(new SetNote("hello"));

        answer.Reply.ShouldBe("hello");
        _server.Seen.Count.ShouldBe(3);
        _server.Seen.Select(seen => seen.Header("Idempotency-Key")).Distinct().Single().ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("rule-failed", 500)]
    [InlineData("refused", 409)]
    [InlineData("unauthorized", 401)]
    public async Task What_cannot_heal_by_itself_is_sent_once(string type, int status)
    {
        _server.On("POST /v1/counter/x/set-note", PretendServer.Problem(type, status));

        await Should.ThrowAsync<SojournProblemException>(
            () => Client().Session("counter", "x").SendAsync(new SetNote("a")));

        _server.Seen.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_server_that_speaks_no_tls_is_not_asked_again()
    {
        var secure = new UriBuilder(_server.Url) { Scheme = "https" }.Uri;
        // Nobody turns this clock: a second attempt would be waited for without end.
        var client = Client(options => (options.Url, options.TimeProvider) = (secure, new CrankedClock()));

        var thrown = await Should.ThrowAsync<SojournConnectionException>(
            () => client.CreateAsync("counter").WaitAsync(TimeSpan.FromSeconds(30)));

        thrown.Reason.ShouldBe("no secure connection");
    }

    [Fact]
    public void A_pause_is_as_long_as_the_server_asks_but_never_none_and_never_a_month()
    {
        var options = new SojournClientOptions { FirstRetryDelay = TimeSpan.FromSeconds(1) };

        Backoff.Before(1, TimeSpan.FromSeconds(7), options).ShouldBe(TimeSpan.FromSeconds(7));
        Backoff.Before(1, TimeSpan.Zero, options).ShouldBeInRange(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1));
        Backoff.Before(1, TimeSpan.FromDays(60), options).ShouldBe(TimeSpan.FromDays(1));
        Backoff.Before(3, null, options).ShouldBeInRange(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4));
        Backoff.Before(5000, null, options).ShouldBeInRange(TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Nulls_are_sent_and_a_reply_of_null_is_one()
    {
        _server.On("POST /v1/counter/x/set-note", new { version = 2, reply = (string?)null });

        var answer = await Client().Session("counter", "x").SendAsync(new SetNote(null));

        answer.Reply.ShouldBeNull();
        _server.Seen.Single().Body.ShouldBe("""{"note":null}""");
    }

    [Theory]
    [InlineData("{\"version\":2}")]
    [InlineData("{\"version\":2,\"reply\":\"seven\"}")]
    public async Task A_reply_of_another_shape_is_told_as_such(string answer)
    {
        _server.On("POST /v1/counter/x/increment", http => http.Response.Body.WriteAsync(
            System.Text.Encoding.UTF8.GetBytes(answer)).AsTask());

        (await Should.ThrowAsync<SojournConnectionException>(
            () => Client().Session("counter", "x").SendAsync(new Server.Increment(1)))).Message
            .ShouldContain("no Sojourn server of this version");
    }

    [Theory]
    [InlineData("")]
    [InlineData("naïve")]
    [InlineData("two\nlines")]
    public async Task An_idempotency_key_that_no_server_takes_is_not_sent(string key)
    {
        await Should.ThrowAsync<ArgumentException>(
            () => Client().SendAsync("counter", "x", "increment", idempotencyKey: key));
        await Should.ThrowAsync<ArgumentException>(
            () => Client().SendAsync("counter", "x", "increment", idempotencyKey: new string('k', 129)));

        _server.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_label_that_would_arrive_as_another_is_not_sent()
    {
        var labels = new Dictionary<string, string> { ["a:b"] = "c" };

        await Should.ThrowAsync<ArgumentException>(() => Client().CreateAsync("counter", labels: labels));

        _server.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task Options_that_are_changed_later_change_nothing()
    {
        _server.On(
            "POST /v1/counter",
            PretendServer.Problem("stopping", 503), PretendServer.Answer(PretendServer.Session("counter-1"), 201));
        SojournClientOptions? kept = null;
        var client = Client(options => kept = options);
        kept!.RetryFor = TimeSpan.Zero;

        (await client.CreateAsync("counter")).Id.ShouldBe("counter-1");
    }

    [Fact]
    public async Task A_session_that_went_while_nobody_was_connected_is_told_as_gone()
    {
        _server.On("GET /v1/counter/x/events", async http =>
            {
                var stream = await PretendStream.OpenAsync(http);
                await stream.EventAsync(1);
            }, PretendServer.Problem("not-found", 404));

        var news = new List<SessionNews>();
        await foreach (var piece in Client().WatchAsync("counter", "x"))
            news.Add(piece);

        news.Select(piece => piece.GetType()).ShouldBe(
            [typeof(SessionEvent), typeof(ConnectionLost), typeof(SessionRemoved)]);
        news[^1].ShouldBe(new SessionRemoved("unseen"));
    }

    [Fact]
    public async Task A_kinds_own_event_may_be_called_like_the_news_of_a_removal()
    {
        _server.OnEvents("counter/x", async stream =>
        {
            await stream.EventAsync(1, "session-removed", new { reason = "ours" });
            await stream.RemovedAsync("expired");
        });

        var news = new List<SessionNews>();
        await foreach (var piece in Client().Session("counter", "x").WatchAsync())
            news.Add(piece);

        news[0].ShouldBeOfType<SessionEvent>().TryRead<SessionRemoved>(out var own).ShouldBeTrue();
        own.ShouldBe(new SessionRemoved("ours"));
        news[1].ShouldBe(new SessionRemoved("expired"));
        news.Count.ShouldBe(2);
    }

    private SojournClient Client(Action<SojournClientOptions>? change = null)
    {
        var options = new SojournClientOptions
        {
            Url = _server.Url,
            FirstRetryDelay = TimeSpan.FromMilliseconds(2),
            MaxRetryDelay = TimeSpan.FromMilliseconds(20),
        };
        change?.Invoke(options);
        return new SojournClient(options);
    }
}
