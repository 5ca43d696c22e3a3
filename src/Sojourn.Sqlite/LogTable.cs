using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>The chunks of streams, and the operations, as the writer needs them.</summary>
internal sealed class LogTable
{
    private readonly Statement _append;
    private readonly Statement _trim;
    private readonly Statement _deleteChunks;
    private readonly Statement _remember;
    private readonly Statement _forget;
    private readonly Statement _deleteOperations;

    public LogTable(Statements statements)
    {
        // Chunks lie in the order in which they came, which makes a commit touch few pages; the index finds them.
        _append = statements.Make("""
            INSERT INTO chunk (session, stream, first, last, bytes) VALUES ($0, $1, $2, $3, $4)
            """);
        _trim = statements.Make("DELETE FROM chunk WHERE session = $0 AND stream = $1 AND last < $2");
        _deleteChunks = statements.Make("DELETE FROM chunk WHERE session = $0");
        _remember = statements.Make("""
            INSERT OR REPLACE INTO operation (session, id, at, record) VALUES ($0, $1, $2, $3)
            """);
        _forget = statements.Make("DELETE FROM operation WHERE session = $0 AND at < $1");
        _deleteOperations = statements.Make("DELETE FROM operation WHERE session = $0");
    }

    public void Add(long number, SaveSession save)
    {
        var key = save.Key.ToString();
        var entries = save.Entries;
        for (var i = 0; i < entries.Count;)
        {
            var count = Chunk.Fit(entries, i);
            var (first, last) = (entries[i], entries[i + count - 1]);
            _append.Run(number, first.Stream, first.Number, last.Number, Chunk.Write(key, entries, i, count));
            i += count;
        }

        foreach (var operation in save.Operations)
        {
            _remember.Run(number, operation.Id, operation.At.UtcTicks, Framing.Wrap(
                Places.Operation(key, operation.Id), StoredOperation.Write(operation)));
        }

        foreach (var trim in save.Trims)
        {
            Trim(number, trim);
        }

        if (save.TrimOperationsBefore is { } before)
        {
            _forget.Run(number, before.UtcTicks);
        }
    }

    /// <summary>Whole chunks alone: readers skip what is left of a log's first one.</summary>
    public void Trim(long number, StreamTrim trim) => _trim.Run(number, trim.Stream, trim.Before);

    public void Delete(long number)
    {
        _deleteChunks.Run(number);
        _deleteOperations.Run(number);
    }
}
