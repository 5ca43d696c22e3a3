using Microsoft.AspNetCore.Http;
using Sojourn.Server.Guarding;
using Sojourn.Server.Json;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;
using Sojourn.Stores;

namespace Sojourn.Server.Sessions;

/// <summary>Lists the sessions of a kind.</summary>
internal sealed class ListEndpoint(SojournEngine engine)
{
    public async ValueTask<HttpProblem?> ListAsync(HttpContext context, Caller caller)
    {
        if (Route.ReadKind(context, engine, out var kind) is { } problem)
        {
            return problem;
        }

        var request = context.Request;
        if (!Query.TryReadLimit(request, SessionQuery.MaxLimit, out var limit, out var fault)
            || !Query.TryRead(request, "status", out var status, out fault)
            || !Query.TryRead(request, "cursor", out var cursor, out fault))
        {
            return fault;
        }

        if (status is not null && kind.Policy.Statuses.All(known => known.Name != status))
        {
            return HttpProblem.BadParameter("status",
                $"The kind '{kind.Name}' has no status '{Route.Shortened(status)}'; "
                + $"it has: {string.Join(", ", kind.Policy.Statuses.Select(known => known.Name))}.");
        }

        try
        {
            var page = await engine.ListAsync(new SessionQuery
            {
                Kind = kind.Name,
                Owner = caller.Owner,
                Status = status,
                Limit = limit,
                Cursor = cursor,
            });
            await SendAsync(context.Response, page, kind);
            return null;
        }
        catch (Exception strange) when (cursor is not null && strange is FormatException or OverflowException)
        {
            return Query.BadCursor();
        }
    }

    private static ValueTask SendAsync(HttpResponse response, SessionPage page, KindDescription kind)
    {
        response.ContentType = "application/json";
        var buffer = JsonBuffer.Rent();
        var json = buffer.Json;
        json.WriteStartObject();
        json.WriteStartArray("sessions"u8);
        foreach (var session in page.Sessions)
        {
            SessionJson.Write(json, session, kind);
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
