using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Sojourn.Server.Parties;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Parties.Server;

/// <summary>What the OpenAPI document says of seats, held against what the server does.</summary>
public sealed class SeatDocumentTests : IAsyncLifetime
{
    private const string Seat = "/v1/party-seats/{handle}/{member}";

    private PartyUnderTest _party = null!;
    private string _text = "";
    private JsonNode _document = null!;

    public async Task InitializeAsync()
    {
        _party = await PartyUnderTest.StartAsync();
        _text = (await _party.Server.SendAsync("GET", "/openapi/v1.json")).Text;
        _document = JsonNode.Parse(_text)!;
    }

    public async Task DisposeAsync() => await _party.DisposeAsync();

    [Fact]
    public void It_is_valid_and_has_every_path_and_every_command_of_members()
    {
        var read = OpenApiDocument.Parse(_text, "json");
        read.Diagnostic!.Errors.Select(error => error.ToString()).ShouldBeEmpty();
        read.Document!.Validate(ValidationRuleSet.GetDefaultRuleSet()).ShouldBeEmpty();

        var served = _party.Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.Cast<RouteEndpoint>()
            .Select(endpoint => endpoint.RoutePattern.RawText!)
            .Where(path => path.StartsWith("/v1/party-seats", StringComparison.Ordinal))
            .SelectMany(path => path.EndsWith("{command}", StringComparison.Ordinal)
                ? SeatCommands.Names.Select(name => path.Replace("{command}", name)) : [path]);
        _document["paths"]!.AsObject().Select(path => path.Key)
            .Where(path => path.StartsWith("/v1/party-seats", StringComparison.Ordinal)).Order()
            .ShouldBe(served.Distinct().Order());
        _document["paths"]![Seat]!["get"]!["security"]!.ToJsonString().ShouldBe("""[{"seat":[]}]""");
        _document["paths"]!["/v1/party-seats"]!["post"]!["security"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_example_of_what_members_send_can_be_read()
    {
        var check = new SchemaCheck(_document);
        var ann = await _party.JoinAsync("Ann");
        foreach (var name in SeatCommands.Names.Where(name => name is not ("leave" or "end-party")))
        {
            var body = _document["paths"]![$"{Seat}/{name}"]!["post"]!["requestBody"]!["content"]!["application/json"]!;
            check.Faults(body["example"], body["schema"]!).ShouldBeEmpty(name);
            body["example"]!.AsObject().ContainsKey("by").ShouldBeFalse(name);
            var sent = await ann.AskAsync("POST", $"/{name}", body["example"]!.ToJsonString());
            sent.Number.ShouldBeOneOf([200, 409, 422, 429], $"{name}: {sent.Text}");
        }
    }

    [Fact]
    public async Task What_members_are_answered_is_what_it_says()
    {
        var ben = await _party.AskToJoinAsync("Ben");
        ShouldFit(ben, "/v1/party-seats", "post", 201);
        ShouldFit(await _party.AskToJoinAsync("Ben"), "/v1/party-seats", "post", 200);
        ShouldFit(await _party.AskToJoinAsync("Cid", "0123456789abcdefghjk"), "/v1/party-seats", "post", 404);
        ShouldFit(await _party.AskToJoinAsync("Cid", secret: "short"), "/v1/party-seats", "post", 422);
        var seat = new SeatUnderTest(_party.Server, ben["seat"].GetString()!, PartyUnderTest.SecretOf("Ben"));
        var ann = await _party.JoinAsync("Ann");
        ShouldFit(await seat.AskAsync("GET"), Seat, "get", 200);
        ShouldFit(await seat.AskAsync("GET", with: "nonsense"), Seat, "get", 401);
        ShouldFit(await seat.AskAsync("GET", "/network"), $"{Seat}/network", "get", 200);
        ShouldFit(await seat.AskAsync("GET", "/live"), $"{Seat}/live", "get", 400);
        ShouldFit(await seat.AskAsync("GET", "/relay"), $"{Seat}/relay", "get", 400);
        ShouldFit(await seat.SendAsync("heartbeat"), $"{Seat}/heartbeat", "post", 200);
        ShouldFit(await seat.SendAsync("settle", new { locked = false }), $"{Seat}/settle", "post", 200);
        ShouldFit(await seat.SendAsync("invite", new { password = "p" }), $"{Seat}/invite", "post", 200);
        ShouldFit(await ann.SendAsync("kick", new { member = seat.Member }), $"{Seat}/kick", "post", 409);
        ShouldFit(await ann.SendAsync("kick", new { member = 5 }), $"{Seat}/kick", "post", 400);
    }

    private void ShouldFit(Reply reply, string path, string method, int status)
    {
        reply.Number.ShouldBe(status, reply.Text);
        var check = new SchemaCheck(_document);
        var response = check.Follow(_document["paths"]![path]![method]!["responses"]![$"{status}"].ShouldNotBeNull());
        var schema = response["content"]![reply.ContentHeaders.ContentType!.MediaType!]!["schema"]!;
        check.Faults(JsonNode.Parse(reply.Text), schema).ShouldBeEmpty($"{method} {path} {status}");
    }
}
