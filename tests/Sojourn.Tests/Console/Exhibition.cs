using System.Text.Json;
using Microsoft.Playwright;
using Sojourn.Kinds.Explorer;
using Sojourn.Kinds.Generation;
using Sojourn.Kinds.Parties;
using Sojourn.Tests.EndToEnd;
using Sojourn.Tests.Generation;
using Sojourn.Tests.Parties.Server;
using Sojourn.Tests.Server;
using static Microsoft.Playwright.Assertions;

namespace Sojourn.Tests.Console;

/// <summary>One of every page, with something on it, for looking at and for measuring.</summary>
internal static class Exhibition
{
    /// <summary>A page, by what its file is called.</summary>
    /// <param name="Name">Lower case, with dashes.</param>
    /// <param name="ShowAsync">Brings it up, and returns when all is there.</param>
    public sealed record Piece(string Name, Func<ConsoleUnderTest, Task> ShowAsync);

    private static readonly TimeSpan Hours = TimeSpan.FromHours(10);

    public static IReadOnlyList<Piece> Pieces { get; } =
    [
        new("overview", ShowOverviewAsync),
        new("overview-selected", ShowSelectedAsync),
        new("overview-empty", console => ShowAsync(console, "#/?text=nobody", console.Page.GetByText("Nothing fits"))),
        new("new", console => ShowAsync(console, "#/new", console.Page.Locator(".kind-list"))),
        new("new-general", console => ShowAsync(console, "#/new/counter", console.Button("Create"))),
        new("new-generation", ShowStoryAsync),
        new("session-general", ShowGeneralAsync),
        new("session-absent", console => ShowAsync(
            console, "#/session/counter/nobody", console.Page.GetByText("There is no such session"))),
        new("generation-at-work", console => ShowStoryboardAsync(console, "at-work", 2)),
        new("generation-done", ShowDoneAsync),
        new("generation-failed", console => ShowStoryboardAsync(console, "failed", 2)),
        new("keys", ShowKeysAsync),
        new("explorer-new", console => ShowAsync(console, "#/new/explorer", console.Field("Pilot"))),
        new("explorer", console => ShowGameAsync(console, "under-way")),
        new("explorer-map", console => ShowGameAsync(console, "under-way", "m")),
        new("explorer-trade", console => ShowGameAsync(console, "under-way", "t")),
        new("explorer-yard", console => ShowGameAsync(console, "under-way", "y")),
        new("explorer-on-board", console => ShowGameAsync(console, "under-way", "b")),
        new("explorer-encounter", console => ShowGameAsync(console, "encounter")),
        new("explorer-fight", console => ShowGameAsync(console, "fight")),
        new("explorer-won", console => ShowGameAsync(console, "won")),
        new("explorer-lost", console => ShowGameAsync(console, "lost")),
        new("play", ShowPlayAsync),
        new("play-interrupted", console => ShowAsync(
            console, "#/session/play/cut-off", console.Button("Recover from the recommended save"))),
        new("party", console => ShowPartyAsync(console, "friday", 7)),
        new("party-many", console => ShowPartyAsync(console, "many", 23)),
        new("party-new", console => ShowAsync(
            console, "#/session/party/just-made", console.Page.GetByText("Nobody is here yet."))),
    ];

