using System.Collections.Immutable;
using Sojourn.Server.Keys;

namespace Sojourn.Server.Sessions;

/// <summary>
/// What happens to sessions, for those who look at lists of them. The engine is asked once for all of them, and only
/// while there are any.
/// </summary>
internal sealed class SessionFeed(SojournEngine engine)
{
    /// <summary>The most that one owner's keys may listen at once: each is told of every change there is.</summary>
    public const int MostOfOwner = 100;

    private readonly Lock _guard = new();
    private ImmutableArray<ChangeListener> _listeners = [];
    private IAsyncDisposable? _subscription;

    /// <summary>Listens from now on, until <see cref="CloseAsync"/>.</summary>
    /// <param name="caller">Who listens.</param>
    /// <param name="kind">To sessions of this kind; null for any.</param>
    /// <param name="owner">To sessions of this owner; null for any.</param>
    /// <param name="id">To sessions with this id; null for any.</param>
    /// <returns>Null if as many of the caller's listen as may.</returns>
    public ChangeListener? TryOpen(OwnerId caller, string? kind, OwnerId? owner, SessionId? id = null)
    {
        lock (_guard)
        {
            if (_listeners.Count(each => each.Caller == caller) >= MostOfOwner)
            {
                return null;
            }

            var listener = new ChangeListener(caller, kind, owner, id);
            _listeners = _listeners.Add(listener);
            _subscription ??= engine.Subscribe(Tell);
            return listener;
        }
    }

    /// <summary>Listens no more.</summary>
    public ValueTask CloseAsync(ChangeListener listener)
    {
        IAsyncDisposable? unused = null;
        lock (_guard)
        {
            _listeners = _listeners.Remove(listener);
            if (_listeners.IsEmpty)
            {
                (unused, _subscription) = (_subscription, null);
            }
        }

        return unused?.DisposeAsync() ?? default;
    }

    private ValueTask Tell(SessionHappening happening, CancellationToken stop)
    {
        if (happening.What == Happening.Passivated
            || (happening.What != Happening.Missed && KeyKind.IsHidden(happening.Session.Kind)))
        {
            return default;
        }

        // Who reads slowly is not to keep in memory what the session has long left behind.
        var listed = happening with { View = happening.View?.AsListed(), Events = [] };
        foreach (var listener in Listeners())
        {
            listener.Tell(listed);
        }

        return default;
    }

    private ImmutableArray<ChangeListener> Listeners()
    {
        lock (_guard)
        {
            return _listeners;
        }
    }
}

/// <summary>
/// The newest that happened to each of some sessions and was not taken yet: bounded, whatever happens meanwhile.
/// </summary>
internal sealed class ChangeListener(OwnerId caller, string? kind, OwnerId? owner, SessionId? id = null)
{
    /// <summary>The most sessions that are told of one by one; of more only how many changes there were.</summary>
    public const int Most = 500;

    private readonly Lock _guard = new();
    private Dictionary<SessionKey, SessionHappening> _newest = [];
    private long _missed;
    private TaskCompletionSource _arrived = NewSignal();

    /// <summary>Who listens.</summary>
    public OwnerId Caller => caller;

    /// <summary>Completes when there is something to take.</summary>
    public Task Arrived
    {
        get
        {
            lock (_guard)
            {
                return _arrived.Task;
            }
        }
    }

    /// <summary>Takes what there is: the newest of each session, and how many changes were dropped.</summary>
    public (IReadOnlyCollection<SessionHappening> Changes, long Missed) Take()
    {
        lock (_guard)
        {
            var taken = (_newest.Values, _missed);
            (_newest, _missed) = ([], 0);
            if (_arrived.Task.IsCompleted)
            {
                _arrived = NewSignal();
            }

            return taken;
        }
    }

    internal void Tell(SessionHappening happening)
    {
        var isMissing = happening.What == Happening.Missed;
        if (!isMissing && !Concerns(happening.Session))
        {
            return;
        }

        lock (_guard)
        {
            if (!isMissing && (_newest.Count < Most || _newest.ContainsKey(happening.Session)))
            {
                _newest[happening.Session] = happening;
            }
            else
            {
                // Of those that the engine dropped nobody knows whose they were, and so not how many are told here.
                _missed++;
            }

            _arrived.TrySetResult();
        }
    }

    private bool Concerns(SessionKey session) =>
        (kind is null || session.Kind == kind) && (owner is null || session.Owner == owner)
        && (id is null || session.Id == id);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
