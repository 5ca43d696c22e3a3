using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Sojourn.Kinds.Play.Cloud;
using Sojourn.Server.Guarding;
using Sojourn.Server.Json;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;
using Sojourn.Server.Streams;

namespace Sojourn.Server.Play;

/// <summary>Save slots of games that are kept here: list, upload, download, go back, remove.</summary>
internal sealed class CloudSlotEndpoints(CloudSlots slots)
{
    // Whatever a save or a picture contains, a browser runs none of it.
    private const string NothingRuns = "sandbox; default-src 'none'";

    /// <summary>True if there are such slots.</summary>
    public static bool Serve(SojournEngine engine) => engine.Kinds.ContainsKey(CloudSlotKind.KindName);

    public async ValueTask<HttpProblem?> ListAsync(HttpContext context, Caller caller)
    {
        var game = (string?)context.Request.RouteValues["game"];
        if (game is not null && CloudSlots.TryGame(game) is { } problem)
        {
            return HttpProblem.Of(problem);
        }

        await Wire.SendAsync(context.Response, CloudSlotsView.Of(await slots.ListAsync(caller.Owner, game)));
        return null;
    }

    public async ValueTask<HttpProblem?> DescribeAsync(HttpContext context, Caller caller) =>
        ReadName(context, caller, out var name) ?? await SendAsync(context.Response, await slots.GetAsync(name));

    public async ValueTask<HttpProblem?> DownloadAsync(HttpContext context, Caller caller)
    {
        var (found, problem) = await FindAsync(context, caller);
        if (problem is not null)
        {
            return problem;
        }

        var (name, save, isKnown) = found;
        if (isKnown)
        {
            Describe(context.Response, name, save);
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return null;
        }

        if (HttpMethods.IsHead(context.Request.Method))
        {
            Describe(context.Response, name, save);
            context.Response.ContentType = "application/octet-stream";
            context.Response.ContentLength = save.Size;
            return null;
        }

        return await SendBytesAsync(
            context, caller, () => slots.ReadAsync(name, save.Generation, context.RequestAborted), read =>
            {
                Describe(context.Response, name, read.Save);
                context.Response.ContentType = "application/octet-stream";
            });
    }

    public async ValueTask<HttpProblem?> SendScreenshotAsync(HttpContext context, Caller caller)
    {
        var (found, problem) = await FindAsync(context, caller);
        if (problem is not null)
        {
            return problem;
        }

        var (name, save, isKnown) = found;
        if (save.Screenshot > 0 && isKnown)
        {
            DescribePicture(context.Response, save);
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return null;
        }

        if (save.Screenshot > 0 && HttpMethods.IsHead(context.Request.Method))
        {
            DescribePicture(context.Response, save);
            context.Response.ContentType = "image/png";
            context.Response.ContentLength = save.ScreenshotSize;
            return null;
        }

        return await SendBytesAsync(
            context, caller, () => slots.ReadScreenshotAsync(name, save.Generation, context.RequestAborted), read =>
            {
                DescribePicture(context.Response, read.Save);
                context.Response.ContentType = "image/png";
            });
    }

    private async ValueTask<((CloudSlotName Name, CloudSave Save, bool IsKnown) Found, HttpProblem? Problem)> FindAsync(
        HttpContext context, Caller caller)
    {
        long? generation = null;
        if ((ReadName(context, caller, out var name) ?? ReadGeneration(context.Request, out generation)) is { } problem)
        {
            return (default, problem);
        }

        var slot = await slots.GetAsync(name);
        if (!slot.IsAccepted)
        {
            return (default, HttpProblem.Of(slot.Problem));
        }

        if (slot.Value.Find(generation) is not { } save)
        {
            return (default, HttpProblem.Of(CloudProblems.NoGeneration(name, generation ?? 0)));
        }

        var isKnown = Preconditions.IsKnown(context.Request.Headers.IfNoneMatch, CloudConditions.ETagOf(save));
        return ((name, save, isKnown), null);
    }

