namespace Sojourn.Testing;

/// <summary>
/// Tests a kind's rules without an engine: no store, no server, no waiting. Time and chance are what the test says.
/// </summary>
/// <example>
/// <code>
/// var counter = Rules.Of(new CounterKind()).Start(new NewCounter()).Send(new Increment(5));
/// Assert.Equal(5, counter.Reply);
/// Assert.Equal(5, counter.State.Total);
/// </code>
/// </example>
public static class Rules
{
    /// <summary>Takes a kind to be tested.</summary>
    /// <exception cref="SojournException">The engine would not take the kind; the message says why.</exception>
    public static RuleBook<TState> Of<TState>(Kind<TState> kind)
        where TState : class
    {
        ArgumentNullException.ThrowIfNull(kind);
        return new RuleBook<TState>(new Standing(new KindUnderTest(kind.BuildRules())));
    }
}

/// <summary>
/// A kind's rules before a session of them begins. Immutable: each member gives another one, so a test may start many
/// sessions from one.
/// </summary>
public sealed class RuleBook<TState>
    where TState : class
{
    private readonly Standing _before;

    internal RuleBook(Standing before) => _before = before;

    /// <summary>What time it is. Default: noon of 1 January 2026, UTC, as in <see cref="ManualClock"/>.</summary>
    public RuleBook<TState> At(DateTimeOffset now) => new(_before with { Now = now.ToUniversalTime() });

    /// <summary>What chance begins with; default 1. The same seed throws the same dice.</summary>
    public RuleBook<TState> Seeded(ulong seed) => new(_before with { Seed = seed });

    /// <summary>The session's id and owner, as the rules see them. Default: <c>a</c>, of the local owner.</summary>
    public RuleBook<TState> Named(SessionId id, OwnerId owner = default) =>
        new(_before with { Key = new SessionKey(_before.Kind.Name, owner, id) });

    /// <summary>Starts a session.</summary>
    /// <exception cref="RuleBrokenException">The rule breaks a promise that the engine relies on.</exception>
    public Decided<TState> Start(IStart<TState> start)
    {
        ArgumentNullException.ThrowIfNull(start);
        var rule = _before.Kind.Rules.Start;
        return start.GetType() == rule.StartType
            ? new Decided<TState>(Decision.Start(_before, start))
            : throw new ArgumentException(
                $"A session of kind '{_before.Kind.Name}' begins with a {rule.StartType.Name}.", nameof(start));
    }

    /// <summary>Takes up a session in the middle of its life, as the store would give it.</summary>
    /// <param name="state">Its state.</param>
    /// <param name="version">The steps it has taken, from 1.</param>
    public Decided<TState> From(TState state, long version = 1)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        return new Decided<TState>(Decision.Resume(_before, state, version));
    }
}
