using System.Text.Json;
using Microsoft.Playwright;
using Sojourn.Tests.EndToEnd;
using Sojourn.Tests.Generation;
using Sojourn.Tests.Server;
using static Microsoft.Playwright.Assertions;

namespace Sojourn.Tests.Console;

/// <summary>The page of a generation.</summary>
[Collection(Lane.FirstBrowser)]
public sealed class GenerationPageTests(Browser browser) : IClassFixture<Browser>
{
    // Whatever moves without anybody having pressed anything, as the browser itself measures it.
    private const string WatchMoves =
        """
        () => {
            window.moved = []
            new PerformanceObserver(list => {
                for (const { hadRecentInput, sources } of list.getEntries()) {
                    // Figures that grow in a box that stays where it is are told of too.
                    const places = sources.map(({ node, previousRect: from, currentRect: to }) =>
                        from.x === to.x && from.y === to.y ? "" : `${from.x},${from.y} to ${to.x},${to.y}: `
                            + (node?.outerHTML ?? node?.data ?? "gone"))
                    if (!hadRecentInput) window.moved.push(...places.filter(place => place !== ""))
                }
            }).observe({ type: "layout-shift" })
        }
        """;

    [BrowserFact]
    public async Task The_storyboard_fills_in_scene_by_scene_and_nothing_moves()
    {
        var held = new HeldGenerator(heldScene: 3);
        await using var server = await Stage.StartAsync(held);
        await server.BeginAsync("mine", scenes: 5);
        await held.Reached();
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server, "#/session/generation/mine");

        await Expect(console.Page.GetByRole(AriaRole.Progressbar)).ToHaveAttributeAsync("value", "42.9");
        await Expect(console.Main).ToContainTextAsync("Writing scene 3 of 5");
        await Expect(console.Main).ToContainTextAsync("Step 3 of 7");
        await Expect(console.Main).ToContainTextAsync("2 of 5 scenes");
        await Expect(console.Scene(3)).ToContainTextAsync("Being written");
        await Expect(console.Scene(4)).ToContainTextAsync("To come");
        await console.PicturesAsync(2);
        await console.Page.EvaluateAsync(WatchMoves);

        held.Release();
        await console.PicturesAsync(5);

