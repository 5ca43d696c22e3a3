using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sojourn.Kinds.Generation;
using Sojourn.Server.Guarding;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;
using Storyboard = Sojourn.Kinds.Generation.Generation;

namespace Sojourn.Server.Generation;

/// <summary>What a generation leaves behind: the storyboard as a ZIP and as a page, and each picture.</summary>
internal sealed class GenerationEndpoints(SojournEngine engine)
{
    // Whatever a picture or page contains, it runs nothing and fetches nothing.
    private const string PicturePolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'";
    private const string PagePolicy =
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'";

    /// <summary>True if the kind is the one that this knows, and not another of its name.</summary>
    public static bool Serve(KindDescription kind) =>
        kind.Name == GenerationKind.KindName && kind.StateType == typeof(Storyboard);

    public ValueTask<HttpProblem?> SendArchiveAsync(HttpContext context, Caller caller) =>
        SendAsync(context, caller, async (source, response) =>
        {
            response.ContentType = "application/zip";
            // Nothing to quote: an id holds letters, digits, dots, dashes and underscores alone.
            response.Headers.ContentDisposition = $"attachment; filename=\"{source.Key.Id}.zip\"";
            await StoryboardArchive.WriteAsync(source, response.Body, context.RequestAborted);
        });

    public ValueTask<HttpProblem?> SendPageAsync(HttpContext context, Caller caller) =>
        SendAsync(context, caller, async (source, response) =>
        {
            var page = await StoryboardPage.RenderAsync(source, context.RequestAborted);
            response.ContentType = "text/html; charset=utf-8";
            response.Headers.ContentSecurityPolicy = PagePolicy;
            await response.WriteAsync(page, context.RequestAborted);
        });

    public async ValueTask<HttpProblem?> SendPictureAsync(HttpContext context, Caller caller)
    {
        var (session, problem) = await ReadAsync(context, caller.Owner);
        if (session is null)
        {
            return problem;
        }

        var text = (string)context.Request.RouteValues["number"]!;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return HttpProblem.BadParameter("number", "A scene is named by its number, from 1.");
        }

        var scene = session.State.Scenes.FirstOrDefault(scene => scene.Number == number);
        return scene is null
            ? new(ProblemTypes.NotFound, $"There is no picture of scene {number} (yet).")
            : await SendPictureAsync(context, session.Key, scene);
    }

    private async ValueTask<HttpProblem?> SendPictureAsync(HttpContext context, SessionKey key, Scene scene)
    {
        var response = context.Response;
        var etag = $"\"{scene.Picture.Sha256}\"";
        response.Headers.ETag = etag;
        response.Headers.CacheControl = "private, no-cache";
        if (Preconditions.IsKnown(context.Request.Headers.IfNoneMatch, etag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return null;
        }

        var picture = await engine.ReadEntryAsync(
            key, GenerationKind.PictureStream, scene.Picture.Entry, context.RequestAborted);
        if (picture is not { } bytes)
        {
            return new(ProblemTypes.Damaged,
                $"The picture of scene {scene.Number} is missing from the store. Regenerate the scene.");
        }

        var type = scene.Picture.MediaType;
        response.ContentType = type.StartsWith("image/", StringComparison.Ordinal) ? type : "application/octet-stream";
        response.ContentLength = bytes.Length;
        response.Headers.ContentSecurityPolicy = PicturePolicy;
        await response.Body.WriteAsync(bytes, context.RequestAborted);
        return null;
    }

    private async ValueTask<HttpProblem?> SendAsync(
        HttpContext context, Caller caller, Func<StoryboardSource, HttpResponse, Task> send)
    {
        var (session, problem) = await ReadAsync(context, caller.Owner);
        if (session is null)
        {
            return problem;
        }

        if (session.State.Scenes.Count == 0)
        {
            return new(ProblemTypes.Refused, "No scene is finished yet. Follow the session's events and come back.")
            {
                Code = "no-scenes",
            };
        }

        // Weak: the same version gives the same storyboard, if perhaps not the same bytes.
        var etag = Preconditions.ETag(session.Version);
        context.Response.Headers.ETag = $"W/{etag}";
        context.Response.Headers.CacheControl = "private, no-cache";
        if (Preconditions.IsKnown(context.Request.Headers.IfNoneMatch, etag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return null;
        }

        var source = new StoryboardSource(session.Key, session.State, (entry, stop) =>
            engine.ReadEntryAsync(session.Key, GenerationKind.PictureStream, entry, stop));
        try
        {
            await send(source, context.Response);
            return null;
        }
        catch (SojournException missing) when (missing.Problem is null && !context.Response.HasStarted)
        {
            return new(ProblemTypes.Damaged, missing.Message);
        }
    }

    private async ValueTask<(SessionView<Storyboard>? Session, HttpProblem? Problem)> ReadAsync(
        HttpContext context, OwnerId owner)
    {
        if (!SessionId.TryParse((string?)context.Request.RouteValues["id"], out var id))
        {
            return (null, Route.BadId());
        }

        var answer = await engine.GetAsync<Storyboard>(id, owner);
        return answer.IsAccepted ? (answer.Reply, null) : (null, HttpProblem.Of(answer.Problem));
    }
}
