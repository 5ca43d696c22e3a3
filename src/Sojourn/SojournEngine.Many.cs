using System.Runtime.CompilerServices;
using Sojourn.Engine;
using Sojourn.Stores;

namespace Sojourn;

public sealed partial class SojournEngine
{
    /// <summary>How many sessions are asked at once, at most, by the members that ask many.</summary>
    private const int MaxAtOnce = 64;

    /// <summary>
    /// Sessions that match, newest first, without their states and without waking them. A page may be shorter than
    /// asked for and still have a <see cref="SessionPage.Next"/>.
    /// </summary>
    /// <exception cref="FormatException">The cursor is not one of this engine's.</exception>
    /// <exception cref="SojournException">The store cannot be read.</exception>
    public ValueTask<SessionPage> ListAsync(SessionQuery query, CancellationToken giveUp = default) =>
        ReadingAsync(Listing.ListAsync(_parts, query, giveUp));

    /// <summary>How many sessions match, counted up to a number, without loading or waking them.</summary>
    /// <param name="query">Which; its limit and cursor do not matter.</param>
    /// <param name="atMost">Where counting stops. Default 10,000; at least 1.</param>
    /// <param name="giveUp">Ends the waiting.</param>
    /// <exception cref="SojournException">The store cannot be read.</exception>
    public ValueTask<long> CountAsync(SessionQuery query, long atMost = 10_000, CancellationToken giveUp = default) =>
        ReadingAsync(Listing.CountAsync(_parts, query, atMost, giveUp));

    /// <summary>The names of all sessions that match, newest first, a page at a time.</summary>
    /// <exception cref="SojournException">The store cannot be read.</exception>
    public async IAsyncEnumerable<SessionKey> SelectAsync(
        SessionQuery query, [EnumeratorCancellation] CancellationToken giveUp = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        for (var next = query with { Limit = SessionQuery.MaxLimit, Cursor = null }; ;)
        {
            var page = await ListAsync(next, giveUp).ConfigureAwait(false);
            foreach (var session in page.Sessions)
            {
                yield return session.Key;
            }

            if (page.Next is null)
            {
                yield break;
            }

            next = next with { Cursor = page.Next };
        }
    }

    /// <summary>Sends one command to many sessions, some at a time.</summary>
    /// <param name="sessions">Which; all of the command's kind.</param>
    /// <param name="command">What is asked of each.</param>
    /// <param name="operationId">Names the effect on each session, as <see cref="SendOptions.OperationId"/>.</param>
    /// <param name="giveUp">Begins no more; those that were begun are waited for.</param>
    /// <returns>An answer for each session, in the order of the sessions.</returns>
    public IAsyncEnumerable<ManyResult> SendManyAsync(
        IAsyncEnumerable<SessionKey> sessions,
        object command,
        string? operationId = null,
        CancellationToken giveUp = default) =>
        ForEachAsync(
            sessions,
            session => SendAsync(
                session, command, new SendOptions { OperationId = operationId }, CancellationToken.None),
            giveUp);

    /// <summary>Removes many sessions, some at a time.</summary>
    /// <param name="sessions">Which.</param>
    /// <param name="giveUp">Begins no more; those that were begun are waited for.</param>
    /// <returns>An answer for each session, in the order of the sessions.</returns>
    public IAsyncEnumerable<ManyResult> RemoveManyAsync(
        IAsyncEnumerable<SessionKey> sessions, CancellationToken giveUp = default) =>
        ForEachAsync(
            sessions,
            async session => (await RemoveAsync(session, null, CancellationToken.None)
                .ConfigureAwait(false)).As(_ => (object?)null),
            giveUp);

    /// <summary>
    /// As <see cref="RemoveManyAsync(IAsyncEnumerable{SessionKey}, CancellationToken)"/>, of those that match still
    /// when their turn comes. One that has changed meanwhile, and matches no more, is left as it is and answers <see
    /// cref="ProblemTypes.Refused"/> with the code <c>no-longer-matches</c>; one that cannot be read, and so cannot be
    /// judged, answers <see cref="ProblemTypes.Damaged"/>.
    /// </summary>
    /// <param name="sessions">Which; as a rule what <see cref="SelectAsync"/> gives for the same query.</param>
    /// <param name="where">What they must match; its limit and cursor do not matter.</param>
    /// <param name="giveUp">Begins no more; those that were begun are waited for.</param>
    /// <returns>An answer for each session, in the order of the sessions.</returns>
    public IAsyncEnumerable<ManyResult> RemoveManyAsync(
        IAsyncEnumerable<SessionKey> sessions, SessionQuery where, CancellationToken giveUp = default)
    {
        ArgumentNullException.ThrowIfNull(where);
        return ForEachAsync(
            sessions,
            session => WaitAsync(
                new RemoveRequest(_parts.Kind(session.Kind).CellOf(session.Owner, session.Id)) { Where = where },
                CancellationToken.None),
            giveUp);
    }

    /// <summary>
    /// Clean-up: removes the sessions that match and are not busy, such as those that failed, or that completed more
    /// than so many hours ago (<see cref="SessionQuery.StatusBefore"/>). One that has become busy since it was listed,
    /// or matches no more, or cannot be read, stays.
    /// </summary>
    /// <returns>How many were removed.</returns>
    /// <exception cref="SojournException">The store cannot be read, or does not take changes.</exception>
    public async ValueTask<long> CleanUpAsync(SessionQuery query, CancellationToken giveUp = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var removed = 0L;
        var idle = query with { IsBusy = false };
        await foreach (var result in RemoveManyAsync(SelectAsync(idle, giveUp), idle, giveUp).ConfigureAwait(false))
        {
            if (result.Answer.Problem is { } problem && !result.IsSkipped)
            {
                throw new SojournException(problem);
            }

            removed += result.Answer.IsAccepted ? 1 : 0;
        }

        return removed;
    }

    private static async IAsyncEnumerable<ManyResult> ForEachAsync(
        IAsyncEnumerable<SessionKey> sessions,
        Func<SessionKey, ValueTask<Answer<object?>>> askAsync,
        [EnumeratorCancellation] CancellationToken giveUp)
    {
        var underWay = new Queue<(SessionKey Session, Task<Answer<object?>> Asking)>();
        try
        {
            await foreach (var session in sessions.WithCancellation(giveUp).ConfigureAwait(false))
            {
                underWay.Enqueue((session, askAsync(session).AsTask()));
                if (underWay.Count >= MaxAtOnce)
                {
                    var (first, asking) = underWay.Dequeue();
                    yield return new ManyResult(first, await asking.ConfigureAwait(false));
                }
            }

            while (underWay.TryDequeue(out var next))
            {
                yield return new ManyResult(next.Session, await next.Asking.ConfigureAwait(false));
            }
        }
        finally
        {
            // Whoever breaks off does not leave anything running behind his back.
            await Task.WhenAll(underWay.Select(one => one.Asking)).ConfigureAwait(false);
        }
    }
}

/// <summary>What one of many sessions answered.</summary>
/// <param name="Session">The session.</param>
/// <param name="Answer">Its answer.</param>
public readonly record struct ManyResult(SessionKey Session, Answer<object?> Answer)
{
    /// <summary>
    /// True if the session was left alone, or is gone already, because it is not (any more) what was asked for; false
    /// if it was done, or failed.
    /// </summary>
    public bool IsSkipped => Answer.Problem is { Type: ProblemTypes.NotFound or ProblemTypes.Damaged }
        or { Type: ProblemTypes.Refused, Code: Problems.NoLongerMatchesCode };
}
