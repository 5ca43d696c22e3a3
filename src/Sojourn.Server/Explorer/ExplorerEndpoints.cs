using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sojourn.Kinds.Explorer;
using Sojourn.Kinds.Explorer.Showing;
using Sojourn.Server.Guarding;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;

namespace Sojourn.Server.Explorer;

/// <summary>What follows from a game's state, so that clients need not know its rules.</summary>
internal sealed class ExplorerEndpoints(SojournEngine engine)
{
    /// <summary>True if the kind is the one that this knows, and not another of its name.</summary>
    public static bool Serve(KindDescription kind) =>
        kind.Name == ExplorerKind.KindName && kind.StateType == typeof(Game);

    public ValueTask<HttpProblem?> SendOptionsAsync(HttpContext context, Caller caller) =>
        SendAsync(context, caller, GameOptions.Of);

    public ValueTask<HttpProblem?> SendMapAsync(HttpContext context, Caller caller) =>
        SendAsync(context, caller, MapShown.Of);

    private async ValueTask<HttpProblem?> SendAsync<TShown>(HttpContext context, Caller caller, Func<Game, TShown> show)
    {
        if (!SessionId.TryParse((string?)context.Request.RouteValues["id"], out var id))
        {
            return Route.BadId();
        }

        var answer = await engine.GetAsync<Game>(id, caller.Owner);
        if (!answer.IsAccepted)
        {
            return HttpProblem.Of(answer.Problem);
        }

        var etag = Preconditions.ETag(answer.Reply.Version);
        context.Response.Headers.ETag = etag;
        context.Response.Headers.CacheControl = "private, no-cache";
        if (Preconditions.IsKnown(context.Request.Headers.IfNoneMatch, etag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return null;
        }

        var bytes = JsonSerializer.SerializeToUtf8Bytes(show(answer.Reply.State), SojournJson.Options);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        return null;
    }
}
