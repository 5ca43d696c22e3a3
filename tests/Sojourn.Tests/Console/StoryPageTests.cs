using Microsoft.Playwright;
using Sojourn.Tests.EndToEnd;
using Sojourn.Tests.Generation;
using Sojourn.Tests.Server;
using static Microsoft.Playwright.Assertions;

namespace Sojourn.Tests.Console;

/// <summary>Beginning a generation.</summary>
[Collection(Lane.FirstBrowser)]
public sealed class StoryPageTests(Browser browser) : IClassFixture<Browser>
{
    private const int MostCharacters = 50_000;

    [BrowserFact]
    public async Task A_text_file_is_dropped_anywhere_counted_and_sent()
    {
        var held = new HeldGenerator(heldScene: 1);
        await using var server = await Stage.StartAsync(held);
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server, "#/new/generation");
        await Expect(console.Field("Story")).ToHaveValueAsync("");

        await console.Page.DropAsync(("storm.txt", "\uFEFFThe storm came.\r\n\r\nMara’s lamp was lit: 花園で, by hand."));
        await Expect(console.Field("Story")).ToHaveValueAsync("The storm came.\n\nMara’s lamp was lit: 花園で, by hand.");
        await Expect(console.Main).ToContainTextAsync("51 of 50,000 characters, 12 words from storm.txt");
        await console.Page.GetByRole(AriaRole.Radio, new() { Name = "cartoon" }).CheckAsync();
        await console.Field("Scenes").FillAsync("4");
        await Expect(console.Main).ToContainTextAsync("about 3 words of the story each");
        await console.Button("Create").ClickAsync();

        await Expect(console.Heading).ToContainTextAsync("generation-");
        // The server counts as the page does.
        await Expect(console.Main).ToContainTextAsync("cartoon, 4 scenes, 12 words");
        var made = (await server.SendAsync("GET", "/v1/generation"))["sessions"].EnumerateArray().Single();
        var state = (await server.SendAsync("GET", $"/v1/generation/{made.GetProperty("id").GetString()}"))["state"];
        var request = state.GetProperty("request");
        request.GetProperty("mediaType").GetString().ShouldBe("cartoon");
        request.GetProperty("storyText").GetString()!.ShouldStartWith("The storm came.\n");
        held.Release();
    }

    [BrowserFact]
    public async Task What_is_no_story_is_said_before_anything_is_sent()
    {
        await using var server = await Stage.StartAsync(new HeldGenerator());
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server, "#/new/generation");
        var story = console.Field("Story");
        var fault = console.Page.Locator("#story-fault");
        await console.Page.RouteAsync("**/v1/generation**", route => route.AbortAsync());

        await ShouldRefuseAsync("", "Paste a story, or drop a text file.");
        await ShouldRefuseAsync("Too short", "The story has 9 characters; it needs at least 10.");
        await ShouldRefuseAsync("Four words of it", "The story has 4 words; it needs at least 5.");

        // What is too long is said at once, and what is exactly long enough is not.
        await console.Page.DropAsync(("long.md", Text(MostCharacters + 1)));
        await Expect(fault).ToContainTextAsync("The story has 50,001 characters; at most 50,000 are allowed.");
        await console.Page.DropAsync(("long.md", Text(MostCharacters)));
        await Expect(fault).ToBeEmptyAsync();
        await console.Field("Scenes").FillAsync("21");
        await console.Button("Create").ClickAsync();
        await Expect(console.Field("Scenes")).ToBeFocusedAsync();
        await Expect(console.Main).ToContainTextAsync("The number of scenes must be 1 to 20.");

        await console.Page.DropAsync(("picture.png", "no text"));
        await Expect(fault).ToHaveTextAsync("picture.png is no text file. Take a .txt or .md file.");
        await console.Page.DropAsync(("empty.txt", ""));
        await Expect(fault).ToHaveTextAsync("empty.txt is empty.");
        await console.Page.DropAsync(("one.txt", "One."), ("two.txt", "Two."));
        await Expect(fault).ToHaveTextAsync("Drop one file: a generation is made of one story.");
        await console.Page.DropAsync(("huge.txt", Text(1024 * 1024 + 1)));
        await Expect(fault).ToHaveTextAsync("huge.txt has 1 MiB; a story has at most 50,000 characters.");
        // None of them has taken the place of what was there.
        (await story.InputValueAsync()).Length.ShouldBe(MostCharacters);

        async Task ShouldRefuseAsync(string text, string says)
        {
            await story.FillAsync(text);
            await console.Button("Create").ClickAsync();
            await Expect(fault).ToHaveTextAsync(says);
            await Expect(story).ToBeFocusedAsync();
        }
    }

    [BrowserFact]
    public async Task What_the_server_refuses_is_shown_at_its_field_and_the_story_stays()
    {
        await using var server = await Stage.StartAsync(new HeldGenerator());
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server, "#/new/generation");
        const string text = "There was blood on the old stairs.";
        await console.Field("Story").FillAsync(text);

        await console.Button("Create").ClickAsync();

        await Expect(console.Field("Story")).ToHaveAccessibleDescriptionAsync(
            "34 of 50,000 characters, 7 words The story contains the word 'blood', which is refused as violence. "
            + "Put it another way.");
        await Expect(console.Field("Story")).ToBeFocusedAsync();
        await Expect(console.Field("Story")).ToHaveValueAsync(text);

        await console.Field("Story").FillAsync("There was jam on the old stairs.");
        await console.Field("Scenes").FillAsync("8");
        await console.Button("Create").ClickAsync();
        await Expect(console.Field("Scenes")).ToHaveAccessibleDescriptionAsync(
            "1 to 20; about 1 word of the story each A story of 7 words cannot fill 8 scenes; each needs a word at "
            + "least.");
    }

    private static string Text(int length) => string.Concat(Enumerable.Repeat("word ", length / 5 + 1))[..(length - 1)]
        .TrimEnd().PadRight(length, 'x');
}
