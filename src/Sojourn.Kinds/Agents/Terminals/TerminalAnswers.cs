using Sojourn.Kinds.Agents.Processes;

namespace Sojourn.Kinds.Agents.Terminals;

/// <summary>
/// Brings a program what its terminal answers, in order, without anybody waiting for it: a program that asks and does
/// not read holds up nobody, and gets no answers in the end.
/// </summary>
internal sealed class TerminalAnswers(ChildProcess child)
{
    // Far more than one that reads can be behind.
    private const int MostWaiting = 16 << 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly List<byte> _waiting = [];
    private bool _isWriting;

    /// <summary>Answers; what does not fit any more is dropped.</summary>
    public void Add(ReadOnlySpan<byte> answers)
    {
        lock (_gate)
        {
            if (answers.IsEmpty || _waiting.Count + answers.Length > MostWaiting)
                return;
            _waiting.AddRange(answers);
            if (_isWriting)
                return;
            _isWriting = true;
        }

        // Ends soon by itself: with the program, or when that has not read for a while.
        _ = WriteAsync();
    }

    private async Task WriteAsync()
    {
        while (Next() is { Length: > 0 } next)
        {
            if (await child.WriteAsync(next, Patience, CancellationToken.None) < next.Length)
                Drop();
        }
    }

    private byte[] Next()
    {
        lock (_gate)
        {
            var next = _waiting.ToArray();
            _waiting.Clear();
            _isWriting = next.Length > 0;
            return next;
        }
    }

    private void Drop()
    {
        lock (_gate)
        {
            _waiting.Clear();
        }
    }
}
