namespace Sojourn.Engine;

/// <summary>
/// The newest entries of one log in memory, numbered without gaps. Whoever holds it guards it.
/// </summary>
/// <param name="numberOf">An entry's number.</param>
/// <param name="lengthOf">Its length, in bytes.</param>
internal sealed class RecentEntries<TEntry>(Func<TEntry, long> numberOf, Func<TEntry, int> lengthOf)
{
    private readonly List<TEntry> _entries = [];
    private long _bytes;

    /// <summary>Adds entries at the end; what does not go on from them is forgotten.</summary>
    public void Append(IReadOnlyList<TEntry> entries)
    {
        if (entries.Count > 0 && _entries.Count > 0 && numberOf(_entries[^1]) + 1 != numberOf(entries[0]))
        {
            Clear();
        }

        _entries.AddRange(entries);
        foreach (var entry in entries)
        {
            _bytes += lengthOf(entry);
        }
    }

    /// <summary>Up to so many entries and so many bytes (but at least one) after a number; null if they are not
    /// here.</summary>
    public List<TEntry>? Read(long after, int maxEntries, int maxBytes)
    {
        if (_entries.Count == 0 || numberOf(_entries[0]) > after + 1 || numberOf(_entries[^1]) <= after)
        {
            return null;
        }

        var page = new List<TEntry>();
        var bytes = 0;
        for (var i = (int)(after + 1 - numberOf(_entries[0]));
            i < _entries.Count && page.Count < maxEntries && bytes < maxBytes;
            i++)
        {
            page.Add(_entries[i]);
            bytes += lengthOf(_entries[i]);
        }

        return page;
    }

    /// <summary>Forgets the oldest beyond what is to be kept.</summary>
    /// <param name="mustKeepFrom">This and what follows stays in any case.</param>
    /// <param name="kept">How many.</param>
    /// <param name="keptBytes">How many bytes, and up to an eighth more.</param>
    public void Trim(long mustKeepFrom, int kept, int keptBytes)
    {
        var (surplus, bytes) = (0, _bytes);
        while (surplus < _entries.Count && numberOf(_entries[surplus]) < mustKeepFrom
            && (_entries.Count - surplus > kept || bytes > keptBytes))
        {
            bytes -= lengthOf(_entries[surplus]);
            surplus++;
        }

        // In runs of at least an eighth, so that a steady flow of entries does not shift the list each time.
        if (surplus > 0 && (surplus >= _entries.Count / 8 || _bytes - bytes >= keptBytes / 8))
        {
            _entries.RemoveRange(0, surplus);
            _bytes = bytes;
        }
    }

    public void Clear()
    {
        _entries.Clear();
        _bytes = 0;
    }
}
