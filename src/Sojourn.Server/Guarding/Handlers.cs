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

    /// <summary>For one's own sessions, or, if an admin names another owner, for that one's.</summary>
    public static Handler OfOwner(Handler handler) => (context, caller) =>
        FindOwner(context, ref caller, mayBeAll: false) is { } problem ? new(problem) : handler(context, caller);

    /// <summary>As <see cref="OfOwner"/>; and <c>owner=*</c> stands for all.</summary>
    public static Handler OfOwners(Handler handler) => (context, caller) =>
        FindOwner(context, ref caller, mayBeAll: true) is { } problem ? new(problem) : handler(context, caller);

    /// <summary>For the operator alone.</summary>
    public static Handler AdminsOnly(Handler handler) => (context, caller) => caller.IsAdmin
        ? handler(context, caller)
        : new(new HttpProblem(HttpProblemTypes.Forbidden, "Only an admin key may do this."));

    private static HttpProblem? FindOwner(HttpContext context, ref Caller caller, bool mayBeAll)
    {
        var request = context.Request;
        if (!request.QueryString.HasValue)
        {
            return null;
        }

        var isAll = mayBeAll && request.Query["owner"] is ["*"];
        OwnerId? owner = null;
        if (!isAll && !Query.TryReadOwner(request, out owner, out var fault))
        {
            return fault;
        }

        if (!caller.IsAdmin && (isAll || (owner is not null && owner != caller.Owner)))
        {
            return new(HttpProblemTypes.Forbidden, "Only an admin key may name another owner.");
        }

        caller = caller with { Owner = owner ?? caller.Owner, Asking = caller.Owner, AsksOfAll = isAll };
        return null;
    }

    /// <summary>For a session whose id is a word that also stands for something else in that place.</summary>
    public static Handler WithId(string id, Handler handler) => (context, caller) =>
    {
        context.Request.RouteValues["id"] = id;
        return handler(context, caller);
    };
}
