using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Sojourn.Tests.EndToEnd;

namespace Sojourn.Tests.Explorer.Server;

/// <summary>The real program, killed in the middle of a fight.</summary>
public sealed class KilledGameTests
{
    /// <summary>Not one step of a game is lost, and chance goes on as it would have.</summary>
    [Fact]
    public async Task A_player_whose_server_is_killed_in_a_fight_returns_to_the_same_round()
    {
        await using var server = await KillableServer.StartAsync("0s");
        using var http = new HttpClient { BaseAddress = server.Url, Timeout = SojournProcess.Patience };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", (await File.ReadAllTextAsync(Path.Combine(server.Data, "key"))).Trim());
        var game = await FindFightAsync(http);
        game = await FightAsync(http, game, rounds: 2);
        var before = game.GetProperty("state").GetRawText();
        var round = game.GetProperty("state").GetProperty("fight").GetProperty("round").GetInt32();

        await server.KillAsync();
        await server.StartAgainAsync();

        var after = await http.GetFromJsonAsync<JsonElement>(PathOf(game));
        after.GetProperty("status").GetString().ShouldBe("fighting");
        after.GetProperty("state").GetProperty("fight").GetProperty("round").GetInt32().ShouldBe(round);
        after.GetProperty("state").GetRawText().ShouldBe(before);
        after.GetProperty("version").GetInt32().ShouldBe(game.GetProperty("version").GetInt32());
        using var fought = await http.PostAsync($"{PathOf(game)}/attack", null);
        fought.IsSuccessStatusCode.ShouldBeTrue(await fought.Content.ReadAsStringAsync());

        var slots = await http.GetFromJsonAsync<JsonElement>($"{PathOf(game)}/slots");
        slots.GetProperty("slots")[0].GetProperty("status").GetString().ShouldBe("kept", "it flew before it fought");
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(Path.Combine(server.Data, "export-key"))
                .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    /// <summary>Flies about in one game after another until a fight is on that lasts.</summary>
    private static async Task<JsonElement> FindFightAsync(HttpClient http)
    {
        for (var seed = 0; seed < 90; seed++)
        {
            var path = $"/v1/explorer/g{seed}";
            (await http.PutAsJsonAsync(path, new { pilot = "Ada", seed })).EnsureSuccessStatusCode();
            for (var hop = 0; hop < 12; hop++)
            {
                await http.PostAsync($"{path}/navigate", null);
                var game = await http.GetFromJsonAsync<JsonElement>(path);
                var state = game.GetProperty("state");
                if (game.GetProperty("status").GetString() == "fighting" && state.GetProperty("hull").GetInt32() > 60)
                {
                    return game;
                }

                if (state.TryGetProperty("encounter", out var met))
                {
                    await http.PostAsJsonAsync($"{path}/choose", new
                    {
                        answer = met.GetProperty("choices").EnumerateArray().Last().GetProperty("id").GetString(),
                    });
                }
            }
        }

        throw new InvalidOperationException("No fight was found in 90 games.");
    }

    private static async Task<JsonElement> FightAsync(HttpClient http, JsonElement game, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            using var fought = await http.PostAsJsonAsync($"{PathOf(game)}/attack", new { tactic = "evasive" });
            fought.IsSuccessStatusCode.ShouldBeTrue(await fought.Content.ReadAsStringAsync());
        }

        return await http.GetFromJsonAsync<JsonElement>(PathOf(game));
    }

    private static string PathOf(JsonElement game) => $"/v1/explorer/{game.GetProperty("id").GetString()}";
}
