using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sojourn.Kinds.Explorer;
using Sojourn.Kinds.Explorer.Saves;
using Sojourn.Server.Guarding;
using Sojourn.Server.Json;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;
using Sojourn.Server.Streams;
using Sojourn.Stores;

namespace Sojourn.Server.Explorer;

/// <summary>The slots of a game.</summary>
/// <param name="Slots">Each, in order, empty ones too.</param>
/// <param name="MaxSlots">How many there are.</param>
internal sealed record SlotList(IReadOnlyList<SlotView> Slots, int MaxSlots);

/// <summary>Which save of a slot to load.</summary>
/// <param name="Generation">The newest, or the one before. Default <c>current</c>.</param>
internal sealed record LoadSlot(SaveGeneration Generation = SaveGeneration.Current);

/// <summary>What came of saving all.</summary>
/// <param name="Saved">How many were saved.</param>
/// <param name="Failed">How many were not.</param>
/// <param name="Results">Each game, newest first.</param>
internal sealed record AllSaved(int Saved, int Failed, IReadOnlyList<GameSaved> Results)
{
    /// <summary>The <c>cursor</c> that goes on; left out when these were all.</summary>
    public string? Next { get; init; }
}

/// <summary>What came of saving one game.</summary>
/// <param name="Id">The game.</param>
/// <param name="Success">Whether its automatic slot holds it now.</param>
internal sealed record GameSaved(string Id, bool Success)
{
    /// <summary>Its automatic slot; left out if it was not saved.</summary>
    public SlotView? Slot { get; init; }

    /// <summary>Why it was not saved, for programs.</summary>
    public string? Code { get; init; }

    /// <summary>Why it was not saved, for people.</summary>
    public string? Detail { get; init; }
}

/// <summary>Saves games to slots, loads them from there, and takes them in and out as files.</summary>
internal sealed class SlotEndpoints(SojournEngine engine, SaveSlots slots)
{
    /// <summary>How many games are saved by one request.</summary>
    public const int MostAtOnce = SessionQuery.MaxLimit;

    /// <summary>True if there are slots to serve.</summary>
    public static bool Serve(SojournEngine engine) => engine.Kinds.ContainsKey(ExplorerSaveKind.KindName);

    public async ValueTask<HttpProblem?> ListAsync(HttpContext context, Caller caller)
    {
        if (ReadGame(context, out var game) is { } problem)
        {
            return problem;
        }

        var answer = await slots.ListAsync(game, caller.Owner);
        return answer.IsAccepted
            ? await SendAsync(context.Response, new SlotList(answer.Reply, slots.Count))
            : HttpProblem.Of(answer.Problem);
    }

    public async ValueTask<HttpProblem?> SaveAsync(HttpContext context, Caller caller)
    {
        var options = new SlotOptions();
        return ReadSlot(context, out var game, out var slot) ?? ReadOptions(context.Request, ref options)
            ?? await SendAsync(context.Response, await slots.SaveAsync(game, slot, caller.Owner, options));
    }

    public async ValueTask<HttpProblem?> LoadAsync(HttpContext context, Caller caller)
    {
        var options = new SlotOptions();
        if ((ReadSlot(context, out var game, out var slot) ?? ReadOptions(context.Request, ref options)) is { } fault)
        {
            return fault;
        }

        var body = await RequestBody.ReadAsync(context.Request, typeof(LoadSlot), SojournServerOptions.LeastBodyBytes);
        return body.Problem ?? await SendAsync(context.Response, await slots.LoadAsync(
            game, slot, ((LoadSlot)body.Value!).Generation, caller.Owner, options));
    }

