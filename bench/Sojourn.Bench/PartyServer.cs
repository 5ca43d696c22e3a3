using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sojourn.Kinds.Parties;
using Sojourn.Server;

namespace Sojourn.Bench;

/// <summary>
/// A server with parties on the embedded store, for <see cref="ServerProcess"/>:
/// <c>sojourn-bench party-server DIRECTORY PARTIES</c>.
/// </summary>
internal static class PartyServer
{
    public const string Verb = "party-server";

    public static async Task RunAsync(string directory, int parties)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSojourn(options => options.UseSqlite(directory)).AddParties();
        builder.Services.AddSojournServer(options => options.Key = "bench-bench-bench-bench");
        await using var server = builder.Build();
        server.MapSojourn();
        await server.StartAsync();
        await SimulatedParties.SeedAsync(server.Services.GetRequiredService<SojournEngine>(), parties);
        Console.WriteLine(new Uri(server.Urls.First()).Port);
        await Task.Factory.StartNew(
            AnswerAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await server.StopAsync();
    }

    private static void AnswerAll()
    {
        while (Console.In.ReadLine() is not null)
        {
            var heap = GC.GetTotalMemory(forceFullCollection: true);
            Console.WriteLine(heap.ToString(CultureInfo.InvariantCulture));
        }
    }
}
