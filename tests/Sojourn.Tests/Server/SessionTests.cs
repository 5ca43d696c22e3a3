using System.Net;

namespace Sojourn.Tests.Server;

/// <summary>The life of a session over HTTP.</summary>
public sealed class SessionTests : IAsyncLifetime
{
    private ServerUnderTest _server = null!;

    public async Task InitializeAsync() => _server = await ServerUnderTest.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_session_starts_with_an_address_and_is_read_there()
    {
        var started = await _server.SendAsync(
            "POST", "/v1/counter?label=team:red&label=note:a%3Ab", "{\"from\": 5}");
        started.Status.ShouldBe(HttpStatusCode.Created);
        started.Headers.ETag!.Tag.ShouldBe("\"1\"");
        var address = started.Headers.Location!.OriginalString;
        address.ShouldBe($"/v1/counter/{started["id"].GetString()}");

        var read = await _server.SendAsync("GET", address);
        read.Text.ShouldBe(started.Text);
        read.Headers.ETag!.Tag.ShouldBe("\"1\"");
        read.Headers.CacheControl!.NoCache.ShouldBeTrue();
        read.Headers.CacheControl!.Private.ShouldBeTrue();
        read["kind"].GetString().ShouldBe("counter");
        read["owner"].GetString().ShouldBe("local");
        read["status"].GetString().ShouldBe("open");
        read["busy"].GetBoolean().ShouldBeFalse();
        read["final"].GetBoolean().ShouldBeFalse();
        read["version"].GetInt64().ShouldBe(1);
        read["durableVersion"].GetInt64().ShouldBe(1);
        read["lastEvent"].GetString().ShouldEndWith("_0000000000000000");
        read["createdAt"].GetString()!.ShouldEndWith("Z");
        read.Has("expiresAt").ShouldBeFalse();
        read["labels"].GetProperty("team").GetString().ShouldBe("red");
        read["labels"].GetProperty("note").GetString().ShouldBe("a:b");
        read["state"].GetProperty("total").GetInt64().ShouldBe(5);
    }

