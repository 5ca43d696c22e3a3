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
        var one = _update.Length + sizeof(long);
        var buffer = new byte[((group * one) + Page - 1) / Page * Page];
        var count = 0L;
        for (; !stop.IsCancellationRequested; count += group)
        {
            for (var i = 0; i < group; i++)
            {
                _update.CopyTo(buffer, i * one);
                BitConverter.TryWriteBytes(buffer.AsSpan((i * one) + _update.Length), Checksum(_update));
            }

            _at = _at + buffer.Length > Length ? 0 : _at;
            RandomAccess.Write(_file, buffer, _at);
            Flush(_file);
            _at += buffer.Length;
        }

        return count;
    });

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