    /// <summary>A server with a session in each of the states that there are to see.</summary>
    public static async Task<ServerUnderTest> OpenAsync()
    {
        var held = new HeldGenerator(heldScene: 3)
        {
            Failure = new SojournException(
                "The model 'gpt-4o-mini' refused: 402, the account has no credit. Add some, then retry."),
        };
        var server = await ServerUnderTest.StartAsync(also: kinds =>
            kinds.AddKind(new GenerationKind()).AddDriver(_ => new GenerationDriver(held)).AddGames().AddPlays()
                // All are silent here, and the last page comes minutes after the first.
                .AddParties(new() { SilentAfter = Hours, EmptyFor = Hours }));
        await server.BeginAsync("lighthouse", scenes: 2);
        await server.WaitAsync("lighthouse", "completed");
        await server.SendAsync("POST", "/v1/generation/lighthouse/approve-scenes", """{ "scenes": [1] }""");
        await server.WaitAsync("lighthouse", "completed");
        await server.SendAsync("POST", "/v1/generation/lighthouse/edit-scene",
            """{ "number": 2, "imagePrompt": "Close-up of the gull at dawn. Setting: coast, dawn, clear." }""");
        await server.BeginAsync("failed", scenes: 4);
        await server.WaitAsync("failed", "failed");
        held.Failure = null;
        await server.BeginAsync("at-work", scenes: 6);
        await server.SendAsync("PUT", "/v1/counter/tally?label=team:blue&label=note:by%20hand", """{ "from": 5 }""");
        foreach (var by in (int[])[3, 40, 2])
            await server.SendAsync("POST", "/v1/counter/tally/increment", JsonSerializer.Serialize(new { by }));
        for (var i = 1; i <= 12; i++)
            await server.SendAsync("PUT", $"/v1/counter/till-{i}?label=team:{(i % 3 == 0 ? "red" : "blue")}");
        await server.PlayAsync();
        await server.SaveAsync();
        await server.GatherAsync();
        return server;
    }

    /// <summary>A party of eight, one of many, and one in which nobody is yet.</summary>
    private static async Task GatherAsync(this ServerUnderTest server)
    {
        const string start = """{ "name": "Friday night", "size": 64 }""";
        var friday = await PartyUnderTest.MakeAsync(server, "friday", start);
        await friday.GatherAsync(
            "Ada Lovelace", "Grace", "Edsger", "Barbara", "Alan", "Hedy Lamarr, of Vienna", "Ken", "林檎");
        var many = await PartyUnderTest.MakeAsync(server, "many", start);
        await many.GatherAsync([.. Enumerable.Range(1, 24).Select(number => $"Member {number}")]);
        await PartyUnderTest.MakeAsync(server, "just-made", start);
    }

    /// <summary>A play that goes on, and one that was cut off.</summary>
    private static async Task SaveAsync(this ServerUnderTest server)
    {
        await server.BeginPlayAsync("ikarus");
        await server.FlyAsync("ikarus");
        await server.FillSlotsAsync();
        await server.BeginPlayAsync("cut-off", "Hedwig");
        await server.FlyAsync("cut-off");
        await server.CutOffAsync("cut-off");
    }

    private static async Task PlayAsync(this ServerUnderTest server)
    {
        (string Id, Func<Game, Game> Change)[] games =
        [
            ("under-way", ExplorerStage.UnderWay),
            ("encounter", game => ExplorerStage.UnderWay(game) with { Encounter = ExplorerStage.Trader, Wealth = 60 }),
            ("fight", game => ExplorerStage.UnderWay(game) with { Fight = new Fight("space_kraken", 64, Round: 3) }),
            ("won", game => ExplorerStage.UnderWay(game) with
            {
                Wealth = 2140,
                Ending = new Ending(true, EndReason.Wealthy, "Rich enough to retire."),
            }),
            ("lost", game => ExplorerStage.UnderWay(game) with
            {
                Hull = 0,
                Pod = null,
                Ending = new Ending(false, EndReason.ShipDestroyed, "The ship is lost, and there was no pod."),
            }),
        ];
        foreach (var (id, change) in games)
        {
            await server.BeginGameAsync(id, "Ada Lovelace", ruleSet: "standard");
            await server.SendAsync("PUT", $"/v1/explorer/{id}/slots/1");
            await server.SendAsync("POST", $"/v1/explorer/{id}/explore");
            await server.SetGameAsync(id, change);
            await server.SendAsync("PUT", $"/v1/explorer/{id}/slots/1");
        }
    }