    public async ValueTask<HttpProblem?> RemoveAsync(HttpContext context, Caller caller)
    {
        long? expected = null;
        if ((ReadSlot(context, out var game, out var slot)
            ?? (Preconditions.TryReadIfMatch(context.Request, out expected, out var bad) ? null : bad)) is { } problem)
        {
            return problem;
        }

        var answer = await slots.RemoveAsync(game, slot, caller.Owner, expected);
        if (!answer.IsAccepted)
        {
            return HttpProblem.Of(answer.Problem);
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }

    public async ValueTask<HttpProblem?> RestoreAsync(HttpContext context, Caller caller) =>
        ReadSlot(context, out var game, out var slot)
            ?? await SendAsync(context.Response, await slots.RestoreAsync(game, slot, caller.Owner));

    public async ValueTask<HttpProblem?> ExportAsync(HttpContext context, Caller caller)
    {
        var generation = SaveGeneration.Current;
        if ((ReadSlot(context, out var game, out var slot)
            ?? ReadGeneration(context.Request, ref generation)) is { } problem)
        {
            return problem;
        }

        var answer = await slots.ExportAsync(game, slot, generation, caller.Owner);
        if (!answer.IsAccepted)
        {
            return HttpProblem.Of(answer.Problem);
        }

        var response = context.Response;
        response.ContentType = "application/json";
        // Nothing to quote: an id holds letters, digits, dots, dashes and underscores alone.
        response.Headers.ContentDisposition = $"attachment; filename=\"{answer.Reply.Name}\"";
        response.ContentLength = answer.Reply.Bytes.Length;
        await response.Body.WriteAsync(answer.Reply.Bytes, context.RequestAborted);
        return null;
    }

    public async ValueTask<HttpProblem?> ImportAsync(HttpContext context, Caller caller)
    {
        var options = new SlotOptions();
        if ((ReadGame(context, out var game) ?? ReadOptions(context.Request, ref options)) is { } problem)
        {
            return problem;
        }

        if (!Query.TryRead(context.Request, "slot", out var number, out var twice))
        {
            return twice;
        }

        var (file, tooLarge) = await ReadFileAsync(context.Request);
        return tooLarge is not null ? tooLarge
            : number is null
            ? await SendAsync(context.Response, await slots.ImportAsync(game, file, caller.Owner, options))
            : await SendAsync(context.Response, await slots.ImportToSlotAsync(
                game, SlotOf(number), file, caller.Owner, options));
    }

    /// <summary>Saves all games of an owner to their automatic slots, a page of them a request.</summary>
    public async ValueTask<HttpProblem?> SaveAllAsync(HttpContext context, Caller caller)
    {
        if (!Query.TryRead(context.Request, "cursor", out var cursor, out var twice))
        {
            return twice;
        }

        SessionPage page;
        try
        {
            page = await engine.ListAsync(new SessionQuery
            {
                Kind = ExplorerKind.KindName,
                Owner = caller.Owner,
                Limit = MostAtOnce,
                Cursor = cursor,
            }, context.RequestAborted);
        }
        catch (Exception strange) when (cursor is not null && strange is FormatException or OverflowException)
        {
            return Query.BadCursor();
        }

        var saved = await slots.SaveAllAsync([.. page.Sessions.Select(session => session.Key.Id)], caller.Owner);
        return await SendAsync(context.Response, new AllSaved(
            saved.Count(each => each.Answer.IsAccepted), saved.Count(each => !each.Answer.IsAccepted),
            [.. saved.Select(Show)])
        {
            Next = page.Next,
        });
    }

    private static GameSaved Show(SavedGame saved) => new(saved.Game.ToString(), saved.Answer.IsAccepted)
    {
        Slot = saved.Answer.IsAccepted ? saved.Answer.Reply : null,
        Code = saved.Answer.Problem is { } problem ? problem.Code ?? problem.Type : null,
        Detail = saved.Answer.Problem?.Message,
    };

    private static HttpProblem? ReadGame(HttpContext context, out SessionId game) =>
        SessionId.TryParse((string?)context.Request.RouteValues["id"], out game) ? null : Route.BadId();

    private static HttpProblem? ReadSlot(HttpContext context, out SessionId game, out int slot)
    {
        slot = SlotOf((string?)context.Request.RouteValues["slot"]);
        return ReadGame(context, out game);
    }

    // What is no number is no slot either, and is told which there are.
    private static int SlotOf(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var slot) ? slot : -1;

    private static HttpProblem? ReadOptions(HttpRequest request, ref SlotOptions options)
    {
        if (!Preconditions.TryReadIfMatch(request, out var expected, out var fault)
            || !Preconditions.TryReadOperation(request, out var operation, out fault))
        {
            return fault;
        }

        options = new SlotOptions { ExpectedVersion = expected, OperationId = operation };
        return null;
    }

    private static HttpProblem? ReadGeneration(HttpRequest request, ref SaveGeneration generation)
    {
        if (!Query.TryRead(request, "generation", out var text, out var fault) || text is null or "current")
        {
            return fault;
        }

        generation = text == "previous" ? SaveGeneration.Previous : generation;
        return text == "previous"
            ? null : HttpProblem.BadParameter("generation", "'generation' must be current or previous.");
    }

    private static async ValueTask<(byte[] Bytes, HttpProblem? Problem)> ReadFileAsync(HttpRequest request)
    {
        if (RequestBody.IsThere(request) && !RequestBody.IsJson(request.ContentType))
        {
            return ([], RequestBody.NotJson());
        }

        var (bytes, problem) = await StreamBody.ReadAsync(request, SaveSlots.MaxFileBytes);
        return (bytes, problem is null ? null : problem with { Detail = SaveSlots.FileTooLarge.Message });
    }

    private static async ValueTask<HttpProblem?> SendAsync(HttpResponse response, SlotAnswer<SlotView> answer)
    {
        if (!answer.IsAccepted)
        {
            return HttpProblem.Of(answer.Problem);
        }

        Note(response, answer.Reply.Version, answer.IsReplay);
        return await SendAsync(response, answer.Reply);
    }

    private async ValueTask<HttpProblem?> SendAsync(HttpResponse response, SlotAnswer<SessionView<Game>> answer)
    {
        if (!answer.IsAccepted)
        {
            return HttpProblem.Of(answer.Problem);
        }

        Note(response, answer.Reply.Version, answer.IsReplay);
        response.ContentType = "application/json";
        var buffer = JsonBuffer.Rent();
        SessionJson.Write(buffer.Json, answer.Reply, engine.Kinds[ExplorerKind.KindName]);
        await buffer.SendAsync(response);
        return null;
    }

    private static async ValueTask<HttpProblem?> SendAsync<T>(HttpResponse response, T body)
    {
        await Wire.SendAsync(response, body);
        return null;
    }

    private static void Note(HttpResponse response, long version, bool isReplay)
    {
        response.Headers.ETag = Preconditions.ETag(version);
        if (isReplay)
        {
            response.Headers["Idempotent-Replayed"] = "true";
        }
    }
}
