using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Sojourn.Sqlite;
using Sojourn.Testing;

namespace Sojourn.Tests.Server;

/// <summary>What an operator sees and does, and nobody else.</summary>
public sealed class OperatorTests : IAsyncLifetime, IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly ScratchDirectory _scratch = new();
    private ServerUnderTest _server = null!;
    private HttpClient _bob = null!;

    public async Task InitializeAsync()
    {
        _server = await ServerUnderTest.StartAsync(
            options => options.BackupDirectory = Path.Combine(_scratch.Path, "backups"),
            kinds => kinds.Services.AddSingleton<TimeProvider>(_clock));
        await _server.CreateAsync("mine");
        var key = (await _server.SendAsync("POST", "/v1/keys", """{"owner": "bob"}"""))["key"].GetString()!;
        _bob = _server.Client(key);
        (await SendAsync(_bob, "PUT", "/v1/counter/his")).Status.ShouldBe(HttpStatusCode.Created);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose()
    {
        _bob.Dispose();
        _scratch.Dispose();
    }

    [Theory]
    [InlineData("POST", "/v1/counter/his/restore")]
    [InlineData("POST", "/v1/admin/backup")]
    [InlineData("POST", "/v1/admin/verify")]
    [InlineData("POST", "/v1/admin/clean-up")]
    [InlineData("GET", "/v1/stats?owner=local")]
    public async Task Who_is_no_admin_is_turned_away(string method, string path)
    {
        (await SendAsync(_bob, method, path)).ShouldBeProblem(403, "forbidden");
        using var nobody = _server.Client(null);
        (await SendAsync(nobody, method, path)).ShouldBeProblem(401, "unauthorized");
    }

    [Fact]
    public async Task Each_owner_sees_its_own_statistics_and_an_admin_everybodys()
    {
        await _server.SendAsync("POST", "/v1/counter/mine/close");

        var all = await _server.SendAsync("GET", "/v1/stats");
        var counter = all["kinds"].EnumerateArray().ShouldHaveSingleItem();
        counter.GetProperty("kind").GetString().ShouldBe("counter");
        counter.GetProperty("sessions").GetInt64().ShouldBe(2);
        counter.GetProperty("byStatus").GetRawText().ShouldBe("""{"open":1,"closed":1}""");
        counter.GetProperty("activity").GetProperty("created").GetInt64().ShouldBe(2);
        counter.GetProperty("ages").GetProperty("underAnHour").GetInt64().ShouldBe(2);
        all["store"].GetProperty("failing").GetBoolean().ShouldBeFalse();
        all["store"].GetProperty("commits").GetInt64().ShouldBeGreaterThan(0);
        all.Has("owner").ShouldBeFalse();

        foreach (var own in (Reply[])
            [await SendAsync(_bob, "GET", "/v1/stats"), await _server.SendAsync("GET", "/v1/stats?owner=bob")])
        {
            own["owner"].GetString().ShouldBe("bob");
            own["kinds"][0].GetProperty("sessions").GetInt64().ShouldBe(1);
            own["kinds"][0].TryGetProperty("activity", out _).ShouldBeFalse();
            own.Has("store").ShouldBeFalse();
        }

        (await _server.SendAsync("GET", "/v1/stats?owner=Bob")).ShouldBeProblem(400, "invalid-parameter");
    }

    [Theory]
    [InlineData(10, "healthy")]
    [InlineData(3, "healthy")]
    [InlineData(2, "critical")]
    public async Task A_server_says_how_well_it_is_to_whoever_asks(int most, string level)
    {
        var engine = _server.Services.GetRequiredService<SojournEngine>();
        await engine.ReconfigureAsync("counter", engine.Kinds["counter"].Policy with { MaxSessions = most });
        using var nobody = _server.Client(null);

        var ready = await SendAsync(nobody, "GET", "/health/ready");

        ready.Status.ShouldBe(HttpStatusCode.OK);
        ready["status"].GetString().ShouldBe("ready");
        ready["level"].GetString().ShouldBe(level);
        ready["findings"].EnumerateArray().Select(finding => finding.GetProperty("code").GetString())
            .ShouldBe(level == "healthy" ? [] : ["capacity"]);
        foreach (var name in (string[])["mine", "his", "bob", "local"])
            ready.Text.ShouldNotContain(name);
    }

    [Theory]
    [InlineData(null, "healthy")]
    [InlineData(0L, "healthy")]
    [InlineData(10L, "critical", 9)]
    [InlineData(10L, "warning", 8)]
    [InlineData(10L, "warning", 7)]
    [InlineData(10L, "healthy", 6)]
    public void A_share_of_a_capacity_means_something(long? most, string level, long sessions = 5)
    {
        var kind = new KindStatistics
        {
            Kind = "counter",
            Sessions = sessions,
            ByStatus = new Dictionary<string, long>(),
            Bytes = 0,
            MaxSessions = most,
        };
        kind.Level.ToString().ToLowerInvariant().ShouldBe(level);
    }

    [Fact]
    public async Task Statistics_say_how_much_of_what_there_may_be_is_taken_up()
    {
        var engine = _server.Services.GetRequiredService<SojournEngine>();
        await engine.ReconfigureAsync(
            "counter", engine.Kinds["counter"].Policy with { MaxSessions = 8, MaxSessionsPerOwner = 1 });
        engine.SetQuota(OwnerId.Parse("bob"), new() { MaxSessions = 5, MaxBytes = 10_000, MaxStreams = 3 });

        var all = await _server.SendAsync("GET", "/v1/stats");
        var counter = all["kinds"][0];
        counter.GetProperty("maxSessions").GetInt64().ShouldBe(8);
        counter.GetProperty("usage").GetDouble().ShouldBe(0.25);
        counter.GetProperty("level").GetString().ShouldBe("healthy");
        all.Has("use").ShouldBeFalse();
        all["store"].GetProperty("maxPendingSteps").GetInt64().ShouldBe(100_000);
        all["store"].GetProperty("maxPendingBytes").GetInt64().ShouldBe(256 << 20);

        var own = await SendAsync(_bob, "GET", "/v1/stats");
        own["kinds"][0].GetProperty("level").GetString().ShouldBe("critical");
        var use = own["use"];
        use.GetProperty("sessions").GetInt64().ShouldBe(1);
        use.GetProperty("maxSessions").GetInt64().ShouldBe(5);
        use.GetProperty("bytes").GetInt64().ShouldBe(own["kinds"][0].GetProperty("bytes").GetInt64());
        use.GetProperty("maxBytes").GetInt64().ShouldBe(10_000);
        use.GetProperty("streams").GetInt64().ShouldBe(0);
        use.GetProperty("maxStreams").GetInt64().ShouldBe(3);
        use.GetProperty("pendingSteps").GetInt64().ShouldBe(0);
        use.TryGetProperty("commandsPerSecond", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_store_that_fails_is_not_ready()
    {
        _server.Store.Commits = new IOException("disk full");
        (await _server.SendAsync("POST", "/v1/counter")).ShouldBeProblem(503, "store-unavailable");
        (await _server.SendAsync("GET", "/health/ready")).ShouldBeProblem(503, "store-unavailable");
    }

    [Fact]
    public async Task A_damaged_session_of_anybody_is_restored()
    {
        var engine = _server.Services.GetRequiredService<SojournEngine>();
        var his = new SessionKey("counter", OwnerId.Parse("bob"), "his");
        _server.Store.Damaged = his;
        await engine.ReconfigureAsync("counter", engine.Kinds["counter"].Policy with { MaxInMemory = 1 });
        await _server.CreateAsync("other");
        (await SendAsync(_bob, "GET", "/v1/counter/his")).ShouldBeProblem(500, "damaged");

        var restored = await _server.SendAsync("POST", "/v1/counter/his/restore?owner=bob");

        restored.Status.ShouldBe(HttpStatusCode.OK, restored.Text);
        restored["owner"].GetString().ShouldBe("bob");
        (await SendAsync(_bob, "GET", "/v1/counter/his")).Text.ShouldBe(restored.Text);
        (await _server.SendAsync("POST", "/v1/counter/mine/restore"))["version"].GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task A_store_is_verified()
    {
        var verified = await _server.SendAsync("POST", "/v1/admin/verify");
        verified.Status.ShouldBe(HttpStatusCode.OK, verified.Text);
        // Two counters and one key.
        verified["sessions"].GetInt64().ShouldBe(3);
        verified["damagedRecords"].GetInt64().ShouldBe(0);
        verified["damaged"].GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task One_at_a_time_and_for_an_hour_at_most()
    {
        _server.Store.CheckGate = new TaskCompletionSource();
        var first = _server.SendAsync("POST", "/v1/admin/verify");
        await _server.Store.CheckBegun.Task.WaitAsync(ServerUnderTest.Patience);

        var second = (await _server.SendAsync("POST", "/v1/admin/verify")).ShouldBeProblem(429, "overloaded");
        second.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(30));
        _clock.Advance(TimeSpan.FromHours(1));
        (await first).ShouldBeProblem(503, "took-too-long");

        _server.Store.CheckGate = null;
        (await _server.SendAsync("POST", "/v1/admin/verify")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Clean_up_takes_what_is_asked_for_and_stops_at_its_limit()
    {
        foreach (var id in (string[])["x1", "x2", "x3"])
            await _server.CreateAsync(id);

        var cleaned = await _server.SendAsync(
            "POST", "/v1/admin/clean-up", """{"where": {"text": "x"}, "kind": "counter", "limit": 2}""");
        (cleaned["removed"].GetInt32(), cleaned["more"].GetBoolean()).ShouldBe((2, true));
        cleaned = await _server.SendAsync("POST", "/v1/admin/clean-up", """{"where": {"text": "x"}, "limit": 2}""");
        (cleaned["removed"].GetInt32(), cleaned["more"].GetBoolean()).ShouldBe((1, false));
        cleaned = await _server.SendAsync("POST", "/v1/admin/clean-up", """{"where": {"text": "i"}, "owner": "bob"}""");
        cleaned["removed"].GetInt32().ShouldBe(1);
        (await _server.SendAsync("GET", "/v1/counter/mine")).Status.ShouldBe(HttpStatusCode.OK);

        // Everything that is old goes, but never a key.
        _clock.Advance(TimeSpan.FromDays(1));
        var before = JsonSerializer.Serialize(_clock.GetUtcNow());
        await _server.SendAsync("POST", "/v1/admin/clean-up", $$$"""{"where": {"createdBefore": {{{before}}}}}""");
        (await _server.SendAsync("GET", "/v1/counter/mine")).ShouldBeProblem(404, "not-found");
        (await SendAsync(_bob, "GET", "/v1/sessions")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("""{"where": {}}""", "invalid", "where")]
    [InlineData("""{"where": {"labels": {}}}""", "invalid", "where")]
    [InlineData("""{"where": {"text": "x"}, "limit": 0}""", "invalid", "limit")]
    [InlineData("""{"where": {"text": "x"}, "limit": 100001}""", "invalid", "limit")]
    [InlineData("""{"where": {"text": "x"}, "owner": "Bob"}""", "invalid", "owner")]
    [InlineData("""{"where": {"status": "sleeping"}}""", "invalid", "where.status")]
    [InlineData("""{"where": {"text": "x"}, "kind": "server-key"}""", "unknown-kind", null)]
    [InlineData("{}", "malformed", "where")]
    public async Task A_clean_up_that_cannot_be_meant_is_refused(string body, string type, string? field)
    {
        var refused = await _server.SendAsync("POST", "/v1/admin/clean-up", body);
        refused["type"].GetString().ShouldBe("urn:sojourn:problem:" + type);
        (refused.Has("field") ? refused["field"].GetString() : null).ShouldBe(field);
    }

    [Theory]
    [InlineData("../up")]
    [InlineData("a/b")]
    [InlineData("a.partial")]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("Upper")]
    [InlineData("a\\n")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task A_backups_name_is_never_a_path(string name)
    {
        (await _server.SendAsync("POST", "/v1/admin/backup", $$"""{"name": "{{name}}"}"""))
            .ShouldBeProblem(422, "invalid")["field"].GetString().ShouldBe("name");
        Directory.Exists(Path.Combine(_scratch.Path, "backups")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_store_that_cannot_be_backed_up_says_so()
    {
        (await _server.SendAsync("POST", "/v1/admin/backup")).ShouldBeProblem(409, "refused")["code"].GetString()
            .ShouldBe("not-possible");
        await using var without = await ServerUnderTest.StartAsync();
        (await without.SendAsync("POST", "/v1/admin/backup")).ShouldBeProblem(409, "refused")["code"].GetString()
            .ShouldBe("no-backup-directory");
    }

    [Fact]
    public async Task A_real_server_is_backed_up_beside_its_data_and_the_copy_can_be_restored()
    {
        await using var serve = await ServeUnderTest.StartAsync(Path.Combine(_scratch.Path, "data"));
        await SendAsync(serve.Http, "PUT", "/v1/generation/story", """{"storyText": "One two three four five."}""");

        var made = await SendAsync(serve.Http, "POST", "/v1/admin/backup", """{"name": "first"}""");

        made.Status.ShouldBe(HttpStatusCode.Created, made.Text);
        made["name"].GetString().ShouldBe("first");
        made["sessions"].GetInt64().ShouldBe(1);
        var directory = made["directory"].GetString()!;
        directory.ShouldBe(Path.Combine(_scratch.Path, "data", "backups", "first"));
        var restored = await SqliteBackups.RestoreAsync(directory, Path.Combine(_scratch.Path, "restored"));
        restored.Sessions.ShouldBe(1);
        (await SendAsync(serve.Http, "POST", "/v1/admin/backup", """{"name": "first"}"""))
            .ShouldBeProblem(412, "already-exists");
        (await SendAsync(serve.Http, "POST", "/v1/admin/backup"))["name"].GetString()!
            .ShouldMatch("^backup-[0-9]{8}-[0-9]{6}$");
    }

    private static Task<Reply> SendAsync(HttpClient http, string method, string path, string? body = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new StringContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        return ServerUnderTest.SendAsync(http, request);
    }
}
