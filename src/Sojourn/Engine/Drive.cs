using System.Diagnostics.CodeAnalysis;
using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>
/// A driver at work on one session under a lease, for one run: from when it became busy to when it is not.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Whoever ends a drive may do so late; see _stop.")]
internal sealed class Drive(Cell cell, Lease lease, DateTimeOffset leaseUntil)
{
    // Never disposed: it has no timer, and whoever ends a drive may do so when it is over.
    private readonly CancellationTokenSource _stop = new();
    private int _isOver;

    public Cell Cell { get; set; } = cell;

    public Lease Lease { get; } = lease;

    /// <summary>When the lease ends unless it is renewed.</summary>
    public DateTimeOffset LeaseUntil { get; set; } = leaseUntil;

    /// <summary>The run that it was taken up for.</summary>
    public BusyRun Run { get; private set; }

    /// <summary>Says which run it drives; false if the session is not busy.</summary>
    public bool TakeUp(Snapshot? seen)
    {
        Run = BusyRun.Of(seen);
        return Run.Since > 0;
    }

    /// <summary>True while the session is in the run that it drives.</summary>
    public bool IsOf(Snapshot? seen) => BusyRun.Of(seen) == Run;

    public CancellationToken Stop => _stop.Token;

    /// <summary>True once the driver was told to stop; how its code ends then says nothing about the work.</summary>
    public bool IsOver => Volatile.Read(ref _isOver) == 1;

    /// <summary>The task of the driver's code and what follows it.</summary>
    public Task Work { get; set; } = Task.CompletedTask;

    /// <summary>Tells the driver to stop: the run is over, the lease is lost, or the node stops.</summary>
    public void End()
    {
        // Asynchronously: what the driver does when cancelled must not run on the thread that publishes.
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
        {
            _ = _stop.CancelAsync();
        }
    }
}
