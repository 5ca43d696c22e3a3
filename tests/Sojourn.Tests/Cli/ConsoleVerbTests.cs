using System.Net;
using System.Text;
using Sojourn.Cli;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Cli;

/// <summary>The way from the command line to the console, against a real server.</summary>
public sealed class ConsoleVerbTests : IAsyncLifetime, IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private ServeUnderTest _serve = null!;

    private string Data => Path.Combine(_scratch.Path, "data");

    public async Task InitializeAsync() => _serve = await ServeUnderTest.StartAsync(Data);

    public async Task DisposeAsync() => await _serve.DisposeAsync();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_link_is_printed_alone_and_logs_in_once()
    {
        var run = await RunAsync("console");
        run.ExitCode.ShouldBe(ExitCodes.Done, run.Error);
        run.Out.Trim().ShouldStartWith($"{_serve.Url.OriginalString}/console/#code=");
        run.Error.ShouldContain("good once, for 10 minutes");
        (await LogInAsync(run.Out.Trim())).ShouldBe(HttpStatusCode.OK);
        (await LogInAsync(run.Out.Trim())).ShouldBe(HttpStatusCode.Unauthorized);

        var json = await RunAsync("console", "--json");
        (await LogInAsync(json.Json.GetProperty("url").GetString()!)).ShouldBe(HttpStatusCode.OK);
        json.Json.GetProperty("expiresAt").GetDateTimeOffset().ShouldBeGreaterThan(DateTimeOffset.UnixEpoch);
        json.Json.GetProperty("opened").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Where_there_is_a_screen_the_browser_is_given_a_page_that_nobody_else_can_read()
    {
        string? shown = null;
        var run = await RunAsync(file =>
        {
            shown = file;
            return true;
        }, "console", "--open");
        run.ExitCode.ShouldBe(ExitCodes.Done, run.Error);
        run.Error.ShouldContain("The browser opens it");
        var page = await File.ReadAllTextAsync(shown!);
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(shown!).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Delete(shown!);
        page.ShouldContain($"0; url={run.Out.Trim()}\"");
        (await LogInAsync(run.Out.Trim())).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Where_there_is_none_the_link_is_said_and_no_file_keeps_it()
    {
        string? shown = null;
        var run = await RunAsync(file =>
        {
            shown = file;
            return false;
        }, "console", "--open");
        File.Exists(shown.ShouldNotBeNull()).ShouldBeFalse();
        run.ExitCode.ShouldBe(ExitCodes.Done, run.Error);
        run.Out.ShouldContain("/console/#code=");
        run.Error.ShouldContain("good once");
    }

    [Fact]
    public async Task Only_a_screen_and_a_program_for_it_make_a_browser()
    {
        if (OperatingSystem.IsWindows() || OperatingSystem.IsMacOS())
            return;
        var page = _scratch.File("page.html", "x");
        var shown = Path.Combine(_scratch.Path, "shown");
        var opener = _scratch.File("xdg-open", $"""
            #!/bin/sh
            printf %s "$1" > '{shown}.part'
            mv '{shown}.part' '{shown}'
            """);
        var path = _scratch.Path;
        Browser.TryShow(page, name => name == "PATH" ? path : ":0").ShouldBeFalse("it may not be run");

        File.SetUnixFileMode(opener, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Browser.TryShow(page, name => name == "PATH" ? path : null).ShouldBeFalse("there is no screen");
        Browser.TryShow(page, name => name == "DISPLAY" ? ":0" : null).ShouldBeFalse("there is no such program");
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(path, "shown") { EnableRaisingEvents = true };
        watcher.Renamed += (_, _) => arrived.TrySetResult();
        Browser.TryShow(page, name => name switch { "PATH" => path + ":/usr/bin:/bin", "DISPLAY" => ":0", _ => null })
            .ShouldBeTrue();
        await arrived.Task.WaitAsync(ServerUnderTest.Patience);
        (await File.ReadAllTextAsync(shown)).ShouldBe(page);
    }

    [Fact]
    public async Task A_server_without_a_console_and_a_key_that_is_none_are_told_apart()
    {
        (await RunAsync("console", "--key", "wrong")).ExitCode.ShouldBe(ExitCodes.NotAllowed);
        var config = _scratch.File("bare.json", """{"Server": {"Console": false}}""");
        await _serve.DisposeAsync();
        _serve = await ServeUnderTest.StartAsync(Data, config);
        (await RunAsync("console")).ExitCode.ShouldBe(ExitCodes.NotFound);
    }

    private async Task<HttpStatusCode> LogInAsync(string link)
    {
        using var browser = new HttpClient { BaseAddress = _serve.Url };
        using var body = new StringContent(
            $$"""{"code": "{{link.Split("#code=")[1]}}"}""", Encoding.UTF8, "application/json");
        return (await browser.PostAsync("/console/login", body)).StatusCode;
    }

    private Task<CliRun> RunAsync(params string[] words) => RunAsync(_ => false, words);

    private Task<CliRun> RunAsync(Func<string, bool> show, params string[] words) => CliRun.OfAsync(
        new CliSurroundings { Server = _serve.Url, Environment = [], Show = show }, [.. words, "--data", Data]);
}
