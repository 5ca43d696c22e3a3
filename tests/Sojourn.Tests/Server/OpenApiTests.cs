using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Sojourn.Kinds.Generation;
using Sojourn.Tests.Agents;
using Sojourn.Tests.Console;

namespace Sojourn.Tests.Server;

/// <summary>What the server says of itself to programs, held against what it does.</summary>
public sealed class OpenApiTests : IAsyncLifetime, IDisposable
{
    private static readonly string[] Methods = ["get", "put", "post", "delete"];

    private readonly ScratchDirectory _scratch = new();

    private ServerUnderTest _server = null!;
    private Reply _answer = null!;
    private JsonNode _document = null!;

    public async Task InitializeAsync()
    {
        _server = await ServerUnderTest.StartAsync(
            also: kinds => kinds.AddKind(new GenerationKind()).AddPrograms(_scratch.Path));
        _answer = await _server.SendAsync("GET", "/openapi/v1.json");
        _document = JsonNode.Parse(_answer.Text)!;
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_stranger_to_this_code_finds_the_document_valid()
    {
        var read = OpenApiDocument.Parse(_answer.Text, "json");
        read.Diagnostic!.SpecificationVersion.ShouldBe(OpenApiSpecVersion.OpenApi3_1);
        read.Diagnostic.Errors.Select(error => error.ToString()).ShouldBeEmpty();
        read.Diagnostic.Warnings.Select(warning => warning.ToString()).ShouldBeEmpty();
        read.Document!.Validate(ValidationRuleSet.GetDefaultRuleSet()).ShouldBeEmpty();
    }

    [Fact]
    public void Every_path_that_is_served_is_in_it_for_each_kind()
    {
        var kinds = _server.Services.GetRequiredService<SojournEngine>().Kinds.Values
            .Where(kind => kind.Name is "counter" or "generation" or "agent").ToList();
        var served = _server.Services.GetRequiredService<EndpointDataSource>().Endpoints.Cast<RouteEndpoint>()
            .Select(endpoint => endpoint.RoutePattern.RawText!.Replace("{**name}", "{name}"))
            .Where(path => !path.Contains("**", StringComparison.Ordinal))
            .SelectMany(path => kinds.SelectMany(kind => path.Contains("{command}", StringComparison.Ordinal)
                ? kind.Commands.Keys.Select(command => path.Replace("{command}", command).Replace("{kind}", kind.Name))
                : [path.Replace("{kind}", kind.Name)]))
            .Distinct();
        _document["paths"]!.AsObject().Select(path => path.Key).Order().ShouldBe(served.Order());
    }

    [Fact]
    public async Task Every_method_in_it_is_one_that_its_path_has_and_no_other()
    {
        foreach (var (path, operations) in _document["paths"]!.AsObject())
        {
            var asked = await _server.SendAsync("PATCH", Concrete(path));
            asked.ShouldBeProblem(405, "method-not-allowed");
            // A session may be called "bulk", and then has what every session has. No agent may be called as these
            // words, and is told so where sessions are.
            var isWord = path is "/v1/agent/profiles" or "/v1/agent/search";
            string[] also = isWord ? ["put", "delete"]
                : path.EndsWith("/bulk", StringComparison.Ordinal) ? ["get", "put", "delete"] : [];
            asked.ContentHeaders.Allow.Select(method => method.ToLowerInvariant()).Except(["head"]).Order()
                .ShouldBe(
                    operations!.AsObject().Select(each => each.Key).Except(["head"]).Concat(also).Order(), path);
        }
    }

    [Fact]
    public async Task How_a_stream_stands_can_be_asked_as_the_document_says()
    {
        var said = _document["paths"]!["/v1/streams/{name}"]!["head"]!["responses"]!["200"]!["headers"]!.AsObject();
        await _server.SendAsync("PUT", "/v1/streams/a", null, ("Stream-TTL", "60"), ("Stream-Closed", "true"));
        var told = await _server.SendAsync("HEAD", "/v1/streams/a");
        told.Headers.Select(header => header.Key.ToLowerInvariant())
            .Where(name => name.StartsWith("stream-", StringComparison.Ordinal))
            .ShouldBeSubsetOf(said.Select(header => header.Key.ToLowerInvariant()));
    }

    [Fact]
    public async Task Every_example_of_a_request_fits_its_schema_and_can_be_read()
    {
        var check = new SchemaCheck(_document);
        var count = 0;
        foreach (var (method, path, operation) in Operations())
        {
            if (operation["requestBody"]?["content"]!["application/json"] is not { } body)
                continue;
            count++;
            check.Faults(body["example"], body["schema"]!).ShouldBeEmpty($"{method} {path}");
            var example = body["example"]!.ToJsonString();
            var sent = await _server.SendAsync(method.ToUpperInvariant(), Concrete(path), example);
            ((int)sent.Status).ShouldBeOneOf([200, 201, 404, 409, 422, 500], $"{method} {path}: {sent.Text}");
        }

        // For each kind two starts, bulk and labels; their commands, of agents a fork too; a key, a log-in, a backup
        // and a clean-up.
        count.ShouldBe(3 * 4 + 9 + 5 + 11 + 4);
    }

    [Fact]
    public void Every_example_of_an_answer_fits_its_schema()
    {
        var check = new SchemaCheck(_document);
        foreach (var (method, path, operation) in Operations())
            foreach (var (status, response) in operation["responses"]!.AsObject())
            {
                if (check.Follow(response!)["content"]?["application/json"] is { } body)
                    check.Faults(body["example"], body["schema"]!).ShouldBeEmpty($"{method} {path} {status}");
            }
    }

    [Fact]
    public void The_parameters_of_a_command_are_spelled_as_on_the_wire()
    {
        var schemas = _document["components"]!["schemas"]!;
        var setMode = schemas["counter.set-mode"]!;
        setMode["required"]!.ToJsonString().ShouldBe("""["mode"]""");
        setMode["additionalProperties"]!.GetValue<bool>().ShouldBeFalse();
        setMode["properties"]!["mode"]!["enum"]!.ToJsonString().ShouldBe("""["quiet","loud","veryLoud"]""");
        setMode["properties"]!["level"]!["type"]!.ToJsonString().ShouldBe("""["integer","null"]""");
        var plan = schemas["counter.plan"]!["properties"]!;
        plan["at"]!["format"]!.GetValue<string>().ShouldBe("date-time");
        plan["stops"]!["items"]!["properties"]!.AsObject().Select(member => member.Key).ShouldBe(["number", "brief"]);
        schemas["counter.increment.reply"]!["type"]!.GetValue<string>().ShouldBe("integer");
    }

    [Fact]
    public void Each_event_that_a_kind_declares_has_its_own_data()
    {
        var schemas = _document["components"]!["schemas"]!;
        schemas["counter.event"]!["oneOf"]!.AsArray().Select(each => each!["$ref"]!.GetValue<string>())
            .ShouldBe(["#/components/schemas/counter.incremented.event", "#/components/schemas/counter.ticked.event"]);
        var incremented = schemas["counter.incremented.event"]!["properties"]!;
        incremented["type"]!["const"]!.GetValue<string>().ShouldBe("incremented");
        incremented["data"]!["$ref"]!.GetValue<string>().ShouldBe("#/components/schemas/counter.incremented.data");
        schemas["counter.incremented.data"]!["properties"]!.AsObject().Select(member => member.Key)
            .ShouldBe(["by", "total"]);
        schemas["generation.event"]!["oneOf"]!.AsArray().Count.ShouldBe(14);
    }

    [Fact]
    public void What_the_code_says_of_a_command_and_its_parameters_is_passed_on()
    {
        var operation = _document["paths"]!["/v1/generation/{id}/edit-scene"]!["post"]!;
        operation["description"]!.GetValue<string>()
            .ShouldBe("Changes the words of a finished scene. Its picture stays as it is; after a new prompt it is "
                + "marked stale until RegenerateScene makes one that fits.");
        _document["components"]!["schemas"]!["generation.edit-scene"]!["properties"]!["number"]!["description"]!
            .GetValue<string>().ShouldBe("The scene, from 1.");
    }

    [Fact]
    public async Task What_the_server_answers_is_what_the_document_says()
    {
        var contract = new Contract(_server, _document);
        await contract.SendAsync("POST", "/v1/counter", 201, "{}");
        await contract.SendAsync("PUT", "/v1/counter/{id}?label=a:b", 201, """{"from": 3, "note": "x"}""");
        await contract.SendAsync("PUT", "/v1/counter/{id}", 200);
        await contract.SendAsync("PUT", "/v1/counter/{id}", 412, headers: ("If-None-Match", "*"));
        await contract.SendAsync("POST", "/v1/counter/{id}/increment", 200, """{"by": 2}""");
        await contract.SendAsync("POST", "/v1/counter/{id}/increment", 200, headers: ("Idempotency-Key", "one"));
        await contract.SendAsync("POST", "/v1/counter/{id}/increment", 200, headers: ("Idempotency-Key", "one"));
        await contract.SendAsync("POST", "/v1/counter/{id}/increment", 412, headers: ("If-Match", "\"1\""));
        await contract.SendAsync("POST", "/v1/counter/{id}/increment", 422, """{"by": 0}""");
        await contract.SendAsync("POST", "/v1/counter/{id}/increment", 400, """{"by": "x"}""");
        await contract.SendAsync("POST", "/v1/counter/{id}/forbid", 409);
        await contract.SendAsync("POST", "/v1/counter/{id}/break", 500);
        await contract.SendAsync("POST", "/v1/counter/{id}/tick", 200);
        await contract.SendAsync("POST", "/v1/counter/{id}/close", 200);
        await contract.SendAsync("GET", "/v1/counter/{id}", 200);
        await contract.SendAsync("GET", "/v1/counter/{id}", 304, headers: ("If-None-Match", "*"));
        await contract.SendAsync("GET", "/v1/counter?limit=1", 200);
        await contract.SendAsync("GET", "/v1/counter/{id}/events", 200);
        await contract.SendAsync("GET", "/v1/counter/{id}/events?offset=99", 200);
        await contract.SendAsync("PUT", "/v1/generation/{id}", 201, """{"storyText": "One two three four five."}""");
        await contract.SendAsync("GET", "/v1/generation/{id}", 200);
        await contract.SendAsync("GET", "/v1/generation/{id}/events", 200);
        await contract.SendAsync("GET", "/v1/generation/{id}/storyboard.zip", 409);
        await contract.SendAsync("POST", "/v1/generation/{id}/cancel", 200);
        await contract.SendAsync("POST", "/v1/generation/{id}/edit-scene", 409, """{"number": 1}""");
        await contract.SendAsync("POST", "/v1/keys", 201, """{"owner": "alice", "expiresInSeconds": 60}""");
        await contract.SendAsync("GET", "/v1/keys", 200);
        await contract.SendAsync("POST", "/v1/keys", 422, """{"owner": "Alice"}""");
        await contract.SendAsync("DELETE", "/v1/keys/{id}", 404);
        await contract.SendAsync("GET", "/v1/counter?status=open&label=a:b&text=m&busy=false&final=false", 200);
        await contract.SendAsync("GET", "/v1/sessions?damaged=false&createdBefore=2020-01-01T00:00:00Z", 200);
        await contract.SendAsync("GET", "/v1/sessions/count?kind=counter&atMost=5", 200);
        await contract.SendAsync("GET", "/v1/stats", 200);
        await contract.SendAsync("GET", "/v1/stats?owner=alice", 200);
        await contract.SendAsync("POST", "/v1/counter/{id}/touch", 200);
        await contract.SendAsync("PUT", "/v1/counter/{id}/labels", 200, """{"a": null, "c": "d"}""");
        await contract.SendAsync("PUT", "/v1/counter/{id}/labels", 422, """{"a:b": "c"}""");
        await contract.SendAsync("POST", "/v1/counter/{id}/restore", 200);
        await contract.SendAsync("POST", "/v1/counter/bulk", 200, """{"ids": ["mine"], "command": "tick"}""");
        await contract.SendAsync("POST", "/v1/counter/bulk", 422, """{"command": "tick"}""");
        await contract.SendAsync("PUT", "/v1/counter/{id}?fresh=true", 201);
        await contract.SendAsync("POST", "/v1/admin/verify", 200);
        await contract.SendAsync("POST", "/v1/admin/backup", 409);
        await contract.SendAsync("POST", "/v1/admin/clean-up", 200, """{"where": {"text": "nothing"}}""");
        await contract.SendAsync("POST", "/v1/admin/clean-up", 422, """{"where": {}}""");
        await contract.SendAsync("DELETE", "/v1/counter/{id}", 204);
        await contract.SendAsync("GET", "/v1/counter/{id}", 404);
        await contract.SendAsync("GET", "/health/live", 200);
        await contract.SendAsync("GET", "/health/ready", 200);
        await contract.SendAsync("GET", "/openapi/v1.json", 200);
        _server.Store.Reads = new IOException("broken");
        await contract.SendAsync("GET", "/v1/counter", 503);
    }

    [Fact]
    public async Task So_is_what_it_answers_to_operators_and_to_their_browsers()
    {
        var contract = new Contract(_server, _document);
        await contract.SendAsync("GET", "/v1/sessions?owner=*", 200);
        await contract.SendAsync("GET", "/v1/counter/{id}?owner=alice", 404);
        await contract.SendAsync("POST", "/console/links", 201);
        await contract.SendAsync("POST", "/console/login", 200, $$"""{"key": "{{ServerUnderTest.Key}}"}""");
        await contract.SendAsync("POST", "/console/login", 401, """{"code": "x"}""");
        await contract.SendAsync("POST", "/console/login", 422, "{}");
        await contract.SendAsync("GET", "/console/me", 200);
        await contract.SendAsync("POST", "/console/logout", 204);
    }

    [ProgramFact]
    public async Task So_is_what_it_answers_about_agents()
    {
        var contract = new Contract(_server, _document);
        await contract.SendAsync("PUT", "/v1/agent/{id}", 201, """{"profile": "shell", "title": "mine"}""");
        await contract.SendAsync("GET", "/v1/agent/{id}", 200);
        await contract.SendAsync("GET", "/v1/agent/profiles", 200);
        await contract.SendAsync("GET", "/v1/agent/{id}/screen", 200);
        await contract.SendAsync("POST", "/v1/agent/{id}/input", 204, "\"# mine\"");
        await contract.SendAsync("POST", "/v1/agent/{id}/fork", 409);
        await contract.SendAsync("GET", "/v1/agent/{id}/attach", 400);
        await contract.SendAsync("POST", "/v1/agent/{id}/stop", 200);
        await contract.SendAsync(
            "PUT", "/v1/agent/{id}?fresh=true", 201, """{"profile": "pair", "prompt": "say word"}""");
        await contract.SendAsync("GET", "/v1/agent/search?q=word", 200);
        await contract.SendAsync("GET", "/v1/agent/search?q=word&limit=1&session=mine", 200);
        await contract.SendAsync("GET", "/v1/agent/search", 400);
        await contract.SendAsync("GET", "/v1/agent/{id}/screen", 409);
        await contract.SendAsync("GET", "/v1/agent/{id}/events", 200);
    }

    [Fact]
    public void Every_problem_there_is_stands_in_it()
    {
        var listed = _document["components"]!["responses"]!.AsObject().SelectMany(response =>
            response.Value!["content"]!["application/problem+json"]!["schema"]!["properties"]!["type"]!["enum"]!
                .AsArray().Select(type => type!.GetValue<string>()));
        var page = Tidy.SourceTree.Here.Texts.Single(file => file.Path == "docs/http.md").Text;
        var errors = page[page.IndexOf("## Errors", StringComparison.Ordinal)..];
        var documented = Regex.Matches(errors, @"^\| (?<types>`[^|]+`) \| [0-9]{3} \|",
                RegexOptions.Multiline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))
            .SelectMany(row => row.Groups["types"].Value.Split(", "))
            .Select(type => $"urn:sojourn:problem:{type.Trim('`')}");
        listed.Order().ShouldBe(documented.Order());
    }

