using Sojourn.Stores;

namespace Sojourn.Sqlite.Journal;

/// <summary>
/// Makes a session whole again of which changes were lost: its newest state that is left, and of each log the entries
/// up to the
/// newest that follow one another without a gap.
/// </summary>
internal static class Mending
{
    private const int Page = 1000;
    private const int PageBytes = 4 << 20;

    /// <param name="record">The newest that is left.</param>
    /// <param name="version">The highest version that the session is known to have had.</param>
    /// <param name="now">When it takes the step.</param>
    /// <param name="below">Where all that is left is.</param>
    public static async ValueTask<SaveSession> MendAsync(
        SessionRecord record, long version, DateTimeOffset now, SqliteStore below)
    {
        var events = await TailAsync(
            new StreamKey(record.Key, StreamKey.Events), record.FirstEvent, record.LastEvent, now, below)
            .ConfigureAwait(false);
        var tails = new Dictionary<string, StreamTail>(StringComparer.Ordinal);
        foreach (var (name, tail) in record.Tails)
        {
            tails[name] = await TailAsync(new StreamKey(record.Key, name), tail.First, tail.Last, now, below)
                .ConfigureAwait(false);
        }

        var mended = record with
        {
            Version = Math.Max(record.Version, version) + 1,
            LastActivityAt = now,
            FirstEvent = events.First,
            EventMarks = events.Marks,
            Tails = tails,
            Bytes = record.State.Length + tails.Values.Append(events).Sum(tail => tail.Marks.Sum(mark => mark.Bytes)),
        };
        return new SaveSession(record.Key, record.Version, mended)
        {
            Entries = [],
            Operations = [],
            Trims =
            [
                new StreamTrim(StreamKey.Events, events.First),
                .. tails.Select(tail => new StreamTrim(tail.Key, tail.Value.First)),
            ],
        };
    }

    private static async ValueTask<StreamTail> TailAsync(
        StreamKey stream, long first, long last, DateTimeOffset now, SqliteStore below)
    {
        var (start, expected, bytes) = (first, first, 0L);
        while (expected <= last)
        {
            if (await TryReadAsync(stream, expected, below).ConfigureAwait(false) is not { Count: > 0 } page)
            {
                // A gap begins here or further on, and what lies before it cannot be read on from.
                expected++;
                (start, bytes) = (expected, 0);
                continue;
            }

            expected = page[^1].Number + 1;
            bytes += page.Sum(entry => (long)entry.Bytes.Length);
        }

        return new StreamTail(start, last, bytes == 0 ? [] : [new LogMark(start, now, bytes)]);
    }

    /// <summary>Entries that follow one another from a number on; null if there is a gap among them.</summary>
    private static async ValueTask<IReadOnlyList<StreamEntry>?> TryReadAsync(
        StreamKey stream, long from, SqliteStore below)
    {
        try
        {
            var page = await below.ReadStreamAsync(stream, from - 1, Page, PageBytes, default).ConfigureAwait(false);
            return page.Count > 0 && page[0].Number == from ? page : null;
        }
        catch (DamagedRecordException)
        {
            return null;
        }
    }
}
