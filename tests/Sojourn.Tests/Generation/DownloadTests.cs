using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Sojourn.Kinds.Generation;

namespace Sojourn.Tests.Generation;

public sealed class DownloadTests
{
    [Fact]
    public async Task The_archive_holds_the_story_the_scenes_the_pictures_and_the_page()
    {
        var desk = await Desk.FinishedAsync();

        var files = await UnpackAsync(desk);

        files.Keys.ShouldBe([
            "story.txt", "scenes.json", "pictures/scene-01.svg", "pictures/scene-02.svg", "pictures/scene-03.svg",
            "storyboard.html"]);
        Encoding.UTF8.GetString(files["story.txt"]).ShouldBe(Stories.Short);
        files["pictures/scene-02.svg"].ShouldBe(desk.Pictures[1].ToArray());
        var scenes = JsonDocument.Parse(files["scenes.json"]).RootElement;
        scenes.GetProperty("totalScenes").GetInt32().ShouldBe(3);
        scenes.GetProperty("version").GetString().ShouldBe("1.0");
        scenes.GetProperty("generatedAt").GetDateTimeOffset().ShouldBe(Desk.Noon);
        scenes.GetProperty("isComplete").GetBoolean().ShouldBeTrue();
        scenes.GetProperty("scenes").GetArrayLength().ShouldBe(3);
        scenes.GetProperty("scenes")[1].GetProperty("picture").GetString().ShouldBe("pictures/scene-02.svg");
    }

    [Fact]
    public async Task The_same_session_gives_the_same_bytes()
    {
        var desk = await Desk.FinishedAsync();

        (await PackAsync(desk)).ShouldBe(await PackAsync(desk));
    }

    [Fact]
    public async Task An_unfinished_storyboard_has_what_is_finished_and_says_so()
    {
        var desk = new Desk();
        desk.Start(new StartGeneration(Stories.Short, NumScenes: 4)).ShouldBeNull();
        await desk.DriveAsync(reports: 5);

        var files = await UnpackAsync(desk);

        files.Keys.ShouldContain("pictures/scene-01.svg");
        files.Keys.ShouldNotContain("pictures/scene-02.svg");
        Encoding.UTF8.GetString(files["storyboard.html"]).ShouldContain("not finished: 1 of 4 scenes");
        JsonDocument.Parse(files["scenes.json"]).RootElement.GetProperty("isComplete").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task A_missing_picture_is_found_before_anything_is_sent()
    {
        var desk = await Desk.FinishedAsync();
        desk.Pictures.RemoveAt(2);
        using var sent = new MemoryStream();

        var failure = await Should.ThrowAsync<SojournException>(
            () => StoryboardArchive.WriteAsync(Source(desk), sent, CancellationToken.None));

        failure.Message.ShouldContain("scene 3");
        sent.Length.ShouldBe(0);
    }

    [Fact]
    public async Task Hostile_text_stays_text_on_the_page()
    {
        var desk = await Desk.FinishedAsync();
        const string hostile = "<script>alert(1)</script>\"'><img src=x onerror=y>";
        desk.Send(new EditScene(1, hostile, hostile, hostile)).ShouldBeNull();

        var page = await StoryboardPage.RenderAsync(Source(desk), CancellationToken.None);

        page.ShouldNotContain("<script");
        page.ShouldNotContain("<img src=x");
        page.ShouldContain("&lt;script&gt;");
        page.ShouldContain("picture older than its prompt");
    }

    [Fact]
    public async Task The_page_needs_nothing_but_itself()
    {
        var desk = await Desk.FinishedAsync();

        var page = await StoryboardPage.RenderAsync(Source(desk), CancellationToken.None);

        page.ShouldNotContain("http://");
        page.ShouldNotContain("https://");
        page.ShouldNotContain("<link");
        page.Split("src=\"data:image/svg+xml;base64,").Length.ShouldBe(4);
        page.ShouldContain("@media print");
        page.ShouldContain("prefers-color-scheme: dark");
        // Well formed but for the void elements that HTML leaves open.
        var body = page[page.IndexOf("<main>", StringComparison.Ordinal)..page.IndexOf("<footer>",
            StringComparison.Ordinal)];
        XDocument.Parse(body.Replace("height=\"540\">", "height=\"540\"/>", StringComparison.Ordinal))
            .Descendants("article").Count().ShouldBe(3);
    }

    private static StoryboardSource Source(Desk desk) => new(Desk.Key, desk.State, desk.ReadPicture);

    private static async Task<byte[]> PackAsync(Desk desk)
    {
        using var packed = new MemoryStream();
        await StoryboardArchive.WriteAsync(Source(desk), packed, CancellationToken.None);
        return packed.ToArray();
    }

    private static async Task<Dictionary<string, byte[]>> UnpackAsync(Desk desk)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        await using var archive = new ZipArchive(new MemoryStream(await PackAsync(desk)));
        foreach (var entry in archive.Entries)
        {
            entry.LastWriteTime.DateTime.ShouldBe(Desk.Noon.DateTime);
            await using var content = await entry.OpenAsync();
            using var bytes = new MemoryStream();
            await content.CopyToAsync(bytes);
            files.Add(entry.FullName, bytes.ToArray());
        }

        return files;
    }
}
