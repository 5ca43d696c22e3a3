using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Sojourn.Kinds.Play.Saves;

namespace Sojourn.Kinds.Play.Games;

/// <summary>
/// Saves a game to its automatic slot when the rules say that it is time, one save after another. What is wanted while
/// one is under way becomes one more.
/// </summary>
internal sealed class AutomaticSaves : IAsyncDisposable
{
    // So that a walk through menus does not push the saves of an hour out of the slot.
    private static readonly TimeSpan BetweenStates = TimeSpan.FromSeconds(10);

    private readonly GameSession _session;
    private readonly Capturing _capturing;
    private readonly GameFolder _folder;
    private readonly IAsyncDisposable _subscription;
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _saving;
    private Task _unsubscribing = Task.CompletedTask;
    private (SaveType Type, string Why)? _wanted;
    private DateTimeOffset _last = DateTimeOffset.MinValue;

    public AutomaticSaves(GameSession session, Capturing capturing, GameFolder folder)
    {
        (_session, _capturing, _folder) = (session, capturing, folder);
        _subscription = folder.Engine.Subscribe(HearAsync);
        _saving = Task.Run(SaveAsync);
    }

    /// <summary>Has a save made. An automatic save does for a checkpoint, too.</summary>
    public void Want(SaveType type, string why)
    {
        lock (_gate)
        {
            var isTooSoon = type == SaveType.Checkpoint && why == "state-change"
                && _folder.Options.Clock.GetUtcNow() - _last < BetweenStates;
            if (isTooSoon || (_wanted is not null && type != SaveType.Auto))
            {
                return;
            }

            _wanted = (type, why);
        }

        _signal.Writer.TryWrite(true);
    }

    /// <summary>Begins no more, hears no more, and waits for the game no more. A second call does nothing.</summary>
    public void Stop()
    {
        if (_signal.Writer.TryComplete())
        {
            _stopping.Cancel();
            // Not waited for: it may be that a listener calls.
            _unsubscribing = _subscription.DisposeAsync().AsTask();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Stop();
        await _unsubscribing.ConfigureAwait(false);
        await _saving.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private ValueTask HearAsync(SessionHappening happening, CancellationToken stop)
    {
        if (happening.Session != _session.Key)
        {
            return default;
        }

        foreach (var happened in happening.Events)
        {
            // What a change of state asks for is known from its answer already.
            if (happened.Type == WireName.Of(typeof(CheckpointDue)))
            {
                Want(SaveType.Checkpoint, "interval");
            }
            else if (happened.Type == WireName.Of(typeof(AutoSaveDue))
                && happened.Data<AutoSaveDue>().Why == "interval")
            {
                Want(SaveType.Auto, "interval");
            }
        }

        return default;
    }

    private async Task SaveAsync()
    {
        await foreach (var _ in _signal.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            if (!_stopping.IsCancellationRequested && Take() is { } wanted
                && await SaveAsync(wanted.Type, wanted.Why).ConfigureAwait(false) is { } saved)
            {
                _session.Tell(saved);
            }
        }
    }

    private (SaveType Type, string Why)? Take()
    {
        lock (_gate)
        {
            var taken = _wanted;
            _wanted = null;
            return taken;
        }
    }

    /// <returns>Null if the session is over.</returns>
    private async Task<AutomaticSave?> SaveAsync(SaveType type, string why)
    {
        var stop = _stopping.Token;
        try
        {
            var game = await _capturing.TakeAsync(type, stop).ConfigureAwait(false);
            stop.ThrowIfCancellationRequested();
            if (game is null)
            {
                if (type == SaveType.Checkpoint)
                {
                    await _folder.Engine.SendAsync(_session.Key.Id, new Checkpoint(why)).ConfigureAwait(false);
                }

                return new AutomaticSave(type, why, null, null);
            }

            var checkpoint = type == SaveType.Checkpoint ? why : null;
            var saved = await _session.SaveAsync(
                SlotName.Auto, game, type, null, CancellationToken.None, checkpoint).ConfigureAwait(false);
            lock (_gate)
            {
                _last = _folder.Options.Clock.GetUtcNow();
            }

            return new AutomaticSave(type, why, saved, null);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception failure)
        {
            // The game goes on, and the next time comes; whoever listens is told now.
            _folder.Options.Logging.CreateLogger<GameSession>()
                .LogAutomaticSaveFailed(failure, _session.Key, why);
            return new AutomaticSave(type, why, null, failure);
        }
    }
}
