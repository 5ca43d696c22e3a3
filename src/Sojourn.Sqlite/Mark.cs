using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>
/// How far the file has come, kept in the file: numbers are never given twice, and no part of the journal is applied
/// twice. Used on the writer's thread.
/// </summary>
internal sealed class Mark
{
    private readonly Statement _write;
    private readonly Statement _read;
    private JournalPosition _stored;
    private JournalPosition _now;

    public Mark(Statements statements)
    {
        _write = statements.Make("INSERT OR REPLACE INTO mark (only, bytes) VALUES (1, $0)");
        _read = statements.Make("SELECT bytes FROM mark WHERE only = 1");
        var highest = statements.Connection.ReadLong("SELECT coalesce(max(number), 0) FROM session");
        if (_read.First(row => row.GetFieldValue<byte[]>(0)) is { } bytes)
        {
            _stored = JournalPosition.ReadOrUnknown(bytes, highest);
        }

        if (_stored.HighestNumber < highest)
        {
            _stored = _stored with { HighestNumber = highest };
        }

        _now = _stored;
    }

    /// <summary>As of the last commit.</summary>
    public JournalPosition Stored => _stored;

    /// <summary>As of the transaction under way.</summary>
    public JournalPosition Now => _now;

    /// <summary>
    /// True if the file has come that far. Asked of the file itself: a commit whose outcome was reported as a failure
    /// may have brought it there.
    /// </summary>
    public bool HasReached(long sequence)
    {
        if (_read.First(row => row.GetFieldValue<byte[]>(0)) is { } bytes)
        {
            _stored = _stored with { Sequence = JournalPosition.ReadOrUnknown(bytes, 0).Sequence };
            _now = _stored;
        }

        return _stored.Sequence >= sequence;
    }

    public long NextNumber()
    {
        _now = _now with { HighestNumber = _now.HighestNumber + 1 };
        return _now.HighestNumber;
    }

    public void MoveTo(JournalPosition position) =>
        _now = position with { HighestNumber = Math.Max(position.HighestNumber, _now.HighestNumber) };

    /// <summary>Part of the transaction.</summary>
    public void Write()
    {
        if (_now != _stored)
        {
            _write.Run(_now.Write());
        }
    }

    public void Keep() => _stored = _now;

    public void Forget() => _now = _stored;
}
