namespace Sojourn.Mesh.Broadcasts;

/// <summary>
/// Tells a datagram from its copies: what leaves through a bridge leaves through its members too, and many games send
/// the same to each network that there is. The first interface counts; the same again through that is another one.
/// For one thread.
/// </summary>
internal sealed class RecentlySent(TimeProvider time)
{
    /// <summary>Copies follow each other at once; games repeat themselves after longer.</summary>
    public static readonly TimeSpan For = TimeSpan.FromMilliseconds(100);

    private const int Most = 64;

    private readonly Queue<Sent> _sent = new();

    /// <summary>Whether it has left through another interface just now; it is kept in mind if not.</summary>
    /// <param name="datagram">Which.</param>
    /// <param name="device">The number of the interface through which it leaves.</param>
    public bool IsCopy(in SentDatagram datagram, int device)
    {
        var now = time.GetTimestamp();
        while (_sent.TryPeek(out var oldest) && (_sent.Count >= Most || time.GetElapsedTime(oldest.At, now) >= For))
            _sent.Dequeue();
        var hash = HashOf(datagram);
        foreach (var each in _sent)
        {
            if (each.Hash == hash && each.Length == datagram.Length && each.Device != device)
                return true;
        }

        _sent.Enqueue(new(hash, datagram.Length, device, now));
        return false;
    }

    private static int HashOf(in SentDatagram datagram)
    {
        var hash = default(HashCode);
        hash.Add(datagram.SourcePort);
        hash.Add(datagram.Port);
        hash.AddBytes(datagram.Bytes);
        return hash.ToHashCode();
    }

    private readonly record struct Sent(int Hash, int Length, int Device, long At);
}
