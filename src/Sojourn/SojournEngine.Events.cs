using System.Runtime.CompilerServices;
using Sojourn.Engine;
using Sojourn.Stores;

namespace Sojourn;

public sealed partial class SojournEngine
{
    /// <summary>
    /// Follows a session's events: all after a number (0 for the beginning), then what happens, until the session is
    /// gone. Break off by cancelling.
    /// </summary>
    /// <exception cref="SojournException">There is no such session, or it has too many watchers.</exception>
    public IAsyncEnumerable<SessionNews> WatchAsync(
        SessionKey session, long after, CancellationToken stop = default) => WatchAsync(session, null, after, stop);

    /// <summary>
    /// As <see cref="WatchAsync(SessionKey, long, CancellationToken)"/>, for one who comes back: if the session was
    /// begun anew since, it is told how that stands, by a <see cref="SessionSnapshot"/>, before what follows.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="after">The last event that was seen.</param>
    /// <param name="stop">Breaks off.</param>
    /// <exception cref="SojournException">There is no such session, or it has too many watchers.</exception>
    public IAsyncEnumerable<SessionNews> WatchAsync(
        SessionKey session, EventOffset after, CancellationToken stop = default) =>
        WatchAsync(session, after.Life, after.Number, stop);

    private async IAsyncEnumerable<SessionNews> WatchAsync(
        SessionKey session, DateTimeOffset? life, long after, [EnumeratorCancellation] CancellationToken stop)
    {
        var kind = _parts.Kind(session.Kind);
        var account = _parts.Accounts.Of(session.Owner);
        if (!account.TryAddStream())
        {
            throw new SojournException(Problems.TooManyStreams(account.Quota.MaxStreams ?? 0));
        }

        EventLog? log = null;
        try
        {
            (var cell, log) = await AdmitWatcherAsync(kind, session).ConfigureAwait(false);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, _parts.Stopping);
            await foreach (var news in new Watch(cell, log, _parts.Streams).FollowAsync(life, after, either.Token)
                .ConfigureAwait(false))
            {
                yield return news;
            }
        }
        finally
        {
            log?.RemoveWatcher();
            account.RemoveStream();
        }
    }

    /// <summary>Up to <paramref name="max"/> stored events after a number.</summary>
    /// <exception cref="SojournException">There is no such session, or the store cannot be read.</exception>
    public ValueTask<IReadOnlyList<SessionEvent>> ReadEventsAsync(
        SessionKey session, long after, int max, CancellationToken giveUp = default) =>
        ReadEventsAsync(session, null, after, max, giveUp);

    /// <summary>
    /// Up to <paramref name="max"/> stored events after one that was seen; none if the session was begun anew since.
    /// </summary>
    /// <exception cref="SojournException">There is no such session, or the store cannot be read.</exception>
    public ValueTask<IReadOnlyList<SessionEvent>> ReadEventsAsync(
        SessionKey session, EventOffset after, int max, CancellationToken giveUp = default) =>
        ReadEventsAsync(session, after.Life, after.Number, max, giveUp);

    private async ValueTask<IReadOnlyList<SessionEvent>> ReadEventsAsync(
        SessionKey session, DateTimeOffset? life, long after, int max, CancellationToken giveUp)
    {
        var kind = _parts.Kind(session.Kind);
        var read = new ReadRequest(kind.CellOf(session.Owner, session.Id));
        var seen = await _parts.Runner.SubmitAsync(read).ConfigureAwait(false);
        var view = (SessionView)seen.Reply!;
        if (life is not null && life != view.CreatedAt)
        {
            return [];
        }

        var events = await ReadingAsync(_parts.Streams.EventsAsync(
            read.Cell, new(view.CreatedAt, view.LastActivityAt, view.LastEvent), after, max, giveUp))
            .ConfigureAwait(false);
        return [.. events?.Where(happened => happened.Number <= view.LastEvent) ?? []];
    }

    /// <summary>One entry of a named stream of a session; null if there is no such entry, or no such session.</summary>
    /// <exception cref="SojournException">The store cannot be read.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadEntryAsync(
        SessionKey session, string stream, long number, CancellationToken giveUp = default)
    {
        var read = new ReadRequest(_parts.Kind(session.Kind).CellOf(session.Owner, session.Id));
        return (await _parts.Runner.SubmitAsync(read).ConfigureAwait(false)).IsAccepted
            ? await ReadingAsync(_parts.Streams.ReadEntryAsync(read.Cell, stream, number, giveUp)).ConfigureAwait(false)
            : null;
    }

    private async ValueTask<(Cell Cell, EventLog Log)> AdmitWatcherAsync(KindRuntime kind, SessionKey session)
    {
        while (true)
        {
            var read = new ReadRequest(kind.CellOf(session.Owner, session.Id));
            var seen = await _parts.Runner.SubmitAsync(read).ConfigureAwait(false);
            _ = seen.Reply;
            var log = read.Cell.EnsureLog();
            switch (log.TryAddWatcher(kind.Policy.MaxWatchers))
            {
                case Admission.Admitted:
                    return (read.Cell, log);
                case Admission.Full:
                    throw new SojournException(Problems.TooManyWatchers(kind.Policy.MaxWatchers));
                case Admission.Retired:
                default:
                    // It left memory between the two; it is brought back.
                    break;
            }
        }
    }
}
