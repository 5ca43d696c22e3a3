using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Sojourn.Tests.Server;

/// <summary>Following a session, leaving, and coming back to where one was.</summary>
public sealed class EventTests : IAsyncLifetime
{
    private const string EventStream = "text/event-stream";

    private ServerUnderTest _server = null!;

    public async Task InitializeAsync()
    {
        _server = await ServerUnderTest.StartAsync(options => options.Heartbeat = TimeSpan.FromSeconds(1));
        await _server.CreateAsync("mine");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_watcher_gets_what_was_and_then_what_happens()
    {
        await IncrementAsync(1, 2);
        await using var watch = await WatchAsync();
        (await watch.NextAsync()).EventId.ShouldEndWith("_0000000000000001");
        var second = await watch.NextAsync();
        second.EventType.ShouldBe("incremented");
        second.EventId.ShouldEndWith("_0000000000000002");
        var data = JsonDocument.Parse(second.Data).RootElement;
        data.GetProperty("offset").GetString().ShouldEndWith("_0000000000000002");
        data.GetProperty("data").GetProperty("total").GetInt64().ShouldBe(3);

        await IncrementAsync(3);
        (await watch.NextAsync()).EventId.ShouldEndWith("_0000000000000003");
    }

    [Fact]
    public async Task Who_comes_back_misses_nothing_and_sees_nothing_twice()
    {
        await IncrementAsync(1, 1, 1);
        await using (var first = await WatchAsync())
        {
            await first.NextAsync();
            (await first.NextAsync()).EventId.ShouldEndWith("_0000000000000002");
        }

        await IncrementAsync(1);
        await using var back = await WatchAsync("?offset=-1", "0000000000000002");
        (await back.NextAsync()).EventId.ShouldEndWith("_0000000000000003");
        (await back.NextAsync()).EventId.ShouldEndWith("_0000000000000004");
    }

    [Fact]
    public async Task Who_comes_back_to_a_session_that_was_begun_anew_is_told_how_it_stands()
    {
        await IncrementAsync(1, 1);
        var old = (await _server.SendAsync("GET", "/v1/counter/mine"))["lastEvent"].GetString()!;
        (await _server.SendAsync("PUT", "/v1/counter/mine?fresh=true")).Status.ShouldBe(HttpStatusCode.Created);
        await IncrementAsync(1, 1, 1);

        await using var back = await WatchAsync("", old);
        var snapshot = await back.NextAsync();
        var page = await _server.SendAsync("GET", $"/v1/counter/mine/events?offset={old}");

        snapshot.EventType.ShouldBe("session-snapshot");
        string.CompareOrdinal(snapshot.EventId, old).ShouldBePositive();
        page["events"].GetArrayLength().ShouldBe(0);
        page["snapshot"].GetProperty("version").GetInt64().ShouldBe(4);
        page["next"].GetString().ShouldBe(snapshot.EventId);
        await IncrementAsync(1);
        (await back.NextAsync()).EventId.ShouldEndWith("_0000000000000004");
    }

    [Theory]
    [InlineData("?offset=2")]
    [InlineData("?offset=0000000000000002")]
    public async Task An_offset_need_not_be_padded(string query)
    {
        await IncrementAsync(1, 1, 1);
        await using var watch = await WatchAsync(query);
        (await watch.NextAsync()).EventId.ShouldEndWith("_0000000000000003");
    }

    [Fact]
    public async Task Who_only_wants_what_comes_is_spared_what_was()
    {
        await IncrementAsync(1, 1);
        await using var watch = await WatchAsync("?offset=now");
        await IncrementAsync(5);
        (await watch.NextAsync()).EventId.ShouldEndWith("_0000000000000003");
    }

    [Theory]
    [InlineData("?offset=1")]
    [InlineData("?offset=999")]
    public async Task Who_asks_for_what_is_gone_is_given_the_session_first(string query)
    {
        await AdvanceAsync(3 * CounterKind.Retained);
        await using var watch = await WatchAsync(query);
        var snapshot = await watch.NextAsync();
        snapshot.EventType.ShouldBe("session-snapshot");
        snapshot.EventId.ShouldEndWith("_0000000000000015");
        var session = JsonDocument.Parse(snapshot.Data).RootElement;
        session.GetProperty("lastEvent").GetString().ShouldEndWith("_0000000000000015");
        session.GetProperty("state").GetProperty("total").GetInt64().ShouldBe(1);

        await IncrementAsync(1);
        (await watch.NextAsync()).EventId.ShouldEndWith("_0000000000000016");
    }

    [Fact]
    public async Task The_end_of_the_session_is_the_end_of_the_stream()
    {
        await using var watch = await WatchAsync();
        await _server.SendAsync("DELETE", "/v1/counter/mine");
        var last = await watch.NextAsync();
        last.EventType.ShouldBe("session-removed");
        last.Data.ShouldBe("{\"reason\":\"removed\"}");
        (await watch.TryNextAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_server_that_stops_does_not_wait_for_watchers()
    {
        await IncrementAsync(1);
        await using var idle = await WatchAsync("?offset=now");
        await using var watch = await WatchAsync();
        await watch.NextAsync();
        await _server.StopAsync().WaitAsync(TimeSpan.FromSeconds(10));
        (await watch.TryNextAsync()).ShouldBeNull();
        (await idle.TryNextAsync()).ShouldBeNull();
    }

    [Theory]
    [InlineData("/v1/counter/mine/events", HttpStatusCode.ServiceUnavailable)]
    [InlineData("/v1/sessions/changes", HttpStatusCode.OK)]
    public async Task Who_comes_while_the_server_stops_is_told_to_come_again_and_given_nothing_else(
        string path, HttpStatusCode status)
    {
        _server.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", EventStream } } };
        using var response = await _server.Http.SendAsync(request);

        response.StatusCode.ShouldBe(status);
        response.Content.Headers.ContentType!.MediaType.ShouldBe(
            status == HttpStatusCode.OK ? EventStream : "application/problem+json");
        (response.Headers.RetryAfter?.Delta).ShouldBe(
            status == HttpStatusCode.OK ? null : TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Silence_is_broken_by_comments()
    {
        using var request = Request("", null);
        using var response = await _server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var lines = new List<string?>();
        for (var i = 0; i < 4; i++)
            lines.Add(await reader.ReadLineAsync().WaitAsync(ServerUnderTest.Patience));
        lines.ShouldBe([":", "", ":", ""]);
    }

    [Fact]
    public async Task A_session_has_room_for_so_many_watchers_and_then_for_the_next()
    {
        var first = await WatchAsync();
        await using var second = await WatchAsync();
        using var request = Request("", null);
        (await ServerUnderTest.SendAsync(_server.Http, request)).ShouldBeProblem(429, "too-many-watchers");
        await first.DisposeAsync();
    }

    [Theory]
    [InlineData("?offset=-2", null)]
    [InlineData("?offset=0x1", null)]
    [InlineData("?offset=12345678901234567", null)]
    [InlineData("?offset=", null)]
    [InlineData("?offset=1&offset=2", null)]
    [InlineData("", "yesterday")]
    public async Task An_offset_that_is_none_is_refused(string query, string? lastEventId)
    {
        foreach (var accept in (string[])[EventStream, "application/json"])
        {
            using var request = Request(query, lastEventId, accept);
            (await ServerUnderTest.SendAsync(_server.Http, request)).ShouldBeProblem(400, "invalid-parameter")["field"]
                .GetString().ShouldBe(lastEventId is null ? "offset" : "Last-Event-ID");
        }
    }

    [Fact]
    public async Task A_page_says_where_to_go_on()
    {
        await IncrementAsync(1, 1, 1);
        var first = await _server.SendAsync("GET", "/v1/counter/mine/events?limit=2");
        first["events"].GetArrayLength().ShouldBe(2);
        first["next"].GetString().ShouldEndWith("_0000000000000002");
        first["upToDate"].GetBoolean().ShouldBeFalse();
        var last = await _server.SendAsync("GET", $"/v1/counter/mine/events?offset={first["next"]}");
        last["events"].EnumerateArray().ShouldHaveSingleItem().GetProperty("offset").GetString()
            .ShouldEndWith("_0000000000000003");
        last["upToDate"].GetBoolean().ShouldBeTrue();
        var none = await _server.SendAsync("GET", "/v1/counter/mine/events?offset=now");
        none["events"].GetArrayLength().ShouldBe(0);
        none["next"].GetString().ShouldEndWith("_0000000000000003");
        none.Has("snapshot").ShouldBeFalse();
    }

    [Theory]
    [InlineData("1")]
    [InlineData("99")]
    public async Task A_page_whose_beginning_is_gone_has_the_session_instead(string offset)
    {
        await AdvanceAsync(3 * CounterKind.Retained);
        var page = await _server.SendAsync("GET", $"/v1/counter/mine/events?offset={offset}");
        page["events"].GetArrayLength().ShouldBe(0);
        page["snapshot"].GetProperty("version").GetInt64().ShouldBe(2);
        page["next"].GetString().ShouldEndWith("_0000000000000015");
        page["upToDate"].GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Nothing_of_the_stream_is_lost_in_a_burst()
    {
        await using var watch = await WatchAsync();
        for (var i = 0; i < 20; i++)
            await AdvanceAsync(5);
        var next = 1;
        while (next <= 100)
        {
            var item = await watch.NextAsync();
            // A reader that was too slow for the few events that are kept goes on from a snapshot.
            long.Parse(item.EventId!.Split('_')[1], null).ShouldBeGreaterThanOrEqualTo(next);
            next = int.Parse(item.EventId!.Split('_')[1], null) + 1;
        }
    }

    private async Task IncrementAsync(params int[] by)
    {
        foreach (var each in by)
            await _server.SendAsync("POST", "/v1/counter/mine/increment", $"{{\"by\":{each}}}");
    }

    private Task<Reply> AdvanceAsync(int steps) =>
        _server.SendAsync("POST", "/v1/counter/mine/advance", $"{{\"steps\":{steps}}}");

    private static HttpRequestMessage Request(string query, string? lastEventId, string accept = EventStream)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/counter/mine/events{query}");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        return request;
    }

    private async Task<EventWatch> WatchAsync(string query = "", string? lastEventId = null)
    {
        using var request = Request(query, lastEventId);
        var response = await _server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.Content.Headers.ContentType?.MediaType.ShouldBe(EventStream);
        return new EventWatch(response, await response.Content.ReadAsStreamAsync());
    }

    private sealed class EventWatch(HttpResponseMessage response, Stream body) : IAsyncDisposable
    {
        private readonly IAsyncEnumerator<SseItem<string>> _items =
            SseParser.Create(body).EnumerateAsync().GetAsyncEnumerator();

        public async Task<SseItem<string>> NextAsync() => (await TryNextAsync()).ShouldNotBeNull();

        public async Task<SseItem<string>?> TryNextAsync() =>
            await _items.MoveNextAsync().AsTask().WaitAsync(ServerUnderTest.Patience) ? _items.Current : null;

        public async ValueTask DisposeAsync()
        {
            await _items.DisposeAsync();
            response.Dispose();
        }
    }
}
