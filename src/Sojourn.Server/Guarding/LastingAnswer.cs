using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Sojourn.Server.Guarding;

/// <summary>
/// An answer that stays open. It outlives the check at the door, but neither the key nor the client, nor the host: that
/// waits for open requests before it stops the engine.
/// </summary>
internal sealed class LastingAnswer : IDisposable
{
    // A timer reaches no further than some weeks; whoever is cut off early comes back.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);

    private readonly CancellationTokenSource _expiry;

    public LastingAnswer(HttpContext context, Caller caller, TimeProvider time, IHostApplicationLifetime lifetime)
    {
        _expiry = new CancellationTokenSource(
            caller.ExpiresAt is { } end ? Shorter(end - time.GetUtcNow(), LongestTimer) : Timeout.InfiniteTimeSpan,
            time);
        Stop = CancellationTokenSource.CreateLinkedTokenSource(
            [context.RequestAborted, lifetime.ApplicationStopping, caller.Revoked, _expiry.Token]);
    }

    /// <summary>When it is to end; can be ended early.</summary>
    public CancellationTokenSource Stop { get; }

    public void Dispose()
    {
        Stop.Dispose();
        _expiry.Dispose();
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < TimeSpan.Zero ? TimeSpan.Zero
        : one < other ? one : other;
}
