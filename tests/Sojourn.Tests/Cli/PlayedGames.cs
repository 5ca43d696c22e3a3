using Sojourn.Cli;
using Sojourn.Client;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Cli;

/// <summary>What is needed to play on a screen: a server of its own, and somebody before the screen.</summary>
public abstract class PlayedGames : IAsyncLifetime, IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    private protected PlayedScreen Screen { get; } = new();

    private protected ServeUnderTest Serve { get; set; } = null!;

    protected string Data => Path.Combine(_scratch.Path, "data");

    public async Task InitializeAsync() => Serve = await ServeUnderTest.StartAsync(Data);

    public async Task DisposeAsync() => await Serve.DisposeAsync();

    public void Dispose()
    {
        _scratch.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected Task<CliRun> PlayAsync((int Width, int Height) size, params string[] words) =>
        PlayAsync(Screen, size, words);

    private protected async Task<CliRun> PlayAsync(
        PlayedScreen screen, (int Width, int Height) size, params string[] words)
    {
        var run = await CliRun.OfAsync(
            new CliSurroundings
            {
                Server = Serve.Url,
                Environment = [],
                IsScreen = true,
                Out = screen,
                Keys = screen.Connect,
                Size = size,
            },
            ["play", .. words, "--data", Data]);
        screen.End($"it ended with {run.ExitCode}: {run.Error}");
        return run;
    }

    private protected async Task LeaveAsync(Task<CliRun> run)
    {
        await Screen.PressAsync("q");
        (await run).ExitCode.ShouldBe(ExitCodes.Done);
    }

    private protected SojournClient Client() => new(new SojournClientOptions
    {
        Url = Serve.Url,
        Key = File.ReadAllText(Path.Combine(Data, "key")).Trim(),
    });
}
