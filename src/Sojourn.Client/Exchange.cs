using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;

namespace Sojourn.Client;

/// <summary>
/// Sends requests, repeats those that may be repeated, and turns what went wrong into one of two exceptions.
/// </summary>
internal sealed class Exchange(HttpClient http, SojournClientOptions options)
{
    /// <summary>Sends a request whose answer is read whole.</summary>
    /// <param name="make">Makes the request anew for each attempt, since one can be sent only once.</param>
    /// <param name="repeatable">Whether a second arrival has no second effect.</param>
    /// <param name="giveUp">Ends the waiting; a request already sent may take effect all the same.</param>
    /// <param name="limit">How long one attempt may take; null for what the options say.</param>
    public async Task<HttpResponseMessage> SendAsync(
        Func<HttpRequestMessage> make, bool repeatable, CancellationToken giveUp, TimeSpan? limit = null)
    {
        var clock = options.TimeProvider;
        var started = clock.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan wait;
            try
            {
                return await TryOnceAsync(make, limit ?? options.RequestTimeout, giveUp).ConfigureAwait(false);
            }
            catch (SojournClientException failure) when (repeatable && MayPass(failure))
            {
                wait = Backoff.Before(attempt, (failure as SojournProblemException)?.RetryAfter, options);
                if (clock.GetElapsedTime(started) + wait > options.RetryFor)
                    throw;
            }

            await Task.Delay(wait, clock, giveUp).ConfigureAwait(false);
        }
    }

    /// <summary>Sends a request and returns as soon as the head of a good answer is there; one attempt.</summary>
    public async Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request, CancellationToken giveUp)
    {
        return await WithinAsync(options.SilenceLimit, async stop =>
        {
            var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop)
                .ConfigureAwait(false);
            return await GoodAsync(response, stop).ConfigureAwait(false);
        }, giveUp).ConfigureAwait(false);
    }

    /// <summary>Asks once whether the server takes work. It needs no key for that.</summary>
    public async Task<ServerHealth> HealthAsync(CancellationToken giveUp)
    {
        var clock = options.TimeProvider;
        var started = clock.GetTimestamp();
        string? problem = null;
        Readiness? ready = null;
        using var response = await WithinAsync(options.RequestTimeout, async stop =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "health/ready");
            var answer = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, stop)
                .ConfigureAwait(false);
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                var good = await GoodAsync(answer, stop).ConfigureAwait(false);
                ready = Readiness.Of(await good.Content.ReadAsByteArrayAsync(stop).ConfigureAwait(false));
                return good;
            }

            problem = (await SojournProblem.ReadAsync(answer, stop).ConfigureAwait(false)).Detail;
            return answer;
        }, giveUp).ConfigureAwait(false);
        var middle = clock.GetUtcNow() - (clock.GetElapsedTime(started) / 2);
        // The header's second is cut off; on average it was half a second later.
        var told = response.Headers.Date + TimeSpan.FromSeconds(0.5);
        return new ServerHealth(response.IsSuccessStatusCode, problem, told - middle)
        {
            Level = ready?.Level ?? (response.IsSuccessStatusCode ? "healthy" : "critical"),
            Findings = ready?.Findings ?? [],
        };
    }

    private Task<HttpResponseMessage> TryOnceAsync(
        Func<HttpRequestMessage> make, TimeSpan limit, CancellationToken giveUp) =>
        WithinAsync(limit, async stop =>
        {
            using var request = make();
            var response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, stop)
                .ConfigureAwait(false);
            return await GoodAsync(response, stop).ConfigureAwait(false);
        }, giveUp);

    private async Task<HttpResponseMessage> WithinAsync(
        TimeSpan limit, Func<CancellationToken, Task<HttpResponseMessage>> send, CancellationToken giveUp)
    {
        using var late = new CancellationTokenSource(limit, options.TimeProvider);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, giveUp);
        try
        {
            return await send(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!giveUp.IsCancellationRequested)
        {
            var slow = new TimeoutException(late.IsCancellationRequested
                ? $"no answer within {limit.TotalSeconds:0.##} s" : "no connection in time");
            throw SojournConnectionException.From(slow, options.Url);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            throw SojournConnectionException.From(broken, options.Url);
        }
    }

    private async Task<HttpResponseMessage> GoodAsync(HttpResponseMessage response, CancellationToken stop)
    {
        if (response.IsSuccessStatusCode)
            return response;

        using (response)
        {
            var problem = await SojournProblem.ReadAsync(response, stop).ConfigureAwait(false);
            throw new SojournProblemException(problem, Pause(response.Headers.RetryAfter));
        }
    }

    private TimeSpan? Pause(RetryConditionHeaderValue? retryAfter)
    {
        if (retryAfter is null)
            return null;

        var pause = retryAfter.Delta ?? (retryAfter.Date - options.TimeProvider.GetUtcNow());
        return pause < TimeSpan.Zero ? TimeSpan.Zero : pause;
    }

    /// <summary>
    /// What can heal by itself: a busy or stopping server, and a gateway that does not reach it. A broken rule (500)
    /// stays broken, a wrong certificate stays wrong.
    /// </summary>
    private static bool MayPass(SojournClientException failure) => failure switch
    {
        SojournConnectionException lost => !lost.Lasting,
        SojournProblemException { Problem.Status: 408 or 429 or 502 or 503 or 504 } => true,
        SojournProblemException => false,
        _ => throw new UnreachableException(),
    };
}
