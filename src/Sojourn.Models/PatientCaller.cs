using System.Globalization;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Sojourn.Models;

/// <summary>
/// Makes calls: so many at once in the whole process, each within its time, and again after what can heal. A call that
/// waits to be tried again holds up no other.
/// </summary>
internal sealed class PatientCaller : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    // Also for what Retry-After asks: beyond it, the attempts are used up and the session tells why.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _slots;
    private readonly ResiliencePipeline _again;
    private readonly ResiliencePipeline _inTime;
    private readonly string _timedOut;

    /// <param name="options">The limits.</param>
    /// <param name="time">Whose time timeouts and pauses are counted in.</param>
    /// <param name="paused">Told of each pause before a further attempt.</param>
    public PatientCaller(ModelOptions options, TimeProvider time, Action<TimeSpan, string> paused)
    {
        _slots = new SemaphoreSlim(options.MaxConcurrent);
        _inTime = new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(options.CallTimeout).Build();
        _timedOut = string.Create(CultureInfo.InvariantCulture,
            $"The model's server has not answered within {options.CallTimeout.TotalSeconds:0.#} seconds. "
            + $"Retry later, or raise {nameof(ModelOptions.CallTimeout)}.");
        var again = new ResiliencePipelineBuilder { TimeProvider = time };
        if (options.Retries > 0)
        {
            again.AddRetry(Retrying(options.Retries, paused));
        }

        _again = again.Build();
    }

    /// <summary>Makes a call, and again if need be.</summary>
    /// <param name="call">Told anew for each attempt; its token is cancelled when its time is over.</param>
    /// <param name="stop">Gives up, also while waiting.</param>
    /// <exception cref="ModelException">It failed, and no attempt is left or none would help.</exception>
    public async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken stop) =>
        await _again.ExecuteAsync(async giveUp => await OnceAsync(call, giveUp), stop);

    public void Dispose() => _slots.Dispose();

    private async Task<T> OnceAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken stop)
    {
        // The time a call may take begins when it has its place.
        await _slots.WaitAsync(stop);
        try
        {
            return await _inTime.ExecuteAsync(async giveUp => await call(giveUp), stop);
        }
        catch (ModelException) when (stop.IsCancellationRequested)
        {
            // A call that is broken off may look like a broken connection; to whoever gave up it is no failure.
            throw new OperationCanceledException(stop);
        }
        catch (TimeoutRejectedException)
        {
            throw new ModelException(_timedOut, Cure.Wait);
        }
        finally
        {
            _slots.Release();
        }
    }

    private static RetryStrategyOptions Retrying(int retries, Action<TimeSpan, string> paused) => new()
    {
        MaxRetryAttempts = retries,
        ShouldHandle = args => new(args.Outcome.Exception is ModelException { Cure: Cure.Wait }),
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = FirstPause,
        MaxDelay = LongestPause,
        // Null leaves the pause to the backoff.
        DelayGenerator = args => new(args.Outcome.Exception is ModelException { After: { } after }
            ? TimeSpan.FromTicks(Math.Clamp(after.Ticks, 0, LongestPause.Ticks))
            : null),
        OnRetry = args =>
        {
            paused(args.RetryDelay, args.Outcome.Exception!.Message);
            return default;
        },
    };
}
