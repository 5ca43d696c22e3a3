using System.Collections.Concurrent;
using Sojourn.Server.Problems;

namespace Sojourn.Server.Guarding;

/// <summary>How much each owner may ask for: so many requests a second, with bursts, and so many at once.</summary>
internal sealed class OwnerLimits(SojournServerOptions options, TimeProvider time)
{
    // One for each owner that has a key; strangers do not get this far.
    private readonly ConcurrentDictionary<OwnerId, Allowance> _owners = new();

    /// <summary>Lets a request in, until <see cref="Leave"/>.</summary>
    /// <returns>Null; or why it is not let in.</returns>
    public HttpProblem? Enter(OwnerId owner)
    {
        var allowance = _owners.GetOrAdd(owner, static (_, burst) => new Allowance(burst), options.RequestBurst);
        var now = time.GetTimestamp();
        lock (allowance.Counts)
        {
            if (allowance.UnderWay >= options.MaxConcurrentRequests)
            {
                return new(ProblemTypes.RateLimited,
                    $"{options.MaxConcurrentRequests:N0} requests of this owner are under way already, open streams "
                    + "included. Try again when one has ended.")
                { Code = "too-many-at-once" };
            }

            Refill_Locked(allowance, now);
            if (allowance.Tokens < 1)
            {
                var wait = (1 - allowance.Tokens) / options.RequestsPerSecond;
                return new(ProblemTypes.RateLimited,
                    $"This owner has asked more than {options.RequestsPerSecond:N0} times a second. Try again later.")
                {
                    Code = "too-fast",
                    RetryAfterSeconds = Math.Max(1, (int)Math.Ceiling(wait)),
                };
            }

            allowance.Tokens--;
            allowance.UnderWay++;
            return null;
        }
    }

    /// <summary>
    /// Lets one that came too fast wait for its refusal: who asks again at once gains nothing by it, and takes nothing
    /// from others. It counts as one of those under way; beyond their number nobody is made to wait.
    /// </summary>
    public async ValueTask PauseAsync(OwnerId owner, CancellationToken gone)
    {
        var allowance = _owners[owner];
        lock (allowance.Counts)
        {
            if (allowance.UnderWay >= options.MaxConcurrentRequests)
            {
                return;
            }

            allowance.UnderWay++;
        }

        try
        {
            await Task.Delay(options.RefusalPause, time, gone);
        }
        finally
        {
            Leave(owner);
        }
    }

    /// <summary>A request that was let in has ended.</summary>
    public void Leave(OwnerId owner)
    {
        var allowance = _owners[owner];
        lock (allowance.Counts)
        {
            allowance.UnderWay--;
        }
    }

    private void Refill_Locked(Allowance allowance, long now)
    {
        // The first time there is nothing to refill: the bucket is full.
        var elapsed = allowance.FilledAt == 0 ? TimeSpan.Zero : time.GetElapsedTime(allowance.FilledAt, now);
        // A clock that is set back gives nothing, and takes nothing.
        if (elapsed > TimeSpan.Zero)
        {
            allowance.Tokens = Math.Min(
                options.RequestBurst, allowance.Tokens + (elapsed.TotalSeconds * options.RequestsPerSecond));
        }

        allowance.FilledAt = now;
    }

    /// <summary>A token bucket and a count, guarded by <see cref="Counts"/>.</summary>
    private sealed class Allowance(double burst)
    {
        public Lock Counts { get; } = new();

        public double Tokens { get; set; } = burst;

        public long FilledAt { get; set; }

        public int UnderWay { get; set; }
    }
}
