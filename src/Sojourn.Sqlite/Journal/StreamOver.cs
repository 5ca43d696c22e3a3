using Sojourn.Stores;

namespace Sojourn.Sqlite.Journal;

/// <summary>What lies over SQLite of one stream.</summary>
/// <param name="Number">The session's number; null if nothing of it lies over SQLite.</param>
/// <param name="Entries">In order.</param>
/// <param name="Floor">Entries below this are gone, also those in SQLite.</param>
/// <param name="HidesBelow">True if what SQLite has is of another life.</param>
internal readonly record struct StreamOver(long? Number, List<StreamEntry> Entries, long Floor, bool HidesBelow)
{
    public static StreamOver Read(
        string stream, long after, int maxEntries, PendingSession? top, PendingSession? lower)
    {
        var entries = new List<StreamEntry>();
        var seen = top?.HidesBelow == true || top?.IsRemoved == true ? null : lower;
        var floor = Math.Max(top?.FindStream(stream)?.Floor ?? 0, seen?.FindStream(stream)?.Floor ?? 0);
        Add(seen);
        Add(top);
        return new StreamOver(
            (top ?? lower)?.Number,
            entries,
            floor,
            top?.HidesBelow == true || top?.IsRemoved == true || seen?.HidesBelow == true || seen?.IsRemoved == true);

        void Add(PendingSession? session)
        {
            var pending = session?.FindStream(stream)?.Entries ?? [];
            // In order and without gaps, so the first of interest is found by its number.
            var first = pending.Count == 0 ? 0 : Math.Max(0, Math.Max(after + 1, floor) - pending[0].Number);
            for (var i = first; i < pending.Count && entries.Count < maxEntries; i++)
            {
                entries.Add(pending[(int)i]);
            }
        }
    }
}
