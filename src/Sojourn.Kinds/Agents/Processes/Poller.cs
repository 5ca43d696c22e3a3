using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sojourn.Kinds.Agents.Processes;

/// <summary>
/// One thread that waits for all descriptors of all children. A descriptor is watched only while somebody waits for it,
/// and for one event: what nobody reads stays where it is, and the program that writes it is held up.
/// </summary>
internal sealed class Poller
{
    public const string ThreadName = "sojourn-children";

    private const int MostAtOnce = 64;

    // The kernel packs its struct on x64 and on no other processor.
    private static readonly int Stride = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int TokenAt = Stride - sizeof(long);

    private static readonly Lock Making = new();
    private static Poller? _shared;

    private readonly SafeFileHandle _poll = Create();
    private readonly ConcurrentDictionary<long, Descriptor> _watched = new();
    private long _lastToken;

    private Poller() => new Thread(Work) { IsBackground = true, Name = ThreadName }.Start();

    /// <summary>That of this process; it lives as long.</summary>
    /// <exception cref="ChildStartException">It could not be made this time.</exception>
    public static Poller Shared
    {
        get
        {
            lock (Making)
            {
                return _shared ??= new Poller();
            }
        }
    }

    /// <returns>What the descriptor is called here; never given twice.</returns>
    public long Add(Descriptor descriptor)
    {
        var token = Interlocked.Increment(ref _lastToken);
        _watched[token] = descriptor;
        return token;
    }

    /// <summary>Asks for one call of <see cref="Descriptor.Wake"/>, as soon as this is so; at once if it is.</summary>
    /// <param name="handle">What to watch.</param>
    /// <param name="token">What it is called here.</param>
    /// <param name="interest">Readable or writable.</param>
    /// <param name="isFirst">Whether it is watched for the first time.</param>
    public void Arm(SafeFileHandle handle, long token, uint interest, bool isFirst)
    {
        Span<byte> what = stackalloc byte[Stride];
        var events = interest | NativeDescriptors.OneShot;
        MemoryMarshal.Write(what, in events);
        MemoryMarshal.Write(what[TokenAt..], in token);
        var operation = isFirst ? NativeDescriptors.AddToPoll : NativeDescriptors.ChangeInPoll;
        if (NativeDescriptors.ControlPoll(_poll, operation, handle, ref MemoryMarshal.GetReference(what)) != 0)
        {
            throw new InvalidOperationException(
                $"A program's descriptor cannot be watched: {Marshal.GetLastPInvokeErrorMessage()}.");
        }
    }

    public void Remove(SafeFileHandle handle, long token, bool wasArmed)
    {
        _watched.TryRemove(token, out _);
        if (wasArmed)
        {
            // Closing it is not enough while a process that is just being started has a copy.
            var nothing = default(byte);
            _ = NativeDescriptors.ControlPoll(_poll, NativeDescriptors.RemoveFromPoll, handle, ref nothing);
        }
    }

    private static SafeFileHandle Create()
    {
        var poll = NativeDescriptors.CreatePoll(NativeDescriptors.CloseOnExec);
        return poll >= 0 ? new SafeFileHandle(poll, ownsHandle: true) : throw new ChildStartException(
            ChildStartProblem.Exhausted, "The system has no descriptor left to watch programs with.");
    }

    private void Work()
    {
        var events = new byte[MostAtOnce * Stride];
        while (true)
        {
            var count = NativeDescriptors.WaitForPoll(_poll, ref events[0], MostAtOnce, -1);
            for (var at = 0; at < count; at++)
            {
                var token = MemoryMarshal.Read<long>(events.AsSpan((at * Stride) + TokenAt));
                if (_watched.TryGetValue(token, out var descriptor))
                {
                    descriptor.Wake();
                }
            }
        }
    }
}
