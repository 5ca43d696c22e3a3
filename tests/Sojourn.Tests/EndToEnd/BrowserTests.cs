using System.IO.Compression;
using Microsoft.Playwright;
using Sojourn.Kinds.Generation;
using Sojourn.Tests.Generation;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.EndToEnd;

/// <summary>The storyboard page from the ZIP, opened from the disk in a real browser.</summary>
[Collection(Lane.FirstBrowser)]
public sealed class BrowserTests(Browser browser) : IClassFixture<Browser>, IDisposable
{
    private const int Scenes = 6;

    private const string Hostile =
        "<script>window.owned = true; console.error('owned'); alert('owned')</script>\n\n"
        + "<img src=\"http://127.0.0.1:9/owned\" onerror=\"alert('owned')\"> said Mara at the harbour. "
        + "\"><svg onload=alert('owned')> said Tobias & Mara's brother. <style>body { display: none }</style> It "
        + "rained. </title><iframe src=\"javascript:alert('owned')\"></iframe> They went home. "
        + "]]> &lt;b&gt; --> The lamp was lit again and {{everything}} was well at last by the sea.";

    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [BrowserFact]
    public async Task All_scenes_are_shown_and_nothing_is_fetched_from_anywhere()
    {
        await using var opened = await browser.OpenAsync(await UnpackAsync(Samples.Lighthouse));

        (await opened.Page.Locator("article").CountAsync()).ShouldBe(Scenes);
        (await opened.AskAsync<int>("document.images.length")).ShouldBe(Scenes);
        (await opened.AskAsync<bool>("[...document.images].every(i => i.complete && i.naturalWidth > 0)"))
            .ShouldBeTrue();
        (await opened.AskAsync<int>("new Set([...document.images].map(i => i.src)).size")).ShouldBe(Scenes);
        (await opened.AskAsync<bool>("[...document.images].every(i => i.alt.length > 10)")).ShouldBeTrue();
        opened.ShouldHaveKeptStill();
    }

    [BrowserFact]
    public async Task It_fits_a_phone_and_a_desk()
    {
        var file = await UnpackAsync(Samples.Lighthouse);
        foreach (var width in (int[])[375, 1280])
        {
            await using var opened = await browser.OpenAsync(file, width);
            await OpenDetailsAsync(opened);

            (await opened.AskAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(width);
            (await opened.AskAsync<double>("Math.max(...[...document.querySelectorAll('body *')]"
                + ".map(e => e.getBoundingClientRect().right))")).ShouldBeLessThanOrEqualTo(width);
            opened.ShouldHaveKeptStill();
        }
    }

    [BrowserFact]
    public async Task It_follows_light_and_dark()
    {
        var file = await UnpackAsync(Samples.Lighthouse);

        (await BrightnessAsync(file, ColorScheme.Light)).ShouldBeGreaterThan(200);
        (await BrightnessAsync(file, ColorScheme.Dark)).ShouldBeLessThan(50);
    }

    [BrowserFact]
    public async Task It_prints_every_scene_with_its_picture_uncut()
    {
        await using var opened = await browser.OpenAsync(await UnpackAsync(Samples.Lighthouse));
        await opened.Page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });

        (await opened.AskAsync<string>("getComputedStyle(document.querySelector('article')).breakInside"))
            .ShouldBe("avoid");
        (await opened.AskAsync<double>("document.querySelector('h1').getBoundingClientRect().left"))
            .ShouldBe(await opened.AskAsync<double>("document.querySelector('img').getBoundingClientRect().left"));
        // Printers leave backgrounds out, so nothing may need one to be read.
        (await opened.AskAsync<string>("getComputedStyle(document.querySelector('h2 b')).color"))
            .ShouldBe("rgb(0, 0, 0)");
        (await opened.AskAsync<bool>("[...document.images].every(i => i.getBoundingClientRect().height > 100)"))
            .ShouldBeTrue();
        var paper = await opened.Page.PdfAsync(new PagePdfOptions { Format = "A4" });
        paper.Length.ShouldBeGreaterThan(10_000);
        opened.ShouldHaveKeptStill();
    }

    [BrowserFact]
    public async Task A_hostile_story_is_shown_as_text_and_runs_nothing()
    {
        var file = await UnpackAsync(Hostile);
        await using var opened = await browser.OpenAsync(file);
        await OpenDetailsAsync(opened);

        (await opened.AskAsync<string>("document.body.innerText")).ShouldContain("<script>window.owned = true;");
        (await opened.AskAsync<bool>("window.owned === undefined")).ShouldBeTrue();
        (await opened.AskAsync<int>("document.querySelectorAll('script, iframe, svg, body style').length")).ShouldBe(0);
        (await opened.AskAsync<int>("document.images.length")).ShouldBe(Scenes);
        (await opened.AskAsync<bool>("[...document.images].every(i => i.naturalWidth > 0)")).ShouldBeTrue();
        opened.ShouldHaveKeptStill();

        // A picture opened by itself is a document of its own, in which a script could run.
        foreach (var picture in Directory.EnumerateFiles(Path.Combine(Path.GetDirectoryName(file)!, "pictures")))
        {
            await using var alone = await browser.OpenAsync(picture);
            (await alone.AskAsync<string>("document.documentElement.tagName")).ShouldBe("svg");
            (await alone.AskAsync<int>("document.querySelectorAll('script, parsererror').length")).ShouldBe(0);
            alone.ShouldHaveKeptStill();
        }
    }

    /// <summary>Makes a storyboard of a story, packs it, and unpacks it on the disk.</summary>
    /// <returns>Where the page is.</returns>
    private async Task<string> UnpackAsync(string story)
    {
        var desk = new Desk();
        desk.Start(new StartGeneration(story, NumScenes: Scenes)).ShouldBeNull();
        await desk.DriveAsync();
        using var packed = new MemoryStream();
        await StoryboardArchive.WriteAsync(
            new StoryboardSource(Desk.Key, desk.State, desk.ReadPicture), packed, CancellationToken.None);
        var folder = Path.Combine(_scratch.Path, "storyboard");
        await ZipFile.ExtractToDirectoryAsync(packed, folder);
        return Path.Combine(folder, "storyboard.html");
    }

    private static Task<int> OpenDetailsAsync(OpenedFile opened) =>
        opened.AskAsync<int>("[...document.querySelectorAll('details')].map(d => d.open = true).length");

    /// <summary>Of the page's background, 0 to 255.</summary>
    private async Task<double> BrightnessAsync(string file, ColorScheme colours)
    {
        await using var opened = await browser.OpenAsync(file, colours: colours);
        return await opened.AskAsync<double>("getComputedStyle(document.body).backgroundColor"
            + ".match(/\\d+/g).slice(0, 3).reduce((sum, c) => sum + Number(c), 0) / 3");
    }
}
