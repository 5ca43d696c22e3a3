using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Sojourn.Server.Sessions;
using Sojourn.Testing;

namespace Sojourn.Tests.Server;

/// <summary>Following lists: what changes in them, and nothing else.</summary>
public sealed class ChangesTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private ServerUnderTest _server = null!;

    private SojournEngine Engine => _server.Services.GetRequiredService<SojournEngine>();

    public async Task InitializeAsync() => _server = await ServerUnderTest.StartAsync(
        options => options.Heartbeat = TimeSpan.FromSeconds(10),
        kinds => kinds.AddKind<LampKind>().Services.AddSingleton<TimeProvider>(_clock));

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_session_is_told_as_lists_have_it_from_its_beginning_to_its_end()
    {
        await using var follow = await FollowAsync();
        await _server.SendAsync("PUT", "/v1/counter/mine?label=team:blue");
        var created = await follow.NextAsync();
        created.EventType.ShouldBe("session");
        created.Data.ShouldBe(
            (await _server.SendAsync("GET", "/v1/counter"))["sessions"][0].GetRawText());

        await _server.SendAsync("POST", "/v1/counter/mine/increment");
        Json(await follow.NextAsync()).GetProperty("version").GetInt64().ShouldBe(2);
        await _server.SendAsync("DELETE", "/v1/counter/mine");
        var removed = await follow.NextAsync();
        removed.EventType.ShouldBe("session-removed");
        removed.Data.ShouldBe("""{"id":"mine","kind":"counter","owner":"local","reason":"removed"}""");
    }

    [Fact]
    public async Task One_that_expires_is_told()
    {
        await _server.CreateAsync("mine");
        await _server.SendAsync("POST", "/v1/counter/mine/close");
        await using var follow = await FollowAsync();
        _clock.Advance(TimeSpan.FromHours(1));
        Json(await follow.NextAsync()).GetProperty("reason").GetString().ShouldBe("expired");
    }

    [Fact]
    public async Task One_that_is_damaged_and_then_restored_is_told()
    {
        await _server.CreateAsync("mine");
        _server.Store.Damaged = new SessionKey("counter", OwnerId.Local, "mine");
        await Engine.ReconfigureAsync("counter", Engine.Kinds["counter"].Policy with { MaxInMemory = 1 });
        await _server.CreateAsync("other");
        await using var follow = await FollowAsync();

        (await _server.SendAsync("GET", "/v1/counter/mine")).ShouldBeProblem(500, "damaged");
        var damaged = await follow.NextAsync();
        damaged.EventType.ShouldBe("session-damaged");
        damaged.Data.ShouldBe("""{"id":"mine","kind":"counter","owner":"local"}""");

        (await _server.SendAsync("POST", "/v1/counter/mine/restore")).Status.ShouldBe(HttpStatusCode.OK);
        var restored = await follow.NextAsync();
        restored.EventType.ShouldBe("session");
        Json(restored).GetProperty("id").GetString().ShouldBe("mine");
    }

    [Fact]
    public async Task Others_are_told_to_who_may_see_them_alone()
    {
        using var bob = _server.Client(await KeyAsync("bob"));
        await using var own = await FollowAsync();
        await using var his = await FollowAsync(client: bob);
        await using var named = await FollowAsync("?owner=bob");
        await using var all = await FollowAsync("?owner=*");
        using var put = new HttpRequestMessage(HttpMethod.Put, "/v1/counter/his");
        await ServerUnderTest.SendAsync(bob, put);
        (await all.NextIdAsync()).ShouldBe("his");
        (await named.NextIdAsync()).ShouldBe("his");
        (await his.NextIdAsync()).ShouldBe("his");

        await _server.CreateAsync("mine");
        (await own.NextIdAsync()).ShouldBe("mine");
        (await all.NextIdAsync()).ShouldBe("mine");
        using var second = new HttpRequestMessage(HttpMethod.Put, "/v1/counter/second");
        await ServerUnderTest.SendAsync(bob, second);
        (await his.NextIdAsync()).ShouldBe("second");
        (await named.NextIdAsync()).ShouldBe("second");
    }

    [Fact]
    public async Task One_kind_can_be_followed_and_what_is_hidden_never_is()
    {
        await using var lamps = await FollowAsync("?kind=lamp");
        await using var all = await FollowAsync("?owner=*");
        await _server.CreateAsync("mine");
        await KeyAsync("carol");
        await _server.SendAsync("PUT", "/v1/streams/a");
        await _server.SendAsync("PUT", "/v1/lamp/one");
        (await lamps.NextIdAsync()).ShouldBe("one");
        (await all.NextIdAsync()).ShouldBe("mine");
        (await all.NextIdAsync()).ShouldBe("one");

        (await _server.SendAsync("GET", "/v1/sessions/changes?kind=server-key")).ShouldBeProblem(404, "unknown-kind");
        (await _server.SendAsync("GET", "/v1/sessions/changes?status=open")).ShouldBeProblem(400, "invalid-parameter");
    }

    [Fact]
    public async Task What_happens_many_times_in_a_round_is_told_once()
    {
        await using var follow = await FollowAsync();
        await using var spy = await Spy.OpenAsync(_server);
        await _server.CreateAsync("mine");
        for (var i = 0; i < 9; i++)
            await _server.SendAsync("POST", "/v1/counter/mine/tick");
        await spy.SeenAsync(changes: 10);
        Json(await follow.NextAsync()).GetProperty("version").GetInt64().ShouldBe(10);
    }

    [Fact]
    public async Task Of_more_sessions_than_a_round_holds_only_the_number_is_told()
    {
        await using var follow = await FollowAsync();
        await using var spy = await Spy.OpenAsync(_server);
        for (var i = 0; i < ChangeListener.Most; i++)
            await CreateAsync(i);
        await spy.SeenAsync(changes: ChangeListener.Most);
        await CreateAsync(ChangeListener.Most);
        await spy.SeenAsync(changes: 1);

        for (var i = 0; i < ChangeListener.Most; i++)
            (await follow.NextAsync()).EventType.ShouldBe("session");
        var missed = await follow.NextAsync();
        missed.EventType.ShouldBe("sessions-missed");
        missed.Data.ShouldBe("""{"missed":1}""");

        async Task CreateAsync(int i) =>
            (await Engine.CreateAsync(new NewCounter(), new CreateOptions { Id = $"c-{i}" })).IsAccepted.ShouldBeTrue();
    }

    [Fact]
    public void A_reader_who_takes_nothing_costs_no_more_however_much_happens()
    {
        var listener = new ChangeListener(OwnerId.Local, null, null);
        for (var i = 0; i < 10_000; i++)
            listener.Tell(new SessionHappening(Happening.Changed, Key(i), default));
        listener.Tell(new SessionHappening(Happening.Missed, Key(0), default) { Missed = 77 });
        listener.Tell(new SessionHappening(Happening.Removed, Key(0), default));
        listener.Arrived.IsCompleted.ShouldBeTrue();

        var (changes, missed) = listener.Take();
        changes.Count.ShouldBe(ChangeListener.Most);
        changes.First().What.ShouldBe(Happening.Removed);
        missed.ShouldBe(10_000 - ChangeListener.Most + 1, "of those that the engine dropped nobody knows whose");
        listener.Take().Changes.ShouldBeEmpty();
        listener.Arrived.IsCompleted.ShouldBeFalse();

        static SessionKey Key(int i) => new("counter", OwnerId.Local, $"c-{i}");
    }

    [Fact]
    public async Task A_reader_who_takes_nothing_keeps_no_state_in_memory()
    {
        var feed = _server.Services.GetRequiredService<SessionFeed>();
        var listener = feed.TryOpen(OwnerId.Parse("slow"), null, null).ShouldNotBeNull();
        await _server.SendAsync("PUT", "/v1/lamp/one");
        await listener.Arrived.WaitAsync(ServerUnderTest.Patience);

        var change = listener.Take().Changes.ShouldHaveSingleItem();
        change.View.ShouldNotBeNull().State.ShouldBeNull();
        change.View.Streams.ShouldBeEmpty();
        change.Events.ShouldBeEmpty();
        await feed.CloseAsync(listener);
    }

    [Fact]
    public async Task Silence_is_broken_by_comments()
    {
        using var response = await OpenAsync("", _server.Http);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        for (var i = 0; i < 4; i++)
            (await CrankedAsync(reader.ReadLineAsync())).ShouldBe(i % 2 == 0 ? ":" : "");
    }

    [Fact]
    public async Task It_ends_with_the_key_and_with_the_server()
    {
        var made = await _server.SendAsync("POST", "/v1/keys", """{"owner": "bob"}""");
        using var bob = _server.Client(made["key"].GetString());
        await using var his = await FollowAsync(client: bob);
        await using var own = await FollowAsync();
        await _server.SendAsync("DELETE", $"/v1/keys/{made["id"].GetString()}");
        (await his.TryNextAsync()).ShouldBeNull();
        await _server.StopAsync().WaitAsync(ServerUnderTest.Patience);
        (await own.TryNextAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Of_it_there_is_a_head()
    {
        var head = await _server.SendAsync("HEAD", "/v1/sessions/changes");
        head.Status.ShouldBe(HttpStatusCode.OK);
        head.ContentHeaders.ContentType!.MediaType.ShouldBe("text/event-stream");
        head.Text.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_owner_may_follow_so_many_lists_and_then_another_when_one_is_left()
    {
        var feed = _server.Services.GetRequiredService<SessionFeed>();
        var open = Enumerable.Range(0, SessionFeed.MostOfOwner)
            .Select(_ => feed.TryOpen(OwnerId.Local, null, null)!).ToList();
        (await _server.SendAsync("GET", "/v1/sessions/changes?owner=bob")).ShouldBeProblem(429, "too-many-watchers");
        using var bob = _server.Client(await KeyAsync("bob"));
        (await FollowAsync(client: bob)).ShouldNotBeNull();

        await feed.CloseAsync(open[0]);
        await using var follow = await FollowAsync();
        await _server.CreateAsync("mine");
        (await follow.NextIdAsync()).ShouldBe("mine");
    }

    private async Task<Following> FollowAsync(string query = "", HttpClient? client = null)
    {
        var response = await OpenAsync(query, client ?? _server.Http);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("text/event-stream");
        return new Following(this, response, await response.Content.ReadAsStreamAsync());
    }

    private static Task<HttpResponseMessage> OpenAsync(string query, HttpClient client) => client.GetAsync(
        new Uri($"/v1/sessions/changes{query}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);

    private async Task<string> KeyAsync(string owner) =>
        (await _server.SendAsync("POST", "/v1/keys", $$"""{"owner": "{{owner}}"}"""))["key"].GetString()!;

    private static JsonElement Json(SseItem<string> item) => JsonElement.Parse(item.Data);

    /// <summary>Lets the pauses between rounds pass for as long as something is waited for.</summary>
    private async Task<T> CrankedAsync<T>(Task<T> waited)
    {
        using var patience = new CancellationTokenSource(ServerUnderTest.Patience);
        while (!waited.IsCompleted)
        {
            patience.Token.ThrowIfCancellationRequested();
            _clock.TryAdvanceToNext(TimeSpan.FromSeconds(10));
            await Task.Yield();
        }

        return await waited;
    }

    private sealed class Following(ChangesTests test, HttpResponseMessage response, Stream body) : IAsyncDisposable
    {
        private readonly IAsyncEnumerator<SseItem<string>> _items =
            SseParser.Create(body).EnumerateAsync().GetAsyncEnumerator();

        public async Task<SseItem<string>> NextAsync() => (await TryNextAsync()).ShouldNotBeNull();

        public async Task<string?> NextIdAsync() => Json(await NextAsync()).GetProperty("id").GetString();

        public async Task<SseItem<string>?> TryNextAsync() =>
            await test.CrankedAsync(_items.MoveNextAsync().AsTask()) ? _items.Current : null;

        public async ValueTask DisposeAsync()
        {
            await _items.DisposeAsync();
            response.Dispose();
        }
    }

    /// <summary>Is told after those who listened before it, and so knows what they have been told.</summary>
    private sealed class Spy(SessionFeed feed, ChangeListener listener) : IAsyncDisposable
    {
        public static Task<Spy> OpenAsync(ServerUnderTest server)
        {
            var feed = server.Services.GetRequiredService<SessionFeed>();
            return Task.FromResult(new Spy(feed, feed.TryOpen(OwnerId.Parse("spy"), null, null)!));
        }

        /// <summary>Completes once so many changes of different sessions, or versions of one, were told.</summary>
        public async Task SeenAsync(long changes)
        {
            var seen = new HashSet<(SessionKey, long)>();
            while (seen.Count < changes && (seen.Count == 0 || seen.Max(each => each.Item2) < changes))
            {
                await listener.Arrived.WaitAsync(ServerUnderTest.Patience);
                var (told, missed) = listener.Take();
                missed.ShouldBe(0);
                seen.UnionWith(told.Select(each => (each.Session, each.View!.Version)));
            }
        }

        public ValueTask DisposeAsync() => feed.CloseAsync(listener);
    }

    public sealed record Lamp(bool IsLit);

    public sealed record NewLamp : IStart<Lamp>;

    public sealed class LampKind : Kind<Lamp>
    {
        public LampKind()
            : base("lamp", new Policy()) => Start<NewLamp>((_, _) => Go(new Lamp(IsLit: false)));
    }
}
