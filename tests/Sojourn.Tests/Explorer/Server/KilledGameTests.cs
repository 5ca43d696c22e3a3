using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Sojourn.Tests.EndToEnd;

namespace Sojourn.Tests.Explorer.Server;

/// <summary>The real program, killed in the middle of a fight.</summary>
[Collection(Lane.SecondProcesses)]
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
        var game = await FoundFight.FindAsync(http);
        game = await FoundFight.FightAsync(http, game, rounds: 2);
        var before = game.GetProperty("state").GetRawText();
        var round = game.GetProperty("state").GetProperty("fight").GetProperty("round").GetInt32();

        await server.KillAsync();
        await server.StartAgainAsync();

        var after = await http.GetFromJsonAsync<JsonElement>(FoundFight.PathOf(game));
        after.GetProperty("status").GetString().ShouldBe("fighting");
        after.GetProperty("state").GetProperty("fight").GetProperty("round").GetInt32().ShouldBe(round);
        after.GetProperty("state").GetRawText().ShouldBe(before);
        after.GetProperty("version").GetInt32().ShouldBe(game.GetProperty("version").GetInt32());
        using var fought = await http.PostAsync($"{FoundFight.PathOf(game)}/attack", null);
        fought.IsSuccessStatusCode.ShouldBeTrue(await fought.Content.ReadAsStringAsync());

        var slots = await http.GetFromJsonAsync<JsonElement>($"{FoundFight.PathOf(game)}/slots");
        slots.GetProperty("slots")[0].GetProperty("status").GetString().ShouldBe("kept", "it flew before it fought");
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(Path.Combine(server.Data, "export-key"))
                .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }
}
