using System.Collections.Immutable;
using Sojourn.Server.Keys;

namespace Sojourn.Server.Sessions;

/// <summary>
/// What happens to sessions, for those who look at lists of them. The engine is asked once for all of them, and only
/// while there are any.
/// </summary>
internal sealed class SessionFeed(SojournEngine engine)
{
    private readonly Lock _guard = new();
    private ImmutableArray<ChangeListener> _listeners = [];
    private IAsyncDisposable? _subscription;

    /// <summary>Listens from now on, until <see cref="CloseAsync"/>.</summary>
    /// <param name="kind">To sessions of this kind; null for any.</param>
    /// <param name="owner">To sessions of this owner; null for any.</param>
    /// <param name="id">To sessions with this id; null for any.</param>
    public ChangeListener Open(string? kind, OwnerId? owner, SessionId? id = null)
    {
        var listener = new ChangeListener(kind, owner, id);
        lock (_guard)
        {
            ImmutableInterlocked.Update(ref _listeners, all => all.Add(listener));
            _subscription ??= engine.Subscribe(Tell);
        }

        return listener;
    }

    /// <summary>Listens no more.</summary>
    public ValueTask CloseAsync(ChangeListener listener)
    {
        lock (_guard)
        {
            ImmutableInterlocked.Update(ref _listeners, all => all.Remove(listener));
            if (!_listeners.IsEmpty || _subscription is not { } unused)
            {
                return default;
            }

            _subscription = null;
            return unused.DisposeAsync();
        }
    }

    private ValueTask Tell(SessionHappening happening, CancellationToken stop)
    {
        if (happening.What == Happening.Passivated || KeyKind.IsHidden(happening.Session.Kind))
        {
            return default;
        }

        foreach (var listener in _listeners)
        {
            listener.Tell(happening);
        }

        return default;
    }
}

/// <summary>
/// The newest that happened to each of some sessions and was not taken yet: bounded, whatever happens meanwhile.
/// </summary>
internal sealed class ChangeListener(string? kind, OwnerId? owner, SessionId? id)
{
    /// <summary>The most sessions that are told of one by one; of more only how many changes there were.</summary>
    public const int Most = 500;

    private readonly Lock _guard = new();
    private Dictionary<SessionKey, SessionHappening> _newest = [];
    private long _missed;
    private TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

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
                _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return taken;
        }
    }

    internal void Tell(SessionHappening happening)
    {
        var isMissing = happening.What == Happening.Missed;
        if (!isMissing && ((kind is not null && happening.Session.Kind != kind)
            || (owner is not null && happening.Session.Owner != owner)
            || (id is not null && happening.Session.Id != id)))
        {
            return;
        }

        lock (_guard)
        {
            if (isMissing)
            {
                _missed += happening.Missed;
            }
            else if (_newest.Count < Most || _newest.ContainsKey(happening.Session))
            {
                _newest[happening.Session] = happening;
            }
            else
            {
                _missed++;
            }

            _arrived.TrySetResult();
        }
    }
}
