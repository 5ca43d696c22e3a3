using System.Reflection;
using Microsoft.AspNetCore.Http;
using Sojourn.Server.Guarding;
using Sojourn.Server.Json;
using Sojourn.Server.Keys;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;

namespace Sojourn.Server.Console;

/// <summary>Logs browsers in and out.</summary>
internal sealed class ConsoleEndpoints(ConsoleLinks links, LogIns logIns, KeyRing keys, OwnerLimits limits)
{
    private const int LongestBody = 1024;

    /// <summary>Makes a link that logs a browser in for whoever has the key of this request.</summary>
    public async ValueTask<HttpProblem?> MakeLinkAsync(HttpContext context, Caller caller)
    {
        if (caller.LogIn is not null)
        {
            return new(HttpProblemTypes.Forbidden, "A link is made with a key, not by a browser that is logged in.");
        }

        context.Response.StatusCode = StatusCodes.Status201Created;
        await Wire.SendAsync(context.Response, links.Make(caller, ConsoleLinks.KeptFor));
        return null;
    }

    /// <summary>Turns a link's code, or a key, into a cookie.</summary>
    public async ValueTask<HttpProblem?> LogInAsync(HttpContext context, Caller nobody)
    {
        var body = await RequestBody.ReadAsync(context.Request, typeof(NewLogIn), LongestBody);
        if (body.Problem is not null)
        {
            return body.Problem;
        }

        var asked = (NewLogIn)body.Value!;
        if (asked.Code is null == asked.Key is null)
        {
            return new(ProblemTypes.Invalid, "Give either the 'code' of a link or a 'key'.")
            {
                Field = "code",
                Code = "one-of-both",
            };
        }

        var caller = asked.Code is not null ? links.Take(asked.Code) : await keys.FindKeyAsync(asked.Key);
        if (caller is not null && asked.Code is null && await HasteAsync(context, caller) is { } tooFast)
        {
            return tooFast;
        }

        if (caller is null || await logIns.MakeAsync(caller, context.RequestAborted) is not { } logIn)
        {
            return new(HttpProblemTypes.Unauthorized, asked.Code is null
                ? "The key is not, or no longer, one of this server's."
                : "The link was used before, or is too old. `sojourn console` prints another.");
        }

        ConsoleCookie.Set(context, logIn);
        await SendAsync(context, caller);
        return null;
    }

    /// <summary>Logs the browser out that asks; or, if a key asks, all that were logged in with it.</summary>
    public async ValueTask<HttpProblem?> LogOutAsync(HttpContext context, Caller caller)
    {
        if (caller.LogIn is { } one)
        {
            await logIns.EndAsync(one);
            ConsoleCookie.Clear(context);
        }
        else
        {
            await logIns.EndAsync(caller.Key!, but: 0, context.RequestAborted);
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }

    /// <summary>Tells whom the request speaks for.</summary>
    public static async ValueTask<HttpProblem?> TellAsync(HttpContext context, Caller caller)
    {
        await SendAsync(context, caller);
        return null;
    }

    // The gate did not know who asks. A link was paid for when it was made; with a key one could log in without an end.
    private async ValueTask<HttpProblem?> HasteAsync(HttpContext context, Caller caller)
    {
        if (limits.Enter(caller.Owner, bodyBytes: 0) is not { } tooMuch)
        {
            limits.Leave(caller.Owner);
            return null;
        }

        await limits.PauseAsync(caller.Owner, context.RequestAborted);
        return tooMuch;
    }

    private static ValueTask SendAsync(HttpContext context, Caller caller) =>
        Wire.SendAsync(context.Response, new CallerView(
            caller.Owner.ToString(), caller.IsAdmin, Assembly.GetExecutingAssembly().GetName().Version!.ToString(3)));
}

/// <summary>Logs a browser in, with one of both.</summary>
/// <param name="Code">Of a link; it can be used once.</param>
/// <param name="Key">A key.</param>
internal sealed record NewLogIn(string? Code = null, string? Key = null);

/// <summary>Whom a request speaks for.</summary>
/// <param name="Owner">The owner.</param>
/// <param name="Admin">Whether it may see other owners' sessions and look after the server.</param>
/// <param name="Version">The server's.</param>
internal sealed record CallerView(string Owner, bool Admin, string Version);
