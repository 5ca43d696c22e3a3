using Microsoft.AspNetCore.Http;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;

namespace Sojourn.Server.Guarding;

/// <summary>What stands before single handlers, besides what the gate asks of all.</summary>
internal static class Handlers
{
    /// <summary>
    /// A parameter that nobody reads is refused: silently left out, a filter would show what it was to hide.
    /// </summary>
    public static Handler Taking(Handler handler, params string[] parameters) => (context, caller) =>
        Query.FindUnknown(context.Request, parameters) is { } problem ? new(problem) : handler(context, caller);

    /// <summary>For the operator alone.</summary>
    public static Handler AdminsOnly(Handler handler) => (context, caller) => caller.IsAdmin
        ? handler(context, caller)
        : new(new HttpProblem(HttpProblemTypes.Forbidden, "Only an admin key may do this."));

    /// <summary>For a session whose id is a word that also stands for something else in that place.</summary>
    public static Handler WithId(string id, Handler handler) => (context, caller) =>
    {
        context.Request.RouteValues["id"] = id;
        return handler(context, caller);
    };
}