        await Expect(console.Page.Locator(".progress-says")).ToHaveTextAsync("Done");
        await Expect(console.Page.GetByRole(AriaRole.Progressbar)).ToHaveAttributeAsync("value", "100");
        (await console.Page.EvaluateAsync<string[]>("window.moved")).ShouldBeEmpty();
        var pictures = await console.Page.Locator("sj-scene img")
            .EvaluateAllAsync<string[]>("all => all.map(image => image.alt)");
        pictures.ShouldAllBe(alternative => alternative.Length > 10);
    }

    [BrowserFact]
    public async Task An_edited_prompt_makes_the_picture_stale_until_it_is_made_anew()
    {
        await using var server = await Stage.StartAsync(new HeldGenerator());
        await server.BeginAsync("mine", scenes: 2);
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server, "#/session/generation/mine");
        await console.PicturesAsync(2);
        var scene = console.Scene(1);
        var picture = await scene.Locator("img").GetAttributeAsync("src");

        await console.Button("Edit scene 1").ClickAsync();
        await Expect(scene.GetByLabel("Title")).ToBeFocusedAsync();
        await scene.GetByLabel("What the picture is to show").FillAsync("Gore and a lamp at night.");
        await scene.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(scene.GetByLabel("What the picture is to show")).ToHaveAccessibleDescriptionAsync(
            "The image prompt contains the word 'Gore', which is refused as violence. Put it another way.");

        await scene.GetByLabel("What the picture is to show").FillAsync("Close-up of a lamp. Setting: coast, night.");
        await scene.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(scene).ToContainTextAsync("Shows an older prompt");
        await Expect(console.Button("Edit scene 1")).ToBeFocusedAsync();
        (await scene.Locator("img").GetAttributeAsync("src")).ShouldBe(picture);

        await console.Button("Regenerate scene 1").ClickAsync();
        await Expect(scene).ToContainTextAsync("take 2");
        await Expect(scene).Not.ToContainTextAsync("Shows an older prompt");
        (await scene.Locator("img").GetAttributeAsync("src")).ShouldNotBe(picture);
        await console.PicturesAsync(2);
    }

    [BrowserFact]
    public async Task What_is_edited_here_leaves_alone_what_somebody_else_has_changed_meanwhile()
    {
        await using var server = await Stage.StartAsync(new HeldGenerator());
        await server.BeginAsync("mine", scenes: 1);
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server, "#/session/generation/mine");
        await console.PicturesAsync(1);
        var scene = console.Scene(1);
        await console.Button("Edit scene 1").ClickAsync();
        await scene.GetByLabel("Title").FillAsync("Mine");

        await server.SendAsync("POST", "/v1/generation/mine/edit-scene",
            """{ "number": 1, "title": "Theirs", "description": "What they have written." }""");
        await Expect(scene).ToContainTextAsync("Somebody has changed this scene meanwhile.");
        await Expect(scene.GetByLabel("Title")).ToHaveValueAsync("Mine");
        await scene.GetByLabel("Title").PressAsync("Enter");

        await Expect(scene.GetByRole(AriaRole.Heading)).ToContainTextAsync("Mine");
        await Expect(scene).ToContainTextAsync("What they have written.");
    }

    [BrowserFact]
    public async Task Refusals_are_the_servers_own_sentences()
    {
        var held = new HeldGenerator(heldScene: 2);
        await using var server = await Stage.StartAsync(held);
        await server.BeginAsync("mine", scenes: 2);
        await held.Reached();
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server, "#/session/generation/mine");

        await console.Button("Regenerate scene 1").ClickAsync();
        await Expect(console.Page.Locator("sj-toasts [role=alert]")).ToContainTextAsync(
            "Nothing can be regenerated while the generation is processing. Wait until it ends, or cancel it.");
        held.Release();
    }

    [BrowserFact]
    public async Task A_failure_says_why_and_is_retried_from_here()
    {
        var held = new HeldGenerator(heldScene: 3)
        {
            Failure = new SojournException("The model is out of credit. Add some, then retry."),
        };
        await using var server = await Stage.StartAsync(held);
        await server.BeginAsync("mine", scenes: 4);
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server, "#/session/generation/mine");

        await Expect(console.Page.GetByRole(AriaRole.Alert).First).ToContainTextAsync(
            "It failed. The model is out of credit. Add some, then retry.");
        await Expect(console.Main).ToContainTextAsync("2 finished scenes of 4 are kept.");
        held.Failure = null;
        held.Release();
        await console.Button("Retry").ClickAsync();

        await console.PicturesAsync(4);
        await Expect(console.Page.Locator(".progress-says")).ToHaveTextAsync("Done");
        await Expect(console.Main).Not.ToContainTextAsync("It failed.");
        held.Asked.Count(asked => asked == "draw 1").ShouldBe(1);
    }

    [BrowserFact]
    public async Task What_is_ticked_is_approved_together_and_an_edit_takes_it_back()
    {
        await using var server = await Stage.StartAsync(new HeldGenerator());
        await server.BeginAsync("mine", scenes: 3);
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server, "#/session/generation/mine");
        await console.PicturesAsync(3);

        await console.Scene(1).GetByRole(AriaRole.Checkbox).CheckAsync();
        await console.Scene(3).GetByRole(AriaRole.Checkbox).CheckAsync();
        await console.Button("Approve 2 scenes").ClickAsync();
        await Expect(console.Main).ToContainTextAsync("3 scenes, 2 approved");
        await Expect(console.Scene(2).GetByRole(AriaRole.Checkbox)).Not.ToBeCheckedAsync();

        // Approved from elsewhere, it is seen here.
        await server.SendAsync("POST", "/v1/generation/mine/approve-scenes", """{ "scenes": [1, 2, 3] }""");
        await Expect(console.Main).ToContainTextAsync("3 scenes, 3 approved");
        await server.SendAsync("POST", "/v1/generation/mine/edit-scene", """{ "number": 2, "title": "Anew" }""");
        await Expect(console.Scene(2).GetByRole(AriaRole.Checkbox)).Not.ToBeCheckedAsync();
        await Expect(console.Scene(1).GetByRole(AriaRole.Checkbox)).ToBeCheckedAsync();

        // Nothing is approved by nothing, says the server.
        await console.Scene(1).GetByRole(AriaRole.Checkbox).UncheckAsync();
        await console.Scene(3).GetByRole(AriaRole.Checkbox).UncheckAsync();
        await console.Button("Approve 0 scenes").ClickAsync();
        await Expect(console.Page.Locator("sj-toasts [role=alert]")).ToContainTextAsync("Name at least one scene");
    }

    [BrowserFact]
    public async Task A_hostile_title_is_text_in_every_place()
    {
        const string hostile = "<img src=x onerror=\"window.owned=1\">";
        await using var server = await Stage.StartAsync(new HeldGenerator());
        await server.BeginAsync("mine", scenes: 1, $"{hostile} said the sign above the gate. Nobody dared to read it.");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server, "#/session/generation/mine");
        await console.PicturesAsync(1);
        await server.SendAsync("POST", "/v1/generation/mine/edit-scene", JsonSerializer.Serialize(
            new { number = 1, title = hostile, description = hostile + " happened", imagePrompt = hostile + "shown" }));

        await Expect(console.Scene(1).GetByRole(AriaRole.Heading)).ToContainTextAsync(hostile);
        await console.Page.Locator("details").EvaluateAllAsync<int>("all => all.map(each => each.open = true).length");
        await Expect(console.Page.Locator(".story-text")).ToContainTextAsync(hostile);
        await console.Button("Edit scene 1").ClickAsync();
        await Expect(console.Scene(1).GetByLabel("Title")).ToHaveValueAsync(hostile);

        (await console.Page.EvaluateAsync<bool>("window.owned === undefined")).ShouldBeTrue();
        (await console.Page.EvaluateAsync<int>("document.querySelectorAll('main img, main [onerror]').length"))
            .ShouldBe(1, "The scene's own picture is the only one.");
    }

    [BrowserFact]
    public async Task An_admin_sees_the_pictures_of_another_owner()
    {
        await using var server = await Stage.StartAsync(new HeldGenerator());
        var key = (await server.SendAsync("POST", "/v1/keys", """{ "owner": "bob" }"""))["key"].GetString();
        using var bob = server.Client(key);
        using var begin = new HttpRequestMessage(HttpMethod.Put, "/v1/generation/his")
        {
            Content = new StringContent(JsonSerializer.Serialize(
                new { storyText = Samples.Lighthouse, numScenes = 2 }), System.Text.Encoding.UTF8, "application/json"),
        };
        await ServerUnderTest.SendAsync(bob, begin);

        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.Row("his").GetByRole(AriaRole.Link).First.ClickAsync();

        await console.PicturesAsync(2);
        (await console.Link("Print view").GetAttributeAsync("href")).ShouldBe(
            "/v1/generation/his/storyboard.html?owner=bob");
    }
}
