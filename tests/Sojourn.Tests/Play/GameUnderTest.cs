using System.Threading.Channels;
using Sojourn.Kinds.Play;
using Sojourn.Kinds.Play.Games;
using Sojourn.Kinds.Play.Saves;
using Sojourn.Testing;

namespace Sojourn.Tests.Play;

/// <summary>A game's folder on the disk, with a clock that is moved by hand.</summary>
internal sealed class GameUnderTest : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _path = Directory.CreateTempSubdirectory("sojourn-game-").FullName;
    private readonly ManualResetEventSlim _isHeard = new();
    private readonly Channel<AutomaticSave> _automatic = Channel.CreateUnbounded<AutomaticSave>();

    public ManualClock Clock { get; } = new();

    public string Path => _path;

    public string Saves => System.IO.Path.Combine(_path, "saves");

    public GameFolder Folder { get; private set; } = null!;

    /// <summary>What the next capture says.</summary>
    public string Now { get; set; } = "a beginning";

    public static async Task<GameUnderTest> OpenAsync()
    {
        var game = new GameUnderTest();
        await game.ReopenAsync();
        return game;
    }

    /// <summary>Starts the game's program again.</summary>
    public async Task ReopenAsync() => Folder = await GameFolder.OpenAsync(_path, new GameOptions
    {
        Clock = Clock,
        EndsWithProcess = false,
    });

    /// <summary>
    /// The end of a program that had no chance to say so, as far as that can be in one process: nothing is told to the
    /// session.
    /// </summary>
    public async Task CrashAsync()
    {
        var (saves, engine) = (Folder.Saves, Folder.Engine);
        if (Folder.Current is { } session)
        {
            session.Leave();
            await session.DisposeAsync();
        }

        await engine.StopAsync();
        await saves.DisposeAsync();
    }

    public async Task<GameSession> StartAsync(string pilot = "Maverick")
    {
        // Nothing is captured before somebody listens to what becomes of it.
        _isHeard.Reset();
        var start = await Folder.StartAsync(new StartPlay(pilot, "wcsaga"), type =>
        {
            _isHeard.Wait(Patience);
            return Capture(type);
        });
        start.Problem.ShouldBeNull();
        var session = Listen(start.Session!);
        _isHeard.Set();
        return session;
    }

    public GameSession Listen(GameSession session)
    {
        session.SavedByItself += (_, save) => _automatic.Writer.TryWrite(save);
        return session;
    }

    /// <summary>The next save that the game does by itself.</summary>
    public Task<AutomaticSave> SavedByItselfAsync() => _automatic.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public GameCapture Capture(SaveType type = SaveType.Manual) => Capture(Now);

    public static GameCapture Capture(string text) =>
        new(SaveContent.Of("game", System.Text.Encoding.UTF8.GetBytes(text)));

    public static string TextOf(SaveContent content) => System.Text.Encoding.UTF8.GetString(content["game"].Span);

    /// <summary>Damages a file of a slot's generation in its middle.</summary>
    public void Damage(SaveMetadata save)
    {
        var file = System.IO.Path.Combine(Saves, $"{save.Slot.FileStem}.{save.Generation:D6}.save");
        var bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);
    }

    public async ValueTask DisposeAsync()
    {
        await Folder.DisposeAsync();
        _isHeard.Dispose();
        Directory.Delete(_path, recursive: true);
    }
}
