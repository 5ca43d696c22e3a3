using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Sojourn.Tests.Server;

/// <summary>What can be done to a session whatever its rules.</summary>
public sealed class CareTests : IAsyncLifetime
{
    private ServerUnderTest _server = null!;

    public async Task InitializeAsync()
    {
        _server = await ServerUnderTest.StartAsync();
        await _server.CreateAsync("mine");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_session_begins_anew_once_for_each_key()
    {
        await _server.SendAsync("POST", "/v1/counter/mine/increment", """{"by": 9}""");

        var anew = await _server.SendAsync(
            "PUT", "/v1/counter/mine?fresh=true&label=a:b", """{"from": 4}""", ("Idempotency-Key", "one"));
        anew.Status.ShouldBe(HttpStatusCode.Created);
        anew["state"].GetProperty("total").GetInt64().ShouldBe(4);
        anew["labels"].GetProperty("a").GetString().ShouldBe("b");
        await _server.SendAsync("POST", "/v1/counter/mine/tick");

        var again = await _server.SendAsync(
            "PUT", "/v1/counter/mine?fresh=true&label=a:b", """{"from": 4}""", ("Idempotency-Key", "one"));
        again.Headers.GetValues("Idempotent-Replayed").ShouldBe(["true"]);
        again["state"].GetProperty("total").GetInt64().ShouldBe(5);
        (await _server.SendAsync("PUT", "/v1/counter/new?fresh=true")).Status.ShouldBe(HttpStatusCode.Created);
        (await _server.SendAsync("PUT", "/v1/counter/mine?fresh=false"))["version"].GetInt64().ShouldBe(2);
    }

    [Theory]
    [InlineData("fresh=yes", null)]
    [InlineData("fresh=true", "*")]
    public async Task A_beginning_that_contradicts_itself_is_refused(string query, string? ifNoneMatch)
    {
        (string, string)[] headers = ifNoneMatch is null ? [] : [("If-None-Match", ifNoneMatch)];
        (await _server.SendAsync("PUT", $"/v1/counter/mine?{query}", null, headers))
            .ShouldBeProblem(400, "invalid-parameter")["field"].GetString().ShouldBe("fresh");
    }

    [Fact]
    public async Task A_touch_counts_as_activity()
    {
        var before = await _server.SendAsync("GET", "/v1/counter/mine");

        var touched = await _server.SendAsync("POST", "/v1/counter/mine/touch");

        touched.Status.ShouldBe(HttpStatusCode.OK);
        touched.Headers.ETag!.Tag.ShouldBe("\"2\"");
        touched["lastActivityAt"].GetDateTimeOffset().ShouldBeGreaterThan(before["lastActivityAt"].GetDateTimeOffset());
        touched["state"].GetProperty("total").GetInt64().ShouldBe(0);
        (await _server.SendAsync("GET", "/v1/counter/mine")).Text.ShouldBe(touched.Text);
        (await _server.SendAsync("POST", "/v1/counter/mine/touch", null, ("If-Match", "\"1\"")))
            .ShouldBeProblem(400, "invalid-parameter");
        (await _server.SendAsync("GET", "/v1/counter/mine/touch")).ShouldBeProblem(405, "method-not-allowed");
        (await _server.SendAsync("POST", "/v1/counter/nobody/touch")).ShouldBeProblem(404, "not-found");
    }

    [Fact]
    public async Task Labels_are_set_and_taken_away()
    {
        await _server.SendAsync("PUT", "/v1/counter/mine/labels", """{"team": "red", "Town": "Ypern"}""");
        var labelled = await _server.SendAsync(
            "PUT", "/v1/counter/mine/labels", """{"team": null, "mood": ""}""", ("If-Match", "\"2\""));

        labelled.Status.ShouldBe(HttpStatusCode.OK);
        labelled.Headers.ETag!.Tag.ShouldBe("\"3\"");
        labelled["labels"].EnumerateObject().Select(label => $"{label.Name}={label.Value}")
            .ShouldBe(["mood=", "Town=Ypern"], ignoreOrder: true);
        (await _server.SendAsync("PUT", "/v1/counter/mine/labels", "{}", ("If-Match", "\"2\"")))
            .ShouldBeProblem(412, "version-mismatch");
        (await _server.SendAsync("PUT", "/v1/counter/nobody/labels", "{}")).ShouldBeProblem(404, "not-found");
    }

    [Fact]
    public async Task Labels_under_one_key_are_set_once()
    {
        const string Path = "/v1/counter/mine/labels";
        await _server.SendAsync("PUT", Path, """{"team": "red"}""", ("Idempotency-Key", "one"));
        await _server.SendAsync("PUT", Path, """{"team": "blue"}""");
        var again = await _server.SendAsync("PUT", Path, """{"team": "red"}""", ("Idempotency-Key", "one"));
        again.Headers.GetValues("Idempotent-Replayed").ShouldBe(["true"]);
        (await _server.SendAsync("GET", "/v1/counter/mine"))["labels"].GetProperty("team").GetString().ShouldBe("blue");
        (await _server.SendAsync("PUT", Path, """{"team": "green"}""", ("Idempotency-Key", "one")))
            .ShouldBeProblem(422, "operation-reused");
    }

    [Fact]
    public async Task There_is_room_for_sixteen_labels_of_sixty_four_characters()
    {
        var long64 = new string('x', 64);
        var sixteen = Enumerable.Range(0, 15).ToDictionary(i => $"name{i}", _ => "");
        sixteen[long64] = long64;
        const string Path = "/v1/counter/mine/labels";
        (await _server.SendAsync("PUT", Path, JsonSerializer.Serialize(sixteen))).Status.ShouldBe(HttpStatusCode.OK);
        foreach (var body in (string[])
        [
            """{"one-more": ""}""",
            JsonSerializer.Serialize(sixteen.Append(new("another", "")).ToDictionary()),
            $$"""{"{{long64}}": "{{long64}}x"}""",
            $$"""{"{{long64}}x": ""}""",
            """{"": "x"}""",
            """{"a:b": "x"}""",
        ])
            (await _server.SendAsync("PUT", Path, body)).ShouldBeProblem(422, "invalid")["field"].GetString()
                .ShouldBe("labels");
        (await _server.SendAsync("PUT", Path, """{"a": 1}""")).ShouldBeProblem(400, "malformed");
        (await _server.SendAsync("PUT", Path, "[]")).ShouldBeProblem(400, "malformed");
        (await _server.SendAsync("PUT", Path, """{"a": "1", "a": "2"}""")).ShouldBeProblem(400, "malformed");
    }

    [Theory]
    [InlineData("POST", "touch")]
    [InlineData("PUT", "labels")]
    public async Task Nobody_touches_anothers_session(string method, string what)
    {
        var before = await _server.EverythingAsync();
        var key = (await _server.SendAsync("POST", "/v1/keys", """{"owner": "bob"}"""))["key"].GetString()!;
        using var bob = _server.Client(key);
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/v1/counter/mine/{what}");
        (await ServerUnderTest.SendAsync(bob, request)).ShouldBeProblem(404, "not-found");
        (await _server.EverythingAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_full_kind_says_when_to_try_again()
    {
        await LimitAsync(policy => policy with { MaxSessions = 1, RetryWhenFull = TimeSpan.FromSeconds(90.5) });
        var refused = (await _server.SendAsync("POST", "/v1/counter")).ShouldBeProblem(429, "full");
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(91));
    }

    [Fact]
    public async Task A_quota_is_told_as_such()
    {
        var engine = _server.Services.GetRequiredService<SojournEngine>();
        engine.SetQuota(OwnerId.Local, new OwnerQuota { MaxSessions = 1 });
        (await _server.SendAsync("POST", "/v1/counter")).ShouldBeProblem(429, "quota-exceeded");
        engine.SetQuota(OwnerId.Local, new OwnerQuota { CommandsPerSecond = 0.001, Burst = 1 });
        (await _server.SendAsync("POST", "/v1/counter/mine/tick")).Status.ShouldBe(HttpStatusCode.OK);
        var refused = (await _server.SendAsync("POST", "/v1/counter/mine/tick")).ShouldBeProblem(429, "rate-limited");
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThan(TimeSpan.FromSeconds(900));
    }

    [Theory]
    [InlineData("admin", "'admin' is not a kind's name")]
    [InlineData("keys", "'keys' is not a kind's name")]
    [InlineData("sessions", "'sessions' is not a kind's name")]
    [InlineData("stats", "'stats' is not a kind's name")]
    [InlineData("lamp", "The kind 'lamp' cannot have a command 'touch' here.")]
    public async Task A_name_that_is_the_servers_own_is_refused_at_the_start(string kind, string says)
    {
        var refused = await Should.ThrowAsync<SojournException>(
            () => ServerUnderTest.StartAsync(also: kinds => kinds.AddKind(new LampKind(kind))));
        refused.Message.ShouldContain(says);
    }

    private Task LimitAsync(Func<Policy, Policy> change)
    {
        var engine = _server.Services.GetRequiredService<SojournEngine>();
        return engine.ReconfigureAsync("counter", change(engine.Kinds["counter"].Policy));
    }

    private sealed record Lamp(bool IsLit);

    private sealed record LightLamp : IStart<Lamp>;

    private sealed record Touch : ICommand;

    /// <summary>Its command would stand in the way of the server's own.</summary>
    private sealed class LampKind : Kind<Lamp>
    {
        public LampKind(string name)
            : base(name)
        {
            Start<LightLamp>((_, _) => Go(new Lamp(true)));
            On<Touch>((lamp, _, _) => Go(new Lamp(!lamp.IsLit)));
        }
    }
}
