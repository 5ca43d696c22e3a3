namespace Sojourn.Kinds.Agents.Lines;

/// <summary>
/// Cuts what a program writes into lines, by bytes, so that no character is ever cut. What it holds is bounded: a line
/// that is too long is thrown away while it comes, and only its length is told.
/// </summary>
/// <param name="read">Reads more; 0 at the end.</param>
/// <param name="longest">The longest line that is kept, in bytes.</param>
internal sealed class LineReader(
    Func<Memory<byte>, CancellationToken, ValueTask<int>> read, int longest = LineReader.Longest)
{
    /// <summary>Sixteen times the longest answer that was seen from a model in one line.</summary>
    public const int Longest = 64 << 20;

    private const int Chunk = 64 << 10, LargestKept = 1 << 20;

    private readonly List<ProgramLine> _lines = [];
    private byte[] _buffer = new byte[Chunk];

    // The line that has not ended yet is between these two.
    private int _begin, _end;
    private long _skipped;
    private bool _isOver;

    /// <summary>Waits for lines.</summary>
    /// <returns>All that are there, without empty ones; also a last one that was not ended. Null at the end.</returns>
    public async ValueTask<IReadOnlyList<ProgramLine>?> ReadAsync(CancellationToken giveUp)
    {
        _lines.Clear();
        while (_lines.Count == 0 && !_isOver)
        {
            MakeRoom();
            var count = await read(_buffer.AsMemory(_end), giveUp);
            if (count > 0)
            {
                Take(count);
                continue;
            }

            _isOver = true;
            if (_skipped > 0 || _end > _begin)
            {
                Finish(_end);
            }
        }

        return _lines.Count > 0 ? _lines : null;
    }

    private void Take(int count)
    {
        var from = _end;
        _end += count;
        while (_buffer.AsSpan(from, _end - from).IndexOf((byte)'\n') is >= 0 and var at)
        {
            Finish(from + at);
            _begin = from = from + at + 1;
        }

        if (_skipped > 0 || _end - _begin > longest)
        {
            _skipped += _end - _begin;
            _begin = _end;
        }
    }

    private void Finish(int end)
    {
        var length = end - _begin;
        if (_skipped > 0 || length > longest)
        {
            _lines.Add(new ProgramLine(default, _skipped + length));
            _skipped = 0;
            return;
        }

        length -= length > 0 && _buffer[end - 1] == '\r' ? 1 : 0;
        if (length > 0)
        {
            _lines.Add(new ProgramLine(_buffer.AsMemory(_begin, length)));
        }
    }

    /// <summary>No line that was given is read any more: the unfinished one moves to the front.</summary>
    private void MakeRoom()
    {
        var unfinished = _buffer.AsSpan(_begin, _end - _begin);
        var size = Math.Max(Chunk, _buffer.Length > LargestKept && unfinished.Length < Chunk ? Chunk : _buffer.Length);
        if (size - unfinished.Length < Chunk / 2)
        {
            // A line is given up as soon as it is longer than the longest, so this is always room enough.
            size = (int)Math.Min(size * 2L, (long)longest + Chunk);
        }

        var target = size == _buffer.Length ? _buffer : new byte[size];
        unfinished.CopyTo(target);
        (_buffer, _begin, _end) = (target, 0, unfinished.Length);
    }
}
