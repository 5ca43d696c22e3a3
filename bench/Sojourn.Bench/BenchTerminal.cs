using System.Diagnostics;
using System.Text;

namespace Sojourn.Bench;

/// <summary>A terminal with a program on it, and somebody in front of it who types and watches.</summary>
internal abstract class BenchTerminal : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private protected BenchTerminal(string greeting) =>
        Ready = Finder.ExpectAsync(greeting).WaitAsync(Patience);

    /// <summary>Completes when the program has greeted.</summary>
    public Task Ready { get; }

    /// <summary>How many bytes have come to whoever watches.</summary>
    public long Bytes { get; private set; }

    /// <summary>How many whole pictures are among that, instead of all that led there.</summary>
    public int Pictures { get; protected set; }

    private protected MarkFinder Finder { get; } = new();

    public abstract ValueTask TypeAsync(ReadOnlyMemory<byte> keys);

    public abstract ValueTask DisposeAsync();

    /// <returns>How long it takes from before the typing until a mark has come, in milliseconds.</returns>
    public async Task<double> TypeUntilAsync(string keys, string mark)
    {
        var found = Finder.ExpectAsync(mark);
        var began = Stopwatch.GetTimestamp();
        await TypeAsync(Encoding.UTF8.GetBytes(keys));
        return Stopwatch.GetElapsedTime(began, await found.WaitAsync(Patience)).TotalMilliseconds;
    }

    /// <summary>Runs a command in a shell.</summary>
    /// <returns>How long it takes until what follows it has come, in milliseconds.</returns>
    public Task<double> RunAsync(string command)
    {
        // Not as it is typed, so that the typing's echo is not taken for it.
        var number = Guid.NewGuid().ToString("N")[..8];
        return TypeUntilAsync($"{command}; printf 'the-%s-%s\\n' end {number}\r", $"the-end-{number}");
    }

    private protected void Take(ReadOnlySpan<byte> bytes)
    {
        Bytes += bytes.Length;
        Finder.Take(bytes);
    }
}