    /// <summary>Sends what is in memory meanwhile, if not too much is sent already.</summary>
    private async ValueTask<HttpProblem?> SendBytesAsync(
        HttpContext context, Caller caller, Func<ValueTask<CloudAnswer<ReadSave>>> readAsync, Action<ReadSave> describe)
    {
        if (!slots.Downloads.TryEnter(caller.Owner))
        {
            return HttpProblem.Of(CloudProblems.TooManyDownloads);
        }

        try
        {
            var read = await readAsync();
            if (!read.IsAccepted)
            {
                return HttpProblem.Of(read.Problem);
            }

            describe(read.Value);
            context.Response.ContentLength = read.Value.Bytes.Length;
            await context.Response.Body.WriteAsync(read.Value.Bytes, context.RequestAborted);
            return null;
        }
        finally
        {
            slots.Downloads.Leave(caller.Owner);
        }
    }

    public ValueTask<HttpProblem?> UploadAsync(HttpContext context, Caller caller) =>
        ChangeAsync(context, caller, isNeeded: true, slots.Options.MaxSaveBytes, (name, change) =>
        {
            var file = SavedFile.Read(change.Bytes, CloudDetails.LongestText, CloudDetails.LongestDescription);
            var fault = file.Damage is { } damage ? HttpProblem.Of(CloudProblems.DamagedUpload(damage)) : null;
            var details = file.Details;
            if ((fault ?? CloudDetails.Read(context.Request, file.Details, out details)) is { } problem)
            {
                return Task.FromResult(Outcome.Of(problem));
            }

            var put = new PutCloudSave(change.Sha256, details, change.Condition)
            {
                Content = change.Bytes,
                // One that is too large is in the save itself all the same.
                Screenshot = file.Screenshot.Length <= slots.Options.MaxScreenshotBytes ? file.Screenshot : default,
            };
            return OutcomeAsync(
                slots.PutAsync(name, put, change.Operation),
                new RefusedSave(change.Bytes.Length, change.Sha256, details));
        });

    public ValueTask<HttpProblem?> AttachScreenshotAsync(HttpContext context, Caller caller) =>
        ChangeAsync(context, caller, isNeeded: false, slots.Options.MaxScreenshotBytes, (name, change) =>
            OutcomeAsync(slots.AttachAsync(
                name,
                new AttachScreenshot(change.Sha256, change.Condition) { Screenshot = change.Bytes },
                change.Operation)));

    public ValueTask<HttpProblem?> RestoreAsync(HttpContext context, Caller caller) =>
        ChangeAsync(context, caller, isNeeded: false, mostBytes: 0, (name, change) =>
            ReadGeneration(context.Request, out var generation) is { } problem ? Task.FromResult(Outcome.Of(problem))
            : generation is { } wanted
                ? OutcomeAsync(slots.RestoreAsync(
                    name, new RestoreCloudSave(wanted, change.Condition), change.Operation, context.RequestAborted))
                : OutcomeAsync(slots.RepairAsync(name)));

