using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sojourn.Server.Guarding;
using Sojourn.Server.Json;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;
using Sojourn.Stores;

namespace Sojourn.Server.Keys;

/// <summary>Makes, lists and revokes keys, for those who hold an admin key.</summary>
internal sealed class KeyEndpoints(
    SojournEngine engine, KeyRing keys, SojournServerOptions options, TimeProvider time) : IDisposable
{
    private const int LongestName = 64;
    private const long LongestSeconds = 10L * 366 * 24 * 60 * 60;

    private static readonly SessionQuery Kept = new() { Kind = KeyKind.KindName, Owner = KeyKind.Keeper };

    // One key at a time, so that two do not take the last place.
    private readonly SemaphoreSlim _making = new(1, 1);

    public void Dispose() => _making.Dispose();

    public async ValueTask<HttpProblem?> MakeAsync(HttpContext context, Caller caller)
    {
        if (context.Request.Headers.ContainsKey("Idempotency-Key"))
        {
            return HttpProblem.BadParameter("Idempotency-Key",
                "A key is told once, so a request for one cannot be answered twice. Leave Idempotency-Key out; if the "
                + "answer was lost, revoke the key and make another.");
        }

        var body = await RequestBody.ReadAsync(context.Request, typeof(NewKey), options.MaxBodyBytes);
        if (body.Problem is not null)
        {
            return body.Problem;
        }

        var asked = (NewKey)body.Value!;
        if (FaultOf(asked) is { } fault)
        {
            return fault;
        }

        await _making.WaitAsync(context.RequestAborted);
        try
        {
            return await IsFullAsync(context.RequestAborted) ? Full() : await KeepAsync(context.Response, asked);
        }
        finally
        {
            _making.Release();
        }
    }

    private async ValueTask<HttpProblem?> KeepAsync(HttpResponse response, NewKey asked)
    {
        var id = KeyText.NewId();
        var key = KeyText.New(id);
        DateTimeOffset? expiresAt = asked.ExpiresInSeconds is { } seconds
            ? time.GetUtcNow().AddSeconds(seconds) : null;
        var answer = await engine.CreateAsync(
            new KeepKey(asked.Owner, asked.Name, KeyText.Hash(key), asked.Admin, expiresAt),
            new CreateOptions { Owner = KeyKind.Keeper, Id = id });
        if (!answer.IsAccepted)
        {
            return HttpProblem.Of(answer.Problem);
        }

        response.StatusCode = StatusCodes.Status201Created;
        await SendAsync(response, View(answer.Reply) with { Key = key });
        return null;
    }

    /// <summary>Whether there are as many keys as may be, all good: one that is over makes place.</summary>
    private async ValueTask<bool> IsFullAsync(CancellationToken giveUp)
    {
        if (await engine.CountAsync(Kept, KeyKind.MostKeys, giveUp) < KeyKind.MostKeys)
        {
            return false;
        }

        SessionView? oldest = null;
        string? cursor = null;
        do
        {
            var page = await engine.ListAsync(
                Kept with { IsFinal = true, Limit = SessionQuery.MaxLimit, Cursor = cursor }, giveUp);
            oldest = page.Sessions.Count > 0 ? page.Sessions[^1] : oldest;
            cursor = page.Next;
        }
        while (cursor is not null);

        return oldest is null || !(await engine.RemoveAsync(oldest.Key, giveUp: giveUp)).IsAccepted;
    }

    private static HttpProblem Full() => new(ProblemTypes.Full,
        $"There are {KeyKind.MostKeys:N0} keys, as many as a server keeps. Revoke one that nobody needs any more.");

    public async ValueTask<HttpProblem?> ListAsync(HttpContext context, Caller caller)
    {
        var request = context.Request;
        if (!Query.TryReadLimit(request, SessionQuery.MaxLimit, out var limit, out var fault)
            || !Query.TryRead(request, "cursor", out var cursor, out fault))
        {
            return fault;
        }

        try
        {
            var page = await engine.ListAsync(Kept with { Limit = limit, Cursor = cursor });
            var views = new List<KeyView>(page.Sessions.Count);
            foreach (var listed in page.Sessions)
            {
                // Lists are without states. One that was removed meanwhile is no longer a key.
                if (await engine.GetAsync<StoredKey>(listed.Key.Id, KeyKind.Keeper) is { IsAccepted: true } read)
                {
                    views.Add(View(read.Reply));
                }
            }

            await SendAsync(context.Response, new KeyPage(views, page.Next));
            return null;
        }
        catch (Exception strange) when (cursor is not null && strange is FormatException or OverflowException)
        {
            return Query.BadCursor();
        }
    }

    public async ValueTask<HttpProblem?> RevokeAsync(HttpContext context, Caller caller)
    {
        if (!SessionId.TryParse((string?)context.Request.RouteValues["id"], out var id))
        {
            return Route.BadId();
        }

        switch (await keys.RevokeAsync(id))
        {
            case null:
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return null;
            case { Type: ProblemTypes.NotFound }:
                return new(ProblemTypes.NotFound, $"There is no key '{id}'.");
            case var problem:
                return HttpProblem.Of(problem);
        }
    }

    private KeyView View(SessionView<StoredKey> view)
    {
        var (id, key) = (view.Key.Id, view.State);
        return new(id.ToString(), key.Owner, key.Name, key.Admin, view.Status, view.CreatedAt)
        {
            LastUsedAt = Later(key.LastUsedAt, keys.LastUse(id)),
            ExpiresAt = key.ExpiresAt,
            RevokedAt = key.RevokedAt,
        };
    }

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) =>
        other is null || one > other ? one : other;

    private static HttpProblem? FaultOf(NewKey asked)
    {
        if (!OwnerId.TryParseTenant(asked.Owner, out _))
        {
            return Invalid("owner", "'owner' must be 1 to 64 characters of a-z, 0-9, '.', '_' and '-', the first a "
                + "letter or a digit.");
        }

        if (asked.Name.Length > LongestName || asked.Name.Any(char.IsControl))
        {
            return Invalid("name", $"'name' must be at most {LongestName} characters, and no control characters.");
        }

        return asked.ExpiresInSeconds is < 1 or > LongestSeconds
            ? Invalid("expiresInSeconds", $"'expiresInSeconds' must be 1 to {LongestSeconds:N0}, or left out.") : null;
    }

    private static HttpProblem Invalid(string field, string detail) =>
        new(ProblemTypes.Invalid, detail) { Field = field, Code = "out-of-range" };

    private static ValueTask SendAsync<T>(HttpResponse response, T body)
    {
        response.ContentType = "application/json";
        var buffer = JsonBuffer.Rent();
        JsonSerializer.Serialize(buffer.Json, body, SojournJson.Options);
        return buffer.SendAsync(response);
    }
}
