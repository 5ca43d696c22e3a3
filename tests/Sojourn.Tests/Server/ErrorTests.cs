using System.Net;
using System.Text;

namespace Sojourn.Tests.Server;

/// <summary>Whatever is wrong with a request: a clear problem, and nothing changed.</summary>
public sealed class ErrorTests : IAsyncLifetime
{
    private ServerUnderTest _server = null!;
    private string _before = "";

    public async Task InitializeAsync()
    {
        _server = await ServerUnderTest.StartAsync();
        await _server.CreateAsync("mine");
        _before = await _server.EverythingAsync();
    }

    public async Task DisposeAsync()
    {
        // The store is whole again, and whatever the test tried has left no trace.
        (_server.Store.Commits, _server.Store.Reads) = (null, null);
        (await _server.EverythingAsync()).ShouldBe(_before);
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{\"by\": 1,}")]
    [InlineData("{} {}")]
    [InlineData("not json")]
    [InlineData("{\"by\": NaN}")]
    [InlineData("{\"by\": \"NaN\"}")]
    [InlineData("{\"by\": \"1\"}")]
    [InlineData("{\"by\": 1.5}")]
    [InlineData("{\"by\": 99999999999999999999}")]
    [InlineData("{\"by\": null}")]
    [InlineData("{\"by\": 1, \"by\": 2}")]
    [InlineData("{\"by\": 1, \"BY\": 2}")]
    [InlineData("{\"bye\": 1}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("\"by\"")]
    [InlineData("{\"by\": {\"by\": 1}}")]
    [InlineData("{\"\\ud800\": 1}")]
    public async Task A_body_that_is_not_what_is_expected_is_malformed(string body) =>
        (await _server.SendAsync("POST", "/v1/counter/mine/increment", body)).ShouldBeProblem(400, "malformed");

    [Theory]
    [InlineData("{\n  \"by\": x }", "line 2")]
    [InlineData("{\"bye\": 1}", "'bye'")]
    [InlineData("{\"bye\": 1}", "'by'")]
    [InlineData("{\"by\": \"1\"}", "whole number")]
    [InlineData("{\"by\": 1, \"by\": 2}", "by")]
    public async Task The_sentence_says_what_and_where(string body, string says) =>
        (await _server.SendAsync("POST", "/v1/counter/mine/increment", body)).Detail!.ShouldContain(says);

    [Theory]
    [InlineData("plan", "", "'title'", null)]
    [InlineData("plan", "{}", "'title', 'stops'", "title")]
    [InlineData("plan", "{\"title\": \"x\"}", "'stops' is missing", "stops")]
    [InlineData("plan", "{\"title\": \"x\", \"stops\": {}}", "a list", "stops")]
    [InlineData("plan", "{\"title\": null, \"stops\": []}", "null", "title")]
    [InlineData("plan", "{\"title\": \"x\", \"stops\": [{}]}", "'stops[0].number' is missing", "stops[0].number")]
    [InlineData("plan", "{\"title\": \"x\", \"stops\": [{\"number\": 1}, {\"number\": true}]}", "it is true",
        "stops[1].number")]
    [InlineData("plan", "{\"title\": \"x\", \"stops\": [], \"at\": \"tomorrow\"}", "time", "at")]
    [InlineData("set-mode", "{\"mode\": 1}", "quiet, loud or veryLoud", "mode")]
    [InlineData("set-mode", "{\"mode\": \"loud\", \"level\": 3000000000}", "from -2147483648 to 2147483647", "level")]
    public async Task A_parameter_that_does_not_fit_is_named(string command, string body, string says, string? field)
    {
        var reply = await _server.SendAsync("POST", $"/v1/counter/mine/{command}", body);
        reply.ShouldBeProblem(400, "malformed");
        reply.Detail!.ShouldContain(says);
        (reply.Has("field") ? reply["field"].GetString() : null).ShouldBe(field);
    }

