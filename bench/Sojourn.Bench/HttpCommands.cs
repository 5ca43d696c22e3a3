using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sojourn.Server;

namespace Sojourn.Bench;

/// <summary>
/// A command over HTTP, beside an endpoint of the same web server that does nothing but read a body and answer with
/// one of the same length. The load comes from the same process over loopback.
/// </summary>
internal static class HttpCommands
{
    private const int Connections = 64;
    private const int Sessions = 1_000;
    private const int TextLength = 200;
    private const string Key = "bench-bench-bench-bench";

    public static async Task RunAsync(double seconds)
    {
        var directory = Directory.CreateTempSubdirectory("sojourn-bench-").FullName;
        await using var bare = await StartBareAsync();
        await using var inMemory = await StartSojournAsync(Durability.Volatile, null);
        await using var onDisk = await StartSojournAsync(Durability.Durable, directory);
        await Race.RunAsync(
            $"HTTP commands, {Connections} connections, {Sessions:N0} sessions at random",
            seconds,
            new Runner("limit: bare Kestrel endpoint", Load(bare, "POST", _ => "/echo")),
            new Runner("Sojourn, volatile: POST /v1/meter/{id}/count", Load(inMemory, "POST", Path)),
            new Runner("Sojourn, durable on SQLite: the same", Load(onDisk, "POST", Path)));
        await onDisk.StopAsync();
        Directory.Delete(directory, recursive: true);
    }

    private static string Path(Random chance) => $"/v1/meter/m{chance.Next(Sessions)}/count";

    private static Func<CancellationToken, Task<long>> Load(
        WebApplication server, string method, Func<Random, string> path) => async stop =>
    {
        var port = new Uri(server.Urls.First()).Port;
        var body = """{"by":1}""";
        byte[] Request(Random chance) => LoadRequest.Of(port, Key, method, path(chance), body);
        var counts = await Task.WhenAll(Enumerable.Range(0, Connections).Select(i =>
            Task.Run(async () =>
            {
                using var connection = await LoadConnection.OpenAsync(port);
                // Requests made beforehand: the load's own work is not what is measured.
                var chance = new Random(i);
                var requests = Enumerable.Range(0, 64).Select(_ => Request(chance)).ToArray();
                var count = 0L;
                for (; !stop.IsCancellationRequested; count++)
                {
                    await connection.AskWellAsync(requests[count % requests.Length]);
                }

                return count;
            })));
        return counts.Sum();
    };

    private static async Task<WebApplication> StartBareAsync()
    {
        var server = NewBuilder().Build();
        var answer = Encoding.ASCII.GetBytes(
            """{"reply":123,"version":124,"durableVersion":0,"replayed":false,"events":[]}""");
        server.MapPost("/echo", async (HttpContext context) =>
        {
            var request = context.Request.BodyReader;
            while (true)
            {
                var read = await request.ReadAsync();
                request.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    break;
                }
            }

            context.Response.ContentType = "application/json";
            context.Response.ContentLength = answer.Length;
            await context.Response.BodyWriter.WriteAsync(answer);
        });
        await server.StartAsync();
        return server;
    }

    private static async Task<WebApplication> StartSojournAsync(Durability durability, string? directory)
    {
        var builder = NewBuilder();
        builder.Services.AddSojourn(options =>
        {
            if (directory is not null)
            {
                options.UseSqlite(directory);
            }
        }).AddKind(new MeterKind(durability));
        builder.Services.AddSojournServer(options =>
        {
            options.Key = Key;
            // One owner sends all that the machine can take.
            options.RequestsPerSecond = options.RequestBurst = 1_000_000;
        });
        var server = builder.Build();
        server.MapSojourn();
        await server.StartAsync();
        var engine = server.Services.GetRequiredService<SojournEngine>();
        for (var i = 0; i < Sessions; i++)
        {
            var created = await engine.CreateAsync(new StartMeter(TextLength), new CreateOptions { Id = $"m{i}" });
            _ = created.Reply;
        }

        return server;
    }

    private static WebApplicationBuilder NewBuilder()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder;
    }
}
