using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Sojourn.Server;

namespace Sojourn.Bench;

/// <summary>
/// The console's overview with a hundred thousand sessions, in a real browser: how long a page of the list takes from
/// the click until it is painted, and what the browser's page takes of memory after all of them.
/// </summary>
internal static class ConsolePages
{
    private const string Chromium = "/usr/bin/chromium";
    private const string Key = "bench-bench-bench-bench";
    private const double MostMilliseconds = 300, MostMebibytes = 200;
    private const int TextLength = 950, MostInMemory = 10_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    // Goes to an address of the page and waits until the list of it is there and painted.
    private const string Turn =
        """
        hash => new Promise(resolve => {
            const busy = () => document.querySelector("sj-rows tbody")?.ariaBusy !== "false"
            const newest = () => document.querySelector("sj-rows tbody a")?.textContent
            const before = newest()
            const began = performance.now()
            let wasBusy = false
            const look = () => {
                wasBusy ||= busy()
                if (busy() || !(wasBusy || newest() !== before)) return requestAnimationFrame(look)
                // The frame after this one has it on the screen.
                requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)))
            }
            if (hash === "next") [...document.querySelectorAll(".pager button")].at(-1).click()
            else location.hash = hash
            requestAnimationFrame(look)
        })
        """;

    // From where the browser began to load the page.
    private const string First =
        """
        () => new Promise(resolve => {
            const look = () => document.querySelector("sj-rows tbody")?.ariaBusy === "false"
                ? requestAnimationFrame(() => setTimeout(() => resolve(performance.now())))
                : requestAnimationFrame(look)
            look()
        })
        """;

