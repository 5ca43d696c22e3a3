using System.Net;
using System.Text.Json;
using Sojourn.Kinds.Generation;

namespace Sojourn.Tests.Server;

/// <summary>An operator who looks after the sessions of others, and those who may not.</summary>
public sealed class OtherOwnerTests : IAsyncLifetime
{
    private ServerUnderTest _server = null!;
    private HttpClient _bob = null!;

    public async Task InitializeAsync()
    {
        _server = await ServerUnderTest.StartAsync(also: kinds => kinds.AddKind(new GenerationKind()));
        var key = (await _server.SendAsync("POST", "/v1/keys", """{"owner": "bob"}"""))["key"].GetString();
        _bob = _server.Client(key);
        (await BobAsync("PUT", "/v1/counter/his")).Status.ShouldBe(HttpStatusCode.Created);
        await _server.CreateAsync("mine");
    }

    public async Task DisposeAsync()
    {
        _bob.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task An_admin_does_with_anothers_session_what_its_owner_can()
    {
        (await _server.SendAsync("GET", "/v1/counter/his")).ShouldBeProblem(404, "not-found");
        (await _server.SendAsync("GET", "/v1/counter/his?owner=bob"))["owner"].GetString().ShouldBe("bob");
        (await _server.SendAsync("POST", "/v1/counter/his/increment?owner=bob", """{"by": 3}"""))["reply"].GetInt64()
            .ShouldBe(3);
        (await _server.SendAsync("GET", "/v1/counter/his/events?owner=bob"))["events"].GetArrayLength().ShouldBe(1);
        (await _server.SendAsync("GET", "/v1/counter/his/events?owner=bob&live=long-poll&offset=-1")).Text
            .ShouldContain("incremented");
        (await _server.SendAsync("GET", "/v1/counter/his/streams/events?owner=bob")).Text.ShouldContain("incremented");
        (await _server.SendAsync("POST", "/v1/counter/his/touch?owner=bob"))["version"].GetInt64().ShouldBe(3);
        (await _server.SendAsync("PUT", "/v1/counter/his/labels?owner=bob", """{"a": "b"}""")).Status
            .ShouldBe(HttpStatusCode.OK);
        (await _server.SendAsync("POST", "/v1/counter/bulk?owner=bob", """{"all": true, "command": "tick"}""")).Text
            .ShouldContain("{\"done\":1,\"failed\":0}");
        (await BobAsync("GET", "/v1/counter/his"))["version"].GetInt64().ShouldBe(5);

        (await _server.SendAsync("DELETE", "/v1/counter/his?owner=bob")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await BobAsync("GET", "/v1/counter/his")).ShouldBeProblem(404, "not-found");
        (await _server.SendAsync("GET", "/v1/counter/mine"))["version"].GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task What_an_admin_begins_for_another_is_that_ones_and_is_found_where_the_answer_says()
    {
        var made = await _server.SendAsync("PUT", "/v1/counter/gift?owner=bob");
        made.Status.ShouldBe(HttpStatusCode.Created);
        made["owner"].GetString().ShouldBe("bob");
        var location = made.Headers.Location!.OriginalString;
        location.ShouldBe("/v1/counter/gift?owner=bob");
        (await _server.SendAsync("GET", location))["id"].GetString().ShouldBe("gift");
        (await BobAsync("GET", "/v1/counter/gift")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_admin_lists_and_counts_those_of_one_and_those_of_all()
    {
        (await IdsAsync("/v1/counter")).ShouldBe(["local/mine"]);
        (await IdsAsync("/v1/counter?owner=bob")).ShouldBe(["bob/his"]);
        (await IdsAsync("/v1/sessions?owner=*")).ShouldBe(["bob/his", "local/mine"]);
        (await IdsAsync("/v1/counter?owner=*&status=open")).ShouldBe(["bob/his", "local/mine"]);
        (await CountAsync("")).ShouldBe(1);
        (await CountAsync("?owner=bob")).ShouldBe(1);
        (await CountAsync("?owner=*&kind=counter")).ShouldBe(2);
    }

    [Fact]
    public async Task What_the_server_keeps_for_itself_is_on_no_page()
    {
        (await _server.SendAsync("PUT", "/v1/streams/a")).Status.ShouldBe(HttpStatusCode.Created);
        (await _server.SendAsync("POST", "/console/login", $$"""{"key": "{{ServerUnderTest.Key}}"}""")).Status
            .ShouldBe(HttpStatusCode.OK);
        var seen = new List<string>();
        for (string? next = "/v1/sessions?owner=*&limit=1"; next is not null;)
        {
            var page = await _server.SendAsync("GET", next);
            seen.AddRange(page["sessions"].EnumerateArray().Select(Named));
            next = page.Has("next")
                ? $"/v1/sessions?owner=*&limit=1&cursor={Uri.EscapeDataString(page["next"].GetString()!)}" : null;
        }

        seen.Order().ShouldBe(["bob/his", "local/mine"]);
        (await CountAsync("?owner=*")).ShouldBe(2);
    }

    [Theory]
    [InlineData("GET", "/v1/counter/mine?owner=local")]
    [InlineData("POST", "/v1/counter/mine/tick?owner=local")]
    [InlineData("DELETE", "/v1/counter/mine?owner=local")]
    [InlineData("GET", "/v1/counter/mine/events?owner=local")]
    [InlineData("GET", "/v1/counter/mine/streams/events?owner=local")]
    [InlineData("POST", "/v1/counter/bulk?owner=local")]
    [InlineData("GET", "/v1/counter?owner=local")]
    [InlineData("GET", "/v1/counter?owner=*")]
    [InlineData("GET", "/v1/sessions?owner=*")]
    [InlineData("GET", "/v1/sessions/count?owner=*")]
    [InlineData("GET", "/v1/sessions/changes?owner=*")]
    [InlineData("GET", "/v1/sessions/changes?owner=local")]
    [InlineData("GET", "/v1/generation/mine/storyboard.zip?owner=local")]
    [InlineData("GET", "/v1/generation/mine/storyboard.html?owner=local")]
    [InlineData("GET", "/v1/generation/mine/scenes/1/picture?owner=local")]
    public async Task Who_is_no_admin_may_name_nobody_else(string method, string path)
    {
        var before = await _server.EverythingAsync();
        (await BobAsync(method, path)).ShouldBeProblem(403, "forbidden");
        (await _server.EverythingAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Ones_own_name_is_no_other()
    {
        (await BobAsync("GET", "/v1/counter/his?owner=bob")).Status.ShouldBe(HttpStatusCode.OK);
        (await BobAsync("GET", "/v1/sessions?owner=bob"))["sessions"].GetArrayLength().ShouldBe(1);
        (await BobAsync("POST", "/v1/counter/his/tick?owner=bob")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/v1/counter?owner=Bob")]
    [InlineData("/v1/counter?owner=")]
    [InlineData("/v1/counter?owner=_system")]
    [InlineData("/v1/counter?owner=**")]
    [InlineData("/v1/counter?owner=bob&owner=bob")]
    [InlineData("/v1/counter?owner=*&owner=*")]
    [InlineData("/v1/counter/mine?owner=*")]
    [InlineData("/v1/counter/mine/streams/events?owner=*")]
    [InlineData("/v1/sessions/changes?owner=_system")]
    [InlineData("/v1/generation/mine/storyboard.zip?owner=*")]
    public async Task An_owner_that_is_none_is_refused(string path) =>
        (await _server.SendAsync("GET", path)).ShouldBeProblem(400, "invalid-parameter")["field"].GetString()
            .ShouldBe("owner");

    private async Task<Reply> BobAsync(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        return await ServerUnderTest.SendAsync(_bob, request);
    }

    private async Task<IEnumerable<string>> IdsAsync(string path) =>
        (await _server.SendAsync("GET", path))["sessions"].EnumerateArray().Select(Named).Order();

    private async Task<long> CountAsync(string query) =>
        (await _server.SendAsync("GET", $"/v1/sessions/count{query}"))["count"].GetInt64();

    private static string Named(JsonElement session) =>
        $"{session.GetProperty("owner").GetString()}/{session.GetProperty("id").GetString()}";
}
