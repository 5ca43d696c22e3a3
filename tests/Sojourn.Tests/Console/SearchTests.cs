using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Sojourn.Sqlite;
using Sojourn.Stores;
using Sojourn.Tests.EndToEnd;
using Sojourn.Tests.Server;
using static Microsoft.Playwright.Assertions;

namespace Sojourn.Tests.Console;

/// <summary>Looking for a few among many, which the server does a portion at a time.</summary>
[Collection(Lane.FirstBrowser)]
public sealed class SearchTests(Browser browser) : IClassFixture<Browser>, IDisposable
{
    private const int Many = 6000;

    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [BrowserFact]
    public async Task What_lies_far_down_is_found_although_the_first_answers_are_empty()
    {
        await using (var before = await StartAsync())
            await FillAsync(before);
        // What was written just now is looked through at once; after a start nothing was.
        await using var server = await StartAsync();
        (await server.SendAsync("GET", "/v1/sessions?text=deep"))["sessions"].GetArrayLength()
            .ShouldBe(0, "Otherwise this shows nothing.");

        await using var console = await ConsoleUnderTest.LogInAsync(browser, server, "#/?text=deep");

        await Expect(console.Page.Locator("sj-rows tbody tr")).ToHaveCountAsync(2);
        await Expect(console.Row("deep-1")).ToContainTextAsync("open");
        await console.GoAsync("#/?text=nobody");
        await Expect(console.Main).ToContainTextAsync("Nothing fits");
    }

    private Task<ServerUnderTest> StartAsync() => ServerUnderTest.StartAsync(real: new JournaledStore(
        _scratch.Path, new JournalOptions(), TimeProvider.System, NullLogger.Instance));

    private static async Task FillAsync(ServerUnderTest server)
    {
        await server.CreateAsync("deep-1");
        await server.CreateAsync("deep-2");
        var engine = server.Services.GetRequiredService<SojournEngine>();
        var callers = new ParallelOptions { MaxDegreeOfParallelism = 256 };
        await Parallel.ForAsync(0, Many, callers, async (i, stop) =>
            _ = (await engine.CreateAsync(new NewCounter(), new CreateOptions { Id = $"c{i}" }, stop)).Reply);
    }
}
