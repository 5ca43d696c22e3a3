using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Sojourn.Bench;

/// <summary>
/// A thousand bots play Cosmic Explorer on one server with the embedded store, over HTTP, by the program's own verb
/// <c>bots</c>: three processes on the same processors. First all games are left in the middle, to see what one takes;
/// then all are played to their end.
/// </summary>
internal static class ExplorerBots
{
    public const int Players = 1000;

    private const int Seed = 7, HalfWay = 10, Concurrency = 64;
    private const double LeastCommands = 1000, MostMilliseconds = 250, MostHeapKiB = 32, MostStoredKiB = 10;

    public static async Task RunAsync(double seconds)
    {
        var players = seconds < 1 ? Players / 10 : Players;
        var directory = Directory.CreateTempSubdirectory("sojourn-bench-").FullName;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Cosmic Explorer: {players:N0} bots on one server, {Concurrency} of them asking at a time"));
        try
        {
            using var server = await ServerProcess.StartAsync("explorer", StreamServer.Explorer, directory);
            // What the first requests bring into memory for good is nobody's game.
            await BotsAsync(server.Port, seed: 1, players: 20);
            var (heap, all) = (await server.RestAsync(), server.WorkingSet);
            await BotsAsync(server.Port, Seed, players, "--turns", $"{HalfWay}", "--remove", "false");
            var (fullHeap, fullAll) = (await server.RestAsync(), server.WorkingSet);
            var (games, bytes) = await StoredAsync(server.Port);
            var played = await BotsAsync(server.Port, Seed, players);
            Tell(players, played);
            Tell("games in memory", games, "", null);
            Tell("heap a player", (fullHeap - heap) / 1024.0 / games, "KiB", MostHeapKiB);
            Tell("working set a player", (fullAll - all) / 1024.0 / games, "KiB", null);
            Tell("stored a game, map included", bytes / 1024.0 / games, "KiB", MostStoredKiB);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void Tell(int players, JsonElement figures)
    {
        double Of(string name) => figures.GetProperty(name).GetDouble();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {players:N0} games: {Of("won"):N0} won, {Of("lost"):N0} lost, {Of("left"):N0} left"));
        Tell("commands", Of("commandsPerSecond"), "/s", LeastCommands);
        Tell("reads beside them", Of("reads") / Of("seconds"), "/s", null);
        Tell("a command, p50", Of("commandP50"), "ms", null);
        Tell("a command, p99", Of("commandP99"), "ms", MostMilliseconds);
        Tell("a read of what can be done, p50", Of("readP50"), "ms", null);
        Tell("a read of what can be done, p99", Of("readP99"), "ms", MostMilliseconds);
        Tell("refused", Of("refused"), "", 0);
    }

    private static async Task<JsonElement> BotsAsync(int port, int seed, int players, params string[] more)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Sojourn.Cli.dll");
        var start = new ProcessStartInfo("dotnet",
        [
            program, "bots", "--players", $"{players}", "--seed", $"{seed}", "--json",
            "--concurrency", $"{Concurrency}", "--url", $"http://127.0.0.1:{port}", .. more,
        ])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment["SOJOURN_KEY"] = StreamServer.Key;
        using var bots = Process.Start(start)!;
        var told = await bots.StandardOutput.ReadToEndAsync();
        await bots.WaitForExitAsync();
        return bots.ExitCode == 0
            ? JsonElement.Parse(told).GetProperty("figures")
            : throw new IOException($"The bots ended with {bots.ExitCode}.");
    }

    private static async Task<(long Games, long Bytes)> StoredAsync(int port)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        http.DefaultRequestHeaders.Authorization = new("Bearer", StreamServer.Key);
        var stats = JsonElement.Parse(await http.GetStringAsync(new Uri("/v1/stats", UriKind.Relative)));
        var kind = stats.GetProperty("kinds").EnumerateArray()
            .First(each => each.GetProperty("kind").GetString() == "explorer");
        return (kind.GetProperty("sessions").GetInt64(), kind.GetProperty("bytes").GetInt64());
    }

    private static void Tell(string what, double value, string unit, double? limit) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"  {what,-40} {value,10:N1} {unit,-4}{(limit is { } known ? $"  limit {known:N0}" : "")}"));
}
