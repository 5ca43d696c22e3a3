using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Sojourn.Kinds.Streams;
using Sojourn.Server.Guarding;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;

namespace Sojourn.Server.Streams;

/// <summary>Durable streams by name: creates, appends to, reads and deletes them.</summary>
internal sealed class StreamEndpoints(
    StreamReading reading, StreamAppending appending, StreamCreating creating, StreamForks forks)
{
    private const string Allowed = "GET, HEAD, PUT, POST, DELETE, OPTIONS";

    /// <summary>Answers whatever is asked of a stream.</summary>
    public ValueTask<HttpProblem?> HandleAsync(HttpContext context, Caller caller)
    {
        var name = (string?)context.Request.RouteValues["name"] ?? "";
        var sent = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!StreamPath.IsPlain(RequestPath.PathOf(sent)) || !StreamName.TryFind(name, out var id))
        {
            return new(new HttpProblem(HttpProblemTypes.InvalidId,
                $"A stream's name is 1 to {StreamName.MaxBytes} bytes without control characters. The path is "
                + $"{StreamPath.Rule}."));
        }

        StreamHeaders.Protect(context.Response);
        var key = new SessionKey(StreamKind.KindName, caller.Owner, id);
        return context.Request.Method switch
        {
            "GET" or "HEAD" => reading.AnswerAsync(context, caller, new LogAddress(key, StreamKind.Data)),
            "POST" => appending.AppendAsync(context, key),
            "PUT" => creating.CreateAsync(context, name, key),
            "DELETE" => DeleteAsync(context, key),
            var method => new(Methods.NotAllowed(method, Allowed)),
        };
    }

    /// <summary>
    /// Tells browsers what may be asked. Pages of other sites are told too, and get no further: nothing allows them.
    /// </summary>
    public static ValueTask<HttpProblem?> PreflightAsync(HttpContext context, Caller caller)
    {
        var headers = context.Response.Headers;
        headers.Allow = Allowed;
        headers.AccessControlAllowMethods = Allowed;
        headers.AccessControlAllowHeaders = StreamHeaders.Requested;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return new((HttpProblem?)null);
    }

    private async ValueTask<HttpProblem?> DeleteAsync(HttpContext context, SessionKey key)
    {
        if (await forks.DeleteAsync(key) is { } problem)
        {
            return problem;
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }
}
