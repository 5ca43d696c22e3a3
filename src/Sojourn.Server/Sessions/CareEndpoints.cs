using Microsoft.AspNetCore.Http;
using Sojourn.Server.Guarding;
using Sojourn.Server.Json;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;

namespace Sojourn.Server.Sessions;

/// <summary>What can be done to a session of any kind without its rules: touch it, label it, restore it.</summary>
internal sealed class CareEndpoints(SojournEngine engine, SojournServerOptions options)
{
    public async ValueTask<HttpProblem?> TouchAsync(HttpContext context, Caller caller)
    {
        if (Route.ReadSession(context, caller.Owner, engine, out var kind, out var key) is { } problem)
        {
            return problem;
        }

        return RefuseHeaders(context.Request, "A touch is activity, whatever the session's version; leave it out.")
            ?? await SendAsync(context.Response, await engine.TouchAsync(key), kind);
    }

    public async ValueTask<HttpProblem?> LabelAsync(HttpContext context, Caller caller)
    {
        if (Route.ReadSession(context, caller.Owner, engine, out var kind, out var key) is { } problem)
        {
            return problem;
        }

        var request = context.Request;
        if (!Preconditions.TryReadIfMatch(request, out var expected, out var fault)
            || !Preconditions.TryReadOperation(request, out var operation, out fault))
        {
            return fault;
        }

        var body = await RequestBody.ReadAsync(request, typeof(Dictionary<string, string?>), options.MaxBodyBytes);
        if (body.Problem is not null)
        {
            return body.Problem;
        }

        var labels = (Dictionary<string, string?>)body.Value!;
        if (FaultOf(labels) is { } says)
        {
            return new(ProblemTypes.Invalid, says) { Field = "labels", Code = "out-of-range" };
        }

        var answer = await engine.LabelAsync(
            key, labels, new SendOptions { ExpectedVersion = expected, OperationId = operation });
        return await SendAsync(context.Response, answer, kind);
    }

    public async ValueTask<HttpProblem?> RestoreAsync(HttpContext context, Caller caller)
    {
        if (Route.ReadSession(context, caller.Owner, engine, out var kind, out var key) is { } problem)
        {
            return problem;
        }

        return RefuseHeaders(context.Request, "A session that cannot be read has no version; leave it out.")
            ?? await SendAsync(context.Response, await engine.RestoreAsync(key), kind);
    }

    // A header that is silently left out of account is worse than none.
    private static HttpProblem? RefuseHeaders(HttpRequest request, string why)
    {
        var name = Array.Find(["If-Match", "Idempotency-Key"], request.Headers.ContainsKey);
        return name is null ? null : HttpProblem.BadParameter(name, $"This request takes no {name}. {why}");
    }

    private static string? FaultOf(Dictionary<string, string?> labels)
    {
        if (labels.Count > LabelRules.MostLabels)
        {
            return $"At most {LabelRules.MostLabels} labels are set or removed at once; these are {labels.Count}.";
        }

        return labels.All(label => LabelRules.IsLabel(label.Key, label.Value ?? "")) ? null : LabelRules.Says;
    }

    private static async ValueTask<HttpProblem?> SendAsync(
        HttpResponse response, Answer<SessionView> answer, KindDescription kind)
    {
        if (!answer.IsAccepted)
        {
            return HttpProblem.Of(answer.Problem);
        }

        response.ContentType = "application/json";
        response.Headers.ETag = Preconditions.ETag(answer.Reply.Version);
        if (answer.IsReplay)
        {
            response.Headers["Idempotent-Replayed"] = "true";
        }

        var buffer = JsonBuffer.Rent();
        SessionJson.Write(buffer.Json, answer.Reply, kind);
        await buffer.SendAsync(response);
        return null;
    }
}