    [Theory]
    [InlineData("label=nocolon")]
    [InlineData("label=:noname")]
    [InlineData("label=a:1&label=a:2")]
    [InlineData("label=a:12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task A_label_that_is_none_is_refused(string query) =>
        (await _server.SendAsync("POST", $"/v1/counter?{query}")).ShouldBeProblem(400, "invalid-parameter")["field"]
            .GetString().ShouldBe("label");

    [Fact]
    public async Task A_command_tells_what_it_did()
    {
        await _server.CreateAsync("mine");
        var done = await _server.SendAsync("POST", "/v1/counter/mine/increment", "{\"by\": 7}");
        done.Status.ShouldBe(HttpStatusCode.OK);
        done.Headers.ETag!.Tag.ShouldBe("\"2\"");
        done["reply"].GetInt64().ShouldBe(7);
        done["version"].GetInt64().ShouldBe(2);
        done["durableVersion"].GetInt64().ShouldBe(2);
        done["replayed"].GetBoolean().ShouldBeFalse();
        var happened = done["events"].EnumerateArray().ShouldHaveSingleItem();
        happened.GetProperty("offset").GetString().ShouldEndWith("_0000000000000001");
        happened.GetProperty("type").GetString().ShouldBe("incremented");
        happened.GetProperty("version").GetInt64().ShouldBe(2);
        happened.GetProperty("data").GetProperty("total").GetInt64().ShouldBe(7);

        var silent = await _server.SendAsync("POST", "/v1/counter/mine/tick");
        silent.Has("reply").ShouldBeFalse();
        silent["events"].GetArrayLength().ShouldBe(0);
        var byDefault = await _server.SendAsync("POST", "/v1/counter/mine/increment");
        byDefault["reply"].GetInt64().ShouldBe(9);
    }

    [Fact]
    public async Task A_choice_may_be_written_in_any_case()
    {
        await _server.CreateAsync("mine");
        foreach (var mode in (string[])["veryLoud", "VeryLoud", "verylOUD"])
        {
            var done = await _server.SendAsync("POST", "/v1/counter/mine/set-mode", $"{{\"mode\":\"{mode}\"}}");
            done.Status.ShouldBe(HttpStatusCode.OK, done.Text);
        }

        (await _server.SendAsync("GET", "/v1/counter/mine"))["state"].GetProperty("mode").GetString()
            .ShouldBe("veryLoud");
    }

    [Fact]
    public async Task What_a_reader_holds_already_is_not_sent_again()
    {
        await _server.CreateAsync("mine");
        foreach (var tag in (string[])["\"1\"", "W/\"1\"", "\"0\", \"1\"", "*"])
        {
            var known = await _server.SendAsync("GET", "/v1/counter/mine", null, ("If-None-Match", tag));
            known.Status.ShouldBe(HttpStatusCode.NotModified, tag);
            known.Text.ShouldBeEmpty();
            known.Headers.ETag!.Tag.ShouldBe("\"1\"");
        }

        (await _server.SendAsync("GET", "/v1/counter/mine", null, ("If-None-Match", "\"2\"")))
            .Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("POST", "/v1/counter/mine/tick")]
    [InlineData("DELETE", "/v1/counter/mine")]
    public async Task Another_version_than_expected_is_answered_with_the_session(string method, string path)
    {
        await _server.CreateAsync("mine");
        var before = await _server.EverythingAsync();
        var missed = (await _server.SendAsync(method, path, null, ("If-Match", "\"9\"")))
            .ShouldBeProblem(412, "version-mismatch");
        missed["current"].GetRawText().ShouldBe((await _server.SendAsync("GET", "/v1/counter/mine")).Text);
        (await _server.EverythingAsync()).ShouldBe(before);

        ((int)(await _server.SendAsync(method, path, null, ("If-Match", "\"1\""))).Status).ShouldBeInRange(200, 204);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("\"seven\"")]
    [InlineData("W/\"1\"")]
    [InlineData("\"1\", \"2\"")]
    [InlineData("\"-1\"")]
    [InlineData("\"\"")]
    [InlineData("\"99999999999999999999\"")]
    public async Task A_condition_that_cannot_be_read_is_refused(string condition)
    {
        await _server.CreateAsync("mine");
        var before = await _server.EverythingAsync();
        (await _server.SendAsync("POST", "/v1/counter/mine/tick", null, ("If-Match", condition)))
            .ShouldBeProblem(400, "invalid-parameter")["field"].GetString().ShouldBe("If-Match");
        (await _server.SendAsync("DELETE", "/v1/counter/mine", null, ("If-Match", condition)))
            .ShouldBeProblem(400, "invalid-parameter");
        (await _server.EverythingAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Any_version_is_expected_with_a_star()
    {
        await _server.CreateAsync("mine");
        (await _server.SendAsync("POST", "/v1/counter/mine/tick", null, ("If-Match", "*"))).Status
            .ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_chosen_id_gets_what_is_there_or_starts_it()
    {
        var first = await _server.SendAsync("PUT", "/v1/counter/mine", "{\"from\": 3}");
        first.Status.ShouldBe(HttpStatusCode.Created);
        first.Headers.Location!.OriginalString.ShouldBe("/v1/counter/mine");
        var again = await _server.SendAsync("PUT", "/v1/counter/mine", "{\"from\": 4}");
        again.Status.ShouldBe(HttpStatusCode.OK);
        again.Text.ShouldBe(first.Text);

        (await _server.SendAsync("PUT", "/v1/counter/mine", null, ("If-None-Match", "*")))
            .ShouldBeProblem(412, "already-exists");
        (await _server.SendAsync("PUT", "/v1/counter/other", null, ("If-None-Match", "*"))).Status
            .ShouldBe(HttpStatusCode.Created);
        (await _server.SendAsync("PUT", "/v1/counter/third", null, ("If-None-Match", "\"1\"")))
            .ShouldBeProblem(400, "invalid-parameter");
        (await _server.SendAsync("PUT", "/v1/counter/third", null, ("If-Match", "\"1\"")))
            .ShouldBeProblem(400, "invalid-parameter");
        (await _server.SendAsync("GET", "/v1/counter/third")).ShouldBeProblem(404, "not-found");
    }

    [Fact]
    public async Task What_is_removed_is_gone()
    {
        await _server.CreateAsync("mine");
        var removed = await _server.SendAsync("DELETE", "/v1/counter/mine");
        removed.Status.ShouldBe(HttpStatusCode.NoContent);
        removed.Text.ShouldBeEmpty();
        (await _server.SendAsync("GET", "/v1/counter/mine")).ShouldBeProblem(404, "not-found");
        (await _server.SendAsync("DELETE", "/v1/counter/mine")).ShouldBeProblem(404, "not-found");
    }

    [Fact]
    public async Task A_command_under_one_key_has_one_effect()
    {
        await _server.CreateAsync("mine");
        var first = await IncrementAsync(5, "k1");
        var again = await IncrementAsync(5, "k1");
        again.Status.ShouldBe(HttpStatusCode.OK);
        again["replayed"].GetBoolean().ShouldBeTrue();
        again.Headers.GetValues("Idempotent-Replayed").ShouldBe(["true"]);
        again["reply"].GetInt64().ShouldBe(5);
        again["version"].GetInt64().ShouldBe(first["version"].GetInt64());
        again["events"].GetRawText().ShouldBe(first["events"].GetRawText());

        (await IncrementAsync(6, "k1")).ShouldBeProblem(422, "operation-reused");
        (await _server.SendAsync("POST", "/v1/counter/mine/tick", null, ("Idempotency-Key", "k1")))
            .ShouldBeProblem(422, "operation-reused");
        (await _server.SendAsync("GET", "/v1/counter/mine"))["version"].GetInt64().ShouldBe(2);

        (await IncrementAsync(1, "k2")).Status.ShouldBe(HttpStatusCode.OK);
        (await IncrementAsync(1, "k3")).Status.ShouldBe(HttpStatusCode.OK);
        (await IncrementAsync(1, "k4")).ShouldBeProblem(429, "too-many-operations");
    }

    [Fact]
    public async Task A_start_under_one_key_starts_one_session()
    {
        var first = await _server.SendAsync("POST", "/v1/counter", "{\"from\":1}", ("Idempotency-Key", "begin"));
        var again = await _server.SendAsync("POST", "/v1/counter", "{\"from\":1}", ("Idempotency-Key", "begin"));
        again.Status.ShouldBe(HttpStatusCode.Created);
        again.Headers.GetValues("Idempotent-Replayed").ShouldBe(["true"]);
        again.Headers.Location.ShouldBe(first.Headers.Location);
        (await _server.SendAsync("POST", "/v1/counter", "{\"from\":2}", ("Idempotency-Key", "begin")))
            .ShouldBeProblem(422, "operation-reused");
        (await _server.SendAsync("GET", "/v1/counter"))["sessions"].GetArrayLength().ShouldBe(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("käse")]
    [InlineData("long")]
    public async Task A_key_that_is_none_is_refused(string key)
    {
        await _server.CreateAsync("mine");
        var given = key == "long" ? new string('x', 129) : key;
        var answer = await _server.SendRawAsync($"""
            POST /v1/counter/mine/tick HTTP/1.1
            Host: localhost
            Authorization: Bearer {ServerUnderTest.Key}
            Idempotency-Key: {given}
            Content-Length: 0
            Connection: close


            """);
        answer.ShouldStartWith("HTTP/1.1 400");
        (await _server.SendAsync("GET", "/v1/counter/mine"))["version"].GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task A_list_comes_in_pages_newest_first()
    {
        foreach (var id in (string[])["a", "b", "c"])
            await _server.CreateAsync(id);
        await _server.SendAsync("POST", "/v1/counter/b/close");

        var first = await _server.SendAsync("GET", "/v1/counter?limit=2");
        first["sessions"].GetArrayLength().ShouldBe(2);
        first["sessions"][0].TryGetProperty("state", out _).ShouldBeFalse();
        var next = Uri.EscapeDataString(first["next"].GetString()!);
        var rest = await _server.SendAsync("GET", $"/v1/counter?limit=2&cursor={next}");
        rest.Has("next").ShouldBeFalse();
        first["sessions"].EnumerateArray().Concat(rest["sessions"].EnumerateArray())
            .Select(session => session.GetProperty("id").GetString()).ShouldBe(["c", "b", "a"]);

        var closed = await _server.SendAsync("GET", "/v1/counter?status=closed");
        closed["sessions"].EnumerateArray().ShouldHaveSingleItem().GetProperty("expiresAt").GetString()!
            .ShouldEndWith("Z");
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=501", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("limit=+1", "limit")]
    [InlineData("limit=1&limit=2", "limit")]
    [InlineData("status=ajar", "status")]
    [InlineData("cursor=nonsense", "cursor")]
    public async Task A_query_that_cannot_be_read_is_refused(string query, string field)
    {
        var reply = (await _server.SendAsync("GET", $"/v1/counter?{query}")).ShouldBeProblem(400, "invalid-parameter");
        reply["field"].GetString().ShouldBe(field);
        if (field == "status")
            reply.Detail!.ShouldContain("open, closed");
    }

    private Task<Reply> IncrementAsync(int by, string key) => _server.SendAsync(
        "POST", "/v1/counter/mine/increment", $"{{\"by\":{by}}}", ("Idempotency-Key", key));
}
