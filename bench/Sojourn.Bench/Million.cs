using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Sojourn.Stores;
using Sojourn.Testing;

namespace Sojourn.Bench;

internal sealed record Page(string Text, string Status);

internal sealed record StartPage(int TextLength, string Status = "open") : IStart<Page>;

internal sealed record Turn(int Number) : ICommand;

internal sealed class PageKind : Kind<Page>
{
    public static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    public PageKind(int inMemory)
        : base("page", new Policy
        {
            Statuses = [new("open"), new("read") { Final = true }, new("brief") { Final = true, KeepFor = Kept }],
            MaxInMemory = inMemory,
        })
    {
        Start<StartPage>((start, context) => Go(new Page(new string('x', start.TextLength), start.Status)));
        On<Turn>((page, turn, context) => Go(page with { Text = page.Text + (char)('a' + (turn.Number % 26)) }));
    }

    protected override string StatusOf(Page state) => state.Status;
}

/// <summary>
/// A million sessions of 1 KB in one store: how fast they are made, what they take, how long a list, a count, a restart
/// and the end of a hundred thousand of them take.
/// </summary>
internal static class Million
{
    private const int TextLength = 950;

    public static async Task RunAsync(double seconds)
    {
        // A tenth of everything in a quick run.
        var sessions = seconds < 1 ? 100_000 : 1_000_000;
        var brief = sessions / 10;
        var inMemory = sessions / 10;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{sessions:N0} sessions of 1 KB in one store, {inMemory:N0} of them in memory"));
        var directory = Directory.CreateTempSubdirectory("sojourn-bench-");
        var clock = new ManualClock(DateTimeOffset.UtcNow);
        try
        {
            await using (var services = Build(directory.FullName, clock, inMemory))
            {
                var engine = services.GetRequiredService<SojournEngine>();
                await engine.StartAsync();
                await CreateAsync(engine, sessions - brief, "open", "s");
                await CreateAsync(engine, brief, "brief", "b");
                await LookAsync(engine);
            }

            Tell("size on disk", directory.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length)
                / 1048576.0, "MiB");
            await using var again = Build(directory.FullName, clock, inMemory);
            var began = Stopwatch.StartNew();
            var restarted = again.GetRequiredService<SojournEngine>();
            await restarted.StartAsync();
            _ = (await restarted.GetAsync<Page>("s1")).Reply;
            Tell("restart, until the first session is read", began.Elapsed.TotalMilliseconds, "ms");
            await ExpireAsync(restarted, clock, brief);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static ServiceProvider Build(string directory, TimeProvider clock, int inMemory)
    {
        var services = new ServiceCollection();
        services.AddSingleton(clock);
        services.AddSojourn(options => options.UseSqlite(directory)).AddKind(new PageKind(inMemory));
        return services.BuildServiceProvider();
    }

    private static async Task CreateAsync(SojournEngine engine, int count, string status, string prefix)
    {
        var began = Stopwatch.StartNew();
        var portion = Math.Max(1, Math.Min(count, 200_000));
        for (var from = 0; from < count; from += portion)
        {
            var until = Math.Min(count, from + portion);
            var callers = new ParallelOptions { MaxDegreeOfParallelism = 1000 };
            await Parallel.ForAsync(from, until, callers, async (i, stop) =>
            {
                var options = new CreateOptions { Id = string.Create(CultureInfo.InvariantCulture, $"{prefix}{i}") };
                _ = (await engine.CreateAsync(new StartPage(TextLength, status), options, stop)).Reply;
            });
            Tell($"  {until:N0} '{status}', heap", GC.GetTotalMemory(forceFullCollection: true) / 1048576.0, "MiB");
        }

        Tell($"created '{status}'", count / began.Elapsed.TotalSeconds, "/s");
    }

    private static async Task LookAsync(SojournEngine engine)
    {
        var pages = new List<double>();
        string? cursor = null;
        for (var i = 0; i < 200; i++)
        {
            var began = Stopwatch.GetTimestamp();
            var page = await engine.ListAsync(new SessionQuery { Kind = "page", Status = "open", Cursor = cursor });
            pages.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            cursor = page.Next;
        }

        Tell("list page of 100, median", pages.Order().ElementAt(pages.Count / 2), "ms");
        Tell("list page of 100, slowest of 200", pages.Max(), "ms");
        var query = new SessionQuery { Kind = "page", Status = "open" };
        var counting = Stopwatch.GetTimestamp();
        var counted = await engine.CountAsync(query, long.MaxValue);
        Tell($"count by status ({counted:N0}), the first", Stopwatch.GetElapsedTime(counting).TotalMilliseconds, "ms");
        var counts = new List<double>();
        for (var i = 0; i < 200; i++)
        {
            counting = Stopwatch.GetTimestamp();
            _ = await engine.CountAsync(query, long.MaxValue);
            counts.Add(Stopwatch.GetElapsedTime(counting).TotalMilliseconds);
        }

        Tell("count by status, median of 200 more", counts.Order().ElementAt(counts.Count / 2), "ms");
        counting = Stopwatch.GetTimestamp();
        _ = await engine.StatisticsAsync();
        Tell("statistics", Stopwatch.GetElapsedTime(counting).TotalMilliseconds, "ms");
    }

    /// <summary>How long others wait while so many end at once.</summary>
    private static async Task ExpireAsync(SojournEngine engine, ManualClock clock, int count)
    {
        using var stop = new CancellationTokenSource();
        var alone = await ProbeAsync(engine, TimeSpan.FromSeconds(3), stop.Token);
        var began = Stopwatch.StartNew();
        clock.Advance(PageKind.Kept);
        var during = ProbeAsync(engine, TimeSpan.FromMinutes(5), stop.Token);
        while ((await engine.StatisticsAsync()).Kinds.Single().Activity!.Expired < count)
        {
            await Task.Delay(20);
        }

        var took = began.Elapsed.TotalSeconds;
        await stop.CancelAsync();
        var waits = await during;
        Tell($"{count:N0} sessions expired at once, all gone after", took, "s");
        Tell("  another session's command, slowest before", alone.Max().Wait, "ms");
        var highest = waits.Order().ElementAt((int)(waits.Count * 0.99));
        Tell("  another session's command, 99th percentile meanwhile", highest.Wait, "ms");
        foreach (var (wait, collecting) in waits.OrderDescending().Take(3))
        {
            Tell("  another session's command, slowest three meanwhile", wait, "ms");
            Tell("    of which the garbage collector held everything up", collecting, "ms");
        }
    }

    private static async Task<List<(double Wait, double Collecting)>> ProbeAsync(
        SojournEngine engine, TimeSpan time, CancellationToken stop)
    {
        var waits = new List<(double, double)>();
        var began = Stopwatch.StartNew();
        for (var i = 0; began.Elapsed < time && !stop.IsCancellationRequested; i++)
        {
            var paused = GC.GetTotalPauseDuration();
            var sent = Stopwatch.GetTimestamp();
            SessionId id = string.Create(CultureInfo.InvariantCulture, $"s{i % 1000}");
            _ = (await engine.SendAsync(id, new Turn(i), null, CancellationToken.None)).Reply;
            waits.Add((
                Stopwatch.GetElapsedTime(sent).TotalMilliseconds,
                (GC.GetTotalPauseDuration() - paused).TotalMilliseconds));
        }

        return waits;
    }

    private static void Tell(string what, double value, string unit) => Console.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"  {what,-62} {value,12:N1} {unit}"));
}
