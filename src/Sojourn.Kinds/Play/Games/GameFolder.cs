using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Data.Common;
using System.Runtime.ExceptionServices;
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
    private const string Superseded = "another session was begun";

    private readonly ServiceProvider _services;
    private readonly GameOptions _options;
    private readonly ConcurrentDictionary<SessionKey, GameRecovery> _underWay = [];
    // Who begins looks at what is being played, so no two may do so at once.
    private readonly SemaphoreSlim _beginning = new(1, 1);
    private readonly PlayStarts _starts;
    private readonly ProcessEnd? _processEnd;
    private volatile bool _isDisposed;

    private GameFolder(ServiceProvider services, SaveSlots saves, GameOptions options)
    {
        (_services, Saves, _options) = (services, saves, options);
        Log = options.Logging.CreateLogger<GameFolder>();
        Engine = services.GetRequiredService<SojournEngine>();
        _starts = services.GetRequiredService<PlayStarts>();
        _processEnd = options.EndsWithProcess ? ProcessEnd.Watch(this) : null;
    }

    /// <summary>The saves.</summary>
    public SaveSlots Saves { get; }

    /// <summary>The sessions' engine.</summary>
    public SojournEngine Engine { get; }

    /// <summary>
    /// What was cut off and waits for an answer, newest first: what was found when the folder was opened, and what was
    /// put off before. What was archived is in <see cref="FindArchivedAsync"/>.
    /// </summary>
    public IReadOnlyList<GameRecovery> Recoveries { get; private set; } = [];

    /// <summary>The session that is being played; null if none is.</summary>
    public GameSession? Current { get; private set; }

    internal GameOptions Options => _options;

    internal ILogger Log { get; }

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
        catch (Exception failure)
        {
            if (services is not null)
                await services.DisposeAsync().ConfigureAwait(false);
            await saves.DisposeAsync().ConfigureAwait(false);
            if (failure is not (IOException or UnauthorizedAccessException or DbException))
                throw;

            throw new SojournException(
                $"The sessions in '{directory}' cannot be opened: {failure.Message} See that the disk has room. "
                + $"The saves are not harmed; {nameof(SaveSlots)} opens them alone.",
                failure);
        }
    }

    /// <summary>Begins a session.</summary>
    /// <param name="start">
    /// Who plays. A session that is being played, this pilot's or another's, is a conflict: see
    /// <see cref="GameStart.Other"/>. With <see cref="StartPlay.TakeOver"/> it ends in good order.
    /// </param>
    /// <param name="capture">
    /// Gives the game as it is now, for checkpoints and automatic saves; null from it if there is nothing to save, and
    /// null (the default) for a game that saves by itself only. Called on the synchronization context that this was
    /// called on, if there is one, or else on a thread of the pool.
    /// </param>
    /// <param name="giveUp">Ends the waiting.</param>
    /// <exception cref="SojournException">The session before could not be ended; it is played still.</exception>
    public async Task<GameStart> StartAsync(
        StartPlay start, Func<SaveType, GameCapture?>? capture = null, CancellationToken giveUp = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var context = SynchronizationContext.Current;
        await _beginning.WaitAsync(giveUp).ConfigureAwait(false);
        try
        {
            var before = await PlayedAsync().ConfigureAwait(false);
            if (before is not null && !start.TakeOver)
            {
                return new GameStart(null, AlreadyPlaying(before), before.Key.Id);
            }

            // Nobody else has the folder, so that who plays in it is known.
            var started = await _starts.StartAsync(start, null, before is null && _underWay.IsEmpty, giveUp)
                .ConfigureAwait(false);
            if (started.Session is not { } view || started.Problem is not null)
            {
                return new GameStart(null, started.Problem, started.Other);
            }

            // After the new one has begun: whoever is refused has ended nothing.
            await EndBeforeAsync(before, view.Key).ConfigureAwait(false);
            var session = Play(view.Key, capture, context);
            session.WantCheckpoint("start");
            return new GameStart(session, null, null);
        }
        finally
        {
            _beginning.Release();
        }
    }

    /// <summary>What was cut off, and archived since nobody answered; newest first.</summary>
    public Task<IReadOnlyList<GameRecovery>> FindArchivedAsync(CancellationToken giveUp = default) =>
        ListAsync("archived", giveUp);

    /// <summary>
    /// Ends the session that is being played, in good order, and gives the folder free. A recovery that was accepted
    /// and not confirmed is offered again, and was no attempt. A second call does nothing.
    /// </summary>
    /// <exception cref="SojournException">
    /// The end could not be written. The folder is free nevertheless; the next start finds a session that was cut off.
    /// </exception>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        ExceptionDispatchInfo? first = null;
        foreach (var step in (Func<Task>[])
        [
            () => EndCurrentAsync("the game ended"),
            () => Task.Run(() => _processEnd?.Dispose()),
            () => Engine.StopAsync(),
            () => _services.DisposeAsync().AsTask(),
            () => Saves.DisposeAsync().AsTask(),
        ])
        {
            try
            {
                await step().ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                // Whatever it was, the next process must get the folder.
                first ??= ExceptionDispatchInfo.Capture(failure);
            }
        }

        _beginning.Dispose();
        first?.Throw();
    }

    internal static Problem AlreadyPlaying(GameSession current) => new(
        ProblemTypes.Refused,
        $"The session '{current.Key.Id}' is being played. Ask the player, and say takeOver to end it.")
    {
        Code = "already-playing",
    };

    /// <summary>A recovery that is under way was an attempt then: the next start finds it so.</summary>
    internal async Task AbandonCurrentAsync(string what)
    {
        if (Current is { } session)
        {
            // Which saves there are, the next start finds out: to read them all takes longer than an exit may.
            await InterruptAsync(session.Key, what, []).ConfigureAwait(false);
        }
    }

    internal async Task EndCurrentAsync(string reason)
    {
        foreach (var recovery in _underWay.Values)
            await recovery.GiveUpAsync("The game was closed before it was recovered.").ConfigureAwait(false);
        if (Current is { } session)
        {
            try
            {
                await session.EndAsync(reason).ConfigureAwait(false);
            }
            finally
            {
                await session.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>A session that was cut off goes on.</summary>
    internal async Task<GameSession> PlayAgainAsync(
        GameRecovery recovery, Recovered recovered, bool takeOver, Func<SaveType, GameCapture?>? capture)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var context = SynchronizationContext.Current;
        await _beginning.WaitAsync().ConfigureAwait(false);
        try
        {
            var before = await PlayedAsync().ConfigureAwait(false);
            if (before is not null && before.Key != recovery.Session)
            {
                if (!takeOver)
                {
                    throw new SojournException(AlreadyPlaying(before));
                }

                await before.EndAsync(Superseded).ConfigureAwait(false);
            }

            (await Engine.SendAsync(recovery.Session.Id, recovered).ConfigureAwait(false)).Expect();
            Over(recovery);
            Answered(recovery);
            return Play(recovery.Session, capture, context);
        }
        finally
        {
            _beginning.Release();
        }
    }

    internal void Begun(GameRecovery recovery) => _underWay[recovery.Session] = recovery;

    internal void Over(GameRecovery recovery) => _underWay.TryRemove(recovery.Session, out _);

    /// <summary>The session that is being played, unless it is over and nobody told this folder.</summary>
    private async Task<GameSession?> PlayedAsync()
    {
        if (Current is not { } current)
        {
            return null;
        }

        var seen = await Engine.GetAsync<PlaySession>(current.Key.Id).ConfigureAwait(false);
        return seen.IsAccepted && seen.Reply.State.Status != PlayStatus.Playing ? null : current;
    }

    private async Task EndBeforeAsync(GameSession? before, SessionKey next)
    {
        if (before is null)
        {
            return;
        }

        try
        {
            await before.EndAsync(Superseded).ConfigureAwait(false);
        }
        catch
        {
            await Engine.SendAsync(next.Id, new End("it did not begin")).ConfigureAwait(false);
            throw;
        }
    }

    private GameSession Play(SessionKey key, Func<SaveType, GameCapture?>? capture, SynchronizationContext? context)
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
                var backups = FoundSave.Of(found, recovery.State.Pilot);
                if (await InterruptAsync(recovery.Session, what, backups).ConfigureAwait(false) is { } problem)
                {
                    // The others can still be recovered, and the game can be played.
                    Log.LogNotOffered(recovery.Session, problem.Message);
                }
            }
        }

        return await ListAsync("interrupted", giveUp).ConfigureAwait(false);
    }

    /// <summary>Tells a session that it was cut off, with as many of the saves as it takes.</summary>
    /// <returns>Why it does not take it at all; null if it does.</returns>
    /// <exception cref="SojournException">The store is in trouble.</exception>
    internal async Task<Problem?> InterruptAsync(
        SessionKey session, string what, ImmutableArray<FoundBackup> backups)
    {
        Problem? problem = null;
        foreach (var some in (ImmutableArray<FoundBackup>[])[backups, FoundSave.NewestOf(backups), []])
        {
            var answer = await Engine.SendAsync(session.Id, new Interrupted(what, some)).ConfigureAwait(false);
            if (answer.Problem is not { } refusal)
            {
                return null;
            }

            if (refusal.Type is ProblemTypes.StoreUnavailable or ProblemTypes.LeaseLost or ProblemTypes.Stopping)
            {
                answer.Expect();
            }

            problem = refusal;
            Log.LogFewerOffered(session, some.Length, refusal.Message);
        }

        return problem;
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
