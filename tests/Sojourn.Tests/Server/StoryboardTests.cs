using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;

namespace Sojourn.Tests.Server;

/// <summary>A story becomes a storyboard that can be looked at and taken home.</summary>
public sealed class StoryboardTests : IAsyncLifetime, IDisposable
{
    private const string Story =
        "Mara kept the lamp at Wren Point. One night a ship came too near the rocks. She climbed the stairs and turned "
        + "the light by hand. In the morning the captain brought her a bell.";

    private readonly ScratchDirectory _scratch = new();
    private ServeUnderTest _serve = null!;

    public async Task InitializeAsync() =>
        _serve = await ServeUnderTest.StartAsync(Path.Combine(_scratch.Path, "data"));

    public async Task DisposeAsync() => await _serve.DisposeAsync();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_story_is_followed_to_its_end_and_then_downloaded()
    {
        await StartAsync("mine");
        await FollowToTheEndAsync("mine");

        using var zip = await _serve.Http.GetAsync("/v1/generation/mine/storyboard.zip");
        zip.Content.Headers.ContentType!.MediaType.ShouldBe("application/zip");
        zip.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        zip.Content.Headers.ContentDisposition.FileName!.Trim('"').ShouldBe("mine.zip");
        using var archive = new ZipArchive(await zip.Content.ReadAsStreamAsync());
        archive.Entries.Select(entry => entry.FullName).ShouldBe(
            ["story.txt", "scenes.json", "pictures/scene-01.svg", "pictures/scene-02.svg", "storyboard.html"]);

        using var page = await _serve.Http.GetAsync("/v1/generation/mine/storyboard.html");
        page.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        page.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'; img-src data:");
        (await page.Content.ReadAsStringAsync()).ShouldContain("<!doctype html>");
    }

    [Theory]
    [InlineData("storyboard.zip")]
    [InlineData("storyboard.html")]
    public async Task A_storyboard_that_has_not_changed_is_not_sent_twice(string part)
    {
        await StartAsync("mine");
        await FollowToTheEndAsync("mine");
        using var first = await _serve.Http.GetAsync($"/v1/generation/mine/{part}");
        using var again = new HttpRequestMessage(HttpMethod.Get, $"/v1/generation/mine/{part}");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var answer = await _serve.Http.SendAsync(again);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        answer.Headers.ETag.ShouldBe(first.Headers.ETag);

        using var edit = new StringContent("""{"number": 1, "title": "Another"}""", Encoding.UTF8, "application/json");
        (await _serve.Http.PostAsync("/v1/generation/mine/edit-scene", edit)).EnsureSuccessStatusCode();
        using var other = new HttpRequestMessage(HttpMethod.Get, $"/v1/generation/mine/{part}");
        other.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        (await _serve.Http.SendAsync(other)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_picture_runs_nothing_and_is_not_sent_twice()
    {
        await StartAsync("mine");
        await FollowToTheEndAsync("mine");
        using var picture = await _serve.Http.GetAsync("/v1/generation/mine/scenes/1/picture");
        picture.StatusCode.ShouldBe(HttpStatusCode.OK);
        picture.Content.Headers.ContentType!.MediaType.ShouldBe("image/svg+xml");
        picture.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        picture.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("sandbox; default-src 'none'");

        using var again = new HttpRequestMessage(HttpMethod.Get, "/v1/generation/mine/scenes/1/picture");
        again.Headers.IfNoneMatch.Add(picture.Headers.ETag!);
        (await _serve.Http.SendAsync(again)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Theory]
    [InlineData("GET", "/v1/generation/nobody/storyboard.zip", 404, "not-found")]
    [InlineData("GET", "/v1/generation/nobody/storyboard.html", 404, "not-found")]
    [InlineData("GET", "/v1/generation/Nobody/storyboard.zip", 400, "invalid-id")]
    [InlineData("GET", "/v1/generation/mine/scenes/99/picture", 404, "not-found")]
    [InlineData("GET", "/v1/generation/mine/scenes/one/picture", 400, "invalid-parameter")]
    [InlineData("POST", "/v1/generation/mine/storyboard.zip", 405, "method-not-allowed")]
    public async Task What_there_is_no_picture_of_is_said_clearly(string method, string path, int status, string type)
    {
        await StartAsync("mine");
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        (await ServerUnderTest.SendAsync(_serve.Http, request)).ShouldBeProblem(status, type);
    }

    [Theory]
    [InlineData("""{"storyText": "short"}""", 422, "invalid", "storyText")]
    [InlineData("""{"storyText": "             "}""", 422, "invalid", "storyText")]
    [InlineData("""{"storyText": "One two three four five six.", "numScenes": 0}""", 422, "invalid", "numScenes")]
    [InlineData("""{"storyText": "One two three four five six.", "numScenes": 21}""", 422, "invalid", "numScenes")]
    [InlineData("""{"storyText": "One two three four five six.", "numScenes": "six"}""", 400, "malformed", "numScenes")]
    [InlineData("""{"storyText": "One two three four five six.", "mediaType": "opera"}""", 422, "invalid", "mediaType")]
    [InlineData("""{"storyText": "One two three four five six.", "mediaType": 1}""", 400, "malformed", "mediaType")]
    [InlineData("""{"numScenes": 3}""", 400, "malformed", "storyText")]
    [InlineData("""{"storyText": null}""", 400, "malformed", "storyText")]
    [InlineData("""{"storyText": "One two three four five six.", "scenes": 3}""", 400, "malformed", "scenes")]
    public async Task A_story_that_cannot_be_told_names_its_fault_and_starts_nothing(
        string body, int status, string type, string field)
    {
        using var request = Post(body);
        (await ServerUnderTest.SendAsync(_serve.Http, request)).ShouldBeProblem(status, type)["field"].GetString()
            .ShouldBe(field);
        (await _serve.Http.GetStringAsync("/v1/generation")).ShouldBe("{\"sessions\":[]}");
    }

    [Fact]
    public async Task A_story_that_is_too_long_starts_nothing()
    {
        using var request = Post(JsonSerializer.Serialize(
            new { storyText = string.Concat(Enumerable.Repeat("word ", 10_001)) }));
        (await ServerUnderTest.SendAsync(_serve.Http, request)).ShouldBeProblem(422, "invalid");
        (await _serve.Http.GetStringAsync("/v1/generation")).ShouldBe("{\"sessions\":[]}");
    }

    private static HttpRequestMessage Post(string body) => new(HttpMethod.Post, "/v1/generation")
    {
        Content = new StringContent(body, Encoding.UTF8, "application/json"),
    };

    private async Task StartAsync(string id)
    {
        using var body = new StringContent(
            JsonSerializer.Serialize(new { storyText = Story, numScenes = 2 }), Encoding.UTF8, "application/json");
        (await _serve.Http.PutAsync($"/v1/generation/{id}", body)).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    private async Task FollowToTheEndAsync(string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/generation/{id}/events");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using var response = await _serve.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var patience = new CancellationTokenSource(ServerUnderTest.Patience);
        var stream = await response.Content.ReadAsStreamAsync(patience.Token);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(patience.Token))
        {
            if (item.EventType == "generation-completed")
                return;
        }

        Assert.Fail("The stream ended before the generation did.");
    }
}