    public async ValueTask<HttpProblem?> RemoveAsync(HttpContext context, Caller caller)
    {
        var condition = SlotCondition.None;
        if ((ReadName(context, caller, out var name)
            ?? CloudConditions.Read(context.Request, isNeeded: false, out condition)) is { } problem)
        {
            return problem;
        }

        var removed = await slots.RemoveAsync(name, condition);
        if (!removed.IsAccepted)
        {
            return Explain(removed, null);
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }

    /// <summary>Reads what every change has, and makes it in the owner's turn.</summary>
    private async ValueTask<HttpProblem?> ChangeAsync(
        HttpContext context, Caller caller, bool isNeeded, int mostBytes,
        Func<CloudSlotName, Change, Task<Outcome>> changeAsync)
    {
        var request = context.Request;
        string? operation = null;
        var condition = SlotCondition.None;
        if ((ReadName(context, caller, out var name)
            ?? CloudConditions.Read(request, isNeeded, out condition)
            ?? (Preconditions.TryReadOperation(request, out operation, out var bad) ? null : bad)) is { } problem)
        {
            return problem;
        }

        if (!slots.Turns.TryEnter(caller.Owner))
        {
            return HttpProblem.Of(CloudProblems.TooManyUploads);
        }

        try
        {
            var (bytes, tooLarge) = await StreamBody.ReadAsync(request, mostBytes);
            var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
            if ((tooLarge is null ? CloudConditions.CheckDigest(request, sha256) : TooLarge(mostBytes)) is { } fault)
            {
                return fault;
            }

            var change = new Change(bytes, sha256, condition, operation);
            var outcome = await slots.Turns.RunAsync(caller.Owner, () => changeAsync(name, change));
            return outcome.Problem ?? (outcome.Answer.IsAccepted
                ? await SendAsync(context.Response, outcome.Answer) : Explain(outcome.Answer, outcome.Yours));
        }
        finally
        {
            slots.Turns.Leave(caller.Owner);
        }
    }

    private static async Task<Outcome> OutcomeAsync(Task<CloudAnswer<CloudSlot>> answer, RefusedSave? yours = null) =>
        new(await answer, null, yours);

    private static HttpProblem TooLarge(int most) => new(ProblemTypes.TooLarge, most == 0
        ? "This request takes no body." : $"The body is larger than {most:N0} bytes, the most that is kept.");

    private static HttpProblem Explain(CloudAnswer<CloudSlot> answer, RefusedSave? yours)
    {
        var problem = HttpProblem.Of(answer.Problem!);
        List<(string Name, object Value)> more = [];
        if (problem.Code == CloudSlotKind.ConflictCode)
        {
            more.AddRange(yours is null ? [] : [("yours", yours)]);
            more.AddRange(answer.Stored is { } stored ? [("stored", CloudSlotView.Of(stored))] : []);
        }

        if (answer.Usage is { } usage)
        {
            more.Add(("usage", usage));
        }

        return problem with { More = more };
    }

    private static async ValueTask<HttpProblem?> SendAsync(HttpResponse response, CloudAnswer<CloudSlot> answer)
    {
        if (!answer.IsAccepted)
        {
            return HttpProblem.Of(answer.Problem);
        }

        if (answer.Value.Newest is { } newest)
        {
            response.Headers.ETag = CloudConditions.ETagOf(newest);
        }

        if (answer.IsReplay)
        {
            response.Headers["Idempotent-Replayed"] = "true";
        }

        await Wire.SendAsync(response, CloudSlotView.Of(answer.Value));
        return null;
    }

    private static void Describe(HttpResponse response, CloudSlotName name, CloudSave save)
    {
        var headers = response.Headers;
        headers.ETag = CloudConditions.ETagOf(save);
        headers.CacheControl = "private, no-cache";
        headers.ContentSecurityPolicy = NothingRuns;
        headers["Content-Digest"] = CloudConditions.DigestOf(save);
        headers["Save-Generation"] = save.Generation.ToString(CultureInfo.InvariantCulture);
        // Nothing to quote: names hold letters, digits, dots, dashes and underscores alone.
        headers.ContentDisposition = string.Create(CultureInfo.InvariantCulture,
            $"attachment; filename=\"{name.Game}-{name.Slot}-{save.Generation}.save\"");
    }

    private static void DescribePicture(HttpResponse response, CloudSave save)
    {
        response.Headers.ETag = CloudConditions.ETagOf(save);
        response.Headers.CacheControl = "private, no-cache";
        response.Headers.ContentSecurityPolicy = NothingRuns;
    }

    private HttpProblem? ReadName(HttpContext context, Caller caller, out CloudSlotName name)
    {
        var route = context.Request.RouteValues;
        return slots.TryName(caller.Owner, (string?)route["game"], (string?)route["saveSlot"], out name) is { } problem
            ? HttpProblem.Of(problem) : null;
    }

    private static HttpProblem? ReadGeneration(HttpRequest request, out long? generation)
    {
        generation = null;
        if (!Query.TryRead(request, "generation", out var text, out var fault) || text is null)
        {
            return fault;
        }

        var isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        generation = number;
        return isNumber && number > 0 ? null
            : HttpProblem.BadParameter(
                "generation", "'generation' must be a whole number from 1, as the list tells it.");
    }

    /// <summary>What every change has.</summary>
    private sealed record Change(byte[] Bytes, string Sha256, SlotCondition Condition, string? Operation);

    /// <summary>What came of a change, or what is wrong with the request.</summary>
    private sealed record Outcome(CloudAnswer<CloudSlot> Answer, HttpProblem? Problem, RefusedSave? Yours)
    {
        public static Outcome Of(HttpProblem problem) => new(default, problem, null);
    }
}
