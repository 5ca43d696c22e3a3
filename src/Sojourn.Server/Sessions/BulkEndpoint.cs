using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Sojourn.Server.Guarding;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;

namespace Sojourn.Server.Sessions;

/// <summary>
/// Sends one command to many sessions, or removes them. The answer is a line of JSON for each, sent as they come, so
/// that a million of them need no more memory than a hundred.
/// </summary>
internal sealed class BulkEndpoint(
    SojournEngine engine, SojournServerOptions options, TimeProvider time, IHostApplicationLifetime lifetime)
{
    public async ValueTask<HttpProblem?> RunAsync(HttpContext context, Caller caller)
    {
        var request = context.Request;
        if (Route.ReadKind(context, engine, out var kind) is { } problem)
        {
            return problem;
        }

        if (request.Headers.IfMatch.Count > 0)
        {
            return HttpProblem.BadParameter("If-Match", "Many sessions have many versions; leave If-Match out.");
        }

        if (!Preconditions.TryReadOperation(request, out var operation, out var fault))
        {
            return fault;
        }

        var body = await RequestBody.ReadAsync(request, typeof(BulkRequest), options.MaxBodyBytes);
        if (body.Problem is not null)
        {
            return body.Problem;
        }

        if (BulkPlan.Read((BulkRequest)body.Value!, kind, caller.Owner, out var plan) is { } wrong)
        {
            return wrong;
        }

        // A session remembers its own operations, so that one name serves for all of them.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, lifetime.ApplicationStopping, caller.Revoked, caller.LoggedOut);
        var sessions = plan.Sessions?.ToAsyncEnumerable() ?? engine.SelectAsync(plan.Where!, stop.Token);
        var results = plan is { Command: null, Where: { } where }
            ? engine.RemoveManyAsync(sessions, where, stop.Token)
            : plan.Command is null ? engine.RemoveManyAsync(sessions, stop.Token)
            : engine.SendManyAsync(sessions, plan.Command, operation, stop.Token);
        context.Response.ContentType = BulkWriter.MediaType;
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        using var beats = new PeriodicTimer(options.Heartbeat, time);
        var writer = new BulkWriter(context.Response.BodyWriter, plan.Description, engine.Kinds);
        await writer.RunAsync(results, beats, stop);
        return null;
    }
}
