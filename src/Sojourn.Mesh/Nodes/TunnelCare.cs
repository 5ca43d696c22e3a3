using System.Globalization;
using Sojourn.Mesh.Tunnels;

namespace Sojourn.Mesh.Nodes;

/// <summary>
/// Begins a tunnel again that has died, as long as that does not happen too often. Used by the node's own loop alone.
/// </summary>
/// <param name="tunnel">The tunnel.</param>
/// <param name="time">The clock.</param>
/// <param name="wake">Has the loop look again.</param>
internal sealed class TunnelCare(ITunnel tunnel, TimeProvider time, Action wake)
{
    /// <summary>How often it is begun again, within <see cref="Within"/>.</summary>
    public const int Most = 5;

    /// <summary>After that a death counts no more.</summary>
    public static readonly TimeSpan Within = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);

    private readonly Queue<TimeSpan> _deaths = [];
    private Task? _beginning;

    /// <summary>Whether it is there, as far as is known.</summary>
    public bool IsUp => _beginning is null;

    /// <summary>It does not do what it is told: it is begun again, the first time at once and then after ever longer
    /// pauses.</summary>
    /// <param name="why">What it said.</param>
    /// <param name="now">The time.</param>
    /// <param name="stop">Ends the trying.</param>
    /// <exception cref="MeshException">That was too often.</exception>
    public void Died(MeshException why, TimeSpan now, CancellationToken stop)
    {
        while (_deaths.TryPeek(out var first) && now - first > Within)
            _deaths.Dequeue();
        if (_deaths.Count == Most)
        {
            throw new MeshException(string.Create(CultureInfo.InvariantCulture,
                $"The tunnel was begun again {Most} times within {Within.TotalSeconds:0} s, and died each time. ")
                + $"The last time: {why.Message}", why);
        }

        var pause = _deaths.Count == 0 ? TimeSpan.Zero : FirstPause * (1 << _deaths.Count);
        _deaths.Enqueue(now);
        _beginning = BeginAsync(pause, stop);
        _ = WakeAfterAsync(_beginning);
    }

    /// <summary>Whether it has just come back: it knows nobody any more.</summary>
    /// <exception cref="MeshException">It cannot be begun.</exception>
    public async Task<bool> IsBackAsync(TimeSpan now, CancellationToken stop)
    {
        if (_beginning is not { IsCompleted: true } ended)
            return false;
        try
        {
            await ended;
            _beginning = null;
            return true;
        }
        catch (MeshException again)
        {
            Died(again, now, stop);
            return false;
        }
    }

    /// <summary>Completes once nothing is being begun.</summary>
    public async Task EndAsync()
    {
        if (_beginning is not null)
            await _beginning.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task BeginAsync(TimeSpan pause, CancellationToken stop)
    {
        await Task.Delay(pause, time, stop);
        await tunnel.BeginAgainAsync(stop);
    }

    private async Task WakeAfterAsync(Task beginning)
    {
        await beginning.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        wake();
    }
}
