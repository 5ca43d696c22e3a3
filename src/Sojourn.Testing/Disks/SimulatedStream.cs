namespace Sojourn.Testing.Disks;

/// <summary>Writes to a simulated file, to its end alone.</summary>
internal sealed class SimulatedStream(SimulatedStream.Appending append, SimulatedFile file) : Stream
{
    private long _length;

    public delegate void Appending(ReadOnlySpan<byte> bytes);

    public SimulatedFile File => file;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        append(buffer);
        _length += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    // Bytes are in memory at once; what brings them to the disk is the disk's own Flush.
    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
