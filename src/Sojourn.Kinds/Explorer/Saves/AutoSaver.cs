using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sojourn.Stores;

namespace Sojourn.Kinds.Explorer.Saves;

/// <summary>
/// Saves games to slot 0 by itself: after each flight, mining and salvage, and when one leaves memory because nobody
/// plays it. It follows what was committed, and holds up nobody who plays.
/// </summary>
internal sealed partial class AutoSaver(
    SojournEngine engine, SaveSlots slots, PendingSaves pending, TimeProvider time, ILogger<AutoSaver> log)
    : IHostedService, IDisposable
{
    private const int Writers = 4, Readers = 16;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>Happenings of different games may be told a little out of order.</summary>
    private static readonly TimeSpan Disorder = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stop = new();
    private DateTimeOffset _heardAt;
    private IAsyncDisposable? _hearing;
    private Task _working = Task.CompletedTask;
    private Task _retrying = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _heardAt = time.GetUtcNow();
        _working = Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(WriteAsync, CancellationToken.None)));
        _retrying = Task.Run(RetryAsync, CancellationToken.None);
        _hearing = engine.Subscribe(HearAsync);
        return Task.CompletedTask;
    }

    /// <summary>Writes what is due. The engine is stopped after this, and those who play before it.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_hearing is null)
        {
            return;
        }

        await _hearing.DisposeAsync();
        _hearing = null;
        try
        {
            // What was told and not heard any more.
            await CatchUpAsync(cancellationToken);
            await pending.DrainedAsync().WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            LogCutOff();
        }

        pending.Complete();
        await _stop.CancelAsync();
        await _working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _retrying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stop.Dispose();

    internal async ValueTask HearAsync(SessionHappening happening, CancellationToken stop)
    {
        if (happening.What == Happening.Missed)
        {
            await CatchUpAsync(stop);
        }

        _heardAt = happening.At > _heardAt ? happening.At : _heardAt;
        if (happening.What == Happening.Expired && happening.Session.Kind == ExplorerKind.KindName)
        {
            // It ended long ago, and so what was saved of it without being asked for goes with it.
            _ = await slots.RemoveAsync(happening.Session.Id, SaveSlots.Automatic, happening.Session.Owner);
            return;
        }

        // A game whose id is too long has no slots: nothing of it is saved, and nobody needs to read so at each hop.
        if (happening.View is not SessionView<Game> { State.Ending: null } game
            || game.Key.Id.ToString().Length > slots.LongestId
            || happening.What is Happening.Removed or Happening.Expired or Happening.Evicted)
        {
            return;
        }

        pending.Note(game, happening.What == Happening.Passivated ? SaveReason.Idle
            : happening.Events.Any(AutomaticSaves.IsOccasion) ? SaveReason.Automatic
            : null);
    }

    /// <summary>Looks after all games that were played since something was last heard.</summary>
    private async Task CatchUpAsync(CancellationToken stop)
    {
        var since = _heardAt - Disorder;
        var query = new SessionQuery
        {
            Kind = ExplorerKind.KindName,
            Owner = null,
            IsFinal = false,
            Limit = SessionQuery.MaxLimit,
        };
        try
        {
            for (var next = query; ;)
            {
                var page = await engine.ListAsync(next, stop);
                await Parallel.ForEachAsync(
                    page.Sessions.Where(session => session.LastActivityAt >= since),
                    new ParallelOptions { MaxDegreeOfParallelism = Readers, CancellationToken = stop },
                    async (session, _) => await slots.SettleAsync(session.Key.Id, session.Key.Owner)
                        .AsTask().WaitAsync(stop));
                if (page.Next is null)
                {
                    return;
                }

                next = query with { Cursor = page.Next };
            }
        }
        catch (SojournException failure)
        {
            LogNotCaughtUp(failure);
        }
    }

    private async Task WriteAsync()
    {
        await foreach (var key in pending.TakeAsync(_stop.Token))
        {
            var (game, reason) = pending.Begin(key);
            var problem = await TryWriteAsync(game, reason);
            if (problem is { Retryable: true })
            {
                // Once: it will be so every few seconds until it is over.
                if (pending.Failed(game, reason))
                {
                    LogLater(key, problem.Message);
                }

                continue;
            }

            if (problem is not null)
            {
                LogNever(key, problem.Message);
            }

            pending.Done(key);
        }
    }

    private async Task<Problem?> TryWriteAsync(SessionView<Game> game, SaveReason reason)
    {
        try
        {
            return (await slots.WriteAutomaticAsync(game, reason)).Problem;
        }
        catch (Exception failure)
        {
            // One game's trouble is no reason to save no other.
            LogFailed(failure, game.Key);
            return new Problem(ProblemTypes.RuleFailed, failure.Message);
        }
    }

    private async Task RetryAsync()
    {
        using var pauses = new PeriodicTimer(Pause, time);
        while (await pauses.WaitForNextTickAsync(_stop.Token))
        {
            pending.TryFailedAgain();
        }
    }

    [LoggerMessage(160, LogLevel.Warning, "{Game} could not be saved by itself, and is tried again: {Why}")]
    private partial void LogLater(SessionKey game, string why);

    [LoggerMessage(161, LogLevel.Warning, "{Game} could not be saved by itself: {Why}")]
    private partial void LogNever(SessionKey game, string why);

    [LoggerMessage(162, LogLevel.Error, "Saving {Game} by itself failed.")]
    private partial void LogFailed(Exception failure, SessionKey game);

    [LoggerMessage(163, LogLevel.Warning, "Which games are to be saved by themselves could not be read.")]
    private partial void LogNotCaughtUp(Exception failure);

    [LoggerMessage(164, LogLevel.Warning, "The time to stop was over before all games were saved by themselves. They "
        + "are as they were, and their automatic slots follow when these are next read.")]
    private partial void LogCutOff();
}
