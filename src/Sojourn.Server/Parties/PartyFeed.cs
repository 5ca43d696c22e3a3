using System.Collections.Concurrent;
using System.Collections.Immutable;
using Sojourn.Kinds.Parties;

namespace Sojourn.Server.Parties;

/// <summary>Wakes those who follow parties. The engine is asked once for all of them, and only while there are any.
/// </summary>
internal sealed class PartyFeed(SojournEngine engine)
{
    private readonly Lock _guard = new();
    private readonly ConcurrentDictionary<SessionKey, ImmutableArray<PartyPulse>> _pulses = new();
    private IAsyncDisposable? _subscription;

    /// <summary>Follows a party, until it is disposed of.</summary>
    /// <param name="party">Which.</param>
    public PartyPulse Open(SessionKey party)
    {
        var pulse = new PartyPulse(this, party);
        lock (_guard)
        {
            _pulses[party] = _pulses.GetValueOrDefault(party, []).Add(pulse);
            _subscription ??= engine.Subscribe(Tell);
        }

        return pulse;
    }

    /// <summary>Wakes all: something has changed that is no party's own.</summary>
    public void BeatAll()
    {
        foreach (var pulse in _pulses.Values.SelectMany(each => each))
            pulse.Beat();
    }

    internal async ValueTask CloseAsync(PartyPulse pulse)
    {
        IAsyncDisposable? unused = null;
        lock (_guard)
        {
            var rest = _pulses.GetValueOrDefault(pulse.Party, []).Remove(pulse);
            if (rest.IsEmpty)
                _pulses.TryRemove(pulse.Party, out _);
            else
                _pulses[pulse.Party] = rest;
            if (_pulses.IsEmpty)
                (unused, _subscription) = (_subscription, null);
        }

        if (unused is not null)
            await unused.DisposeAsync();
    }

    private ValueTask Tell(SessionHappening happening, CancellationToken stop)
    {
        if (happening.What == Happening.Missed)
        {
            BeatAll();
        }
        else if (happening.Session.Kind == PartyKind.KindName
            && _pulses.TryGetValue(happening.Session, out var pulses))
        {
            foreach (var pulse in pulses)
                pulse.Beat();
        }

        return default;
    }
}

/// <summary>Somebody who follows a party: woken when it has changed, once for many changes.</summary>
internal sealed class PartyPulse(PartyFeed feed, SessionKey party) : IAsyncDisposable
{
    private TaskCompletionSource _next = New();

    public SessionKey Party => party;

    /// <summary>
    /// Completes with the next change after this was asked for: who asks first and reads then misses nothing.
    /// </summary>
    public Task Next() => Volatile.Read(ref _next).Task;

    public void Beat() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    public ValueTask DisposeAsync() => feed.CloseAsync(this);

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
