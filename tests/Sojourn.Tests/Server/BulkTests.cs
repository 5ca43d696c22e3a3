using System.Net;
using System.Text;
using System.Text.Json;

namespace Sojourn.Tests.Server;

/// <summary>One command for many sessions, over HTTP.</summary>
public sealed class BulkTests : IAsyncLifetime
{
    private ServerUnderTest _server = null!;

    public async Task InitializeAsync()
    {
        _server = await ServerUnderTest.StartAsync();
        foreach (var id in (string[])["a", "b", "c"])
            await _server.CreateAsync(id);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Each_session_gets_the_command_and_answers_for_itself()
    {
        var (lines, end) = await BulkAsync(
            """{"ids": ["b", "nobody", "a"], "command": "increment", "parameters": {"by": 5}}""");

        lines.Select(line => line.GetProperty("id").GetString()).ShouldBe(["b", "nobody", "a"]);
        lines.Select(line => line.GetProperty("ok").GetBoolean()).ShouldBe([true, false, true]);
        lines[0].GetProperty("version").GetInt64().ShouldBe(2);
        lines[0].GetProperty("reply").GetInt64().ShouldBe(5);
        var problem = lines[1].GetProperty("problem");
        problem.GetProperty("type").GetString().ShouldBe("urn:sojourn:problem:not-found");
        problem.GetProperty("status").GetInt32().ShouldBe(404);
        end.ShouldBe((2, 1));
        (await TotalAsync("a"), await TotalAsync("c")).ShouldBe((5, 0));
    }

    [Fact]
    public async Task Sessions_may_be_named_by_what_they_have_in_common()
    {
        await _server.SendAsync("POST", "/v1/counter/b/close");

        var (lines, end) = await BulkAsync("""{"where": {"status": "open"}, "command": "tick"}""");

        lines.Select(line => line.GetProperty("id").GetString()).Order().ShouldBe(["a", "c"]);
        end.ShouldBe((2, 0));
        (await TotalAsync("a"), await TotalAsync("b")).ShouldBe((1, 0));
    }

    [Fact]
    public async Task Many_are_removed_at_once_more_than_a_page_of_them()
    {
        const int Count = 600;
        await Task.WhenAll(Enumerable.Range(0, Count).Select(i => _server.CreateAsync($"x{i}")));

        var (lines, end) = await BulkAsync("""{"where": {"text": "x"}, "command": "remove"}""");

        lines.Count.ShouldBe(Count);
        end.ShouldBe((Count, 0));
        (await _server.SendAsync("GET", "/v1/sessions/count"))["count"].GetInt64().ShouldBe(3);
        (await BulkAsync("""{"all": true, "command": "remove"}""")).End.ShouldBe((3, 0));
    }

    [Fact]
    public async Task All_are_meant_only_when_it_is_said()
    {
        (await _server.SendAsync("POST", "/v1/counter/bulk", """{"where": {}, "command": "remove"}"""))
            .ShouldBeProblem(422, "invalid").Detail!.ShouldContain("\"all\": true");
        (await BulkAsync("""{"all": true, "where": {}, "command": "tick"}""")).End.ShouldBe((3, 0));
        (await BulkAsync("""{"all": true, "command": "remove"}""")).End.ShouldBe((3, 0));
    }

    [Fact]
    public async Task The_same_key_has_no_second_effect_on_any_of_them()
    {
        const string Body = """{"ids": ["a", "b"], "command": "increment"}""";
        await BulkAsync(Body, ("Idempotency-Key", "once"));

        var (lines, _) = await BulkAsync(Body.Replace("\"b\"]", "\"b\", \"c\"]"), ("Idempotency-Key", "once"));

        lines.Select(line => line.GetProperty("replayed").GetBoolean()).ShouldBe([true, true, false]);
        (await TotalAsync("a"), await TotalAsync("b"), await TotalAsync("c")).ShouldBe((1, 1, 1));
    }

    [Theory]
    [InlineData("""{"command": "tick"}""", 422, "invalid", "ids")]
    [InlineData("""{"ids": ["a"], "where": {"text": "a"}, "command": "tick"}""", 422, "invalid", "ids")]
    [InlineData("""{"ids": ["a"], "where": {}, "command": "tick"}""", 422, "invalid", "ids")]
    [InlineData("""{"ids": ["a"], "all": true, "command": "tick"}""", 422, "invalid", "ids")]
    [InlineData("""{"where": {"text": "a"}, "all": true, "command": "remove"}""", 422, "invalid", "ids")]
    [InlineData("""{"all": false, "command": "remove"}""", 422, "invalid", "ids")]
    [InlineData("""{"where": {}, "command": "remove"}""", 422, "invalid", "where")]
    [InlineData("""{"where": {}, "all": false, "command": "remove"}""", 422, "invalid", "where")]
    [InlineData("""{"where": {"labels": {}, "damaged": false, "status": null}, "command": "remove"}""", 422, "invalid",
        "where")]
    [InlineData("""{"where": {}, "command": "tick"}""", 422, "invalid", "where")]
    [InlineData("""{"ids": ["a", "b", "a"], "command": "tick"}""", 422, "invalid", "ids[2]")]
    [InlineData("""{"ids": ["a", "../b"], "command": "tick"}""", 400, "invalid-id", "ids[1]")]
    [InlineData("""{"ids": ["a"], "command": "explode"}""", 404, "unknown-command", null)]
    [InlineData("""{"ids": ["a"], "command": "increment", "parameters": {"bye": 1}}""", 400, "malformed",
        "parameters.bye")]
    [InlineData("""{"ids": ["a"], "command": "increment", "parameters": 5}""", 400, "malformed", "parameters")]
    [InlineData("""{"ids": ["a"], "command": "write-note"}""", 400, "malformed", "parameters")]
    [InlineData("""{"ids": ["a"], "command": "remove", "parameters": {}}""", 422, "invalid", "parameters")]
    [InlineData("""{"where": {"status": "sleeping"}, "command": "tick"}""", 422, "invalid", "where.status")]
    [InlineData("""{"where": {"labels": {"a:b": "c"}}, "command": "tick"}""", 422, "invalid", "where.labels")]
    [InlineData("""{"where": {"text": ""}, "command": "tick"}""", 422, "invalid", "where.text")]
    [InlineData("""{"where": {"stauts": "open"}, "command": "tick"}""", 400, "malformed", "where.stauts")]
    [InlineData("""{"ids": ["a"]}""", 400, "malformed", "command")]
    public async Task What_is_wrong_is_refused_before_anything_is_done(
        string body, int status, string type, string? field)
    {
        var before = await _server.EverythingAsync();

        var refused = (await _server.SendAsync("POST", "/v1/counter/bulk", body)).ShouldBeProblem(status, type);

        (refused.Has("field") ? refused["field"].GetString() : null).ShouldBe(field);
        (await _server.EverythingAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Many_have_many_versions()
    {
        const string Body = """{"ids": ["a"], "command": "tick"}""";
        (await _server.SendAsync("POST", "/v1/counter/bulk", Body, ("If-Match", "*")))
            .ShouldBeProblem(400, "invalid-parameter");
        (await _server.SendAsync("POST", "/v1/nothing/bulk", Body)).ShouldBeProblem(404, "unknown-kind");
    }

    [Fact]
    public async Task A_thousand_can_be_named_and_not_one_more()
    {
        (await BulkAsync(Named(1_000))).End.ShouldBe((0, 1_000));
        (await _server.SendAsync("POST", "/v1/counter/bulk", Named(1_001))).ShouldBeProblem(422, "invalid")["field"]
            .GetString().ShouldBe("ids");

        static string Named(int count) => JsonSerializer.Serialize(new
        {
            ids = Enumerable.Range(0, count).Select(i => $"id{i}"),
            command = "tick",
        });
    }

    [Fact]
    public async Task A_session_may_be_called_bulk_all_the_same()
    {
        await _server.CreateAsync("bulk");
        (await _server.SendAsync("POST", "/v1/counter/bulk/tick")).Status.ShouldBe(HttpStatusCode.OK);
        (await _server.SendAsync("GET", "/v1/counter/bulk"))["id"].GetString().ShouldBe("bulk");
        (await _server.SendAsync("DELETE", "/v1/counter/bulk")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await _server.SendAsync("PATCH", "/v1/counter/bulk")).ShouldBeProblem(405, "method-not-allowed");
    }

    [Fact]
    public async Task Nobody_changes_anothers_sessions()
    {
        var before = await _server.EverythingAsync();
        var key = (await _server.SendAsync("POST", "/v1/keys", """{"owner": "bob"}"""))["key"].GetString()!;
        using var bob = _server.Client(key);
        foreach (var command in (string[])["tick", "remove"])
        {
            (await BulkAsync(bob, $$"""{"ids": ["a", "b"], "command": "{{command}}"}""")).End.ShouldBe((0, 2));
            (await BulkAsync(bob, $$"""{"all": true, "command": "{{command}}"}""")).End.ShouldBe((0, 0));
        }

        (await _server.EverythingAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_store_that_fails_is_told_by_each_session_with_when_to_try_again()
    {
        _server.Store.Commits = new IOException("disk full");

        var (lines, end) = await BulkAsync("""{"ids": ["a"], "command": "tick"}""");

        end.ShouldBe((0, 1));
        var problem = lines[0].GetProperty("problem");
        problem.GetProperty("type").GetString().ShouldBe("urn:sojourn:problem:store-unavailable");
        problem.GetProperty("retryable").GetBoolean().ShouldBeTrue();
        problem.GetProperty("retryAfterSeconds").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_store_that_cannot_be_read_is_told_before_anything_is_done()
    {
        _server.Store.Reads = new IOException("broken");
        (await _server.SendAsync("POST", "/v1/counter/bulk", """{"where": {"text": "a"}, "command": "tick"}"""))
            .ShouldBeProblem(503, "store-unavailable");
    }

    private Task<(IReadOnlyList<JsonElement> Lines, (int Done, int Failed) End)> BulkAsync(
        string body, params (string Name, string Value)[] headers) => BulkAsync(_server.Http, body, headers);

    private static async Task<(IReadOnlyList<JsonElement> Lines, (int Done, int Failed) End)> BulkAsync(
        HttpClient http, string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/counter/bulk")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        var reply = await ServerUnderTest.SendAsync(http, request);
        reply.Status.ShouldBe(HttpStatusCode.OK, reply.Text);
        reply.ContentHeaders.ContentType!.MediaType.ShouldBe("application/x-ndjson");
        var lines = reply.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonElement.Parse(line)).ToList();
        var end = lines[^1];
        return (lines[..^1], (end.GetProperty("done").GetInt32(), end.GetProperty("failed").GetInt32()));
    }

    private async Task<long> TotalAsync(string id) =>
        (await _server.SendAsync("GET", $"/v1/counter/{id}"))["state"].GetProperty("total").GetInt64();
}
