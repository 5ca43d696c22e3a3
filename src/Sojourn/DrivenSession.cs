namespace Sojourn;

/// <summary>
/// A session under a driver's lease. Reports are fenced: once the lease is lost they are answered with
/// <see cref="ProblemTypes.LeaseLost"/> and change nothing.
/// </summary>
public sealed class DrivenSession<TState>
    where TState : class
{
    private readonly Engine.DriveLink _link;

    internal DrivenSession(Engine.DriveLink link) => _link = link;

    /// <summary>The session.</summary>
    public SessionKey Key => _link.Key;

    /// <summary>Grows with every change of hands; 1 for the first driver of the session's life.</summary>
    public long Term => _link.Term;

    /// <summary>The session as it stands.</summary>
    /// <exception cref="OperationCanceledException">The session is gone, or <paramref name="stop"/> was
    /// cancelled.</exception>
    public async ValueTask<SessionView<TState>> ReadAsync(CancellationToken stop) =>
        (SessionView<TState>)await _link.ReadAsync(stop).ConfigureAwait(false);

    /// <summary>
    /// Completes when the session has taken another step than those up to a version, so that a driver learns of what
    /// its users ask.
    /// </summary>
    /// <param name="version">The version that was seen.</param>
    /// <param name="stop">Ends the waiting.</param>
    public Task WaitAsync(long version, CancellationToken stop) => _link.WaitAsync(version, stop);

    /// <summary>
    /// Reports, exactly once: while the store cannot take it the report is tried again, with growing pauses up
    /// to five seconds, until <paramref name="stop"/> is cancelled, and is known by its number if it had arrived.
    /// Reports are sent one after another.
    /// </summary>
    public async ValueTask<Answer<Nothing>> SendAsync(ICommand command, CancellationToken stop) =>
        (await _link.SendAsync(command, stop).ConfigureAwait(false)).As(_ => Nothing.Value);

    /// <summary>One entry of a stream of the session; null if there is none of that number.</summary>
    /// <param name="stream">The stream's name.</param>
    /// <param name="number">From 1.</param>
    /// <param name="stop">Gives up.</param>
    public ValueTask<ReadOnlyMemory<byte>?> ReadEntryAsync(string stream, long number, CancellationToken stop) =>
        _link.ReadEntryAsync(stream, number, stop);
}
