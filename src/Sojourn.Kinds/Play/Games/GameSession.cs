using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sojourn.Kinds.Play.Flow;
using Sojourn.Kinds.Play.Saves;

namespace Sojourn.Kinds.Play.Games;

/// <summary>
/// A game that is being played: tells the session what happens, and saves by itself. Nothing here blocks the thread
/// that calls; calls are decided in the order in which they were made. Safe from any thread.
/// </summary>
public sealed class GameSession : IAsyncDisposable
{
    private readonly GameFolder _folder;
    private readonly AutomaticSaves _automatic;
    private readonly ITimer _beat;
    private Task _beating = Task.CompletedTask;
    private int _isOver;

    internal GameSession(GameFolder folder, SessionKey key, Capturing capturing)
    {
        (_folder, Key) = (folder, key);
        _automatic = new AutomaticSaves(this, capturing, folder);
        var every = folder.Options.BeatEvery;
        _beat = folder.Options.Clock.CreateTimer(_ => Beat(), null, every, every);
    }

    /// <summary>The session's name among those of the folder's engine.</summary>
    public SessionKey Key { get; }

#pragma warning disable MA0046 // A record says more than what could be derived from EventArgs.
    /// <summary>
    /// An automatic save or a checkpoint was done, or failed. Told on the thread that did it; what a listener throws is
    /// logged and harms nobody.
    /// </summary>
    public event EventHandler<AutomaticSave>? SavedByItself;
#pragma warning restore MA0046

    /// <summary>The session as it stands: an immutable copy.</summary>
    /// <exception cref="SojournException">It cannot be read.</exception>
    public async Task<PlaySession> GetAsync() =>
        (await _folder.Engine.GetAsync<PlaySession>(Key.Id).ConfigureAwait(false)).Expect().State;

    /// <summary>Sets what the game keeps about the session; see <see cref="Update"/>.</summary>
    /// <param name="metadata">Values that System.Text.Json can write; null removes.</param>
    /// <exception cref="SojournException">It was not taken; the message says why.</exception>
    public async Task<PlayTimes> UpdateAsync(IReadOnlyDictionary<string, object?> metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        var update = new Update(metadata.ToImmutableSortedDictionary(
            value => value.Key,
            value => JsonSerializer.SerializeToElement(value.Value, SojournJson.Stored),
            StringComparer.Ordinal));
        return (await _folder.Engine.SendAsync(Key.Id, update).ConfigureAwait(false)).Expect();
    }

    /// <summary>Changes when the game is saved by itself; see <see cref="Adjust"/>.</summary>
    /// <exception cref="SojournException">It was not taken; the message says why.</exception>
    public async Task AdjustAsync(Adjust adjust)
    {
        ArgumentNullException.ThrowIfNull(adjust);
        (await _folder.Engine.SendAsync(Key.Id, adjust).ConfigureAwait(false)).Expect();
    }

    /// <summary>The player is somewhere else in the game. At a mission's end and a campaign's, the game is
    /// saved.</summary>
    /// <returns>Null if the table allows it; otherwise why not.</returns>
    /// <exception cref="SojournException">The session is over, or the store is in trouble.</exception>
    public async Task<FlowRefusal?> ChangeStateAsync(GameState to)
    {
        var answer = await _folder.Engine.SendAsync(Key.Id, new ChangeState(to)).ConfigureAwait(false);
        if (answer.Problem is { Code: "illegal-state-change" } illegal)
        {
            return new FlowRefusal(illegal.Code, illegal.Message);
        }

        var change = answer.Expect();
        if (change.AutoSave)
        {
            _automatic.Want(SaveType.Auto, "state-change");
        }
        else if (change.Checkpoint)
        {
            _automatic.Want(SaveType.Checkpoint, "state-change");
        }

        return null;
    }

    /// <summary>Saves to a slot, and tells the session how it went.</summary>
    /// <param name="slot">Where.</param>
    /// <param name="game">The game as it is now.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="giveUp">Cancels it as long as it is not committed.</param>
    /// <exception cref="SaveException">It was not saved; what was there is whole.</exception>
    public Task<SaveMetadata> SaveAsync(
        SlotName slot, GameCapture game, IProgress<SaveProgress>? progress = null, CancellationToken giveUp = default)
    {
        ArgumentNullException.ThrowIfNull(game);
        return SaveAsync(slot, game, slot == SlotName.Quick ? SaveType.Quick : SaveType.Manual, progress, giveUp);
    }

    /// <summary>As <see cref="SaveAsync(SlotName, GameCapture, IProgress{SaveProgress}?, CancellationToken)"/>, to the
    /// quick slot.</summary>
    public Task<SaveMetadata> QuickSaveAsync(GameCapture game, CancellationToken giveUp = default) =>
        SaveAsync(SlotName.Quick, game, null, giveUp);

    /// <summary>Has the game saved to the automatic slot soon, as at an interval.</summary>
    public void AutoSave() => _automatic.Want(SaveType.Auto, "game");

    /// <summary>Has a checkpoint made soon, as at an interval.</summary>
    /// <param name="why">1 to 32 characters.</param>
    public void WantCheckpoint(string why = "game") => _automatic.Want(SaveType.Checkpoint, why);

