using Microsoft.AspNetCore.Http;
using Sojourn.Kinds.Agents;
using Sojourn.Kinds.Agents.Driving;
using Sojourn.Kinds.Parties;
using Sojourn.Kinds.Play;
using Sojourn.Server.Guarding;
using Sojourn.Server.Json;
using Sojourn.Server.Parties;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;

namespace Sojourn.Server.Sessions;

/// <summary>Starts, reads and removes sessions.</summary>
internal sealed class SessionEndpoints(
    SojournEngine engine, SojournServerOptions options, PartyStarts parties, PlayStarts? plays = null)
{
    // ETags only help readers that may keep what they read, but ask each time.
    private const string KeepButAsk = "private, no-cache";

    public async ValueTask<HttpProblem?> CreateAsync(HttpContext context, Caller caller)
    {
        var request = context.Request;
        if (Route.ReadKind(context, engine, out var kind) is { } problem)
        {
            return problem;
        }

        return RefuseConditions(request) ?? await StartAsync(context, kind, new CreateOptions { Owner = caller.Owner });
    }

    public async ValueTask<HttpProblem?> GetOrCreateAsync(HttpContext context, Caller caller)
    {
        if (Route.ReadSession(context, caller.Owner, engine, out var kind, out var key) is { } problem)
        {
            return problem;
        }

        var condition = context.Request.Headers.IfNoneMatch;
        if (condition.Count > 0 && condition.ToString() != "*")
        {
            return HttpProblem.BadParameter("If-None-Match", "With PUT, If-None-Match can only be *: strictly create.");
        }

        if (!Query.TryReadTruth(context.Request, "fresh", out var fresh, out var fault))
        {
            return fault;
        }

        if (fresh == true && condition.Count > 0)
        {
            return HttpProblem.BadParameter(
                "fresh", "'fresh' takes the place of a session that is there; If-None-Match: * says that none may be.");
        }

        return context.Request.Headers.IfMatch.Count > 0
            ? NoIfMatch()
            : await StartAsync(context, kind, new CreateOptions
            {
                Owner = caller.Owner,
                Id = key.Id,
                Fresh = fresh == true,
                GetIfExists = condition.Count == 0 && fresh != true,
            });
    }

    public async ValueTask<HttpProblem?> GetAsync(HttpContext context, Caller caller)
    {
        if (Route.ReadSession(context, caller.Owner, engine, out var kind, out var key) is { } problem)
        {
            return problem;
        }

        var answer = await engine.GetAsync(key);
        if (!answer.IsAccepted)
        {
            return HttpProblem.Of(answer.Problem);
        }

        var view = answer.Reply;
        var response = context.Response;
        var etag = Preconditions.ETag(view.Version);
        response.Headers.ETag = etag;
        response.Headers.CacheControl = KeepButAsk;
        if (Preconditions.IsKnown(context.Request.Headers.IfNoneMatch, etag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return null;
        }

        await SendAsync(response, view, kind);
        return null;
    }

    public async ValueTask<HttpProblem?> RemoveAsync(HttpContext context, Caller caller)
    {
        if (Route.ReadSession(context, caller.Owner, engine, out _, out var key) is { } problem)
        {
            return problem;
        }

        if (!Preconditions.TryReadIfMatch(context.Request, out var expected, out var badMatch))
        {
            return badMatch;
        }

        var answer = await engine.RemoveAsync(key, expected);
        if (!answer.IsAccepted)
        {
            return HttpProblem.Of(answer.Problem);
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }

    private async ValueTask<HttpProblem?> StartAsync(HttpContext context, KindDescription kind, CreateOptions create)
    {
        var request = context.Request;
        if (!Preconditions.TryReadOperation(request, out var operation, out var badOperation))
        {
            return badOperation;
        }

        if (!Query.TryReadLabels(request, out var labels, out var badLabel))
        {
            return badLabel;
        }

        var start = await RequestBody.ReadAsync(request, kind.StartType, options.MaxBodyBytes);
        if (start.Problem is not null)
        {
            return start.Problem;
        }

        create = create with { OperationId = operation, Labels = labels };
        if (start.Value is StartPlay play && plays is not null)
        {
            return await StartAsync(context, kind, await plays.StartAsync(play, create));
        }

        var begins = start.Value!;
        if (begins is StartParty party)
        {
            (begins, create) = parties.Fill(party, create);
        }

        var answer = await engine.CreateAsync(kind.Name, begins, create);
        if (!answer.IsAccepted)
        {
            return HttpProblem.Of(answer.Problem);
        }

        var isNew = answer.IsChange || answer.IsReplay;
        var view = answer.Reply;
        if (!isNew && create.Id is null && view is SessionView<Agent> shared)
        {
            var (now, no) = await SharedAgent.GoOnAsync(engine, shared, (StartAgent)start.Value!, operation);
            if (now is null)
            {
                return HttpProblem.Of(no!);
            }

            view = now;
        }

        await SendStartedAsync(context, kind, (view, isNew, answer.IsReplay));
        return null;
    }

    private static async Task<HttpProblem?> StartAsync(HttpContext context, KindDescription kind, PlayStart started)
    {
        if (started.Problem is { } problem)
        {
            return HttpProblem.Of(problem);
        }

        await SendStartedAsync(context, kind, (started.Session!, started.IsNew, started.IsReplay));
        return null;
    }

    private static async Task SendStartedAsync(
        HttpContext context, KindDescription kind, (SessionView View, bool IsNew, bool IsReplay) started)
    {
        var (request, response, view) = (context.Request, context.Response, started.View);
        if (started.IsNew)
        {
            response.StatusCode = StatusCodes.Status201Created;
            // With the owner, if an admin has named another's: without it there is no such session.
            response.Headers.Location = $"{request.PathBase}/v1/{kind.Name}/{view.Key.Id}"
                + (request.Query.ContainsKey("owner") ? $"?owner={view.Key.Owner}" : "");
        }

        if (started.IsReplay)
        {
            response.Headers["Idempotent-Replayed"] = "true";
        }

        response.Headers.ETag = Preconditions.ETag(view.Version);
        await SendAsync(response, view, kind);
    }

    private static ValueTask SendAsync(HttpResponse response, SessionView view, KindDescription kind)
    {
        response.ContentType = "application/json";
        var buffer = JsonBuffer.Rent();
        SessionJson.Write(buffer.Json, view, kind);
        return buffer.SendAsync(response);
    }

    // A condition that is silently left out of account is worse than none.
    private static HttpProblem? RefuseConditions(HttpRequest request) => request.Headers.IfMatch.Count > 0
        ? NoIfMatch()
        : request.Headers.IfNoneMatch.Count > 0
            ? HttpProblem.BadParameter("If-None-Match", "A POST that starts a session takes no If-None-Match.")
            : null;

    private static HttpProblem NoIfMatch() => HttpProblem.BadParameter(
        "If-Match", "A request that starts a session takes no If-Match; send it with a command or a DELETE.");
}
