using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Sojourn.Engine;

/// <summary>
/// Tells subscribers in this process what happens. Each has a queue and a task of its own: one that is slow or throws
/// holds up no session and no other subscriber.
/// </summary>
internal sealed partial class Observers(TimeProvider time, ILogger log) : IDisposable
{
    private ImmutableArray<Subscription> _subscriptions = [];

    /// <summary>False while nobody listens, so that nobody need put a happening together.</summary>
    public bool Any => !_subscriptions.IsEmpty;

    public Subscription Add(Func<SessionHappening, CancellationToken, ValueTask> observe, int queue)
    {
        var subscription = new Subscription(this, observe, queue);
        ImmutableInterlocked.Update(ref _subscriptions, all => all.Add(subscription));
        return subscription;
    }

    public void Tell(SessionHappening happening)
    {
        foreach (var subscription in _subscriptions)
        {
            subscription.Tell(happening);
        }
    }

    public void Tell(Happening what, Cell cell) => Tell(what, cell, ViewOf(cell));

    public void Tell(Happening what, Cell cell, SessionView? view)
    {
        if (Any)
        {
            Tell(new SessionHappening(what, cell.Key, time.GetUtcNow()) { View = view });
        }
    }

    /// <summary>The session as it stands, for who listens; null if nobody does, or there is none.</summary>
    public SessionView? ViewOf(Cell cell) => Any && cell.Visible is { } seen ? cell.View(seen) : null;

    /// <summary>Tells of a step, or of an end.</summary>
    public void Tell(
        Cell cell, Snapshot? before, Snapshot? after, IReadOnlyList<SessionEvent> events, RemovalReason reason)
    {
        var seen = after ?? before;
        if (!Any || seen is null || ReferenceEquals(before, after))
        {
            return;
        }

        Tell(new SessionHappening(WhatOf(before, after, reason), cell.Key, after?.LastActivityAt ?? time.GetUtcNow())
        {
            View = cell.View(seen),
            PreviousStatus = before?.Status.Name,
            Events = events,
        });
    }

    /// <summary>Lets the subscribers hear the rest, as long as they are given.</summary>
    public async Task StopAsync(CancellationToken giveUp)
    {
        await Task.WhenAll(_subscriptions.Select(subscription => subscription.EndAsync(giveUp))).ConfigureAwait(false);
    }

    /// <summary>
    /// Tells nobody anything more, and waits for nobody: they were given time when the engine stopped.
    /// </summary>
    public void Dispose()
    {
        foreach (var subscription in _subscriptions)
        {
            subscription.Cut();
        }
    }

    private static Happening WhatOf(Snapshot? before, Snapshot? after, RemovalReason reason) => (before, after) switch
    {
        (_, null) => reason switch
        {
            RemovalReason.Expired => Happening.Expired,
            RemovalReason.Evicted => Happening.Evicted,
            _ => Happening.Removed,
        },
        (null, _) => Happening.Created,
        _ when after.Status.Final && !before.Status.Final =>
            after.Status.Failed ? Happening.Failed : Happening.Completed,
        _ when after.Status.Busy && before.Status.Busy => Happening.Progressed,
        _ => Happening.Changed,
    };

    [LoggerMessage(150, LogLevel.Error, "A subscriber failed on {What} of {Session}; it is told what follows.")]
    private static partial void LogFailed(ILogger log, Exception failure, Happening what, SessionKey session);

    /// <summary>One subscriber.</summary>
    internal sealed class Subscription : IAsyncDisposable
    {
        private readonly Observers _all;
        private readonly Func<SessionHappening, CancellationToken, ValueTask> _observe;
        private readonly Channel<SessionHappening> _queue;
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _pump;
        private long _missed;

        public Subscription(
            Observers all, Func<SessionHappening, CancellationToken, ValueTask> observe, int queue)
        {
            (_all, _observe) = (all, observe);
            _queue = Channel.CreateBounded<SessionHappening>(new BoundedChannelOptions(queue) { SingleReader = true });
            _pump = Task.Run(PumpAsync);
        }

        public void Tell(SessionHappening happening)
        {
            if (!_queue.Writer.TryWrite(happening))
            {
                Interlocked.Increment(ref _missed);
            }
        }

        public async Task EndAsync(CancellationToken giveUp)
        {
            _queue.Writer.TryComplete();
            try
            {
                await _pump.WaitAsync(giveUp).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // The grace time is over; what it has not heard by now it will not.
                Cut();
            }
        }

        /// <summary>Tells it nothing more. What it does about that, on another thread, is not waited for.</summary>
        public void Cut()
        {
            ImmutableInterlocked.Update(ref _all._subscriptions, all => all.Remove(this));
            _queue.Writer.TryComplete();
            _ = _stop.CancelAsync();
        }

        public async ValueTask DisposeAsync()
        {
            Cut();
            if (!IsObserving.Value)
            {
                await _pump.ConfigureAwait(false);
            }
        }

        // Somebody who unsubscribes while being told must not wait for himself.
        private static readonly AsyncLocal<bool> IsObserving = new();

        private async Task PumpAsync()
        {
            IsObserving.Value = true;
            await foreach (var happening in _queue.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                if (_stop.IsCancellationRequested)
                {
                    return;
                }

                if (Interlocked.Exchange(ref _missed, 0) is > 0 and var missed)
                {
                    await ObserveAsync(new SessionHappening(Happening.Missed, happening.Session, happening.At)
                    {
                        Missed = missed,
                    }).ConfigureAwait(false);
                }

                await ObserveAsync(happening).ConfigureAwait(false);
            }
        }

        private async ValueTask ObserveAsync(SessionHappening happening)
        {
            try
            {
                await _observe(happening, _stop.Token).ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                LogFailed(_all._log, failure, happening.What, happening.Session);
            }
        }
    }

    private readonly ILogger _log = log;
}
