using System.Diagnostics;
using System.Text;

namespace Sojourn.Bench;

/// <summary>Looks for a mark in what comes, and notes the moment. It may come in pieces.</summary>
internal sealed class MarkFinder
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<long>? _found;
    private byte[] _mark = [];
    private byte[] _tail = [];

    /// <summary>Looks from now on, for this mark instead of any before.</summary>
    /// <returns>Completes with the moment at which it has come.</returns>
    public Task<long> ExpectAsync(string mark)
    {
        lock (_gate)
        {
            _found = new(TaskCreationOptions.RunContinuationsAsynchronously);
            (_mark, _tail) = (Encoding.UTF8.GetBytes(mark), []);
            return _found.Task;
        }
    }

    public void Take(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_found is null)
            {
                return;
            }

            var kept = _mark.Length - 1;
            byte[] seam = [.. _tail, .. bytes[..Math.Min(kept, bytes.Length)]];
            if (seam.AsSpan().IndexOf(_mark) >= 0 || bytes.IndexOf(_mark) >= 0)
            {
                _found.TrySetResult(Stopwatch.GetTimestamp());
                _found = null;
                return;
            }

            _tail = bytes.Length >= kept ? bytes[^kept..].ToArray() : seam[Math.Max(0, seam.Length - kept)..];
        }
    }
}
