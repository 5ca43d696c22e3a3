using Sojourn.Engine;

namespace Sojourn;

/// <summary>
/// Follows one log of a session, by pulling: whoever has read to the end waits for more. It holds no entry, so that a
/// slow one costs no memory and holds up nobody. For one reader at a time; dispose of it when done. Counts as a watcher
/// of the session and as a stream of its owner.
/// </summary>
public sealed class StreamFollower : IDisposable
{
    private readonly Cell _cell;
    private readonly EventLog _log;
    private readonly StreamReads _reads;
    private readonly string _stream;
    private bool _isDisposed;

    internal StreamFollower(Cell cell, EventLog log, StreamReads reads, string stream, CancellationToken stopping) =>
        (_cell, _log, _reads, _stream, Stopping) = (cell, log, reads, stream, stopping);

    /// <summary>What lies after a number.</summary>
    /// <returns>
    /// A page; null once the session that was followed is gone, also if another has begun in its place.
    /// </returns>
    /// <exception cref="SojournException">The store cannot be read.</exception>
    public async ValueTask<StreamPage?> ReadAsync(long after, StreamLimits most, CancellationToken giveUp = default)
    {
        while (true)
        {
            // In this order: what is published after the pulse was taken will complete it.
            var pulse = _log.NextPulse();
            if (_log.Closed is not null || _cell.Visible is not { } visible)
            {
                return null;
            }

            var reading = _reads.PageAsync(_cell, visible, new(_stream, after, most), giveUp);
            if (await SojournEngine.ReadingAsync(reading).ConfigureAwait(false) is { } page)
            {
                return page;
            }

            // Another life is in the store, and is about to be seen.
            await WaitAsync(pulse, giveUp).ConfigureAwait(false);
        }
    }

    /// <summary>Cancelled when the engine stops: nothing changes any more.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Completes when the session has changed since a page was read, or is gone.</summary>
    /// <param name="seen">The page.</param>
    /// <param name="giveUp">Ends the waiting.</param>
    /// <exception cref="OperationCanceledException">The waiting was ended, or the engine stops.</exception>
    public async Task WaitAsync(StreamPage seen, CancellationToken giveUp = default)
    {
        while (!HasChanged(seen, out var change))
        {
            await WaitAsync(change, giveUp).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Whether the session has changed since a page was read, or is gone; for one who waits for several things at once,
    /// and must not make anything for each wait.
    /// </summary>
    /// <param name="seen">The page.</param>
    /// <param name="change">
    /// Completes when it is time to ask again. All who wait share it; it may never complete if the engine stops, see
    /// <see cref="Stopping"/>.
    /// </param>
    public bool HasChanged(StreamPage seen, out Task change)
    {
        ArgumentNullException.ThrowIfNull(seen);
        // In this order: what is published after the pulse was taken will complete it.
        change = _log.NextPulse();
        return _log.Closed is not null || _cell.Visible is not { } visible
            || visible.Version != seen.Session.Version || visible.CreatedAt != seen.Session.CreatedAt;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _log.RemoveWatcher();
            _cell.Account.RemoveStream();
        }
    }

    private async Task WaitAsync(Task pulse, CancellationToken giveUp)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(giveUp, Stopping);
        await pulse.WaitAsync(either.Token).ConfigureAwait(false);
    }
}
