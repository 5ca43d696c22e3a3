using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sojourn.Kinds.Explorer;
using Sojourn.Server;

namespace Sojourn.Bench;

/// <summary>
/// A server as a process: <c>sojourn-bench stream-server sojourn|bare|explorer DIRECTORY</c>, for
/// <see cref="ServerProcess"/>. The first two serve streams, the last games.
/// </summary>
internal static class StreamServer
{
    public const string Verb = "stream-server";
    public const string Sojourn = "sojourn", Bare = "bare", Explorer = "explorer";
    public const string Key = "bench-bench-bench-bench";

    public static async Task RunAsync(string what, string directory)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        if (what != Bare)
        {
            var sojourn = builder.Services.AddSojourn(options => options.UseSqlite(directory));
            if (what == Explorer)
            {
                sojourn.AddExplorer(new ExplorerOptions { MaxGames = ExplorerBots.Players });
            }

            builder.Services.AddSojournServer(options =>
            {
                options.Key = Key;
                // One owner sends all that the machine can take.
                options.RequestsPerSecond = options.RequestBurst = 1_000_000;
            });
        }

        await using var server = builder.Build();
        using var bare = what == Bare ? new BareStreams(Path.Combine(directory, "raw.log")) : null;
        bare?.Map(server);
        if (what != Bare)
        {
            server.MapSojourn();
        }

        await server.StartAsync();
        Console.WriteLine(new Uri(server.Urls.First()).Port);
        while (await Console.In.ReadLineAsync() is not null)
        {
            if (server.Services.GetService<SojournEngine>() is { } engine)
            {
                await SettleAsync(engine);
            }

            var heap = GC.GetTotalMemory(forceFullCollection: true);
            Console.WriteLine(heap.ToString(CultureInfo.InvariantCulture));
        }

        await server.StopAsync();
    }

    /// <summary>Until what the journal holds is in SQLite too: it is not to disturb whoever is measured next.</summary>
    private static async Task SettleAsync(SojournEngine engine)
    {
        await engine.FlushAsync();
        while ((await engine.StatisticsAsync()).Store is { LagChanges: > 0 } or { PendingSteps: > 0 })
        {
            await Task.Delay(20);
        }
    }
}