    public static async Task RunAsync(double seconds)
    {
        if (!File.Exists(Chromium))
        {
            Console.WriteLine($"The console's overview: left out, because there is no {Chromium}.");
            return;
        }

        var sessions = seconds < 1 ? 10_000 : 100_000;
        var rounds = seconds < 1 ? 3 : 20;
        var directory = Directory.CreateTempSubdirectory("sojourn-bench-").FullName;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"The console's overview in Chromium, {sessions:N0} sessions, {rounds} rounds; median and slowest"));
        try
        {
            await using var server = await StartAsync(directory, sessions);
            using var playwright = await Playwright.CreateAsync();
            await using var browser = await playwright.Chromium.LaunchAsync(new()
            {
                ExecutablePath = Chromium,
                Args = ["--no-sandbox", "--disable-gpu", "--enable-precise-memory-info"],
            });
            await MeasureAsync(browser, server, rounds);
            await server.StopAsync();
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task MeasureAsync(IBrowser browser, WebApplication server, int rounds)
    {
        var page = await browser.NewPageAsync();
        await page.GotoAsync(await LinkAsync(server));
        await page.EvaluateAsync(First).WaitAsync(Patience);
        var console = new Uri(new Uri(server.Urls.First()), "/console/").AbsoluteUri;
        var first = new List<double>();
        for (var i = 0; i < rounds; i++)
        {
            await page.GotoAsync("about:blank");
            await page.GotoAsync(console);
            first.Add(await page.EvaluateAsync<double>(First).WaitAsync(Patience));
        }

        TellOnly("opened anew: the console itself, then its first page", first);
        Tell("the first page", await TurnAsync(page, rounds, i => i % 2 == 0 ? "#/?kind=page" : "#/"));
        Tell("the next page", await TurnAsync(page, rounds, _ => "next"));
        Tell("by status", await TurnAsync(page, rounds, i => i % 2 == 0 ? "#/?status=read" : "#/?status=open"));
        Tell("by label", await TurnAsync(page, rounds, i => $"#/?label=team:{i % 7}"));
        Tell("by kind, status and label", await TurnAsync(
            page, rounds, i => $"#/?kind=page&status=open&label=team:{i % 7}"));
        TellOnly("by text, until the page is full or all were looked at",
            await TurnAsync(page, rounds, i => $"#/?text=s{i % 9 + 1}1"));
        await TellMemoryAsync(browser, page);
    }

    private static async Task<List<double>> TurnAsync(IPage page, int rounds, Func<int, string> hash)
    {
        var took = new List<double>();
        for (var i = 0; i < rounds; i++)
            took.Add(await page.EvaluateAsync<double>(Turn, hash(i)).WaitAsync(Patience));
        return took;
    }

    private static async Task TellMemoryAsync(IBrowser browser, IPage page)
    {
        var rows = await page.Locator("sj-rows tbody tr").CountAsync();
        var own = await page.Context.NewCDPSessionAsync(page);
        await own.SendAsync("HeapProfiler.collectGarbage");
        await own.SendAsync("Performance.enable");
        var metrics = (await own.SendAsync("Performance.getMetrics"))!.Value.GetProperty("metrics").EnumerateArray()
            .ToDictionary(metric => metric.GetProperty("name").GetString()!, metric => metric.GetProperty("value"));
        Tell("JavaScript heap after all of these", metrics["JSHeapUsedSize"].GetDouble() / 1048576, MostMebibytes);
        var all = await browser.NewBrowserCDPSessionAsync();
        var processes = (await all.SendAsync("SystemInfo.getProcessInfo"))!.Value.GetProperty("processInfo");
        var largest = processes.EnumerateArray()
            .Where(process => process.GetProperty("type").GetString() == "renderer")
            .Max(process => Share(process.GetProperty("id").GetInt32()));
        Tell("the page's process, its share of what is shared included", largest, MostMebibytes);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  rows in the page: {rows}"));
    }

    /// <summary>What a process takes of memory, in MiB: its own, and its part of what several share.</summary>
    private static double Share(int process)
    {
        var line = File.ReadLines($"/proc/{process}/smaps_rollup")
            .First(line => line.StartsWith("Pss:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)
            / 1024;
    }

    private static async Task<WebApplication> StartAsync(string directory, int sessions)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSojourn(options => options.UseSqlite(directory)).AddKind(new PageKind(MostInMemory));
        builder.Services.AddSojournServer(options => options.Key = Key);
        var server = builder.Build();
        server.MapSojourn();
        await server.StartAsync();
        var engine = server.Services.GetRequiredService<SojournEngine>();
        var callers = new ParallelOptions { MaxDegreeOfParallelism = 1000 };
        await Parallel.ForAsync(0, sessions, callers, async (i, stop) =>
        {
            var options = new CreateOptions
            {
                Id = string.Create(CultureInfo.InvariantCulture, $"s{i}"),
                Labels = new Dictionary<string, string>
                {
                    ["team"] = (i % 7).ToString(CultureInfo.InvariantCulture),
                },
            };
            var start = new StartPage(TextLength, i % 3 == 0 ? "read" : "open");
            _ = (await engine.CreateAsync(start, options, stop)).Reply;
        });
        return server;
    }

    private static async Task<string> LinkAsync(WebApplication server)
    {
        using var http = new HttpClient { BaseAddress = new Uri(server.Urls.First()) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", Key);
        using var answer = await http.PostAsync(new Uri("/console/links", UriKind.Relative), null);
        using var link = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return new Uri(http.BaseAddress, link.RootElement.GetProperty("path").GetString()).AbsoluteUri;
    }

    /// <summary>What has no limit.</summary>
    private static void TellOnly(string what, List<double> took) => Console.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"  {what,-62} {Median(took),8:N0} {took.Max(),8:N0} ms"));

    private static double Median(List<double> took) => took.Order().ElementAt(took.Count / 2);

    private static void Tell(string what, List<double> took) => Console.WriteLine(
        string.Create(CultureInfo.InvariantCulture,
            $"  {what,-62} {Median(took),8:N0} {took.Max(),8:N0} ms   limit {MostMilliseconds:N0}"));

    private static void Tell(string what, double mebibytes, double limit) => Console.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"  {what,-62} {mebibytes,8:N1} {"",8} MiB  limit {limit:N0}"));
}
