using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>A driver at work on one session under a lease.</summary>
internal sealed class Drive(Cell cell, Lease lease, DateTimeOffset leaseUntil) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private int _isOver;

    public Cell Cell { get; set; } = cell;

    public Lease Lease { get; } = lease;

    /// <summary>When the lease ends unless it is renewed.</summary>
    public DateTimeOffset LeaseUntil { get; set; } = leaseUntil;

    public CancellationToken Stop => _stop.Token;

    /// <summary>True once the driver was told to stop; how its code ends then says nothing about the work.</summary>
    public bool IsOver => Volatile.Read(ref _isOver) == 1;

    /// <summary>The task of the driver's code and what follows it.</summary>
    public Task Work { get; set; } = Task.CompletedTask;

    /// <summary>The session is no longer busy.</summary>
    public void Leave() => End();

    /// <summary>The lease is held no longer.</summary>
    public void Lose() => End();

    /// <summary>The node stops; the session stays busy and goes on elsewhere, or later.</summary>
    public void Park() => End();

    public void Dispose() => _stop.Dispose();

    private void End()
    {
        // Asynchronously: what the driver does when cancelled must not run on the thread that publishes.
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
        {
            _ = _stop.CancelAsync();
        }
    }
}
