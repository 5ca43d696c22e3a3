using System.Text.Json;

namespace Sojourn.Tests.Client;

using Sojourn.Client;

public sealed class RequestTests : IAsyncLifetime
{
    private PretendServer _server = null!;

    public async Task InitializeAsync() => _server = await PretendServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_create_that_meets_an_unready_server_is_sent_again_under_the_same_key()
    {
        _server.On(
            "POST /v1/counter",
            PretendServer.Problem("store-unavailable", 503),
            PretendServer.Problem("overloaded", 429),
            PretendServer.Answer(PretendServer.Session("counter-1"), 201));

        var session = await Client().CreateAsync("counter", new { start = 5 });

        session.Id.ShouldBe("counter-1");
        _server.Seen.Count.ShouldBe(3);
        _server.Seen.Select(seen => seen.Header("Idempotency-Key")).Distinct().Single().ShouldNotBeNullOrEmpty();
        _server.Seen.ShouldAllBe(seen => seen.Body == """{"start":5}""");
        _server.Seen.ShouldAllBe(seen => seen.Header("Authorization") == "Bearer secret");
    }

    [Fact]
    public async Task A_command_whose_answer_is_lost_is_sent_again_under_the_same_key()
    {
        _server.On(
            "POST /v1/counter/x/increment",
            PretendServer.Break,
            PretendServer.Answer(new { version = 8, durableVersion = 8, replayed = true, reply = new { now = 6 } }));
        using var parameters = JsonDocument.Parse("""{"by": 1}""");

        var answer = await Client().SendAsync(
            "counter", "x", "increment", parameters.RootElement, expectedVersion: 7, idempotencyKey: "mine");

        answer.Replayed.ShouldBeTrue();
        answer.Reply!.Value.GetProperty("now").GetInt32().ShouldBe(6);
        _server.Seen.Count.ShouldBe(2);
        _server.Seen.ShouldAllBe(seen => seen.Header("Idempotency-Key") == "mine");
        _server.Seen.ShouldAllBe(seen => seen.Header("If-Match") == "\"7\"");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_a_key_nothing_is_sent_twice(bool breaks)
    {
        _server.On(
            "POST /v1/counter/x/increment", breaks ? PretendServer.Break : PretendServer.Problem("stopping", 503));
        var client = Client(options => options.GenerateIdempotencyKeys = false);

        await Should.ThrowAsync<SojournClientException>(() => client.SendAsync("counter", "x", "increment"));

        _server.Seen.Single().Header("Idempotency-Key").ShouldBeNull();
        _server.Seen.Single().Body.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_server_that_says_when_to_come_back_is_believed()
    {
        var clock = new CrankedClock();
        _server.On(
            "POST /v1/counter",
            PretendServer.Problem("stopping", 503, retryAfter: 7),
            PretendServer.Answer(PretendServer.Session("counter-1"), 201));

        var creating = Client(options => options.TimeProvider = clock).CreateAsync("counter");
        await clock.SetAsync(TimeSpan.FromSeconds(7));
        _server.Seen.Count.ShouldBe(1);
        clock.Advance(TimeSpan.FromSeconds(7));

        (await creating).Id.ShouldBe("counter-1");
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_left()
    {
        var clock = new CrankedClock();
        var left = new TaskCompletionSource();
        _server.On("GET /v1/counter/x", async http =>
        {
            await using var gone = http.RequestAborted.Register(left.SetResult);
            await left.Task;
        });

        var getting = Client(options => options.TimeProvider = clock).GetAsync("counter", "x");
        await clock.SetAsync(TimeSpan.FromSeconds(60));
        clock.Advance(TimeSpan.FromSeconds(60));

        (await Should.ThrowAsync<SojournConnectionException>(getting)).Message.ShouldContain("no answer within 60 s");
    }

    [Fact]
    public async Task Waiting_longer_than_the_user_wants_is_not_begun()
    {
        _server.On("POST /v1/counter", PretendServer.Problem("stopping", 503, retryAfter: 31));

        var thrown = await Should.ThrowAsync<SojournProblemException>(() => Client().CreateAsync("counter"));

        thrown.RetryAfter.ShouldBe(TimeSpan.FromSeconds(31));
        _server.Seen.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_refusal_is_final_and_says_why()
    {
        _server.On("POST /v1/counter/x/increment", PretendServer.Problem(
            "version-mismatch", 412, "It is at version 9.",
            new { code = "too-late", field = "by", current = PretendServer.Session("x", version: 9) }));

        var problem = (await Should.ThrowAsync<SojournProblemException>(
            () => Client().SendAsync("counter", "x", "increment"))).Problem;

        problem.Name.ShouldBe("version-mismatch");
        problem.Status.ShouldBe(412);
        problem.Code.ShouldBe("too-late");
        problem.Field.ShouldBe("by");
        problem.Detail.ShouldBe("It is at version 9.");
        problem.Current!.Version.ShouldBe(9);
        _server.Seen.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Nobody_there_is_said_in_words_that_help()
    {
        await _server.GoAwayAsync();

        var thrown = await Should.ThrowAsync<SojournConnectionException>(
            () => Client(options => options.RetryFor = TimeSpan.FromMilliseconds(50)).CreateAsync("counter"));

        thrown.Message.ShouldBe(
            $"No server answers at {_server.Url.ToString().TrimEnd('/')}; start one with `sojourn serve`.");
    }

    [Fact]
    public async Task An_answer_from_something_else_is_a_problem_too()
    {
        _server.On("GET /v1/counter/x", http =>
        {
            http.Response.StatusCode = 502;
            http.Response.ContentType = "text/html";
            return http.Response.Body.WriteAsync("<h1>Bad gateway</h1>"u8.ToArray()).AsTask();
        });

        var thrown = await Should.ThrowAsync<SojournProblemException>(() => Client().GetAsync("counter", "x"));

        thrown.Problem.Status.ShouldBe(502);
        thrown.Message.ShouldBe("The server answered 502 Bad Gateway without saying why.");
    }

    [Fact]
    public async Task Creating_under_an_id_is_strict_and_getting_or_creating_is_not()
    {
        _server.On("PUT /v1/counter/x", PretendServer.Session("x"), 201);

        await Client().CreateAsAsync("counter", "x", labels: new Dictionary<string, string> { ["a"] = "b&c" });
        await Client().GetOrCreateAsync("counter", "x");

        _server.Seen.Select(seen => seen.Header("If-None-Match")).ShouldBe(["*", null]);
        _server.Seen.First().Target.ShouldBe("/v1/counter/x?label=a%3Ab%26c");
    }

    [Fact]
    public async Task Lists_are_read_page_after_page()
    {
        _server.On(
            "GET /v1/counter",
            PretendServer.Answer(new { sessions = new[] { PretendServer.Session("a") }, next = "c1" }),
            PretendServer.Answer(new { sessions = new[] { PretendServer.Session("b") } }));

        var ids = new List<string>();
        await foreach (var session in Client().ListAsync("counter", "open"))
            ids.Add(session.Id);

        ids.ShouldBe(["a", "b"]);
        _server.Seen.Select(seen => seen.Target).ShouldBe(
            ["/v1/counter?status=open&limit=500", "/v1/counter?status=open&limit=500&cursor=c1"]);
    }

    [Fact]
    public async Task A_page_of_events_tells_where_to_go_on()
    {
        _server.On("GET /v1/counter/x/events", new
        {
            events = new[]
            {
                new { offset = "0000000000000001", type = "counted", at = "2026-11-20T10:00:01Z", version = 1 },
            },
            next = "0000000000000001",
            upToDate = true,
        });

        var page = await Client().EventsAsync("counter", "x", limit: 10);

        page.Events.Single().Type.ShouldBe("counted");
        (page.Next, page.UpToDate, page.Snapshot).ShouldBe(("0000000000000001", true, null));
        _server.Seen.Single().Target.ShouldEndWith("/events?offset=-1&limit=10");
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("A")]
    [InlineData("")]
    public async Task A_name_that_could_leave_its_place_is_not_sent(string id)
    {
        await Should.ThrowAsync<ArgumentException>(() => Client().GetAsync("counter", id));
        _server.Seen.ShouldBeEmpty();
    }

    [Fact]
    public void Options_that_cannot_work_are_told_all_at_once()
    {
        var thrown = Should.Throw<ArgumentException>(() => new SojournClient(new SojournClientOptions
        {
            Url = new Uri("ftp://example.org"),
            Key = "two words",
            SilenceLimit = TimeSpan.Zero,
        }));

        thrown.Message.ShouldContain("Url");
        thrown.Message.ShouldContain("Key");
        thrown.Message.ShouldContain("SilenceLimit");
    }

    private SojournClient Client(Action<SojournClientOptions>? change = null)
    {
        var options = new SojournClientOptions
        {
            Url = _server.Url,
            Key = "secret",
            FirstRetryDelay = TimeSpan.FromMilliseconds(2),
            MaxRetryDelay = TimeSpan.FromMilliseconds(20),
        };
        change?.Invoke(options);
        return new SojournClient(options);
    }
}