    [Theory]
    [InlineData("{\"mode\": \"shrill\"}", "mode")]
    [InlineData("{\"mode\": \"quiet,loud\"}", "mode")]
    [InlineData("{\"mode\": \"\"}", "mode")]
    [InlineData("{\"mode\": \"loud\", \"others\": [\"quiet\", \"shrill\"]}", "others[1]")]
    public async Task An_unknown_choice_is_told_the_choices(string body, string field)
    {
        var reply = (await _server.SendAsync("POST", "/v1/counter/mine/set-mode", body))
            .ShouldBeProblem(422, "invalid");
        reply["field"].GetString().ShouldBe(field);
        reply["code"].GetString().ShouldBe("unknown-value");
        reply.Detail!.ShouldContain("quiet, loud or veryLoud");
    }

    [Fact]
    public async Task Nesting_has_an_end()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"by\":", 1000)) + "1" + new string('}', 1000);
        (await _server.SendAsync("POST", "/v1/counter/mine/increment", deep)).ShouldBeProblem(400, "malformed");
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF_8_are_malformed()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/counter/mine/write-note")
        {
            Content = new ByteArrayContent([.. "{\"note\":\""u8, 0xff, 0xfe, .. "\"}"u8]),
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        (await ServerUnderTest.SendAsync(_server.Http, request)).ShouldBeProblem(400, "malformed");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ten_megabytes_are_too_large_with_or_without_their_length(bool isChunked)
    {
        var json = $"{{\"note\":\"{new string('x', 10_000_000)}\"}}";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/counter/mine/write-note")
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
        request.Headers.TransferEncodingChunked = isChunked;
        (await ServerUnderTest.SendAsync(_server.Http, request)).ShouldBeProblem(413, "too-large")
            .Detail!.ShouldContain("1,048,576");
    }

    [Fact]
    public async Task A_state_that_would_grow_too_large_is_refused() => (await _server.SendAsync(
        "POST", "/v1/counter/mine/write-note", $"{{\"note\":\"{new string('x', 5000)}\"}}"))
        .ShouldBeProblem(413, "too-large");

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("nonsense")]
    [InlineData(null)]
    public async Task Another_media_type_is_not_supported(string? type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/counter/mine/increment")
        {
            Content = new ByteArrayContent("{\"by\":1}"u8.ToArray()),
        };
        if (type is not null)
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        (await ServerUnderTest.SendAsync(_server.Http, request)).ShouldBeProblem(415, "unsupported-media-type");
    }

    [Theory]
    [InlineData("GET", "/v1/nothing", "unknown-kind", "counter")]
    [InlineData("POST", "/v1/nothing", "unknown-kind", "counter")]
    [InlineData("GET", "/v1/COUNTER/mine", "unknown-kind", "counter")]
    [InlineData("GET", "/v1/counter/nobody", "not-found", "nobody")]
    [InlineData("DELETE", "/v1/counter/nobody", "not-found", "nobody")]
    [InlineData("GET", "/v1/counter/nobody/events", "not-found", "nobody")]
    [InlineData("POST", "/v1/counter/nobody/tick", "not-found", "nobody")]
    [InlineData("POST", "/v1/counter/mine/explode", "unknown-command", "increment")]
    [InlineData("POST", "/v1/nothing/mine/tick", "unknown-kind", "counter")]
    [InlineData("GET", "/v1/counter/mine/explode", "unknown-route", "/v1")]
    [InlineData("GET", "/", "unknown-route", "/v1")]
    [InlineData("GET", "/v1", "unknown-route", "/v1")]
    [InlineData("GET", "/index.html", "unknown-route", "/v1")]
    [InlineData("GET", "/v1/counter/mine/a/b/c", "unknown-route", "/v1")]
    [InlineData("GET", "/v1/generation/mine/storyboard.zip", "unknown-kind", "counter")]
    public async Task What_is_not_there_is_said_to_be_unknown(string method, string path, string type, string says) =>
        (await _server.SendAsync(method, path)).ShouldBeProblem(404, type).Detail!.ShouldContain(says);

    [Theory]
    [InlineData("DELETE", "/v1/counter", "GET, HEAD, POST")]
    [InlineData("PATCH", "/v1/counter/mine", "GET, HEAD, PUT, DELETE")]
    [InlineData("POST", "/v1/counter/mine", "GET, HEAD, PUT, DELETE")]
    [InlineData("POST", "/v1/counter/mine/events", "GET, HEAD")]
    [InlineData("GET", "/v1/counter/mine/tick", "POST")]
    [InlineData("POST", "/health/live", "GET, HEAD")]
    public async Task Another_method_is_told_which_there_are(string method, string path, string allow)
    {
        var reply = (await _server.SendAsync(method, path)).ShouldBeProblem(405, "method-not-allowed");
        reply.ContentHeaders.GetValues("Allow").ShouldBe(allow.Split(", "));
    }

    [Fact]
    public async Task A_rules_no_comes_with_its_code()
    {
        var reply = (await _server.SendAsync("POST", "/v1/counter/mine/forbid")).ShouldBeProblem(409, "refused");
        reply["code"].GetString().ShouldBe("not-now");
    }

    [Fact]
    public async Task Parameters_that_could_never_be_accepted_are_named()
    {
        var reply = (await _server.SendAsync("POST", "/v1/counter/mine/increment", "{\"by\":101}"))
            .ShouldBeProblem(422, "invalid");
        reply["field"].GetString().ShouldBe("by");
        reply["code"].GetString().ShouldBe("out-of-range");
        (await _server.SendAsync("POST", "/v1/counter", "{\"from\":-1}")).ShouldBeProblem(422, "invalid");
    }

    [Fact]
    public async Task A_broken_rule_keeps_its_secrets() =>
        (await _server.SendAsync("POST", "/v1/counter/mine/break")).ShouldBeProblem(500, "rule-failed")
            .Text.ShouldNotContain("secret");

    [Fact]
    public async Task A_store_that_fails_is_unavailable_and_not_ready()
    {
        _server.Store.Commits = new IOException("secret of the disk");
        (await _server.SendAsync("POST", "/v1/counter/mine/tick")).ShouldBeProblem(503, "store-unavailable")
            .Text.ShouldNotContain("secret");
        (await _server.SendAsync("GET", "/health/ready")).ShouldBeProblem(503, "store-unavailable");
        (await _server.SendAsync("GET", "/health/live")).Status.ShouldBe(HttpStatusCode.OK);
        (await _server.SendAsync("GET", "/v1/counter/mine")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_is_damaged_and_a_store_that_fails_unavailable_without_its_secrets()
    {
        _server.Store.Reads = new Sojourn.Stores.DamagedRecordException("secret of the record");
        (await _server.SendAsync("GET", "/v1/counter/other")).ShouldBeProblem(500, "damaged")
            .Text.ShouldNotContain("secret");
        _server.Store.Reads = new InvalidTimeZoneException("secret of the store");
        (await _server.SendAsync("GET", "/v1/counter")).ShouldBeProblem(503, "store-unavailable")
            .Text.ShouldNotContain("secret");
    }

    [Theory]
    [InlineData("GET", "/v1/counter?colour=blue", "colour")]
    [InlineData("GET", "/v1/counter/c?fresh=true", "fresh")]
    [InlineData("PUT", "/v1/counter/c?stale=true", "stale")]
    [InlineData("GET", "/v1/counter/c/events?follow=sse", "follow")]
    public async Task A_parameter_that_nobody_reads_is_refused(string method, string path, string name) =>
        (await _server.SendAsync(method, path)).ShouldBeProblem(400, "invalid-parameter")
            .Text.ShouldContain($"'{name}'");

    [Theory]
    [InlineData("lease-lost", 409)]
    [InlineData("overloaded", 429)]
    [InlineData("stopping", 503)]
    [InlineData("from-a-newer-engine", 500)]
    public void Problems_that_are_rare_have_their_status_too(string type, int status) =>
        Sojourn.Server.Problems.HttpProblem.Of(new Problem(type, "It is so.")).Status.ShouldBe(status);
}
