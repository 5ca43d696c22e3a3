using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sojourn.Kinds.Explorer;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Explorer.Server;

/// <summary>Games on a server: how many, what is refused, and that they never touch each other.</summary>
public sealed class GameServerTests
{
    [Fact]
    public async Task A_hundred_games_is_what_a_server_takes_and_the_next_is_refused()
    {
        await using var games = await GamesUnderTest.StartAsync();
        for (var i = 0; i < 100; i++)
        {
            await games.BeginAsync($"g{i}", seed: i);
        }

        var refused = (await games.AskAsync("PUT", "one-more")).ShouldBeProblem(429, "full");
        refused.Detail!.ShouldContain("100");
        (await games.AskAsync("PUT", "g0")).Status.ShouldBe(HttpStatusCode.OK);
        (await games.AskAsync("DELETE", "g5")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await games.AskAsync("PUT", "one-more")).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task An_action_that_is_none_says_which_there_are()
    {
        await using var games = await GamesUnderTest.StartAsync();
        await games.BeginAsync("ada");
        var before = await games.AskAsync("GET", "ada");

        var refused = (await games.AskAsync("POST", "ada/teleport")).ShouldBeProblem(404, "unknown-command");

        refused["success"].GetBoolean().ShouldBeFalse();
        refused.Detail!.ShouldContain("navigate");
        (await games.AskAsync("GET", "ada")).Text.ShouldBe(before.Text);
    }

    [Theory]
    [InlineData("navigate", """{"node": "NODE_NOWHERE"}""", 422, "unknown-node")]
    [InlineData("buy-mod", """{"mod": "phaser"}""", 422, "unknown-mod")]
    [InlineData("buy-ship", """{"ship": "explorer"}""", 409, "no-yard")]
    [InlineData("mine", null, 409, "no-mining-laser")]
    [InlineData("attack", null, 409, "no-fight")]
    [InlineData("negotiate", null, 409, "no-fight")]
    [InlineData("abandon-quest", null, 409, "no-quest")]
    [InlineData("choose", """{"answer": "yes"}""", 409, "nothing-to-answer")]
    [InlineData("use-item", """{"item": "fuel_cells"}""", 409, null)]
    [InlineData("eat", """{"amount": 0}""", 422, "out-of-range")]
    [InlineData("eat", """{"amount": "much"}""", 400, null)]
    [InlineData("attack", """{"tactic": "bite"}""", 422, "unknown-value")]
    public async Task A_refused_action_says_so_and_leaves_the_game_as_it_was(
        string command, string? body, int status, string? code)
    {
        await using var games = await GamesUnderTest.StartAsync();
        await games.BeginAsync("ada");
        var before = await games.AskAsync("GET", "ada");

        var refused = await games.AskAsync("POST", $"ada/{command}", body);

        ((int)refused.Status).ShouldBe(status, refused.Text);
        refused["success"].GetBoolean().ShouldBeFalse();
        refused.Detail!.ShouldEndWith(".");
        if (code is not null)
        {
            refused["code"].GetString().ShouldBe(code);
        }

        (await games.AskAsync("GET", "ada")).Text.ShouldBe(before.Text, "state and version");
    }

    [Fact]
    public async Task A_played_action_says_so_too()
    {
        await using var games = await GamesUnderTest.StartAsync();
        await games.BeginAsync("ada");
        (await games.DoAsync("ada", "buy-pod"))["reply"].GetProperty("success").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Two_fights_at_once_are_fought_as_each_would_be_alone()
    {
        await using var games = await GamesUnderTest.StartAsync();
        foreach (var (id, enemy, hp) in new[] { ("ada", "space_kraken", 100), ("eve", "rogue_ai_ship", 80) })
        {
            await games.BeginAsync(id);
            await games.SetAsync(id, game => game with { Fight = new Fight(enemy, hp) });
        }

        for (var round = 1; round <= 40; round++)
        {
            // The ships are made whole again, so that the fights last.
            await Task.WhenAll(HealAsync(games, "ada"), HealAsync(games, "eve"));
            var fought = await Task.WhenAll(
                games.DoAsync("ada", "attack", new { tactic = "evasive" }), games.DoAsync("eve", "attack"));

            var (ada, eve) = (await games.GameAsync("ada"), await games.GameAsync("eve"));
            ada.Fight.ShouldNotBeNull().Enemy.ShouldBe("space_kraken");
            eve.Fight.ShouldNotBeNull().Enemy.ShouldBe("rogue_ai_ship");
            (ada.Fight!.Round, eve.Fight!.Round).ShouldBe((round, round));
            ada.Fight.Hp.ShouldBeLessThanOrEqualTo(100);
            foreach (var (reply, game) in fought.Zip([ada, eve]))
            {
                reply["reply"].GetProperty("fight").GetProperty("enemy").GetString().ShouldBe(game.Fight!.Enemy);
                reply["reply"].GetProperty("fight").GetProperty("hp").GetInt32().ShouldBe(game.Fight.Hp);
            }
        }

        // One hit without weapons does 1 damage, so each enemy has lost no more than its own fight's hits.
        (await games.GameAsync("eve")).Fight!.Hp.ShouldBeInRange(1, 79);
    }

    [Fact]
    public async Task All_that_is_served_of_games_stands_in_the_servers_own_description()
    {
        await using var games = await GamesUnderTest.StartAsync();
        var document = JsonNode.Parse((await games.Server.SendAsync("GET", "/openapi/v1.json")).Text)!;
        var served = games.Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.Cast<RouteEndpoint>()
            .Select(endpoint => endpoint.RoutePattern.RawText!)
            .Where(path => path.StartsWith("/v1/explorer/", StringComparison.Ordinal)).ToList();
        served.Count.ShouldBeGreaterThan(6);
        served.ShouldBeSubsetOf(document["paths"]!.AsObject().Select(path => path.Key));
        var read = Microsoft.OpenApi.OpenApiDocument.Parse(document.ToJsonString(), "json");
        read.Diagnostic!.Errors.ShouldBeEmpty();
        read.Diagnostic.Warnings.ShouldBeEmpty();

        var check = new SchemaCheck(document);
        await games.BeginAsync("ada");
        await games.DoAsync("ada", "navigate");
        var saved = await games.AskAsync("PUT", "ada/slots/1");
        var file = await games.AskAsync("GET", "ada/slots/1/export");
        foreach (var (path, method, reply) in new[]
        {
            ("slots", "get", await games.AskAsync("GET", "ada/slots")),
            ("slots/{slot}", "put", saved),
            ("slots/{slot}/load", "post", await games.AskAsync("POST", "ada/slots/1/load")),
            ("slots/{slot}/export", "get", file),
            ("import", "post", await games.AskAsync("POST", "ada/import", file.Text)),
            ("import", "post", await games.AskAsync("POST", "ada/import?slot=2", file.Text)),
        })
        {
            ((int)reply.Status).ShouldBe(200, reply.Text);
            var schema = document["paths"]![$"/v1/explorer/{{id}}/{path}"]![method]!["responses"]!["200"]!["content"]!
                ["application/json"]!["schema"]!;
            check.Faults(JsonNode.Parse(reply.Text), schema).ShouldBeEmpty(path);
        }

        var all = await games.AskAsync("POST", "save-all");
        check.Faults(JsonNode.Parse(all.Text), document["paths"]!["/v1/explorer/save-all"]!["post"]!["responses"]!
            ["200"]!["content"]!["application/json"]!["schema"]!).ShouldBeEmpty();
        var refused = await games.AskAsync("POST", "ada/slots/0/load", new { generation = "previous" });
        check.Faults(JsonNode.Parse(refused.Text), document["components"]!["responses"]!["problem-404"]!["content"]!
            ["application/problem+json"]!["schema"]!).ShouldBeEmpty();
    }

    private static Task HealAsync(GamesUnderTest games, string id) =>
        games.SetAsync(id, game => game with { Hull = 80 });
}
