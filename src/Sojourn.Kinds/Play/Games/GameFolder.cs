using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sojourn.Kinds.Play.Saves;
using Sojourn.Stores;

namespace Sojourn.Kinds.Play.Games;

/// <summary>
/// A game's folder: its saves in <c>saves</c>, and its sessions in <c>sessions</c>. Open it once, when the game starts,
/// and look at <see cref="Recoveries"/> before playing; dispose of it when the game ends. Nothing here ever blocks the
/// thread that calls. Safe from any thread.
/// </summary>
public sealed class GameFolder : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly GameOptions _options;
    private readonly PlayStarts _starts;
    private readonly ProcessEnd? _processEnd;
    private volatile bool _isDisposed;

    private GameFolder(ServiceProvider services, SaveSlots saves, GameOptions options)
    {
        (_services, Saves, _options) = (services, saves, options);
        Engine = services.GetRequiredService<SojournEngine>();
        _starts = services.GetRequiredService<PlayStarts>();
        _processEnd = options.EndsWithProcess ? ProcessEnd.Watch(this) : null;
    }

    /// <summary>The saves.</summary>
    public SaveSlots Saves { get; }

    /// <summary>The sessions' engine.</summary>
    public SojournEngine Engine { get; }

    /// <summary>
    /// What was cut off and waits for an answer, newest first: what was found when the folder was opened, and what was put
    /// off before. What was archived is in <see cref="FindArchivedAsync"/>.
    /// </summary>
    public IReadOnlyList<GameRecovery> Recoveries { get; private set; } = [];

    /// <summary>The session that is being played; null if none is.</summary>
    public GameSession? Current { get; private set; }

    internal GameOptions Options => _options;

    /// <summary>Opens a folder, makes it if there is none, and finds out what the last end left.</summary>
    /// <param name="directory">The folder, for one game.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="giveUp">Ends the waiting.</param>
    /// <exception cref="SaveFolderInUseException">Another process has it; the message says which.</exception>
    /// <exception cref="SojournException">The sessions cannot be opened; the message says why.</exception>
    /// <exception cref="ArgumentException">The slots' options cannot be.</exception>
    public static async Task<GameFolder> OpenAsync(
        string directory, GameOptions? options = null, CancellationToken giveUp = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        options ??= new GameOptions();
        options.Check();
        // The saves first: their refusal says who has the folder.
        var saves = await SaveSlots.OpenAsync(
            Path.Combine(directory, "saves"),
            (options.Saves ?? new SaveSlotsOptions()) with
            {
                Clock = options.Clock,
                Logger = options.Logging.CreateLogger<SaveSlots>(),
            },
            giveUp).ConfigureAwait(false);
        ServiceProvider? services = null;
        try
        {
            services = Build(Path.Combine(directory, "sessions"), options);
            await services.GetRequiredService<SojournEngine>().StartAsync(giveUp).ConfigureAwait(false);
            var folder = new GameFolder(services, saves, options);
            folder.Recoveries = await folder.FindAsync(giveUp).ConfigureAwait(false);
            return folder;
        }
        catch
        {
            if (services is not null)
            {
                await services.DisposeAsync().ConfigureAwait(false);
            }

            await saves.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Begins a session.</summary>
    /// <param name="start">Who plays. A pilot who plays already is a conflict: see <see cref="GameStart.Other"/>.</param>
    /// <param name="capture">
    /// Gives the game as it is now, for checkpoints and automatic saves; null from it if there is nothing to save, and null
    /// (the default) for a game that saves by itself only. Called on the synchronization context that this was called on,
    /// if there is one, or else on a thread of the pool.
    /// </param>
    /// <param name="giveUp">Ends the waiting.</param>
    public async Task<GameStart> StartAsync(
        StartPlay start, Func<SaveType, GameCapture?>? capture = null, CancellationToken giveUp = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var context = SynchronizationContext.Current;
        var started = await _starts.StartAsync(start, null, giveUp).ConfigureAwait(false);
        if (started.Session is not { } view || started.Problem is not null)
        {
            return new GameStart(null, started.Problem, started.Other);
        }

        var session = Play(view.Key, capture, context);
        session.WantCheckpoint("start");
        return new GameStart(session, null, null);
    }

    /// <summary>What was cut off, and archived since nobody answered; newest first.</summary>
    public Task<IReadOnlyList<GameRecovery>> FindArchivedAsync(CancellationToken giveUp = default) =>
        ListAsync("archived", giveUp);

    /// <summary>
    /// Ends the session that is being played, in good order, and gives the folder free. A second call does nothing.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await EndCurrentAsync("the game ended").ConfigureAwait(false);
        _processEnd?.Dispose();
        await Engine.StopAsync().ConfigureAwait(false);
        await _services.DisposeAsync().ConfigureAwait(false);
        await Saves.DisposeAsync().ConfigureAwait(false);
    }

    internal async Task EndCurrentAsync(string reason)
    {
        if (Current is { } session)
        {
            await session.EndAsync(reason).ConfigureAwait(false);
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }

    internal GameSession Play(SessionKey key, Func<SaveType, GameCapture?>? capture, SynchronizationContext? context)
    {
        var before = Current;
        Current = new GameSession(this, key, new Capturing(capture, context));
        before?.Leave();
        return Current;
    }

    internal void Left(GameSession session) => Current = Current == session ? null : Current;

    internal void Answered(GameRecovery recovery) =>
        Recoveries = [.. Recoveries.Where(other => other.Session != recovery.Session)];

    private static ServiceProvider Build(string directory, GameOptions options)
    {
        var rules = options.Rules ?? new PlayOptions();
        var services = new ServiceCollection();
        services.AddSingleton(options.Clock);
        services.AddSingleton(options.Logging);
        services.AddSojourn(engine =>
        {
            engine.StopGrace = TimeSpan.FromSeconds(5);
            engine.UseSqlite(directory);
        }).AddPlay(new PlayOptions
        {
            SilentAfter = null,
            OfferFor = rules.OfferFor,
            ShortestInterval = rules.ShortestInterval,
            KeepEndedFor = rules.KeepEndedFor,
            KeepArchivedFor = rules.KeepArchivedFor,
            MaxSessions = rules.MaxSessions,
        });
        return services.BuildServiceProvider();
    }

    /// <summary>Nobody else has the folder, so whatever is being played in it was cut off.</summary>
    private async Task<IReadOnlyList<GameRecovery>> FindAsync(CancellationToken giveUp)
    {
        IReadOnlyList<FoundSave>? found = null;
        foreach (var status in (string[])["playing", "recovering", "interrupted"])
        {
            foreach (var recovery in await ListAsync(status, giveUp).ConfigureAwait(false))
            {
                found ??= await FoundSave.AllAsync(Saves, giveUp).ConfigureAwait(false);
                var what = status == "recovering"
                    ? "The game was cut off while it recovered."
                    : "The game was cut off: it ended without saying so.";
                var told = new Interrupted(what, FoundSave.Of(found, recovery.State.Pilot));
                (await Engine.SendAsync(recovery.Session.Id, told, null, giveUp).ConfigureAwait(false)).Expect();
            }
        }

        return await ListAsync("interrupted", giveUp).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<GameRecovery>> ListAsync(string status, CancellationToken giveUp)
    {
        var recoveries = new List<GameRecovery>();
        var query = new SessionQuery { Kind = PlayKind.KindName, Status = status };
        await foreach (var key in Engine.SelectAsync(query, giveUp).ConfigureAwait(false))
        {
            var answer = await Engine.GetAsync<PlaySession>(key.Id).ConfigureAwait(false);
            if (answer.IsAccepted)
            {
                recoveries.Add(new GameRecovery(this, key, answer.Reply.State));
            }
        }

        return [.. recoveries.OrderByDescending(recovery => recovery.State.LastActivityAt)];
    }
}

/// <summary>What came of a start.</summary>
/// <param name="Session">The session; null if it did not begin.</param>
/// <param name="Problem">Why not; null if it did.</param>
/// <param name="Other">With the code <c>already-playing</c>, the session in which the pilot plays.</param>
public sealed record GameStart(GameSession? Session, Problem? Problem, SessionId? Other);
