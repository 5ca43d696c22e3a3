using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>Puts a session's newest good snapshot in its damaged record's place. Part of a transaction.</summary>
internal sealed class Restoration
{
    /// <summary>No session takes this many steps; a version above it is damage.</summary>
    private const long HighestVersion = long.MaxValue / 2;

    /// <summary>Added to a snapshot's version if nobody knows how many steps came after it.</summary>
    private const long VersionsUnknown = 1_000_000;

    private readonly SessionTable _sessions;
    private readonly SnapshotTable _snapshots;
    private readonly QuarantineTable _quarantine;
    private readonly LogTable _logs;
    private readonly Statement _chunks;
    private readonly Statement _dropChunk;

    public Restoration(
        Statements statements,
        SessionTable sessions,
        SnapshotTable snapshots,
        QuarantineTable quarantine,
        LogTable logs)
    {
        (_sessions, _snapshots, _quarantine, _logs) = (sessions, snapshots, quarantine, logs);
        _chunks = statements.Make("""
            SELECT place, stream, first, last, bytes FROM chunk WHERE session = $0 ORDER BY stream, last
            """);
        _dropChunk = statements.Make("DELETE FROM chunk WHERE place = $0");
    }

    /// <returns>
    /// The row before, if it was replaced; and the session as it is now, null if nothing good of it is left.
    /// </returns>
    public (SessionRow? Before, SessionRecord? Now) Restore(SessionKey key, DateTimeOffset now)
    {
        if (_sessions.Find(key) is not { } row)
        {
            return default;
        }

        var (header, state) = _sessions.Bytes(row.Number);
        if (TryRead(key, row.Version, header, state) is { } whole)
        {
            _quarantine.Close(key);
            return (null, whole);
        }

        _quarantine.Add(key, "damaged when it was to be restored", now);
        if (_snapshots.NewestGood(key, row.Number) is not { } snapshot)
        {
            return default;
        }

        var record = Complete(snapshot, row, now);
        var name = key.ToString();
        _sessions.Update(
            row,
            SessionRow.Of(record, row.Number, row.Term),
            Framing.Wrap(name, StoredHeader.Write(record)),
            Framing.Wrap(Places.State(name, record.Version), record.State.Span));
        _quarantine.Close(key);
        return (row, record);
    }

    private static SessionRecord? TryRead(SessionKey key, long version, byte[] header, byte[] state)
    {
        try
        {
            return SessionBytes.Read(key, version, header, state);
        }
        catch (DamagedRecordException)
        {
            return null;
        }
    }

    /// <summary>The snapshot, with a version above, the logs as they are, and the time that it had left.</summary>
    private SessionRecord Complete(SessionRecord snapshot, SessionRow row, DateTimeOffset now)
    {
        var known = row.Version is > 0 and < HighestVersion ? row.Version : snapshot.Version + VersionsUnknown;
        var logs = ReadLogs(snapshot.Key.ToString(), row.Number, now);
        var tails = new Dictionary<string, StreamTail>(StringComparer.Ordinal);
        foreach (var stream in snapshot.Tails.Keys.Union(logs.Keys.Where(name => name != StreamKey.Events)))
        {
            var last = snapshot.Tails.GetValueOrDefault(stream)?.Last ?? 0;
            tails[stream] = Longest(logs.GetValueOrDefault(stream), last);
        }

        var events = Longest(logs.GetValueOrDefault(StreamKey.Events), snapshot.LastEvent);
        var away = now - snapshot.LastActivityAt;
        return snapshot with
        {
            Version = Math.Max(known, snapshot.Version) + 1,
            LastActivityAt = now,
            ExpiresAt = away > TimeSpan.Zero ? snapshot.ExpiresAt + away : snapshot.ExpiresAt,
            FirstEvent = events.First,
            LastEvent = events.Last,
            EventMarks = events.Marks,
            Tails = tails,
            Bytes = snapshot.State.Length
                + tails.Values.Append(events).Sum(log => log.Marks.Sum(mark => mark.Bytes)),
        };
    }

    /// <summary>An empty log goes on behind the last entry that it ever had, as far as anyone knows.</summary>
    private static StreamTail Longest(StreamTail? log, long last) =>
        log is not null && log.Last >= last ? log : new StreamTail(last + 1, last, []);

    /// <summary>
    /// Of each log the newest part without damage or gap. What lies before it is dropped; the quarantine has it.
    /// </summary>
    private Dictionary<string, StreamTail> ReadLogs(string session, long number, DateTimeOffset now)
    {
        var logs = new Dictionary<string, StreamTail>(StringComparer.Ordinal);
        var chunks = _chunks.All(
            row => (
                Place: row.GetInt64(0), Stream: row.GetString(1), First: row.GetInt64(2), Last: row.GetInt64(3),
                Bytes: row.GetFieldValue<byte[]>(4)),
            number);
        foreach (var chunk in chunks)
        {
            var had = logs.GetValueOrDefault(chunk.Stream);
            if (Measure(session, chunk.Stream, chunk.First, chunk.Last, chunk.Bytes) is not { } bytes)
            {
                _dropChunk.Run(chunk.Place);
                logs[chunk.Stream] = new StreamTail(chunk.Last + 1, chunk.Last, []);
            }
            else if (had is not null && had.Marks.Count > 0 && had.Last + 1 == chunk.First)
            {
                var mark = had.Marks[0];
                logs[chunk.Stream] = had with { Last = chunk.Last, Marks = [mark with { Bytes = mark.Bytes + bytes }] };
            }
            else
            {
                logs[chunk.Stream] = new StreamTail(
                    chunk.First, chunk.Last, [new LogMark(chunk.First, now, bytes)]);
            }
        }

        foreach (var (stream, log) in logs)
        {
            _logs.Trim(number, new StreamTrim(stream, log.First));
        }

        return logs;
    }

    /// <summary>The bytes of its entries; null if it is damaged.</summary>
    private static long? Measure(string session, string stream, long first, long last, byte[] bytes)
    {
        try
        {
            return Chunk.Read(session, stream, first, last, bytes).Sum(entry => (long)entry.Bytes.Length);
        }
        catch (DamagedRecordException)
        {
            return null;
        }
    }
}
