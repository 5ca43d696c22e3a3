using System.Net;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Console;

/// <summary>Browsers that were logged in before the server was started again.</summary>
public sealed class RestartTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    private string Data => Path.Combine(_scratch.Path, "data");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task They_stay_logged_in_until_their_key_is_revoked()
    {
        string held, id;
        await using (var first = await ServeUnderTest.StartAsync(Data))
        {
            using var made = await first.Http.PostAsync("/v1/keys", Json("""{"owner": "bob"}"""));
            var key = System.Text.Json.JsonElement.Parse(await made.Content.ReadAsStringAsync());
            id = key.GetProperty("id").GetString()!;
            held = await LogInAsync(first, key.GetProperty("key").GetString()!);
        }

        await using var second = await ServeUnderTest.StartAsync(Data);
        using var page = Page(second, held);
        (await page.SendAsync("GET", "/console/me"))["owner"].GetString().ShouldBe("bob");
        using var open = await page.FollowAsync("/v1/sessions/changes");
        (await second.Http.DeleteAsync($"/v1/keys/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await page.SendAsync("GET", "/console/me")).ShouldBeProblem(401, "unauthorized");
        using var reader = new StreamReader(await open.Content.ReadAsStreamAsync());
        await reader.ReadToEndAsync().WaitAsync(ServerUnderTest.Patience);
    }

    [Fact]
    public async Task They_are_out_once_the_servers_own_key_is_another()
    {
        string held;
        await using (var first = await ServeUnderTest.StartAsync(Data))
            held = await LogInAsync(first, await KeyAsync());

        await using (var second = await ServeUnderTest.StartAsync(Data))
        {
            using var page = Page(second, held);
            (await page.SendAsync("GET", "/console/me"))["owner"].GetString().ShouldBe("local");
        }

        File.Delete(Path.Combine(Data, "key"));
        await using var third = await ServeUnderTest.StartAsync(Data);
        using var after = Page(third, held);
        (await after.SendAsync("GET", "/console/me")).ShouldBeProblem(401, "unauthorized");
        (await after.LogInByKeyAsync(await KeyAsync())).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_link_of_the_greeting_logs_in_once()
    {
        await using var serve = await ServeUnderTest.StartAsync(Data);
        var line = serve.Output.ToString().Split('\n').Single(line => line.Contains("console:"));
        line.ShouldEndWith("  (good once)");
        line.ShouldContain($"  console: {serve.Url.OriginalString}/console/#code=");
        var code = line.Split("#code=")[1].Split(' ')[0];
        using var page = new BrowserPage(serve.Url);
        (await page.LogInAsync($$"""{"code": "{{code}}"}"""))["admin"].GetBoolean().ShouldBeTrue();
        (await page.LogInAsync($$"""{"code": "{{code}}"}""")).ShouldBeProblem(401, "unauthorized");
    }

    [Fact]
    public async Task A_server_that_is_to_have_no_console_greets_without_one()
    {
        var config = _scratch.File("bare.json", """{"Server": {"Console": false}}""");
        await using var serve = await ServeUnderTest.StartAsync(Data, config);
        serve.Output.ToString().ShouldNotContain("console");
        (await serve.Http.GetAsync("/console/")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<string> KeyAsync() => (await File.ReadAllTextAsync(Path.Combine(Data, "key"))).Trim();

    private static async Task<string> LogInAsync(ServeUnderTest serve, string key)
    {
        using var page = new BrowserPage(serve.Url);
        (await page.LogInByKeyAsync(key)).Status.ShouldBe(HttpStatusCode.OK);
        return page.Held;
    }

    // The port is another after each start here, and so the cookie's name.
    private static BrowserPage Page(ServeUnderTest serve, string held) =>
        new(serve.Url) { Cookie = $"sojourn-{serve.Url.Port}={held}" };

    private static StringContent Json(string body) => new(body, System.Text.Encoding.UTF8, "application/json");
}
