using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sojourn.Kinds.Agents.Processes;

/// <summary>
/// Our end of a pipe or a terminal, or a process to wait for. No call blocks a thread. One waits at a time; closing and
/// ending are safe from any thread.
/// </summary>
internal sealed class Descriptor : IDisposable
{
    /// <summary>Nothing now, but later perhaps.</summary>
    public const int NotNow = -1;

    /// <summary>The other end takes nothing any more.</summary>
    public const int Gone = -2;

    private readonly Lock _gate = new();
    private readonly Poller _poller = Poller.Shared;
    private readonly uint _interest;
    private readonly long _token;
    private TaskCompletionSource? _waiter;
    private bool _isWatched, _isClosed;
    private volatile bool _isOver;

    private Descriptor(SafeFileHandle handle, uint interest)
    {
        Handle = handle;
        _interest = interest;
        _token = _poller.Add(this);
    }

    public SafeFileHandle Handle { get; }

    /// <summary>Whether nobody is to wait any more: <see cref="End"/> was called, or it was closed.</summary>
    public bool IsOver => _isOver;

    /// <param name="handle">Not blocking; owned by the descriptor from now on.</param>
    public static Descriptor ForReading(SafeFileHandle handle) => new(handle, NativeDescriptors.Readable);

    /// <inheritdoc cref="ForReading" />
    public static Descriptor ForWriting(SafeFileHandle handle) => new(handle, NativeDescriptors.Writable);

    /// <returns>How many bytes; 0 at the end; or <see cref="NotNow"/>.</returns>
    public int Read(Span<byte> into)
    {
        try
        {
            while (true)
            {
                var read = NativeDescriptors.Read(Handle, ref MemoryMarshal.GetReference(into), into.Length);
                if (read >= 0)
                {
                    return (int)read;
                }

                switch (Marshal.GetLastPInvokeError())
                {
                    case NativeDescriptors.Interrupted:
                        continue;
                    case NativeDescriptors.TryAgain:
                        return NotNow;
                    default:
                        // A terminal says so (EIO) when no program has it open any more.
                        return 0;
                }
            }
        }
        catch (ObjectDisposedException)
        {
            return 0;
        }
    }

    /// <returns>How many bytes were taken; or <see cref="NotNow"/>; or <see cref="Gone"/>.</returns>
    public int Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            while (true)
            {
                var written = NativeDescriptors.Write(Handle, in MemoryMarshal.GetReference(bytes), bytes.Length);
                if (written > 0)
                {
                    return (int)written;
                }

                switch (written == 0 ? NativeDescriptors.TryAgain : Marshal.GetLastPInvokeError())
                {
                    case NativeDescriptors.Interrupted:
                        continue;
                    case NativeDescriptors.TryAgain:
                        return NotNow;
                    default:
                        return Gone;
                }
            }
        }
        catch (ObjectDisposedException)
        {
            return Gone;
        }
    }

    /// <summary>
    /// Completes when it is worth trying again, which may be for nothing, and at once when <see cref="IsOver"/>.
    /// </summary>
    public async Task ReadyAsync(CancellationToken giveUp)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_isOver)
            {
                return;
            }

            if (_waiter is not null)
            {
                throw new InvalidOperationException("Somebody waits for this end of the program already.");
            }

            _poller.Arm(Handle, _token, _interest, isFirst: !_isWatched);
            _isWatched = true;
            _waiter = ready;
        }

        await using var registration = giveUp.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), ready);
        try
        {
            await ready.Task;
        }
        finally
        {
            Forget(ready);
        }
    }

    /// <summary>Whoever waits goes on, and nobody waits again: what can be had now is all.</summary>
    public void End()
    {
        _isOver = true;
        Wake();
    }

    /// <summary>Whoever waits goes on.</summary>
    public void Wake()
    {
        TaskCompletionSource? waiter;
        lock (_gate)
        {
            (waiter, _waiter) = (_waiter, null);
        }

        waiter?.TrySetResult();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = _isOver = true;
            _poller.Remove(Handle, _token, _isWatched);
        }

        Wake();
        Handle.Dispose();
    }

    private void Forget(TaskCompletionSource ready)
    {
        lock (_gate)
        {
            if (_waiter == ready)
            {
                _waiter = null;
            }
        }
    }
}
