namespace Sojourn.Kinds.Agents.Processes;

/// <summary>
/// The end that a program writes to. It ends when nobody can write to it any more; and when the program has ended, also
/// if a descendant that lives on holds the other end: then with the last that was there at that moment.
/// </summary>
internal sealed class ChildOutput(Descriptor from, bool isPipe) : IDisposable
{
    private int _left = int.MaxValue;

    public async ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken giveUp)
    {
        ArgumentOutOfRangeException.ThrowIfZero(into.Length, nameof(into));
        while (true)
        {
            giveUp.ThrowIfCancellationRequested();
            // Looked at before reading: then what was written before the end is read.
            var isOver = from.IsOver;
            var read = ReadNow(into.Span, isOver);
            if (read >= 0 || isOver)
            {
                return Math.Max(read, 0);
            }

            await from.ReadyAsync(giveUp);
        }
    }

    /// <summary>The program has ended.</summary>
    public void End()
    {
        if (isPipe)
        {
            // All that the program wrote is in it by now. A terminal needs no measure: nobody can write to one whose
            // session has lost its leader.
            Volatile.Write(ref _left, NativeDescriptors.Unread(from.Handle));
        }

        from.End();
    }

    public void Dispose() => from.Dispose();

    private int ReadNow(Span<byte> into, bool isOver)
    {
        if (!isOver)
        {
            return from.Read(into);
        }

        var left = Volatile.Read(ref _left);
        var read = left == 0 ? 0 : from.Read(into[..Math.Min(into.Length, left)]);
        if (isPipe && read > 0)
        {
            Volatile.Write(ref _left, left - read);
        }

        return read;
    }
}
