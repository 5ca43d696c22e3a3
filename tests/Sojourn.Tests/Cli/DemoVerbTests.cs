using Sojourn.Cli;
using Sojourn.Client;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Cli;

/// <summary>One of everything to look at, made and removed on a real server.</summary>
public sealed class DemoVerbTests : IAsyncLifetime, IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private ServeUnderTest _serve = null!;

    private string Data => Path.Combine(_scratch.Path, "data");

    public async Task InitializeAsync() => _serve = await ServeUnderTest.StartAsync(Data);

    public async Task DisposeAsync() => await _serve.DisposeAsync();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task It_is_filled_once_however_often_it_is_asked_for_and_emptied_of_that_alone()
    {
        var own = await RunAsync(
            "new", "generation", """{"storyText": "One two three four five."}""", "--id", "own", "--label", "demo:no");
        own.ExitCode.ShouldBe(ExitCodes.Done, own.Error);
        await RunAsync("append", "streams/own", "mine", "--create", "text/plain");

        var first = await RunAsync("demo");
        first.ExitCode.ShouldBe(ExitCodes.Done, first.Error);
        first.Out.ShouldContain("generation/demo-ferry: a storyboard");
        first.Out.ShouldContain("generation/demo-cancelled: a generation that is cancelled");
        first.Out.ShouldContain("streams/sojourn-demo/chat: JSON messages");
        first.Out.ShouldContain("sojourn console --open");
        first.Out.ShouldContain("sojourn demo --remove");
        var chat = await ReadAsync("sojourn-demo/chat");
        var log = await ReadAsync("sojourn-demo/log");

        var again = await RunAsync("demo", "--json");
        again.ExitCode.ShouldBe(ExitCodes.Done, again.Error);
        again.Json.GetProperty("pieces").GetArrayLength().ShouldBe(7);
        (await RunAsync("count", "--label", "demo:yes")).Out.Trim().ShouldBe("4");
        (await ReadAsync("sojourn-demo/chat")).ShouldBe(chat);
        (await ReadAsync("sojourn-demo/log")).ShouldBe(log);
        (await RunAsync("get", "generation/demo-cancelled", "--json")).Json.GetProperty("status").GetString()
            .ShouldBe("cancelled");

        (await RunAsync("demo", "--remove")).Out.Trim().ShouldBe("Removed: 4 sessions, 3 streams.");
        (await RunAsync("count")).Out.Trim().ShouldBe("1");
        (await ReadAsync("own")).ShouldBe("mine");
        (await RunAsync("demo", "--remove", "--json")).Json.GetProperty("sessions").GetInt32().ShouldBe(0);
        (await RunAsync("demo")).ExitCode.ShouldBe(ExitCodes.Done);
    }

    [Fact]
    public async Task A_session_that_somebody_has_under_one_of_its_names_is_left_alone()
    {
        var story = string.Join(' ', Enumerable.Range(1, 400).Select(i => $"It was day {i} and it rained."));
        var begun = await RunAsync(
            "new", "generation", $$"""{"storyText": "{{story}}", "numScenes": 20}""", "--id", "demo-cancelled");
        begun.ExitCode.ShouldBe(ExitCodes.Done, begun.Error);
        (await RunAsync("demo")).ExitCode.ShouldBe(ExitCodes.Done);
        await RunAsync("watch", "generation/demo-cancelled");
        var own = await RunAsync("get", "generation/demo-cancelled", "--json");
        own.Json.GetProperty("status").GetString().ShouldBe("completed");
        (await RunAsync("demo", "--remove")).Out.ShouldStartWith("Removed: 3 sessions");
    }

    [Fact]
    public async Task What_would_be_markup_arrives_as_it_was_sent()
    {
        (await RunAsync("demo")).ExitCode.ShouldBe(ExitCodes.Done);
        var hostile = await RunAsync("get", "generation/demo-hostile", "--json");
        hostile.Json.GetProperty("labels").GetProperty("note").GetString().ShouldBe("<b>\"bold\"</b> & 'quoted'");
        hostile.Json.GetProperty("state").GetProperty("request").GetProperty("storyText").GetString()!
            .ShouldContain("<img src=x onerror=");
        (await ReadAsync("sojourn-demo/chat")).ShouldContain("<img src=x onerror=");
    }

    [Fact]
    public async Task A_session_tells_its_streams()
    {
        (await RunAsync("demo")).ExitCode.ShouldBe(ExitCodes.Done);
        await RunAsync("watch", "generation/demo-ferry");
        var seen = await RunAsync("get", "generation/demo-ferry");
        seen.Out.ShouldContain("pictures: entries 1 to 4");
        using var client = Client();
        var pictures = (await client.GetAsync("generation", "demo-ferry")).Streams["pictures"];
        (pictures.First, pictures.Last).ShouldBe((1, 4));
        pictures.Bytes.ShouldBeGreaterThan(1000);
        (await client.ListPageAsync("generation")).Sessions.ShouldAllBe(session => session.Streams.Count == 0);
    }

    private async Task<string> ReadAsync(string stream)
    {
        using var client = Client();
        return System.Text.Encoding.UTF8.GetString((await client.Stream(stream).ReadAsync()).Bytes.Span);
    }

    private SojournClient Client() => new(new SojournClientOptions
    {
        Url = _serve.Url,
        Key = File.ReadAllText(Path.Combine(Data, "key")).Trim(),
    });

    private Task<CliRun> RunAsync(params string[] words) => CliRun.OfAsync(
        new CliSurroundings { Server = _serve.Url, Environment = [] }, [.. words, "--data", Data]);
}
