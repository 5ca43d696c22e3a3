namespace Sojourn.Testing;

/// <summary>
/// A session after its rules decided something: how it stands, and what the deciding yielded. Immutable: sending a
/// command gives another one and leaves this as it is, so a test may try several things from the same point.
/// </summary>
public class Decided<TState>
    where TState : class
{
    private readonly Decision _decision;

    internal Decided(Decision decision) => _decision = decision;

    /// <summary>The state after the step; after a refusal, the state as it was.</summary>
    /// <exception cref="InvalidOperationException">The start was refused, or the session has expired.</exception>
    public TState State => (TState)Standing.StateOf(_decision);

    /// <summary>The state's status, one of the policy's.</summary>
    public string Status => Standing.StatusOf(_decision).Name;

    /// <summary>True if the status is busy: a driver would be at work.</summary>
    public bool IsBusy => Standing.StatusOf(_decision).Busy;

    /// <summary>True if the status is final.</summary>
    public bool IsFinal => Standing.StatusOf(_decision).Final;

    /// <summary>True once the session has stayed in its status for as long as that is kept.</summary>
    public bool IsExpired => Standing.IsExpired;

    /// <summary>The number of steps taken: refusals and unchanged steps do not count.</summary>
    public long Version => Standing.Version;

    /// <summary>What time it is, UTC.</summary>
    public DateTimeOffset Now => Standing.Now;

    /// <summary>When the rules ask to be woken, UTC; null for never.</summary>
    public DateTimeOffset? WakeAt => Standing.WakeAt;

    /// <summary>When the session will be removed if it stays in this status, UTC; null for never.</summary>
    public DateTimeOffset? ExpiresAt => Standing.ExpiresAt;

    /// <summary>The rules' "no"; null if they accepted.</summary>
    public Refusal? Refusal => _decision.Refusal;

    /// <summary>True unless the rules said no.</summary>
    public bool IsAccepted => Refusal is null;

    /// <summary>True if this was a step; false if it was refused or nothing had to change.</summary>
    public bool IsChange => _decision.IsChange;

    /// <summary>
    /// The events of this step, in order, as the records that the rule made. After <see cref="After"/>, those of all
    /// wake-ups on the way.
    /// </summary>
    public IReadOnlyList<object> Events => _decision.Events;

    /// <summary>What this step appended to the session's streams, in order.</summary>
    public IReadOnlyList<AppendedEntry> Entries => _decision.Entries;

    internal object? RawReply => _decision.Refusal is null
        ? _decision.Reply
        : throw new InvalidOperationException($"There is no reply, the rules refused: {_decision.Refusal}");

    private Standing Standing => _decision.After;

    /// <summary>
    /// Has the rules decide a command, be it a client's or a driver's report. They are asked several times, to see that
    /// they are pure and that the state survives being stored.
    /// </summary>
    /// <exception cref="RuleBrokenException">The rule breaks a promise that the engine relies on.</exception>
    /// <exception cref="ArgumentException">The kind has no such command.</exception>
    public Decided<TState, TReply> Send<TReply>(ICommand<TReply> command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return new Decided<TState, TReply>(Decision.Send(_decision, command));
    }

    /// <summary>
    /// Calls the rules' wake-up: at its time if that is still to come, or else now, late, as after a night without
    /// a server.
    /// </summary>
    /// <exception cref="InvalidOperationException">The state asks for no wake-up.</exception>
    /// <exception cref="RuleBrokenException">
    /// Also if the step asks for a time that has passed: the engine would call again and again.
    /// </exception>
    public Decided<TState> Wake() => new(Decision.Wake(_decision));

    /// <summary>
    /// Lets time pass with the engine running: each wake-up on the way is called at its time, and a session that has
    /// been in its status for long enough expires.
    /// </summary>
    /// <exception cref="RuleBrokenException">Also if there are more than 10,000 wake-ups on the way.</exception>
    public Decided<TState> After(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        return new Decided<TState>(Decision.Pass(_decision, time));
    }

    /// <summary>
    /// Sets the clock and calls nothing, as if no engine had run meanwhile and one began now. Backwards too; rules
    /// never see a time before that of the session's last step.
    /// </summary>
    public Decided<TState> At(DateTimeOffset now) => new(Decision.Nothing(
        Standing with { Now = now.ToUniversalTime(), AwakeSince = now.ToUniversalTime() }));

    /// <summary>What chance begins with from here on.</summary>
    public Decided<TState> Seeded(ulong seed) => new(Decision.Nothing(Standing with { Seed = seed }));

    /// <summary>The driver's code has ended while the session was busy; if it is not busy, nothing happens.</summary>
    /// <param name="error">The exception's message; null if the driver simply returned.</param>
    /// <param name="attempts">How often in a row, this time included.</param>
    public Decided<TState> DriverEnds(string? error = null, int attempts = 1) =>
        new(Decision.DriverEnds(_decision, new DriverExit(error, attempts)));
}

/// <summary>A <see cref="Decided{TState}"/> whose command has a reply.</summary>
public sealed class Decided<TState, TReply> : Decided<TState>
    where TState : class
{
    internal Decided(Decision decision)
        : base(decision)
    {
    }

    /// <summary>The reply.</summary>
    /// <exception cref="InvalidOperationException">The rules refused.</exception>
    public TReply Reply => (TReply)RawReply!;
}

/// <summary>What a step appended to one of the session's streams.</summary>
/// <param name="Stream">The stream's name.</param>
/// <param name="Bytes">The entry.</param>
public sealed record AppendedEntry(string Stream, ReadOnlyMemory<byte> Bytes);
