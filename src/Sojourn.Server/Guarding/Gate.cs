using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;

namespace Sojourn.Server.Guarding;

/// <summary>Answers a request, or says why not.</summary>
/// <param name="context">The request.</param>
/// <param name="caller">Who asks.</param>
/// <returns>Null once it is answered; a problem if nothing was sent yet.</returns>
internal delegate ValueTask<HttpProblem?> Handler(HttpContext context, Caller caller);

/// <summary>
/// Stands before every handler, the same for all: host, origin, key, rate, path, in this order, then the handler, and
/// whatever comes of it is answered as a problem.
/// </summary>
internal sealed partial class Gate(
    SojournEngine engine, Site site, Callers callers, OwnerLimits limits, ILogger<Gate> log)
{
    private const long LongestDrained = 64 << 10;

    private static readonly Func<ILogger, string, IDisposable?> InRequest =
        LoggerMessage.DefineScope<string>("RequestId:{RequestId}");

    /// <summary>Guards a handler that needs a key.</summary>
    public RequestDelegate Guard(Handler handler) => context => GuardAsync(context, handler, needsKey: true);

    /// <summary>Guards a handler that anybody who can reach the server may ask.</summary>
    public RequestDelegate GuardWithoutKey(Handler handler) =>
        context => GuardAsync(context, handler, needsKey: false);

    /// <summary>Guards a handler that tells nothing of any session: the request's origin does not matter.</summary>
    public RequestDelegate GuardPreflight(Handler handler) =>
        context => GuardAsync(context, handler, needsKey: false, fromAnySite: true);

    private async Task GuardAsync(HttpContext context, Handler handler, bool needsKey, bool fromAnySite = false)
    {
        using var scope = InRequest(log, RequestId.Settle(context));
        var response = context.Response;
        SafeHeaders.Set(response.Headers);
        HttpProblem? problem;
        try
        {
            problem = (fromAnySite ? site.CheckHost(context) : site.Check(context))
                ?? await AnswerAsync(context, handler, needsKey);
        }
        catch (Exception failure)
        {
            problem = Explain(context, failure);
        }

        if (problem is null)
        {
            return;
        }

        if (response.HasStarted)
        {
            // The answer is half sent: only breaking the connection tells the client that the rest is missing.
            context.Abort();
            return;
        }

        await ProblemAnswer.WriteAsync(response, problem, engine.Kinds);
    }

    private async ValueTask<HttpProblem?> AnswerAsync(HttpContext context, Handler handler, bool needsKey)
    {
        var caller = needsKey ? await callers.FindAsync(context.Request) : Caller.Nobody;
        if (caller is null)
        {
            return NoKey(context);
        }

        if (!needsKey)
        {
            return CheckPath(context) ?? await handler(context, caller);
        }

        if (limits.Enter(caller.Owner, context.Request.ContentLength ?? 0) is { } tooMuch)
        {
            await limits.PauseAsync(caller.Owner, context.RequestAborted);
            LeaveUnread(context);
            return tooMuch;
        }

        try
        {
            var problem = CheckPath(context) ?? await AskAsync(context, handler, caller);
            if (problem is { Type: ProblemTypes.QuotaExceeded or ProblemTypes.RateLimited })
            {
                await limits.PauseAsync(caller.Owner, context.RequestAborted);
            }

            return problem;
        }
        finally
        {
            limits.Leave(caller.Owner);
        }
    }

    private async ValueTask<HttpProblem?> AskAsync(HttpContext context, Handler handler, Caller caller)
    {
        var request = context.Request;
        var length = request.ContentLength is null && RequestBody.IsThere(request) ? new BodyLength() : null;
        context.Features.Set(length);
        try
        {
            return await handler(context, caller);
        }
        catch (SojournException no) when (no.Problem is { } problem && !context.Response.HasStarted)
        {
            return HttpProblem.Of(problem);
        }
        finally
        {
            if (length is { Bytes: > 0 })
            {
                limits.Charge(caller.Owner, length.Bytes);
            }
        }
    }

    /// <summary>
    /// To read a long body and throw it away would be as much work as to take it: the web server reads no more than
    /// this of it, and then ends the connection.
    /// </summary>
    private static void LeaveUnread(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } most)
        {
            most.MaxRequestBodySize = LongestDrained;
        }
    }

    private static HttpProblem NoKey(HttpContext context) => new(
        HttpProblemTypes.Unauthorized, context.Request.Headers.Authorization.Count == 0
            ? "The request has no key. Send it as 'Authorization: Bearer KEY'."
            : "The key is not, or no longer, one of this server's, or not sent as 'Authorization: Bearer KEY'.");

    private static HttpProblem? CheckPath(HttpContext context)
    {
        if (RequestPath.HasDots(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget))
        {
            return new(HttpProblemTypes.InvalidId, "The path holds '.' or '..' where a name belongs.");
        }

        return RequestPath.HasGap(context.Request.Path.Value)
            ? new(HttpProblemTypes.InvalidId, "A name is missing in the path: between two slashes, or after the last.")
            : null;
    }

    private HttpProblem? Explain(HttpContext context, Exception failure)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            LogGone(failure, context.Request.Method, context.Request.Path.ToUriComponent());
            return null;
        }

        switch (failure)
        {
            case SojournException { Problem: { } problem }:
                return HttpProblem.Of(problem);
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return new(ProblemTypes.TooLarge, "The request's body is larger than the server takes.");
            case BadHttpRequestException:
                return new(
                    HttpProblemTypes.Malformed, "The request's body broke off, came too slowly, or is not HTTP.");
            case OperationCanceledException:
                // Not the client's doing, so it was the host's.
                return HttpProblem.Stopping;
            default:
                LogFailed(failure, context.Request.Method, context.Request.Path.ToUriComponent());
                return new(HttpProblemTypes.Internal, "The server failed on this request; its log says more.");
        }
    }

    [LoggerMessage(200, LogLevel.Error, "{Method} {Path} failed.")]
    private partial void LogFailed(Exception failure, string method, PathString path);

    [LoggerMessage(201, LogLevel.Debug, "{Method} {Path}: the client went away.")]
    private partial void LogGone(Exception failure, string method, PathString path);
}