    private static async Task WaitAsync(this ServerUnderTest server, string id, string status)
    {
        using var patience = new CancellationTokenSource(ServerUnderTest.Patience);
        while ((await server.SendAsync("GET", $"/v1/generation/{id}"))["status"].GetString() != status)
            patience.Token.ThrowIfCancellationRequested();
    }

    private static async Task ShowAsync(ConsoleUnderTest console, string hash, ILocator shown)
    {
        await console.GoAsync(hash);
        await Expect(shown.First).ToBeVisibleAsync();
        // What comes of its own: counts, health, and the marks of what has just changed.
        if (hash.StartsWith("#/?", StringComparison.Ordinal) || hash == "#/")
            await Expect(console.Page.Locator("sj-vitals")).ToContainTextAsync("Durable lag");
    }

    private static async Task ShowOverviewAsync(ConsoleUnderTest console)
    {
        await ShowAsync(console, "#/", console.Row("tally"));
        // A rate takes two looks, and a line two rates.
        await Expect(console.Page.Locator("svg.spark polyline")).ToHaveCountAsync(2);
    }

    private static async Task ShowSelectedAsync(ConsoleUnderTest console)
    {
        await ShowAsync(console, "#/", console.Row("till-7"));
        foreach (var id in (string[])["till-7", "till-8"])
            await console.Row(id).GetByRole(AriaRole.Checkbox).CheckAsync();
        await console.Page.GetByLabel("Command", new() { Exact = true }).SelectOptionAsync("increment");
        await Expect(console.Field("by")).ToBeVisibleAsync();
    }

    private static async Task ShowStoryAsync(ConsoleUnderTest console)
    {
        await ShowAsync(console, "#/new/generation", console.Field("Story"));
        await console.Page.DropAsync(("the-lighthouse.txt", Samples.Lighthouse));
        await Expect(console.Main).ToContainTextAsync("from the-lighthouse.txt");
    }

    private static async Task ShowGeneralAsync(ConsoleUnderTest console)
    {
        await ShowAsync(console, "#/session/counter/tally", console.Page.Locator("sj-tree li"));
        var increment = console.Command("increment");
        await increment.GetByRole(AriaRole.Button, new() { Name = "increment", Exact = true }).ClickAsync();
        await Expect(increment.GetByLabel("by")).ToBeVisibleAsync();
    }

    private static async Task ShowStoryboardAsync(ConsoleUnderTest console, string id, int pictures)
    {
        await ShowAsync(console, $"#/session/generation/{id}", console.Scene(1).Locator("img"));
        await console.PicturesAsync(pictures);
    }

    private static async Task ShowDoneAsync(ConsoleUnderTest console)
    {
        await ShowStoryboardAsync(console, "lighthouse", 2);
        await console.Button("Edit scene 1").ClickAsync();
        await Expect(console.Scene(1).GetByLabel("Title")).ToBeVisibleAsync();
    }

    private static async Task ShowPlayAsync(ConsoleUnderTest console)
    {
        await ShowAsync(console, "#/session/play/ikarus", console.Slot("1"));
        await console.ScreenshotsAsync(2);
        await console.Slot("1").Locator("summary").ClickAsync();
    }

    private static async Task ShowPartyAsync(ConsoleUnderTest console, string id, int others)
    {
        await ShowAsync(console, $"#/session/party/{id}", console.Page.Locator("pt-pairs tbody tr"));
        await Expect(console.Page.Locator("pt-members button.danger")).ToHaveCountAsync(others);
    }

    private static async Task ShowGameAsync(ConsoleUnderTest console, string id, string? key = null)
    {
        await ShowAsync(console, $"#/session/explorer/{id}", console.Page.Locator("ex-saves li"));
        if (key is not null)
            await console.Page.Keyboard.PressAsync(key);
        await Expect(console.Page.Locator("ex-map [data-id]").First).ToBeVisibleAsync();
    }

    private static async Task ShowKeysAsync(ConsoleUnderTest console)
    {
        await ShowAsync(console, "#/", console.Row("tally"));
        await console.Page.Keyboard.PressAsync("?");
        await Expect(console.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
    }
}
