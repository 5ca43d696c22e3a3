using System.Collections.Frozen;

namespace Sojourn.Kinds.Play.Flow;

/// <summary>
/// A table of which states may follow which, with guards, and the state that a game is in. Any game may have one of its
/// own states. Every member may be called from any thread; one transition is under way at a time.
/// </summary>
/// <typeparam name="TState">The states, as a rule an enum.</typeparam>
public sealed class StateMachine<TState>
    where TState : struct, Enum
{
    private readonly FlowTable<TState> _table;
    private readonly Lock _gate = new();
    private TState _current;
    private TState? _under;

    /// <summary>Begins in a state.</summary>
    /// <param name="table">What may follow what.</param>
    /// <param name="initial">The state it begins in.</param>
    public StateMachine(FlowTable<TState> table, TState initial)
    {
        ArgumentNullException.ThrowIfNull(table);
        (_table, _current) = (table, initial);
    }

    /// <summary>The state it is in; while a transition is under way, the one that is being left.</summary>
    public TState Current
    {
        get
        {
            lock (_gate)
            {
                return _current;
            }
        }
    }

    /// <summary>The state that a transition under way leads to; null if none is under way.</summary>
    public TState? Next
    {
        get
        {
            lock (_gate)
            {
                return _under;
            }
        }
    }

    /// <summary>
    /// Moves to a state: asks the table and the guards, has the old state left and the new one entered, and only then is
    /// in it. If that fails or is given up, the machine is where it was.
    /// </summary>
    /// <param name="to">Where to. Where it is already: nothing is done, and that is fine.</param>
    /// <param name="transit">
    /// What the transition is: leaving, loading, entering. Called without any lock. Null for nothing.
    /// </param>
    /// <param name="giveUp">Handed to <paramref name="transit"/>.</param>
    /// <returns>Null if it was done; otherwise why not.</returns>
    public async Task<FlowRefusal?> MoveAsync(
        TState to, Func<TState, TState, CancellationToken, Task>? transit = null, CancellationToken giveUp = default)
    {
        TState from;
        lock (_gate)
        {
            if (_under is { } under)
            {
                return new FlowRefusal("in-transition",
                    $"It is on its way from {_current} to {under}; ask again once that is done.");
            }

            from = _current;
            if (EqualityComparer<TState>.Default.Equals(from, to))
            {
                return null;
            }

            _under = to;
        }

        var arrived = from;
        try
        {
            // The guards are a game's own code, and so are not asked under the lock.
            if (_table.WhyNot(from, to) is { } refusal)
            {
                return refusal;
            }

            giveUp.ThrowIfCancellationRequested();
            await (transit?.Invoke(from, to, giveUp) ?? Task.CompletedTask).ConfigureAwait(false);
            arrived = to;
            return null;
        }
        finally
        {
            lock (_gate)
            {
                (_current, _under) = (arrived, null);
            }
        }
    }
}

/// <summary>Which states may follow which, and under what conditions. Immutable.</summary>
/// <typeparam name="TState">The states.</typeparam>
public sealed class FlowTable<TState>
    where TState : struct, Enum
{
    private readonly FrozenDictionary<TState, TState[]> _next;
    private readonly FrozenDictionary<TState, Func<TState, string?>> _guards;

    /// <summary>Takes the rows.</summary>
    /// <param name="next">For each state those that may follow it, in the order in which paths prefer them.</param>
    public FlowTable(IReadOnlyDictionary<TState, TState[]> next)
        : this(next, FrozenDictionary<TState, Func<TState, string?>>.Empty)
    {
    }

    private FlowTable(
        IReadOnlyDictionary<TState, TState[]> next, IReadOnlyDictionary<TState, Func<TState, string?>> guards)
    {
        ArgumentNullException.ThrowIfNull(next);
        _next = next.ToFrozenDictionary(row => row.Key, row => row.Value.ToArray());
        _guards = guards.ToFrozenDictionary();
    }

    /// <summary>The same table with a condition on entering a state; it takes the place of an earlier one.</summary>
    /// <param name="state">The state that it is asked about.</param>
    /// <param name="missing">Given where from: null if it may be entered, otherwise a sentence that says what is
    /// missing.</param>
    public FlowTable<TState> Guard(TState state, Func<TState, string?> missing)
    {
        ArgumentNullException.ThrowIfNull(missing);
        return new(_next, new Dictionary<TState, Func<TState, string?>>(_guards) { [state] = missing });
    }

    /// <summary>What may follow a state, guards aside.</summary>
    public IReadOnlyList<TState> After(TState state) => _next.GetValueOrDefault(state) ?? [];

    /// <summary>Why a state may not follow another; null if it may.</summary>
    public FlowRefusal? WhyNot(TState from, TState to)
    {
        if (!After(from).Contains(to))
        {
            var may = After(from).Count == 0 ? "nothing follows it" : $"it leads to {string.Join(", ", After(from))}";
            return new FlowRefusal("illegal-state-change", $"{to} cannot follow {from}: {may}.");
        }

        return _guards.GetValueOrDefault(to)?.Invoke(from) is { } missing
            ? new FlowRefusal("guarded", $"{to} cannot be entered yet: {missing}")
            : null;
    }

    /// <summary>
    /// The shortest way from one state to another, without the first and with the last; empty if they are the same, null
    /// if there is none. Guards are not asked: what they want is there only once one is on the way.
    /// </summary>
    public IReadOnlyList<TState>? PathTo(TState from, TState to)
    {
        var cameFrom = new Dictionary<TState, TState> { [from] = from };
        var queue = new Queue<TState>([from]);
        while (queue.TryDequeue(out var state) && !cameFrom.ContainsKey(to))
        {
            foreach (var next in After(state).Where(next => cameFrom.TryAdd(next, state)))
            {
                queue.Enqueue(next);
            }
        }

        if (!cameFrom.ContainsKey(to))
        {
            return null;
        }

        var path = new List<TState>();
        for (var at = to; !EqualityComparer<TState>.Default.Equals(at, from); at = cameFrom[at])
        {
            path.Insert(0, at);
        }

        return path;
    }
}

/// <summary>Why a state was not entered.</summary>
/// <param name="Code">Stable, in kebab case: <c>illegal-state-change</c>, <c>guarded</c>, <c>in-transition</c>.</param>
/// <param name="Message">A sentence that says what would be possible.</param>
public sealed record FlowRefusal(string Code, string Message);
