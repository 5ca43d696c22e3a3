using Microsoft.AspNetCore.Http;
using Sojourn.Server.Guarding;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;
using Sojourn.Stores;

namespace Sojourn.Server.Streams;

/// <summary>The logs of sessions, their events and their named streams, in the protocol of durable streams.</summary>
internal sealed class LogEndpoints(SojournEngine engine, StreamReading reading)
{
    /// <summary>The log that the path names.</summary>
    public ValueTask<HttpProblem?> ReadAsync(HttpContext context, Caller caller) =>
        ReadAsync(context, caller, (string)context.Request.RouteValues["name"]!);

    /// <summary>The log of events.</summary>
    public ValueTask<HttpProblem?> ReadEventsAsync(HttpContext context, Caller caller) =>
        ReadAsync(context, caller, StreamKey.Events);

    /// <summary>Whoever says how it follows means the protocol; anybody else the older form.</summary>
    public static Handler OrLive(Handler live, Handler other) => (context, caller) =>
        context.Request.Query.ContainsKey("live") ? live(context, caller) : other(context, caller);

    private ValueTask<HttpProblem?> ReadAsync(HttpContext context, Caller caller, string stream) =>
        Route.ReadSession(context, caller.Owner, engine, out _, out var key) is { } problem
            ? new(problem)
            : reading.AnswerAsync(context, caller, new LogAddress(key, stream));
}
