using System.Buffers;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Sojourn.Server.Guarding;

/// <summary>What a request is called in the answer and in the log, so that one can be found by the other.</summary>
internal static class RequestId
{
    public const string Header = "X-Request-Id";

    private const int Longest = 128;

    // Nothing that could end a line, or be taken for something else, wherever it is written.
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-");

    /// <summary>Takes the client's id if it can be used, otherwise the one that the web server has made.</summary>
    public static string Settle(HttpContext context)
    {
        var given = context.Request.Headers[Header];
        if (given.Count == 1 && given.ToString() is { Length: > 0 and <= Longest } id
            && !id.AsSpan().ContainsAnyExcept(Allowed))
        {
            context.TraceIdentifier = id;
        }

        if (Activity.Current is { IsAllDataRequested: true } trace)
        {
            trace.SetTag("http.response.header.x-request-id", new[] { context.TraceIdentifier });
        }

        context.Response.Headers[Header] = context.TraceIdentifier;
        return context.TraceIdentifier;
    }
}
