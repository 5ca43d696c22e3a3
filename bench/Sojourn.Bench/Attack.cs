using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sojourn.Server;

namespace Sojourn.Bench;

/// <summary>
/// Two owners on one durable server, each with the same quota. One works on steadily while the other asks for all that
/// it can get: how much longer does the steady one wait?
/// </summary>
internal static class Attack
{
    private const string AdminKey = "bench-bench-bench-bench";
    private const string Ours = "steady";
    private const string Theirs = "greedy";
    private const int Rounds = 5;
    private const int OurConnections = 4;
    private const int OurSessions = 100;
    private const double MostRatio = 2.0;

    private static readonly TimeSpan Thinking = TimeSpan.FromMilliseconds(5);

    private static readonly OwnerQuota Quota = new()
    {
        MaxSessions = 500,
        MaxBytes = 4 << 20,
        CommandsPerSecond = 1_000,
        Burst = 1_000,
        MaxStreams = 20,
    };

    public static async Task RunAsync(double seconds)
    {
        var directory = Directory.CreateTempSubdirectory("sojourn-bench-").FullName;
        await using var server = await StartAsync(directory);
        var port = new Uri(server.Urls.First()).Port;
        var (ours, theirs) = (await NewKeyAsync(port, Ours), await NewKeyAsync(port, Theirs));
        var engine = server.Services.GetRequiredService<SojournEngine>();
        await FillAsync(engine, Ours, "m", OurSessions);
        await FillAsync(engine, Theirs, "a", Attacker.Connections);
        Console.WriteLine("Two owners, one of whom attacks");
        Console.WriteLine($"  steady:  {OurConnections} connections, a durable command each and then "
            + $"{Thinking.TotalMilliseconds:0} ms of thinking; measured in the server's process");
        Console.WriteLine($"  greedy:  {Attacker.Connections} connections in a process of its own, as fast as they "
            + "can, on the same processors");

        await MeasureAsync(port, ours, seconds);
        var (alone, attacked, taken) = (new List<Waits>(), new List<Waits>(), new List<string>());
        for (var round = 0; round < Rounds; round++)
        {
            alone.Add(await MeasureAsync(port, ours, seconds));
            using var attacker = await Attacker.BeginAsync(port, theirs);
            attacked.Add(await MeasureAsync(port, ours, seconds));
            taken.Add(await attacker.EndAsync());
        }

        Tell("steady, alone", alone);
        Tell("steady, under attack", attacked);
        var ratio = Median(attacked, waits => waits.P99) / Median(alone, waits => waits.P99);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  p99 under attack / alone: {ratio:0.00}x   limit: {MostRatio:0.0}x"));
        await TellGreedyAsync(engine, taken);
        await server.StopAsync();
        Directory.Delete(directory, recursive: true);
    }

    private static async Task<Waits> MeasureAsync(int port, string key, double seconds)
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        var each = await Task.WhenAll(Enumerable.Range(0, OurConnections).Select(i => Task.Run(async () =>
        {
            using var connection = await LoadConnection.OpenAsync(port);
            var (chance, waits) = (new Random(i), new List<double>());
            while (!stop.IsCancellationRequested)
            {
                var request = LoadRequest.Of(
                    port, key, "POST", $"/v1/meter/m{chance.Next(OurSessions)}/count-aloud", """{"by":1}""");
                var begun = Stopwatch.GetTimestamp();
                await connection.AskWellAsync(request);
                waits.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
                await Task.Delay(Thinking);
            }

            return waits;
        })));
        var all = each.SelectMany(waits => waits).Order().ToList();
        return new(all.Count / seconds, all[all.Count / 2], all[(int)(all.Count * 0.99)]);
    }

    private static void Tell(string name, List<Waits> rounds) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"  {name,-24} {Median(rounds, each => each.Rate),8:N0}/s   p50 {Median(rounds, each => each.P50),7:0.00} ms   "
        + $"p99 {Median(rounds, each => each.P99),7:0.00} ms   (each round: "
        + $"{string.Join(" ", rounds.Select(each => each.P99.ToString("0.0", CultureInfo.InvariantCulture)))})"));

    private static async Task TellGreedyAsync(SojournEngine engine, List<string> taken)
    {
        var has = (await engine.StatisticsAsync(OwnerId.Parse(Theirs))).Kinds.Single(kind => kind.Kind == "meter");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  greedy has {has.Sessions:N0} sessions of {Quota.MaxSessions:N0} and {has.Bytes:N0} bytes of "
            + $"{Quota.MaxBytes:N0}; may send {Quota.CommandsPerSecond:N0} commands a second and follow "
            + $"{Quota.MaxStreams} streams"));
        foreach (var line in taken)
        {
            Console.WriteLine($"  greedy: {line}");
        }
    }

    private static async Task<WebApplication> StartAsync(string directory)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        // As `sojourn serve` has it.
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBufferSize = 64 << 10)
            .UseUrls("http://127.0.0.1:0");
        builder.Services.AddSojourn(options =>
        {
            options.UseSqlite(directory);
            options.DefaultQuota = Quota;
        }).AddKind(new MeterKind(Durability.Durable));
        builder.Services.AddSojournServer(options =>
        {
            options.Key = AdminKey;
            options.RequestsPerSecond = options.RequestBurst = 1_500;
            options.MaxConcurrentRequests = 200;
        });
        var server = builder.Build();
        server.MapSojourn();
        await server.StartAsync();
        return server;
    }

    private static async Task FillAsync(SojournEngine engine, string owner, string prefix, int count)
    {
        var tenant = OwnerId.Parse(owner);
        for (var i = 0; i < count; i++)
        {
            var options = new CreateOptions { Owner = tenant, Id = $"{prefix}{i}" };
            _ = (await engine.CreateAsync(new StartMeter(200), options)).Reply;
        }
    }

    private static async Task<string> NewKeyAsync(int port, string owner)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", AdminKey);
        using var body = new StringContent($$"""{"owner": "{{owner}}"}""", Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync($"http://127.0.0.1:{port}/v1/keys", body);
        using var made = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return made.RootElement.GetProperty("key").GetString()!;
    }

    private static double Median(List<Waits> rounds, Func<Waits, double> which) =>
        rounds.Select(which).Order().ElementAt(rounds.Count / 2);

    private sealed record Waits(double Rate, double P50, double P99);
}
