using System.IO.Compression;
using System.Net;
using Sojourn.Server;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Console;

/// <summary>The console's files, as anybody may fetch them.</summary>
public sealed class FileTests : IAsyncLifetime, IDisposable
{
    private ServerUnderTest _server = null!;
    private BrowserPage _page = null!;

    private static IEnumerable<string> Files => typeof(SojournServer).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith("console/", StringComparison.Ordinal)).Select(name => "/" + name);

    public async Task InitializeAsync()
    {
        _server = await ServerUnderTest.StartAsync();
        _page = new BrowserPage(_server.Url);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _page.Dispose();

    [Fact]
    public async Task Every_file_is_there_for_strangers_guarded_against_what_it_might_be_made_to_do()
    {
        Files.ShouldContain("/console/index.html");
        foreach (var path in Files.Append("/console/"))
        {
            var file = await _page.SendAsync("GET", path);
            file.Status.ShouldBe(HttpStatusCode.OK, path);
            file.ContentHeaders.ContentType!.MediaType.ShouldBe(Path.GetExtension(path) switch
            {
                ".js" => "text/javascript",
                ".css" => "text/css",
                ".svg" => "image/svg+xml",
                ".txt" => "text/plain",
                _ => "text/html",
            }, path);
            var policy = file.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
            policy.ShouldContain("default-src 'none'");
            policy.ShouldContain("script-src 'self';");
            policy.ShouldContain("style-src 'self';");
            policy.ShouldContain("frame-ancestors 'none'");
            policy.ShouldContain("require-trusted-types-for 'script'");
            policy.ShouldNotContain("unsafe");
            file.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            file.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
            file.Headers.GetValues("Cross-Origin-Opener-Policy").ShouldBe(["same-origin"]);
            file.Headers.CacheControl!.ToString().ShouldBe("no-cache");
        }
    }

    [Fact]
    public async Task No_page_has_a_script_or_a_style_that_its_own_policy_would_stop()
    {
        foreach (var path in Files.Where(path => path.EndsWith(".html", StringComparison.Ordinal)))
        {
            var page = (await _page.SendAsync("GET", path)).Text;
            page.ShouldNotMatch("(?i)<script(?![^>]* src=)[^>]*>");
            page.ShouldNotMatch("(?i)<style");
            page.ShouldNotMatch("(?i)<[^>]+ (style|on[a-z]+)=");
        }
    }

    [Fact]
    public async Task Who_has_a_file_is_not_sent_it_again_and_who_takes_less_is_sent_less()
    {
        var plain = await _page.SendAsync("GET", "/console/index.html");
        var etag = plain.Headers.ETag!.Tag;
        var again = await _page.SendAsync("GET", "/console/", null, ("If-None-Match", etag));
        again.Status.ShouldBe(HttpStatusCode.NotModified);
        again.Text.ShouldBeEmpty();
        again.Headers.Contains("Content-Security-Policy").ShouldBeTrue();

        using var client = new HttpClient { BaseAddress = _server.Url };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/console/index.html");
        request.Headers.AcceptEncoding.ParseAdd("br, gzip;q=0.5");
        using var zipped = await client.SendAsync(request);
        zipped.Content.Headers.ContentEncoding.ShouldBe(["gzip"]);
        zipped.Headers.Vary.ShouldContain("Accept-Encoding");
        zipped.Headers.ETag!.Tag.ShouldNotBe(etag);
        await using var unzipped = new GZipStream(await zipped.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var reader = new StreamReader(unzipped);
        (await reader.ReadToEndAsync()).ShouldBe(plain.Text);

        var refused = await _page.SendAsync("GET", "/console/", null, ("Accept-Encoding", "gzip;q=0"));
        refused.ContentHeaders.ContentEncoding.ShouldBeEmpty();
        refused.Text.ShouldBe(plain.Text);
    }

    [Fact]
    public async Task A_head_is_as_if_it_were_read_but_for_the_body()
    {
        var read = await _page.SendAsync("GET", "/console/");
        var head = await _page.SendAsync("HEAD", "/console/");
        head.Status.ShouldBe(HttpStatusCode.OK);
        head.Text.ShouldBeEmpty();
        head.Headers.ETag.ShouldBe(read.Headers.ETag);
        head.ContentHeaders.ContentLength.ShouldBe(read.ContentHeaders.ContentLength);
    }

    [Theory]
    [InlineData("/console/nothing.js", 404)]
    [InlineData("/console/Index.html", 404)]
    [InlineData("/console/index.html/", 404)]
    [InlineData("/console/lib", 404)]
    [InlineData("/console/lib/", 404)]
    [InlineData("/console//index.html", 404)]
    [InlineData("/console/lib/../index.html", 400)]
    [InlineData("/console/%2e%2e/index.html", 401)]
    [InlineData("/console/..%2findex.html", 404)]
    public async Task What_is_no_file_is_no_file(string path, int status)
    {
        var answer = await _server.SendRawAsync($"""
            GET {path} HTTP/1.1
            Host: {_server.Url.Authority}
            Connection: close


            """);
        answer.ShouldStartWith($"HTTP/1.1 {status}");
        answer.ShouldContain("application/problem+json");
    }

    [Theory]
    [InlineData("GET", "/console/nothing.js")]
    [InlineData("POST", "/console/")]
    [InlineData("POST", "/console/login")]
    [InlineData("GET", "/console/me")]
    [InlineData("GET", "/v1/counter")]
    [InlineData("GET", "/health/live")]
    [InlineData("GET", "/nowhere")]
    public async Task Whatever_is_no_page_is_of_no_origin_and_runs_nothing_if_it_is_shown_as_one(
        string method, string path)
    {
        var answer = await _page.SendAsync(method, path);
        answer.Headers.GetValues("Content-Security-Policy").ShouldBe(
            ["sandbox; default-src 'none'; frame-ancestors 'none'"]);
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/console")]
    public async Task Whoever_asks_for_the_server_itself_is_led_to_the_console(string path)
    {
        var led = await _page.SendAsync("GET", path);
        led.Status.ShouldBe(HttpStatusCode.Redirect);
        led.Headers.Location!.OriginalString.ShouldBe("/console/");
        (await _page.SendAsync("POST", path)).ShouldBeProblem(405, "method-not-allowed");
    }

    [Fact]
    public async Task A_server_without_a_console_has_none_of_it()
    {
        await using var bare = await ServerUnderTest.StartAsync(options => options.ServesConsole = false);
        foreach (var path in (string[])["/", "/console", "/console/", "/console/index.html", "/console/me"])
            (await bare.SendAsync("GET", path)).ShouldBeProblem(404, "unknown-route");
        foreach (var path in (string[])["/console/login", "/console/links", "/console/logout"])
            (await bare.SendAsync("POST", path)).ShouldBeProblem(404, "unknown-route");
        (await bare.SendAsync("GET", "/openapi/v1.json")).Text.ShouldNotContain("/console/");
    }

    [Fact]
    public async Task An_application_keeps_its_own_beginning_and_has_the_console_beside_it()
    {
        await using var guest = await ServerUnderTest.StartAsync(options => options.AnswersEveryPath = false);
        (await guest.SendAsync("GET", "/")).Text.ShouldBeEmpty();
        (await guest.SendAsync("GET", "/console/")).Status.ShouldBe(HttpStatusCode.OK);
        (await guest.SendAsync("GET", "/openapi/v1.json"))["paths"].TryGetProperty("/", out _).ShouldBeFalse();
    }
}
