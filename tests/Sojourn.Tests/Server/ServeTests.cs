using System.Net;
using System.Net.Http.Headers;
using Sojourn.Cli;

namespace Sojourn.Tests.Server;

/// <summary>Starting and stopping the server as people do.</summary>
public sealed class ServeTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    private string Data => Path.Combine(_scratch.Path, "data");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task The_first_start_makes_a_directory_and_a_key_for_its_owner_alone()
    {
        string key;
        await using (var first = await ServeUnderTest.StartAsync(Data))
        {
            key = await File.ReadAllTextAsync(Path.Combine(Data, "key"));
            key.Trim().Length.ShouldBe(43);
            if (!OperatingSystem.IsWindows())
            {
                File.GetUnixFileMode(Data).ShouldBe(
                    UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                File.GetUnixFileMode(Path.Combine(Data, "key")).ShouldBe(
                    UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            first.Output.ToString().ShouldContain("made just now");
            (first.Output.ToString() + first.Error).ShouldNotContain(key.Trim());
            (await first.Http.GetAsync("/v1/generation")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        await using var second = await ServeUnderTest.StartAsync(Data);
        (await File.ReadAllTextAsync(Path.Combine(Data, "key"))).ShouldBe(key);
        second.Output.ToString().ShouldNotContain("made just now");
        Directory.GetFiles(Data, "key*").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_key_that_others_could_read_is_closed_and_said_so()
    {
        if (OperatingSystem.IsWindows())
            return;
        Directory.CreateDirectory(Data);
        var file = Path.Combine(Data, "key");
        await File.WriteAllTextAsync(file, "0123456789abcdef0123\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        await using var serve = await ServeUnderTest.StartAsync(Data);
        File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        serve.Error.ToString().ShouldContain("others on this machine could read");
    }

    [Fact]
    public async Task What_keeps_it_from_starting_is_told_in_a_sentence()
    {
        await using var first = await ServeUnderTest.StartAsync(Data);
        await RefusedAsync(
            Path.Combine(_scratch.Path, "other"), first.Url.OriginalString, "Another program listens on");
        await RefusedAsync(Data, "http://127.0.0.1:0", "in use by another process");
        await RefusedAsync(_scratch.File("file", "x"), "http://127.0.0.1:0", "cannot be made or written to");
        await RefusedAsync(Data, "https://127.0.0.1:0", "plain HTTP");
        await RefusedAsync(Data, "http://example.org:80", "no address to listen on");
        await RefusedAsync(Data, ";", "no address to listen on");
        await RefusedAsync(Path.Combine(_scratch.Path, "third"), "http://192.0.2.1:7707", "no such address");
        _scratch.File("data/key", "short");
        await RefusedAsync(Data, "http://127.0.0.1:0", "holds no key");
    }

    [Fact]
    public async Task Listening_to_the_world_is_warned_of()
    {
        await using var serve = await ServeUnderTest.StartAsync(Data, urls: "http://0.0.0.0:0");
        serve.Error.ToString().ShouldContain("can be reached from other machines, over plain HTTP");
        (await serve.Http.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/ready") { Headers = { Host = "0.0.0.0" } };
        (await serve.Http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var rebound = new HttpRequestMessage(HttpMethod.Get, "/health/ready") { Headers = { Host = "evil.org" } };
        (await serve.Http.SendAsync(rebound)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task It_stops_at_once_though_somebody_watches()
    {
        await using var serve = await ServeUnderTest.StartAsync(Data);
        var story = StringBody("""{"storyText": "One two three four five six seven.", "numScenes": 1}""");
        (await serve.Http.PutAsync("/v1/generation/mine", story)).StatusCode.ShouldBe(HttpStatusCode.Created);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/generation/mine/events");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using var watch = await serve.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        (await serve.StopAsync().WaitAsync(TimeSpan.FromSeconds(10))).ShouldBe(ExitCodes.Done);
        serve.Error.ToString().ShouldContain("stopped.");
        (await watch.Content.ReadAsStringAsync()).ShouldContain("generation-requested");

        await using var again = await ServeUnderTest.StartAsync(Data);
        (await again.Http.GetAsync("/v1/generation/mine")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public void A_configuration_is_read()
    {
        var options = ServeConfig.Read(_scratch.File("good.json", """
            {
              // People write comments.
              "server": { "allowedHosts": ["sojourn.example.org"], "heartbeat": "5s", "MaxBodyBytes": 2097152 },
              "Generation": { "SceneDelay": "250ms", "KeepCompletedFor": "2d", "StuckAfter": "00:10:00" },
              "Logging": { "Level": "information" },
            }
            """));
        options.Server.AllowedHosts.ShouldBe(["sojourn.example.org"]);
        options.Server.Heartbeat.ShouldBe(TimeSpan.FromSeconds(5));
        options.Server.MaxBodyBytes.ShouldBe(2 << 20);
        options.Generation.SceneDelay.ShouldBe(TimeSpan.FromMilliseconds(250));
        options.Generation.KeepCompletedFor.ShouldBe(TimeSpan.FromDays(2));
        options.Generation.StuckAfter.ShouldBe(TimeSpan.FromMinutes(10));
        options.LogLevel.ShouldBe(Microsoft.Extensions.Logging.LogLevel.Information);
    }

    [Fact]
    public async Task All_faults_of_a_configuration_are_told_at_once_and_before_anything_is_made()
    {
        var file = _scratch.File("bad.json", """
            {
              "Sever": {},
              "Server": { "Port": 1, "MaxBodyBytes": 1, "Heartbeat": "soon", "AllowedHosts": "all",
                          "MaxConnections": 0 },
              "Generation": { "MaxDriven": 0, "KeepFailedFor": "24:00:00" },
              "Logging": { "Level": "loud" }
            }
            """);
        var refused = await Should.ThrowAsync<UsageException>(() => ServeUnderTest.StartAsync(Data, file));
        foreach (var name in (string[])["Sever", "Server:Port", "MaxBodyBytes", "Heartbeat", "AllowedHosts",
            "MaxConnections", "MaxDriven", "KeepFailedFor", "Level"])
            refused.Message.ShouldContain(name);
        Directory.Exists(Data).ShouldBeFalse();
    }

    [Theory]
    [InlineData("{", "line 1")]
    [InlineData("[]", "one JSON object")]
    [InlineData("{\"Server\": 1}", "JSON object")]
    public void A_file_that_is_no_configuration_is_refused(string text, string says) =>
        Should.Throw<UsageException>(() => ServeConfig.Read(_scratch.File("odd.json", text)))
            .Message.ShouldContain(says);

    private static StringContent StringBody(string json) => new(json, System.Text.Encoding.UTF8, "application/json");

    private static async Task RefusedAsync(string data, string urls, string says)
    {
        var refused = await Should.ThrowAsync<UsageException>(() => ServeUnderTest.StartAsync(data, urls: urls));
        refused.Message.ShouldContain(says);
        refused.Message.ShouldNotContain("Exception");
    }
}
