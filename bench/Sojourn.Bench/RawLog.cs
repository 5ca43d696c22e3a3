using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sojourn.Bench;

/// <summary>
/// The least that a durable update can cost: its bytes and a checksum copied to one buffer, one write a group to a
/// file that has
/// its length beforehand, one flush. Nothing can be read from it.
/// </summary>
internal sealed class RawLog : IDisposable
{
    private const long Length = 64 << 20;
    private const int Page = 4096;

    private readonly SafeFileHandle _file;
    private readonly byte[] _update = new byte[DurableCommands.StateBytes + DurableCommands.EventBytes];
    private byte[] _buffer = new byte[Page];
    private long _at;

    public RawLog(string path)
    {
        Random.Shared.NextBytes(_update);
        _file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite);
        var zeros = new byte[1 << 20];
        for (var at = 0L; at < Length; at += zeros.Length)
        {
            RandomAccess.Write(_file, zeros, at);
        }

        RandomAccess.FlushToDisk(_file);
    }

    public Task<long> RunAsync(int group, CancellationToken stop) => Task.Run(() =>
    {
        var updates = Enumerable.Repeat(_update, group).ToArray();
        var count = 0L;
        for (; !stop.IsCancellationRequested; count += group)
        {
            Append(updates);
        }

        return count;
    });

    /// <summary>Writes and flushes some updates at once. Not for two threads at the same time.</summary>
    public void Append(byte[][] updates)
    {
        var length = updates.Sum(update => update.Length + sizeof(long));
        length = (length + Page - 1) / Page * Page;
        _buffer = _buffer.Length < length ? new byte[length] : _buffer;
        var at = 0;
        foreach (var update in updates)
        {
            update.CopyTo(_buffer, at);
            at += update.Length;
            BitConverter.TryWriteBytes(_buffer.AsSpan(at), Checksum(update));
            at += sizeof(long);
        }

        _at = _at + length > Length ? 0 : _at;
        RandomAccess.Write(_file, _buffer.AsSpan(0, length), _at);
        Flush(_file);
        _at += length;
    }

    public void Dispose() => _file.Dispose();

    private static ulong Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        return crc;
    }

    private static void Flush(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(file);
        }
        else if (DataSync(file) != 0)
        {
            throw new IOException(Marshal.GetLastPInvokeErrorMessage());
        }
    }

    [DllImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static extern int DataSync(SafeFileHandle file);
}
