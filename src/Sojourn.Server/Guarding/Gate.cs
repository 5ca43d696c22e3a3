using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Sojourn.Server.Problems;

namespace Sojourn.Server.Guarding;

/// <summary>Answers a request, or says why not.</summary>
/// <param name="context">The request.</param>
/// <param name="owner">Whom its key speaks for.</param>
/// <returns>Null once it is answered; a problem if nothing was sent yet.</returns>
internal delegate ValueTask<HttpProblem?> Handler(HttpContext context, OwnerId owner);

/// <summary>
/// Stands before every handler, the same for all: host, origin, key, path, in this order, then the handler, and
/// whatever comes of it is answered as a problem.
/// </summary>
internal sealed partial class Gate(
    SojournEngine engine, SojournServerOptions options, IServer server, ILogger<Gate> log)
{
    private readonly KeyRing _keys = new([(options.Key!, OwnerId.Local)]);

    // Not before the first request: a server that was given port 0 does not know its addresses earlier.
    private readonly Lazy<HostList> _hosts = new(() => new HostList(
        options.AllowedHosts, server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []));

    /// <summary>Guards a handler that needs a key.</summary>
    public RequestDelegate Guard(Handler handler) => context => AnswerAsync(context, handler, needsKey: true);

    /// <summary>Guards a handler that anybody who can reach the server may ask.</summary>
    public RequestDelegate GuardWithoutKey(Handler handler) =>
        context => AnswerAsync(context, handler, needsKey: false);

    private async Task AnswerAsync(HttpContext context, Handler handler, bool needsKey)
    {
        var response = context.Response;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
        HttpProblem? problem;
        try
        {
            problem = Check(context, needsKey, out var owner) ?? await handler(context, owner);
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

    private HttpProblem? Check(HttpContext context, bool needsKey, out OwnerId owner)
    {
        owner = default;
        var headers = context.Request.Headers;
        if (!_hosts.Value.Accepts(context))
        {
            return new(HttpProblemTypes.Forbidden,
                "The server does not answer to this Host. Use the address it was started with, or allow the name in "
                + "its configuration.");
        }

        if (headers.Origin is { Count: > 0 } origins
            && (origins.Count > 1 || !_hosts.Value.AcceptsOrigin(context, origins.ToString())))
        {
            return new(HttpProblemTypes.Forbidden, "Pages of this Origin may not talk to the server.");
        }

        if (needsKey && !_keys.TryFind(headers.Authorization, out owner))
        {
            return new(HttpProblemTypes.Unauthorized, headers.Authorization.Count == 0
                ? "The request has no key. Send it as 'Authorization: Bearer KEY'."
                : "The key is not one of this server's, or not sent as 'Authorization: Bearer KEY'.");
        }

        if (RequestPath.HasDots(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget))
        {
            return new(HttpProblemTypes.InvalidId, "The path holds '.' or '..' where a name belongs.");
        }

        return RequestPath.HasGap(context.Request.Path.Value) ? Requests.Route.BadId() : null;
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
                return new(ProblemTypes.Stopping, "The server is stopping. Try again in a moment.");
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
