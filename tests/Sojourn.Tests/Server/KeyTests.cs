using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Sojourn.Kinds.Generation;
using Sojourn.Server.Keys;
using Sojourn.Testing;

namespace Sojourn.Tests.Server;

/// <summary>Keys, whom they speak for, and what becomes of those that were taken back.</summary>
public sealed class KeyTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private ServerUnderTest _server = null!;

    public async Task InitializeAsync() => _server = await ServerUnderTest.StartAsync(also: kinds =>
    {
        kinds.AddKind(new GenerationKind());
        kinds.Services.AddSingleton<TimeProvider>(_clock);
    });

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("GET", "/v1/counter/mine")]
    [InlineData("DELETE", "/v1/counter/mine")]
    [InlineData("POST", "/v1/counter/mine/tick")]
    [InlineData("GET", "/v1/counter/mine/events")]
    [InlineData("GET", "/v1/generation/mine/storyboard.zip")]
    [InlineData("GET", "/v1/generation/mine/storyboard.html")]
    [InlineData("GET", "/v1/generation/mine/scenes/1/picture")]
    public async Task Another_owners_session_does_not_exist(string method, string path)
    {
        await _server.CreateAsync("mine");
        await _server.SendAsync("PUT", "/v1/generation/mine", """{"storyText": "One two three four five."}""");
        var before = await _server.EverythingAsync();
        using var bob = _server.Client(await KeyAsync("bob"));
        foreach (var accept in (string[])["application/json", "text/event-stream"])
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            request.Headers.Accept.ParseAdd(accept);
            (await ServerUnderTest.SendAsync(bob, request)).ShouldBeProblem(404, "not-found");
        }

        (await _server.EverythingAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Owners_may_choose_the_same_id_and_each_sees_a_session_of_their_own()
    {
        await _server.CreateAsync("mine");
        using var bob = _server.Client(await KeyAsync("bob"));
        (await bob.GetStringAsync("/v1/counter")).ShouldBe("{\"sessions\":[]}");
        using var put = new HttpRequestMessage(HttpMethod.Put, "/v1/counter/mine");
        var made = await ServerUnderTest.SendAsync(bob, put);
        made.Status.ShouldBe(HttpStatusCode.Created);
        made["owner"].GetString().ShouldBe("bob");
        using var delete = new HttpRequestMessage(HttpMethod.Delete, "/v1/counter/mine");
        (await ServerUnderTest.SendAsync(bob, delete)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await _server.SendAsync("GET", "/v1/counter/mine")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_key_is_told_once_and_kept_as_a_hash()
    {
        var made = await MakeAsync("""{"owner": "alice", "name": "laptop", "expiresInSeconds": 60}""");
        var key = made["key"].GetString()!;
        var id = made["id"].GetString()!;
        key.ShouldStartWith($"sj_{id}_");
        key.Length.ShouldBe(3 + 16 + 1 + 43);

        var listed = (await _server.SendAsync("GET", "/v1/keys"))["keys"].EnumerateArray().ShouldHaveSingleItem();
        listed.GetProperty("id").GetString().ShouldBe(id);
        listed.GetProperty("owner").GetString().ShouldBe("alice");
        listed.GetProperty("name").GetString().ShouldBe("laptop");
        listed.GetProperty("admin").GetBoolean().ShouldBeFalse();
        listed.GetProperty("status").GetString().ShouldBe("good");
        listed.GetProperty("expiresAt").GetDateTimeOffset().ShouldBe(_clock.GetUtcNow().AddMinutes(1));
        listed.TryGetProperty("key", out _).ShouldBeFalse();
        listed.TryGetProperty("lastUsedAt", out _).ShouldBeFalse();

        var stored = await _server.Store.LoadAsync(KeyKind.At(id), CancellationToken.None);
        var text = System.Text.Encoding.UTF8.GetString(stored.ShouldNotBeNull().State.Span);
        text.ShouldContain(Convert.ToBase64String(KeyText.Hash(key)));
        text.ShouldNotContain(key[20..]);
    }

    [Fact]
    public async Task Unknown_revoked_and_expired_keys_are_told_apart_by_nobody()
    {
        var revoked = await MakeAsync("""{"owner": "alice"}""");
        var expiring = await MakeAsync("""{"owner": "alice", "expiresInSeconds": 1}""");
        (await AskAsync(revoked["key"].GetString()!)).Status.ShouldBe(HttpStatusCode.OK);
        (await AskAsync(expiring["key"].GetString()!)).Status.ShouldBe(HttpStatusCode.OK);
        await RevokeAsync(revoked["id"].GetString()!);
        await RevokeAsync(revoked["id"].GetString()!);
        _clock.Advance(TimeSpan.FromSeconds(1));

        var good = await KeyAsync("alice");
        string[] none =
        [
            revoked["key"].GetString()!, expiring["key"].GetString()!, good[..^1] + (good[^1] == 'A' ? 'B' : 'A'),
            good[..^1], good + "0", "sj_0123456789abcdef_0123456789", "sj_0123456789abcdef_", "sj__", "nothing",
            good.Replace("sj_", "SJ_"),
        ];
        var answers = new HashSet<string>();
        foreach (var key in none)
            answers.Add((await AskAsync(key)).ShouldBeProblem(401, "unauthorized").Text);
        answers.ShouldHaveSingleItem();
        (await _server.SendAsync("GET", "/v1/keys"))["keys"].EnumerateArray()
            .Select(key => key.GetProperty("status").GetString()).Order().ShouldBe(["expired", "good", "revoked"]);
    }

    [Theory]
    [InlineData("GET", "/v1/keys", null)]
    [InlineData("POST", "/v1/keys", "{\"owner\": \"alice\", \"admin\": true}")]
    [InlineData("DELETE", "/v1/keys/0123456789abcdef", null)]
    public async Task Only_an_admin_key_has_to_do_with_keys(string method, string path, string? body)
    {
        using var alice = _server.Client(await KeyAsync("alice"));
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = new StringContent(body, MediaTypeHeaderValue.Parse("application/json"));
        (await ServerUnderTest.SendAsync(alice, request)).ShouldBeProblem(403, "forbidden");

        var made = await MakeAsync("""{"owner": "alice", "admin": true}""");
        using var admin = _server.Client(made["key"].GetString());
        (await admin.GetAsync("/v1/keys")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_watched_ends_with_the_key(bool isRevoked)
    {
        var made = await MakeAsync("""{"owner": "alice", "expiresInSeconds": 60}""");
        using var alice = _server.Client(made["key"].GetString());
        (await alice.PutAsync("/v1/counter/mine", null)).StatusCode.ShouldBe(HttpStatusCode.Created);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/counter/mine/events");
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var watch = await alice.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        watch.StatusCode.ShouldBe(HttpStatusCode.OK);

        if (isRevoked)
            await RevokeAsync(made["id"].GetString()!);
        else
            _clock.Advance(TimeSpan.FromMinutes(1));
        using var reader = new StreamReader(await watch.Content.ReadAsStreamAsync());
        await reader.ReadToEndAsync().WaitAsync(ServerUnderTest.Patience);
    }

    [Fact]
    public async Task The_last_use_is_written_down_now_and_then_and_not_with_every_request()
    {
        var made = await MakeAsync("""{"owner": "alice"}""");
        var id = made["id"].GetString()!;
        _server.Store.Commits = new IOException("no writing");
        (await AskAsync(made["key"].GetString()!)).Status.ShouldBe(HttpStatusCode.OK);
        _server.Store.Commits = null;
        var used = _clock.GetUtcNow();
        (await _server.SendAsync("GET", "/v1/keys"))["keys"][0].GetProperty("lastUsedAt").GetDateTimeOffset()
            .ShouldBe(used);

        await _server.Services.GetRequiredService<KeyRing>().WriteUsesAsync();
        var engine = _server.Services.GetRequiredService<SojournEngine>();
        var written = (await engine.GetAsync<StoredKey>(id, KeyKind.Keeper)).Reply;
        written.State.LastUsedAt.ShouldBe(used);
        await _server.Services.GetRequiredService<KeyRing>().WriteUsesAsync();
        (await engine.GetAsync<StoredKey>(id, KeyKind.Keeper)).Reply.Version.ShouldBe(written.Version);
    }

    [Theory]
    [InlineData("""{"owner": "Alice"}""", "owner")]
    [InlineData("""{"owner": ""}""", "owner")]
    [InlineData("""{"owner": "a/b"}""", "owner")]
    [InlineData("""{"owner": "a", "expiresInSeconds": 0}""", "expiresInSeconds")]
    [InlineData("""{"owner": "a", "expiresInSeconds": 316224001}""", "expiresInSeconds")]
    [InlineData("""{"owner": "a", "name": "65-65-65-65-65-65-65-65-65-65-65-65-65-65-65-65-65-65-65-65-65-65"}""",
        "name")]
    [InlineData("""{"owner": "a", "name": "a\u0007"}""", "name")]
    public async Task A_key_that_cannot_be_made_is_refused(string body, string field) =>
        (await _server.SendAsync("POST", "/v1/keys", body)).ShouldBeProblem(422, "invalid")["field"].GetString()
            .ShouldBe(field);

    [Fact]
    public async Task The_limits_themselves_are_allowed()
    {
        await MakeAsync($$"""{"owner": "{{new string('a', 64)}}", "name": "{{new string('n', 64)}}"}""");
        await MakeAsync("""{"owner": "local", "expiresInSeconds": 316224000}""");
        (await _server.SendAsync("POST", "/v1/keys", """{"owner": "a"}""", ("Idempotency-Key", "one")))
            .ShouldBeProblem(400, "invalid-parameter");
        (await _server.SendAsync("GET", "/v1/keys?cursor=x")).ShouldBeProblem(400, "invalid-parameter");
        (await _server.SendAsync("DELETE", "/v1/keys/0123456789abcdef")).ShouldBeProblem(404, "not-found");
    }

    [Theory]
    [InlineData("GET", "/v1/server-key")]
    [InlineData("POST", "/v1/server-key")]
    [InlineData("GET", "/v1/server-key/0123456789abcdef")]
    [InlineData("POST", "/v1/server-key/0123456789abcdef/revoke-key")]
    public async Task Keys_are_not_sessions_to_anybody(string method, string path) =>
        (await _server.SendAsync(method, path)).ShouldBeProblem(404, "unknown-kind").Detail
            .ShouldBe("There is no kind 'server-key'; there is: counter, generation.");

    private Task<Reply> AskAsync(string key)
    {
        var client = _server.Client(key);
        return ServerUnderTest.SendAsync(client, new HttpRequestMessage(HttpMethod.Get, "/v1/counter"));
    }

    private async Task<Reply> MakeAsync(string body)
    {
        var made = await _server.SendAsync("POST", "/v1/keys", body);
        made.Status.ShouldBe(HttpStatusCode.Created, made.Text);
        return made;
    }

    private async Task<string> KeyAsync(string owner) =>
        (await MakeAsync($$"""{"owner": "{{owner}}"}"""))["key"].GetString()!;

    private async Task RevokeAsync(string id) =>
        (await _server.SendAsync("DELETE", $"/v1/keys/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);
}
