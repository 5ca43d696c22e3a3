using System.Net.Http.Json;
using System.Text.Json;

namespace Sojourn.Tests.Explorer.Server;

/// <summary>A fight that somebody flew into on a real server.</summary>
internal static class FoundFight
{
    /// <summary>Flies about in one game after another until a fight is on that lasts.</summary>
    public static async Task<JsonElement> FindAsync(HttpClient http)
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

    public static async Task<JsonElement> FightAsync(HttpClient http, JsonElement game, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            using var fought = await http.PostAsJsonAsync($"{PathOf(game)}/attack", new { tactic = "evasive" });
            fought.IsSuccessStatusCode.ShouldBeTrue(await fought.Content.ReadAsStringAsync());
        }

        return await http.GetFromJsonAsync<JsonElement>(PathOf(game));
    }

    public static string PathOf(JsonElement game) => $"/v1/explorer/{game.GetProperty("id").GetString()}";
}
