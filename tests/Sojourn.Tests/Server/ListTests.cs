using Microsoft.Extensions.DependencyInjection;
using Sojourn.Kinds.Generation;
using Sojourn.Testing;

namespace Sojourn.Tests.Server;

/// <summary>Finding sessions among many, over HTTP.</summary>
public sealed class ListTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private ServerUnderTest _server = null!;

    public async Task InitializeAsync()
    {
        _server = await ServerUnderTest.StartAsync(also: kinds =>
        {
            kinds.AddKind(new GenerationKind());
            kinds.Services.AddSingleton<TimeProvider>(_clock);
        });
        await PutAsync("counter/old?label=team:red&label=note:Harbour");
        _clock.Advance(TimeSpan.FromHours(1));
        await PutAsync("counter/young?label=team:red");
        await PutAsync("counter/blue?label=team:blue");
        (await _server.SendAsync("POST", "/v1/counter/blue/close")).Json.ShouldNotBe(default);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("", "blue young old")]
    [InlineData("status=open", "young old")]
    [InlineData("status=closed", "blue")]
    [InlineData("label=team:red", "young old")]
    [InlineData("label=team:red&label=note:Harbour", "old")]
    [InlineData("label=team:green", "")]
    [InlineData("text=HARB", "old")]
    [InlineData("text=oun", "young")]
    [InlineData("final=true", "blue")]
    [InlineData("final=false", "young old")]
    [InlineData("busy=true", "")]
    [InlineData("busy=false&status=closed", "blue")]
    [InlineData("damaged=true", "")]
    [InlineData("damaged=false", "blue young old")]
    [InlineData("createdBefore={now}", "old")]
    [InlineData("activeBefore={now}", "old")]
    [InlineData("statusBefore={now}", "old")]
    [InlineData("createdBefore={start}", "")]
    public async Task A_list_is_narrowed_by_what_a_session_shows(string query, string expected)
    {
        query = query.Replace("{now}", Rfc(_clock.GetUtcNow()))
            .Replace("{start}", Rfc(_clock.GetUtcNow() - TimeSpan.FromHours(1)));
        var ids = expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order();
        (await IdsAsync($"/v1/counter?{query}")).Order().ShouldBe(ids);
        (await IdsAsync($"/v1/sessions?{query}")).Order().ShouldBe(ids);
        (await IdsAsync($"/v1/sessions?kind=counter&{query}")).Order().ShouldBe(ids);
        (await _server.SendAsync("GET", $"/v1/sessions/count?{query}"))["count"].GetInt64().ShouldBe(ids.Count());
        (await _server.SendAsync("GET", $"/v1/sessions/count?kind=counter&{query}"))["count"].GetInt64()
            .ShouldBe(ids.Count());
    }

    [Theory]
    [InlineData("status=sleeping", "status")]
    [InlineData("label=nocolon", "label")]
    [InlineData("text=", "text")]
    [InlineData("text=12345678901234567890123456789012345678901234567890123456789012345", "text")]
    [InlineData("createdBefore=yesterday", "createdBefore")]
    [InlineData("activeBefore=2026-01-01T00:00:00", "activeBefore")]
    [InlineData("statusBefore=2026-01-01", "statusBefore")]
    [InlineData("busy=yes", "busy")]
    [InlineData("final=", "final")]
    [InlineData("damaged=1", "damaged")]
    [InlineData("busy=true&busy=true", "busy")]
    [InlineData("stauts=open", "stauts")]
    public async Task A_filter_that_cannot_be_meant_is_refused(string query, string field)
    {
        foreach (var path in (string[])["/v1/counter", "/v1/sessions", "/v1/sessions/count"])
            (await _server.SendAsync("GET", $"{path}?{query}")).ShouldBeProblem(400, "invalid-parameter")["field"]
                .GetString().ShouldBe(field);
    }

    [Fact]
    public async Task Sessions_of_all_kinds_are_listed_together_page_by_page_and_keys_are_none_of_them()
    {
        await _server.SendAsync("PUT", "/v1/generation/story", """{"storyText": "One two three four five."}""");
        await KeyAsync("server");
        (await _server.SendAsync("GET", "/v1/sessions?kind=nothing")).ShouldBeProblem(404, "unknown-kind");
        (await _server.SendAsync("GET", "/v1/sessions?kind=server-key")).ShouldBeProblem(404, "unknown-kind");

        var found = new List<string>();
        for (var query = "/v1/sessions?limit=1"; query.Length > 0;)
        {
            var page = await _server.SendAsync("GET", query);
            found.AddRange(page["sessions"].EnumerateArray().Select(each => each.GetProperty("id").GetString()!));
            query = page.Has("next")
                ? $"/v1/sessions?limit=1&cursor={Uri.EscapeDataString(page["next"].GetString()!)}" : "";
        }

        found.Order().ShouldBe(["blue", "old", "story", "young"]);

        // Not even for the owner that the keys are kept under.
        using var keeper = _server.Client(await KeyAsync("server"));
        (await keeper.GetStringAsync("/v1/sessions")).ShouldBe("{\"sessions\":[]}");
        (await keeper.GetStringAsync("/v1/sessions/count")).ShouldBe("{\"count\":0,\"atLeast\":false}");
        (await keeper.GetStringAsync("/v1/stats")).ShouldNotContain("server-key");
    }

    [Theory]
    [InlineData("atMost=2", 2, true)]
    [InlineData("atMost=3", 3, true)]
    [InlineData("atMost=4", 3, false)]
    [InlineData("text=o&atMost=1", 1, true)]
    public async Task Counting_stops_where_it_is_told_to(string query, long count, bool atLeast)
    {
        var counted = await _server.SendAsync("GET", $"/v1/sessions/count?{query}");
        (counted["count"].GetInt64(), counted["atLeast"].GetBoolean()).ShouldBe((count, atLeast));
    }

    [Theory]
    [InlineData("0", false)]
    [InlineData("1", true)]
    [InlineData("1000000", true)]
    [InlineData("1000001", false)]
    public async Task A_count_has_a_limit(string atMost, bool isGood)
    {
        var counted = await _server.SendAsync("GET", $"/v1/sessions/count?atMost={atMost}");
        counted.Has("count").ShouldBe(isGood);
    }

    [Fact]
    public async Task Nobody_finds_or_counts_anothers_sessions()
    {
        using var bob = _server.Client(await KeyAsync("bob"));
        foreach (var path in (string[])["/v1/counter", "/v1/sessions", "/v1/sessions?label=team:red&text=o"])
            (await bob.GetStringAsync(path)).ShouldBe("{\"sessions\":[]}");
        foreach (var query in (string[])["", "?kind=counter", "?text=o", "?status=open"])
            (await bob.GetStringAsync("/v1/sessions/count" + query)).ShouldBe("{\"count\":0,\"atLeast\":false}");
    }

    private static string Rfc(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'");

    private async Task PutAsync(string path) =>
        ((int)(await _server.SendAsync("PUT", $"/v1/{path}")).Status).ShouldBe(201);

    private async Task<IReadOnlyList<string>> IdsAsync(string path) =>
        [.. (await _server.SendAsync("GET", path))["sessions"].EnumerateArray()
            .Select(session => session.GetProperty("id").GetString()!)];

    private async Task<string> KeyAsync(string owner) =>
        (await _server.SendAsync("POST", "/v1/keys", $$"""{"owner": "{{owner}}"}"""))["key"].GetString()!;
}
