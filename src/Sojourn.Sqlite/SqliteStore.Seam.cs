using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>What a journal before the file needs: it gives numbers and leases, and changes the file in bulk.</summary>
public sealed partial class SqliteStore
{
    /// <summary>True if a journal lies before the file, and whoever opened this knows.</summary>
    internal bool HasJournal { get; init; }

    /// <summary>How far the file has come; as it was when it was opened, or after the last change.</summary>
    internal JournalPosition Applied => _writer!.Mark.Stored;

    /// <summary>
    /// All of it and the new mark in one transaction, flushed. Neither versions nor leases are checked.
    /// </summary>
    /// <returns>What could not be applied, because a page that it concerns is damaged. Hardly ever any.</returns>
    internal ValueTask<IReadOnlyList<FoldedChange>> ApplyAsync(
        IReadOnlyList<FoldedChange> changes, JournalPosition upTo) =>
        WriteAsync(writer => writer.Apply(changes, upTo));

    /// <summary>The columns of these sessions, in order; null where there is none. Waits for no writer.</summary>
    /// <exception cref="DamagedRecordException">The row of one cannot be read.</exception>
    internal ValueTask<IReadOnlyList<SessionRow?>> FindAsync(
        IReadOnlyList<SessionKey> keys, CancellationToken giveUp) =>
        ReadAsync<IReadOnlyList<SessionRow?>>(reader => [.. keys.Select(reader.Find)], giveUp);

    /// <summary>As <see cref="ListAsync"/>, of the numbers below one, whatever the query's cursor says.</summary>
    internal ValueTask<NumberedPage> ListNumberedAsync(SessionQuery query, long before, CancellationToken giveUp) =>
        ReadAsync(reader => reader.List(query, before), giveUp);

    /// <summary>As <see cref="VictimsAsync"/>, with what is needed to merge.</summary>
    internal ValueTask<List<NumberedVictim>> FindVictimsAsync(VictimQuery query, CancellationToken giveUp) =>
        ReadAsync(reader => reader.FindVictims(query), giveUp);

    /// <summary>The first to be due, whether their time has come or not.</summary>
    internal ValueTask<List<NumberedDue>> FindDueAsync(
        IReadOnlyCollection<string> kinds, int limit, CancellationToken giveUp) =>
        ReadAsync(reader => reader.Due(kinds, limit), giveUp);

    /// <summary>Busy sessions of a kind and, if given, an owner, with numbers above one, lowest first.</summary>
    internal ValueTask<List<BusySession>> FindBusyAsync(
        string kind, OwnerId? owner, long after, int limit, CancellationToken giveUp) =>
        ReadAsync(reader => reader.Busy(kind, owner, after, limit), giveUp);

    /// <summary>A journal that was not ended in order holds what the file does not have yet.</summary>
    /// <exception cref="SojournException">There is one; the file alone would be an older state.</exception>
    private void RefuseJournal()
    {
        var directory = Path.GetDirectoryName(_directory.File)!;
        if (!HasJournal && Journal.JournalFiles.Any(Path.Combine(directory, "journal")))
        {
            throw new SojournException(
                $"'{directory}' has a journal with changes that are not in its file yet. Open it with the journal, "
                + "and close it in order, before it is opened without.");
        }
    }
}
