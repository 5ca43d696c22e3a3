using System.Reflection;
using Microsoft.AspNetCore.Http;
using Sojourn.Server.Guarding;
using Sojourn.Server.Json;
using Sojourn.Server.Keys;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;

namespace Sojourn.Server.Console;

/// <summary>Logs browsers in and out.</summary>
internal sealed class ConsoleEndpoints(ConsoleLinks links, ConsoleLogins logins, KeyRing keys, TimeProvider time)
{
    private const int LongestBody = 1024;

    /// <summary>Makes a link that logs a browser in for whoever has the key of this request.</summary>
    public async ValueTask<HttpProblem?> MakeLinkAsync(HttpContext context, Caller caller)
    {
        if (caller.IsByCookie)
        {
            return new(HttpProblemTypes.Forbidden, "A link is made with a key, not by a browser that is logged in.");
        }

        var path = links.Make(caller, ConsoleLinks.KeptFor);
        context.Response.StatusCode = StatusCodes.Status201Created;
        await Wire.SendAsync(context.Response, new LinkView(path, time.GetUtcNow() + ConsoleLinks.KeptFor));
        return null;
    }

    /// <summary>Turns a link's code, or a key, into a cookie.</summary>
    public async ValueTask<HttpProblem?> LogInAsync(HttpContext context, Caller nobody)
    {
        var body = await RequestBody.ReadAsync(context.Request, typeof(LogIn), LongestBody);
        if (body.Problem is not null)
        {
            return body.Problem;
        }

        var asked = (LogIn)body.Value!;
        var caller = asked.Code is { } code ? links.Take(code) : await keys.FindKeyAsync(asked.Key ?? "");
        if (caller is null || await logins.MakeAsync(caller, context.RequestAborted) is not var (key, lifetime))
        {
            return new(HttpProblemTypes.Unauthorized, asked.Code is null
                ? "The key is not, or no longer, one of this server's."
                : "The link was used before, or is too old. `sojourn console` prints another.");
        }

        ConsoleCookie.Set(context, key, lifetime);
        await SendAsync(context, caller);
        return null;
    }

    /// <summary>Takes the cookie back, and the key that it holds.</summary>
    public async ValueTask<HttpProblem?> LogOutAsync(HttpContext context, Caller caller)
    {
        if (caller is { IsByCookie: true, Key.Id: { } id }
            && await keys.RevokeAsync(SessionId.Parse(id)) is { } problem)
        {
            return HttpProblem.Of(problem);
        }

        ConsoleCookie.Clear(context);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }

    /// <summary>Tells whom the request speaks for.</summary>
    public static async ValueTask<HttpProblem?> TellAsync(HttpContext context, Caller caller)
    {
        await SendAsync(context, caller);
        return null;
    }

    private static ValueTask SendAsync(HttpContext context, Caller caller) =>
        Wire.SendAsync(context.Response, new CallerView(
            caller.Owner.ToString(), caller.IsAdmin, Assembly.GetExecutingAssembly().GetName().Version!.ToString(3)));
}

/// <summary>Logs a browser in: with one of both.</summary>
/// <param name="Code">Of a link; it can be used once.</param>
/// <param name="Key">A key.</param>
internal sealed record LogIn(string? Code = null, string? Key = null);

/// <summary>A link that logs a browser in, once.</summary>
/// <param name="Path">What follows the server's address.</param>
/// <param name="ExpiresAt">Until when it is good.</param>
internal sealed record LinkView(string Path, DateTimeOffset ExpiresAt);

/// <summary>Whom a request speaks for.</summary>
/// <param name="Owner">The owner.</param>
/// <param name="Admin">Whether it may see other owners' sessions and look after the server.</param>
/// <param name="Version">The server's.</param>
internal sealed record CallerView(string Owner, bool Admin, string Version);
