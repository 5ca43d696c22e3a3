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
    /// All of it and the new mark in one transaction, flushed. Neither versions nor leases are checked. Asking again,
    /// because the outcome was not known, does nothing if all is there.
    /// </summary>
    /// <param name="changes">All that there is up to the mark.</param>
    /// <param name="upTo">The mark.</param>
    /// <param name="leaving">
    /// Told, on the writer's thread, what damaged pages keep from being applied, before the rest is.
    /// </param>
    /// <returns>False if the file had come that far before.</returns>
    internal ValueTask<bool> ApplyAsync(
        IReadOnlyList<FoldedChange> changes, JournalPosition upTo, Action<IReadOnlyList<FoldedChange>> leaving) =>
        WriteAsync(writer => writer.Apply(changes, upTo, leaving));

    /// <summary>
    /// What is read, all of it at one moment, with the <see cref="JournalPosition.Sequence"/> of that moment.
    /// </summary>
    internal ValueTask<(T Read, long Sequence)> ReadAtOnceAsync<T>(
        Func<SqliteReader, T> read, CancellationToken giveUp) =>
        ReadAsync(reader => reader.AtOnce(read), giveUp);

    /// <summary>
    /// For what looks several times: a session that changes its status in between is neither missed nor seen twice.
    /// </summary>
    private async ValueTask<T> ReadOfOneMomentAsync<T>(Func<SqliteReader, T> read, CancellationToken giveUp) =>
        (await ReadAtOnceAsync(read, giveUp).ConfigureAwait(false)).Read;

    /// <summary>True if the session lies in quarantine. Waits for no writer.</summary>
    internal ValueTask<bool> IsAsideAsync(SessionKey key, CancellationToken giveUp) =>
        ReadAsync(reader => reader.IsAside(key), giveUp);

    /// <summary>The columns of these sessions, in order; null where there is none. Waits for no writer.</summary>
    /// <exception cref="DamagedRecordException">The row of one cannot be read.</exception>
    internal ValueTask<IReadOnlyList<SessionRow?>> FindAsync(
        IReadOnlyList<SessionKey> keys, CancellationToken giveUp) =>
        ReadAsync<IReadOnlyList<SessionRow?>>(reader => [.. keys.Select(reader.Find)], giveUp);

    /// <summary>As <see cref="ListAsync"/>, of the numbers below one, whatever the query's cursor says.</summary>
    internal ValueTask<NumberedPage> ListNumberedAsync(SessionQuery query, long before, CancellationToken giveUp) =>
        ReadOfOneMomentAsync(reader => reader.List(query, before), giveUp);

    /// <summary>As <see cref="VictimsAsync"/>, with what is needed to merge.</summary>
    internal ValueTask<List<NumberedVictim>> FindVictimsAsync(VictimQuery query, CancellationToken giveUp) =>
        ReadOfOneMomentAsync(reader => reader.FindVictims(query), giveUp);

    /// <summary>The first to be due after a place, whether their time has come or not.</summary>
    internal ValueTask<DuePage> FindDueAsync(
        IReadOnlyCollection<string> kinds, (long Due, long Number) after, int limit, CancellationToken giveUp) =>
        ReadOfOneMomentAsync(reader => reader.Due(kinds, after, limit), giveUp);

    /// <summary>Busy sessions of a kind and, if given, an owner, with numbers above one, lowest first.</summary>
    internal ValueTask<List<BusySession>> FindBusyAsync(
        string kind, OwnerId? owner, long after, int limit, CancellationToken giveUp) =>
        ReadAsync(reader => reader.Busy(kind, owner, after, limit), giveUp);

    /// <summary>
    /// A journal that was not ended in order holds what the file does not have yet. Looked at before anything is
    /// touched.
    /// </summary>
    /// <exception cref="SojournException">There is one and nobody who reads it, or a newer version wrote
    /// it.</exception>
    private void RefuseJournal()
    {
        var directory = Path.GetDirectoryName(_directory.File)!;
        var journal = Path.Combine(directory, "journal");
        if (HasJournal)
        {
            Journal.JournalFiles.Find(journal);
        }
        else if (Journal.JournalFiles.Any(journal))
        {
            throw new SojournException(
                $"'{directory}' has a journal with changes that are not in its file yet. Open it with the journal, "
                + "and close it in order, before it is opened without.");
        }
    }
}
