using Sojourn.Engine;

namespace Sojourn;

public sealed partial class SojournEngine
{
    /// <summary>Reads a log of a session: <c>events</c>, or a stream that its kind names.</summary>
    /// <param name="session">The session.</param>
    /// <param name="stream">The log. One that nothing was appended to is empty.</param>
    /// <param name="after">The number of the last entry that was seen; 0 for the beginning.</param>
    /// <param name="most">How much to return at most.</param>
    /// <param name="giveUp">Ends the waiting.</param>
    /// <returns>A page, or <see cref="ProblemTypes.NotFound"/>.</returns>
    /// <exception cref="SojournException">The store cannot be read.</exception>
    public async ValueTask<Answer<StreamPage>> ReadStreamAsync(
        SessionKey session, string stream, long after, StreamLimits most, CancellationToken giveUp = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var kind = _parts.Kind(session.Kind);
        while (true)
        {
            var cell = kind.Cells.Find(session.Owner, session.Id);
            if (cell is not { IsLoaded: true, Visible: not null })
            {
                var read = new ReadRequest(kind.CellOf(session.Owner, session.Id));
                var seen = await _parts.Runner.SubmitAsync(read).ConfigureAwait(false);
                if (seen.Problem is { } problem)
                {
                    return new(problem);
                }

                cell = read.Cell;
            }

            cell.NoteRead(_parts.Time.GetUtcNow());
            if (cell.Visible is { } visible
                && await ReadingAsync(_parts.Reads.PageAsync(cell, visible, new(stream, after, most), giveUp))
                    .ConfigureAwait(false) is { }
                    page)
            {
                return new(page);
            }

            // It leaves memory, or begins anew, at this moment: look again.
            giveUp.ThrowIfCancellationRequested();
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }
    }

    /// <summary>Begins to follow a log of a session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="stream">The log: <c>events</c>, or a stream that the kind names.</param>
    /// <exception cref="SojournException">There is no such session, it has too many watchers, or its owner too many
    /// streams.</exception>
    public async ValueTask<StreamFollower> FollowStreamAsync(SessionKey session, string stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var kind = _parts.Kind(session.Kind);
        var account = _parts.Accounts.Of(session.Owner);
        if (!account.TryAddStream())
        {
            throw new SojournException(Problems.TooManyStreams(account.Quota.MaxStreams ?? 0));
        }

        try
        {
            var (cell, log) = await AdmitWatcherAsync(kind, session).ConfigureAwait(false);
            return new StreamFollower(cell, log, _parts.Reads, stream, _parts.Stopping);
        }
        catch
        {
            account.RemoveStream();
            throw;
        }
    }
}
