using System.IO.Compression;
using System.Text.Json;
using Microsoft.Playwright;
using Sojourn.Tests.EndToEnd;
using static Microsoft.Playwright.Assertions;

namespace Sojourn.Tests.Console;

/// <summary>The whole way of somebody who has a story, in a browser, with the real program.</summary>
[Collection(Lane.ThirdBrowser)]
public sealed class StoryboardRunTests(Browser browser) : IClassFixture<Browser>
{
    private const int Scenes = 6;

    [BrowserFact]
    public async Task A_dropped_story_becomes_a_storyboard_although_the_server_is_killed_in_the_middle()
    {
        await using var server = await KillableServer.StartAsync("500ms");
        await using var console = await ConsoleUnderTest.OpenAsync(browser, server.Url, server.ConsoleLink);
        await Expect(console.Heading).ToHaveTextAsync("Sessions");
        await console.Page.EvaluateAsync("window.isStillTheSame = true");

        await console.Link("New generation").ClickAsync();
        await Expect(console.Button("Create")).ToBeVisibleAsync();
        await console.Page.DropAsync(("the-lighthouse.txt", Samples.Lighthouse));
        await console.Field("Scenes").FillAsync($"{Scenes}");
        await console.Button("Create").ClickAsync();
        await Expect(console.Scene(2).Locator("img")).ToBeVisibleAsync();
        var made = await console.Scene(1).Locator("img").GetAttributeAsync("src");

        await server.KillAsync();
        await Expect(console.Page.Locator("sj-banner")).ToContainTextAsync("Reconnecting");
        await server.StartAgainAsync();

        // Nobody does anything on the page.
        await Expect(console.Page.Locator("sj-banner")).ToContainTextAsync("Back again. Caught up: ");
        await console.PicturesAsync(Scenes);
        await Expect(console.Page.Locator(".progress-says")).ToHaveTextAsync("Done");
        (await console.Scene(1).Locator("img").GetAttributeAsync("src")).ShouldBe(made, "It was not to be made anew.");
        (await console.Page.EvaluateAsync<bool>("window.isStillTheSame")).ShouldBeTrue("It was not to be loaded anew.");

        await EditAndApproveAsync(console);
        await ShouldDownloadAsync(console);
    }

    private static async Task EditAndApproveAsync(ConsoleUnderTest console)
    {
        await console.Button("Edit scene 2").ClickAsync();
        await console.Scene(2).GetByLabel("Title").FillAsync("The gull, by hand");
        await console.Scene(2).GetByLabel("Title").PressAsync("Enter");
        await Expect(console.Scene(2).GetByRole(AriaRole.Heading)).ToContainTextAsync("The gull, by hand");
        await console.Button("Approve all").ClickAsync();
        await Expect(console.Main).ToContainTextAsync("6 scenes, 6 approved");
    }

    private static async Task ShouldDownloadAsync(ConsoleUnderTest console)
    {
        var download = await console.Page.RunAndWaitForDownloadAsync(() => console.Link("Download ZIP").ClickAsync());
        download.SuggestedFilename.ShouldStartWith("generation-");
        await using var zip = await ZipFile.OpenReadAsync(await download.PathAsync());
        zip.Entries.Count(entry => entry.FullName.StartsWith("pictures/", StringComparison.Ordinal)).ShouldBe(Scenes);
        await using var story = await zip.GetEntry("story.txt")!.OpenAsync();
        using var reader = new StreamReader(story);
        (await reader.ReadToEndAsync()).Trim().ShouldBe(Samples.Lighthouse);
        await using var scenes = await zip.GetEntry("scenes.json")!.OpenAsync();
        using var json = await JsonDocument.ParseAsync(scenes);
        json.RootElement.GetProperty("isComplete").GetBoolean().ShouldBeTrue();
        var titles = json.RootElement.GetProperty("scenes").EnumerateArray()
            .Select(scene => scene.GetProperty("title").GetString()).ToList();
        titles.Count.ShouldBe(Scenes);
        titles[1].ShouldBe("The gull, by hand");
        zip.GetEntry("storyboard.html").ShouldNotBeNull();
    }
}
