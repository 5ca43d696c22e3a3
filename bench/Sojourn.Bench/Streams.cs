using System.Globalization;

namespace Sojourn.Bench;

/// <summary>
/// Durable streams, beside the least that a server of them can do and beside the protocol's reference server. Each has
/// a process of its own; the load comes from this one, the same for all, on the same processors.
/// </summary>
internal static class Streams
{
    private const int Rounds = 5;

    public static async Task RunAsync(double seconds)
    {
        var directory = Directory.CreateTempSubdirectory("sojourn-bench-").FullName;
        string In(string folder) => Path.Combine(directory, folder);
        var servers = new List<ServerProcess>
        {
            await ServerProcess.StartAsync("limit: bare Kestrel, raw log", StreamServer.Bare, In("bare")),
            await ServerProcess.StartAsync("Sojourn, durable", StreamServer.Sojourn, In("sojourn")),
        };
        foreach (var data in (string?[])[In("reference"), null])
        {
            var name = $"reference server, {(data is null ? "memory" : "files")}";
            if (await ServerProcess.TryStartReferenceAsync(name, data) is { } reference)
            {
                servers.Add(reference);
            }
        }

        foreach (var streams in (int[])[1, 100, 1_000])
        {
            await AppendsAsync($"{StreamAppends.Connections} connections append {StreamAppends.Bytes} B to "
                + $"{streams:N0} stream(s)", servers, seconds, server => new(server, streams, producers: false));
        }

        await AppendsAsync("the same, each an idempotent producer, 100 streams", servers, seconds,
            server => new(server, 100, producers: true));
        await FanOutAsync(servers, seconds);
        servers.ForEach(server => server.Dispose());
        Directory.Delete(directory, recursive: true);
    }

    private static async Task AppendsAsync(
        string title, List<ServerProcess> servers, double seconds, Func<ServerProcess, StreamAppends> makeLoad)
    {
        var loads = servers.Select(makeLoad).ToList();
        var figures = loads.ToDictionary(load => load, _ => new List<AppendFigures>());
        foreach (var load in loads)
        {
            await load.CreateAsync();
            // Long: in its first seconds a server is busy with being compiled.
            await load.RunAsync(2 * seconds);
            await load.Server.RestAsync();
        }

        for (var round = 0; round < Rounds; round++)
        {
            foreach (var load in loads)
            {
                figures[load].Add(await load.RunAsync(seconds));
                await load.Server.RestAsync();
            }
        }

        Console.WriteLine(title);
        var limit = Median(figures[loads[0]], each => each.Rate);
        foreach (var load in loads)
        {
            var all = figures[load];
            var rate = Median(all, each => each.Rate);
            var failed = string.Join(", ", all.SelectMany(each => each.Failures).GroupBy(each => each.Key)
                .Select(each => $"{each.Sum(one => one.Value):N0} answered {each.Key}"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {load.Server.Name,-32} {rate,9:N0}/s {limit / rate,7:0.00}x"
                + $"   p50 {Median(all, each => each.P50),7:0.00} ms"
                + $"   p99 {Median(all, each => each.P99),7:0.00} ms   {failed}"));
        }
    }

    private static async Task FanOutAsync(List<ServerProcess> servers, double seconds)
    {
        var figures = servers.ToDictionary(server => server, _ => new List<FanOutFigures>());
        for (var round = -1; round < Rounds; round++)
        {
            foreach (var server in servers)
            {
                var figure = await StreamFanOut.RunAsync(server, $"fan{round + 1}", round < 0 ? seconds / 2 : seconds);
                if (round >= 0)
                {
                    figures[server].Add(figure);
                }
            }
        }

        Console.WriteLine($"{StreamFanOut.Readers} readers follow a stream by server-sent events, "
            + $"{StreamFanOut.PerSecond} appends of {StreamAppends.Bytes} B a second");
        var limit = Median(figures[servers[0]], each => each.P50);
        foreach (var server in servers)
        {
            var all = figures[server];
            var p50 = Median(all, each => each.P50);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {server.Name,-32} p50 {p50,7:0.00} ms {p50 / limit,7:0.00}x"
                + $"   p99 {Median(all, each => each.P99),7:0.00} ms"
                + $"   heap {Median(all, each => each.Heap) / (1 << 20),6:0.0} MiB,"
                + $" a reader {Median(all, each => each.HeapPerReader) / 1024,6:0.0} KiB,"
                + $" in all {Median(all, each => each.WorkingSet) / (1 << 20),4:0} MiB"));
        }
    }

    private static double Median<T>(List<T> all, Func<T, double> of) =>
        all.Select(of).Order().ElementAt(all.Count / 2);
}
