using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sojourn.Server.Guarding;
using Sojourn.Server.Json;
using Sojourn.Server.Keys;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;
using Sojourn.Stores;

namespace Sojourn.Server.Sessions;

/// <summary>Lists and counts the caller's sessions, of one kind or of all, without waking them.</summary>
internal sealed class ListEndpoint(SojournEngine engine)
{
    /// <summary>How far is counted: if nobody says otherwise, and at most.</summary>
    public const long UsualCount = 10_000, LargestCount = 1_000_000;

    /// <summary>What a list takes in its address.</summary>
    public static string[] Parameters { get; } = [.. SessionFilter.Parameters, "limit", "cursor"];

    /// <summary>The sessions of the kind in the path.</summary>
    public ValueTask<HttpProblem?> ListAsync(HttpContext context, Caller caller) =>
        Route.ReadKind(context, engine, out var kind) is { } problem
            ? new(problem) : SendPageAsync(context, caller, [kind]);

    /// <summary>The sessions of all kinds, or of the one that is asked for.</summary>
    public ValueTask<HttpProblem?> ListAllAsync(HttpContext context, Caller caller) =>
        TryReadKinds(context.Request, out var kinds, out var problem)
            ? SendPageAsync(context, caller, kinds) : new(problem);

    public async ValueTask<HttpProblem?> CountAsync(HttpContext context, Caller caller)
    {
        var request = context.Request;
        if (!TryReadKinds(request, out var kinds, out var fault)
            || !TryReadFilter(request, kinds, out var filter, out fault)
            || !TryReadMost(request, out var most, out fault))
        {
            return fault;
        }

        var count = 0L;
        // Kind by kind, since the server's keys are sessions too, but nobody's business.
        foreach (var kind in kinds.TakeWhile(_ => count < most))
        {
            var query = filter.ToQuery(kind.Name, caller.Listed);
            count += await engine.CountAsync(query, most - count, context.RequestAborted);
        }

        context.Response.ContentType = "application/json";
        var buffer = JsonBuffer.Rent();
        buffer.Json.WriteStartObject();
        buffer.Json.WriteNumber("count"u8, count);
        buffer.Json.WriteBoolean("atLeast"u8, count >= most);
        buffer.Json.WriteEndObject();
        await buffer.SendAsync(context.Response);
        return null;
    }

    private async ValueTask<HttpProblem?> SendPageAsync(
        HttpContext context, Caller caller, IReadOnlyList<KindDescription> kinds)
    {
        var request = context.Request;
        if (!TryReadFilter(request, kinds, out var filter, out var fault)
            || !Query.TryReadLimit(request, SessionQuery.MaxLimit, out var limit, out fault)
            || !Query.TryRead(request, "cursor", out var cursor, out fault))
        {
            return fault;
        }

        try
        {
            // Those of hidden kinds must not take up the page.
            var query = filter.ToQuery(kinds.Count == 1 ? kinds[0].Name : null, caller.Listed) with
            {
                Kinds = kinds.Count == 1 ? null : [.. kinds.Select(kind => kind.Name)],
            };
            var page = await engine.ListAsync(query with { Limit = limit, Cursor = cursor }, context.RequestAborted);
            await SendAsync(context.Response, page);
            return null;
        }
        catch (Exception strange) when (cursor is not null && strange is FormatException or OverflowException)
        {
            return Query.BadCursor();
        }
    }

    private bool TryReadKinds(HttpRequest request, out IReadOnlyList<KindDescription> kinds, out HttpProblem? problem)
    {
        kinds = [.. KeyKind.Others(engine)];
        if (!Query.TryRead(request, "kind", out var name, out problem) || name is null)
        {
            return problem is null;
        }

        problem = Route.FindKind(name, engine, out var kind);
        kinds = [kind];
        return problem is null;
    }

    private static bool TryReadFilter(
        HttpRequest request, IReadOnlyList<KindDescription> kinds, out SessionFilter filter, out HttpProblem? problem)
    {
        if (SessionFilter.TryRead(request, out filter, out problem) && filter.FindFault(kinds) is var (field, says))
        {
            problem = HttpProblem.BadParameter(field, says);
        }

        return problem is null;
    }

    private static bool TryReadMost(HttpRequest request, out long most, out HttpProblem? problem)
    {
        most = UsualCount;
        if (Query.TryRead(request, "atMost", out var text, out problem) && text is not null
            && (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out most)
                || most is < 1 or > LargestCount))
        {
            problem = HttpProblem.BadParameter(
                "atMost", $"'atMost' must be a whole number from 1 to {LargestCount:N0}.");
        }

        return problem is null;
    }

    private ValueTask SendAsync(HttpResponse response, SessionPage page)
    {
        response.ContentType = "application/json";
        var buffer = JsonBuffer.Rent();
        var json = buffer.Json;
        json.WriteStartObject();
        json.WriteStartArray("sessions"u8);
        foreach (var session in page.Sessions)
        {
            SessionJson.Write(json, session, engine.Kinds[session.Key.Kind]);
        }

        json.WriteEndArray();
        if (page.Next is not null)
        {
            json.WriteString("next"u8, page.Next);
        }

        json.WriteEndObject();
        return buffer.SendAsync(response);
    }
}