    /// <summary>Loads a save while the game is being played.</summary>
    /// <param name="slot">From where.</param>
    /// <param name="which">Null for the newest, or an older one if need be.</param>
    /// <param name="giveUp">Loads nothing.</param>
    /// <exception cref="SaveException">It cannot be loaded; the message says why.</exception>
    public Task<LoadedSave> LoadAsync(SlotName slot, LoadOptions? which = null, CancellationToken giveUp = default) =>
        _folder.Saves.LoadAsync(slot, which, giveUp);

    /// <summary>Ends the session in good order: no recovery will be offered for it. A second end does
    /// nothing.</summary>
    /// <param name="reason">Why, for people; at most 64 characters.</param>
    /// <returns>How long it lasted.</returns>
    /// <exception cref="SojournException">The end could not be written.</exception>
    public async Task<PlayTimes> EndAsync(string? reason = null)
    {
        var times = (await _folder.Engine.SendAsync(Key.Id, new End(reason)).ConfigureAwait(false)).Expect();
        Leave();
        return times;
    }

    /// <summary>The game goes down and knows it: the next start offers to recover it.</summary>
    /// <param name="what">What happened, in a sentence for the player.</param>
    /// <exception cref="SojournException">It could not be written; the message says why.</exception>
    public async Task AbandonAsync(string what)
    {
        var found = await FoundSave.AllAsync(_folder.Saves, default).ConfigureAwait(false);
        var pilot = (await GetAsync().ConfigureAwait(false)).Pilot;
        if (await _folder.InterruptAsync(Key, what, FoundSave.Of(found, pilot)).ConfigureAwait(false) is { } problem)
        {
            throw new SojournException(problem);
        }

        Leave();
    }

    /// <summary>Lets saves under way come to their end. It does not end the session; the folder does.</summary>
    public async ValueTask DisposeAsync()
    {
        Leave();
        await _automatic.DisposeAsync().ConfigureAwait(false);
        // One that failed is only less known of when the game was alive.
        await _beating.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    internal void Leave()
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
        {
            _beat.Dispose();
            _automatic.Stop();
            _folder.Left(this);
        }
    }

    internal void Tell(AutomaticSave save)
    {
        foreach (var listener in Delegate.EnumerateInvocationList(SavedByItself))
        {
            try
            {
                listener(this, save);
            }
            catch (Exception failure)
            {
                _folder.Options.Logging.CreateLogger<GameSession>().LogListenerFailed(failure, Key);
            }
        }
    }

    internal async Task<SaveMetadata> SaveAsync(
        SlotName slot, GameCapture game, SaveType type, IProgress<SaveProgress>? progress, CancellationToken giveUp,
        string? checkpoint = null)
    {
        var clock = _folder.Options.Clock;
        var began = clock.GetTimestamp();
        var details = Fill(game.Details, type, await GetAsync().ConfigureAwait(false), clock.GetUtcNow());
        SaveMetadata saved;
        try
        {
            saved = await _folder.Saves.SaveAsync(slot, game.Content, details, progress, giveUp).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is SaveException or OperationCanceledException)
        {
            var told = new Saved(new SavedContent(slot.ToString(), 1, NameOf(type)), failure.Message);
            await _folder.Engine.SendAsync(Key.Id, told, null, CancellationToken.None).ConfigureAwait(false);
            throw;
        }

        var note = new SavedContent(
            slot.ToString(), saved.Generation, NameOf(type), saved.Sha256, saved.Size,
            clock.GetElapsedTime(began).TotalMilliseconds);
        // The save is on the disk, whatever the session says to it: it may be over by now, and lists find the save
        // anyway.
        if (checkpoint is null)
        {
            await _folder.Engine.SendAsync(Key.Id, new Saved(note), null, CancellationToken.None).ConfigureAwait(false);
        }
        else
        {
            await _folder.Engine.SendAsync(Key.Id, new Checkpoint(checkpoint, note), null, CancellationToken.None)
                .ConfigureAwait(false);
        }

        return saved;
    }

    private static string NameOf(SaveType type) => type.ToString().ToLowerInvariant();

    private SaveDetails Fill(SaveDetails? given, SaveType type, PlaySession state, DateTimeOffset now)
    {
        var details = given ?? new SaveDetails();
        return details with
        {
            Type = type,
            Callsign = details.Callsign.Length == 0 ? state.Pilot : details.Callsign,
            GameVersion = details.GameVersion.Length == 0 ? state.GameVersion : details.GameVersion,
            GameState = details.GameState ?? state.GameState.ToString(),
            PlayId = details.PlayId ?? Key.Id.ToString(),
            RealPlayTime = details.RealPlayTime == TimeSpan.Zero ? state.LastedUntil(now) : details.RealPlayTime,
        };
    }

    // If the store does not take one, the next comes soon.
    private void Beat()
    {
        if (_beating.IsCompleted)
        {
            _beating = _folder.Engine.SendAsync(
                Key.Id, new Beat(), new SendOptions { IsUpkeep = true }, CancellationToken.None).AsTask();
        }
    }
}

/// <summary>A save that a game's session did by itself.</summary>
/// <param name="Type"><see cref="SaveType.Auto"/> or <see cref="SaveType.Checkpoint"/>.</param>
/// <param name="Why">Why: <c>start</c>, <c>interval</c>, <c>state-change</c> or what the game said.</param>
/// <param name="Save">The save; null if it failed, or if the game had nothing to save.</param>
/// <param name="Failure">Why it failed; null if it did not.</param>
public sealed record AutomaticSave(SaveType Type, string Why, SaveMetadata? Save, Exception? Failure);