    [Fact]
    public async Task Who_has_the_document_is_not_sent_it_again()
    {
        var again = await _server.SendAsync(
            "GET", "/openapi/v1.json", headers: ("If-None-Match", _answer.Headers.ETag!.Tag));
        again.Status.ShouldBe(HttpStatusCode.NotModified);
        again.Text.ShouldBeEmpty();
    }

    private IEnumerable<(string Method, string Path, JsonObject Operation)> Operations() =>
        from path in _document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        where Methods.Contains(operation.Key)
        select (operation.Key, path.Key, operation.Value!.AsObject());

    private static string Concrete(string path) => path.Replace("{id}", "mine").Replace("{number}", "1");

    /// <summary>Holds each answer against the one that the document announces.</summary>
    private sealed class Contract(ServerUnderTest server, JsonNode document)
    {
        private readonly SchemaCheck _check = new(document);

        public async Task SendAsync(
            string method, string path, int status, string? body = null, params (string, string)[] headers)
        {
            var reply = await server.SendAsync(method, Concrete(path), body, headers);
            ((int)reply.Status).ShouldBe(status, reply.Text);
            var operation = document["paths"]![path.Split('?')[0]]![method.ToLowerInvariant()].ShouldNotBeNull();
            var response = _check.Follow(
                operation["responses"]![$"{status}"].ShouldNotBeNull($"{method} {path} {status}"));
            foreach (var (name, _) in response["headers"]?.AsObject() ?? [])
            {
                var isThere = reply.Headers.Contains(name) || name is "Idempotent-Replayed" or "Allow";
                isThere.ShouldBeTrue($"{method} {path} {status}: {name}");
            }

            if (response["content"] is not { } content)
            {
                reply.Text.ShouldBeEmpty();
                return;
            }

            var schema = content[reply.ContentHeaders.ContentType!.MediaType!]!["schema"]!;
            if (reply.ContentHeaders.ContentType!.MediaType == "application/x-ndjson")
                return;
            if (path != "/openapi/v1.json")
                _check.Faults(JsonNode.Parse(reply.Text), schema).ShouldBeEmpty($"{method} {path} {status}");
        }
    }
}
