using System.Collections.Concurrent;
using Sojourn.Server.Problems;

namespace Sojourn.Server.Guarding;

/// <summary>
/// How much each owner may ask for: so many requests a second, with bursts, and so many at once. A long body counts as
/// several requests, since reading it takes as long.
/// </summary>
internal sealed class OwnerLimits(SojournServerOptions options, TimeProvider time)
{
    private const double BodyBytesOfOne = 16 << 10;
    private const double RefusalsAPause = 25;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    // One for each owner that has a key; strangers do not get this far.
    private readonly ConcurrentDictionary<OwnerId, Allowance> _owners = new();

    /// <summary>Lets a request in, until <see cref="Leave"/>.</summary>
    /// <param name="owner">Whose.</param>
    /// <param name="bodyBytes">The length of its body, as far as it is told.</param>
    /// <returns>Null; or why it is not let in.</returns>
    public HttpProblem? Enter(OwnerId owner, long bodyBytes)
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

            Take_Locked(allowance, CostOf(bodyBytes));
            allowance.UnderWay++;
            return null;
        }
    }

    /// <summary>
    /// Lets one that asked for too much wait for its refusal: who asks again at once gains nothing by it, and takes
    /// nothing from others. The more of an owner's wait, the longer they do, so that more connections bring no more
    /// refusals. Those who wait hold a connection each and nothing else, so that connections bound them.
    /// </summary>
    public async ValueTask PauseAsync(OwnerId owner, CancellationToken gone)
    {
        var allowance = _owners[owner];
        int waiting;
        lock (allowance.Counts)
        {
            waiting = ++allowance.Waiting;
        }

        try
        {
            await Task.Delay(PauseOf(waiting), time, gone);
        }
        finally
        {
            lock (allowance.Counts)
            {
                allowance.Waiting--;
            }
        }
    }

    /// <summary>Takes a body whose length nobody told before from the owner's share.</summary>
    public void Charge(OwnerId owner, long bodyBytes)
    {
        var allowance = _owners[owner];
        lock (allowance.Counts)
        {
            Take_Locked(allowance, CostOf(bodyBytes) - 1);
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

    private TimeSpan PauseOf(int waiting)
    {
        // The options allow no more than the longest.
        var pause = options.RefusalPause * Math.Max(1, waiting / RefusalsAPause);
        return pause < LongestPause ? pause : LongestPause;
    }

    /// <summary>No more than the longest body that is read, whatever length was told.</summary>
    private double CostOf(long bodyBytes) =>
        Math.Max(1, Math.Ceiling(Math.Min(bodyBytes, options.MaxBodyBytes) / BodyBytesOfOne));

    /// <summary>
    /// A body that is worth more than there is, is let in and paid for by those after it: it would never be let in
    /// otherwise. The debt is never more than a burst, so that nobody is locked out for long.
    /// </summary>
    private void Take_Locked(Allowance allowance, double cost) =>
        allowance.Tokens = Math.Max(-options.RequestBurst, allowance.Tokens - cost);

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

        /// <summary>How many wait for their refusals.</summary>
        public int Waiting { get; set; }
    }
}
