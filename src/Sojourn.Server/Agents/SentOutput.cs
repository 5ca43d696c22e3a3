namespace Sojourn.Server.Agents;

/// <summary>What a client was sent of a terminal and has not acknowledged. Safe from any thread.</summary>
internal sealed class SentOutput
{
    private readonly Lock _gate = new();
    private readonly Queue<(long Entry, int Bytes)> _sent = [];
    private long _bytes;

    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes;
            }
        }
    }

    public void Add(long entry, int bytes)
    {
        lock (_gate)
        {
            _sent.Enqueue((entry, bytes));
            _bytes += bytes;
        }
    }

    /// <summary>All up to this entry has arrived.</summary>
    public void Acknowledge(long entry)
    {
        lock (_gate)
        {
            while (_sent.TryPeek(out var first) && first.Entry <= entry)
            {
                _bytes -= _sent.Dequeue().Bytes;
            }
        }
    }
}
