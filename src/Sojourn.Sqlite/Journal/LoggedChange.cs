using Sojourn.Stores;

namespace Sojourn.Sqlite.Journal;

/// <summary>What a frame of the log says, and how it is written; docs/storage.md has the layout.</summary>
/// <param name="Key">The session.</param>
/// <param name="Number">Its number.</param>
internal abstract record LoggedChange(SessionKey Key, long Number)
{
    private const byte Save = 1;
    private const byte Removal = 2;
    private const byte Terms = 3;

    public static void WriteSave(PayloadWriter to, SaveSession save, long number)
    {
        to.Byte(Save);
        Write(to, save.Key);
        to.Number(number);
        to.Number(save.ExpectedVersion);
        LoggedRecord.Write(to, save.Record);
        to.Number(save.Entries.Count);
        foreach (var entry in save.Entries)
        {
            to.Text(entry.Stream);
            to.Number(entry.Number);
            to.Bytes(entry.Bytes);
        }

        to.Number(save.Operations.Count);
        foreach (var operation in save.Operations)
        {
            Write(to, operation);
        }

        to.Number(save.Trims.Count);
        foreach (var trim in save.Trims)
        {
            to.Text(trim.Stream);
            to.Number(trim.Before);
        }

        to.TimeOrNull(save.TrimOperationsBefore);
        to.Number(save.KeepSnapshots);
        to.Number(save.SnapshotEvery.Ticks);
    }

    public static void WriteRemoval(PayloadWriter to, SessionKey key, long number)
    {
        to.Byte(Removal);
        Write(to, key);
        to.Number(number);
    }

    public static void WriteTerm(PayloadWriter to, SessionKey key, long number, long term)
    {
        to.Byte(Terms);
        Write(to, key);
        to.Number(number);
        to.Number(term);
    }

    public static void Write(PayloadWriter to, SessionKey key)
    {
        to.Text(key.Kind);
        // Nothing for the owner whom nobody names.
        to.Text(key.Owner == OwnerId.Local ? "" : key.Owner.ToString());
        to.Text(key.Id.ToString());
    }

    public static SessionKey ReadKey(ref PayloadReader from)
    {
        var (kind, owner, id) = (from.Text(), from.Text(), from.Text());
        return new SessionKey(kind, owner.Length == 0 ? OwnerId.Local : OwnerId.Parse(owner), SessionId.Parse(id));
    }

    /// <exception cref="FormatException">The bytes are not of this format.</exception>
    public static LoggedChange Read(ReadOnlySpan<byte> payload)
    {
        var from = new PayloadReader(payload);
        var what = from.Byte();
        var key = ReadKey(ref from);
        var number = from.Number();
        return what switch
        {
            Save => new LoggedSave(key, number, ReadSave(ref from, key)),
            Removal => new LoggedRemoval(key, number),
            Terms => new LoggedTerm(key, number, from.Number()),
            _ => throw new FormatException($"A change of sort {what} is not known."),
        };
    }

    private static SaveSession ReadSave(ref PayloadReader from, SessionKey key)
    {
        var expected = from.Number();
        var record = LoggedRecord.Read(ref from, key);
        var entries = new StreamEntry[from.Count()];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = new StreamEntry(from.Text(), from.Number(), from.Bytes());
        }

        var operations = new OperationRecord[from.Count()];
        for (var i = 0; i < operations.Length; i++)
        {
            operations[i] = ReadOperation(ref from);
        }

        var trims = new StreamTrim[from.Count()];
        for (var i = 0; i < trims.Length; i++)
        {
            trims[i] = new StreamTrim(from.Text(), from.Number());
        }

        return new SaveSession(key, expected, record)
        {
            Entries = entries,
            Operations = operations,
            Trims = trims,
            TrimOperationsBefore = from.TimeOrNull(),
            KeepSnapshots = (int)from.Number(),
            SnapshotEvery = TimeSpan.FromTicks(from.Number()),
        };
    }

    private static void Write(PayloadWriter to, OperationRecord operation)
    {
        to.Text(operation.Id);
        to.Bytes(operation.Hash);
        to.Bytes(operation.Reply);
        to.Number(operation.Version);
        to.Number(operation.FirstEvent);
        to.Number(operation.LastEvent);
        to.Time(operation.At);
    }

    private static OperationRecord ReadOperation(ref PayloadReader from) => new(
        from.Text(), from.Bytes(), from.Bytes(), from.Number(), from.Number(), from.Number(), from.Time());
}

/// <summary>A session was saved.</summary>
internal sealed record LoggedSave(SessionKey Key, long Number, SaveSession Save) : LoggedChange(Key, Number);

/// <summary>A session was removed.</summary>
internal sealed record LoggedRemoval(SessionKey Key, long Number) : LoggedChange(Key, Number);

/// <summary>A lease on a session was given, with this term.</summary>
internal sealed record LoggedTerm(SessionKey Key, long Number, long Term) : LoggedChange(Key, Number);
