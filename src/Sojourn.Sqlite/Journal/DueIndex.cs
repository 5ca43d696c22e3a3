using Sojourn.Stores;

namespace Sojourn.Sqlite.Journal;

/// <summary>
/// Which of a layer's sessions is due first. Most steps only move that time on: such a session keeps its earlier place
/// until that comes up, and so costs nothing at each step. Holds at most an entry for each change of the layer.
/// </summary>
internal sealed class DueIndex
{
    /// <summary>How many entries are looked at in one go: some 100 µs.</summary>
    private const int Portion = 512;

    private readonly Dictionary<string, PriorityQueue<PendingSession, long>> _kinds = new(StringComparer.Ordinal);

    /// <summary>A session has changed.</summary>
    public void Follow(PendingSession session)
    {
        if (session.Record?.DueAt is not { } due || session.QueuedDue <= due.UtcTicks)
        {
            return;
        }

        if (!_kinds.TryGetValue(session.Key.Kind, out var queue))
        {
            _kinds[session.Key.Kind] = queue = new PriorityQueue<PendingSession, long>();
        }

        session.QueuedDue = due.UtcTicks;
        queue.Enqueue(session, due.UtcTicks);
    }

    /// <summary>The sessions of a kind that are due first, in no order.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="most">How many.</param>
    /// <param name="isHidden">True of one that another layer has something newer of, and will have from now on.</param>
    /// <returns>Null if that takes longer than others should wait: part of it is done, ask again.</returns>
    public List<NumberedDue>? First(string kind, int most, Func<SessionKey, bool> isHidden)
    {
        if (!_kinds.TryGetValue(kind, out var queue))
        {
            return [];
        }

        var first = new HashSet<PendingSession>();
        var left = Portion + most;
        while (first.Count < most && left > 0 && queue.TryDequeue(out var session, out var at))
        {
            left--;
            var due = session.Record?.DueAt?.UtcTicks;
            if (session.QueuedDue != at)
            {
                // It was moved to an earlier time since, under which it has been seen.
                continue;
            }

            if (due is null || isHidden(session.Key))
            {
                session.QueuedDue = null;
            }
            else if (due > at)
            {
                session.QueuedDue = due;
                queue.Enqueue(session, due.Value);
            }
            else
            {
                first.Add(session);
            }
        }

        queue.EnqueueRange(first.Select(session => (session, session.QueuedDue!.Value)));
        return left == 0 && first.Count < most
            ? null
            : [.. first.Select(session => new NumberedDue(session.Number, session.Key, session.QueuedDue!.Value))];
    }
}
