using Microsoft.AspNetCore.Http;
using Sojourn.Server.Problems;

namespace Sojourn.Server.Guarding;

/// <summary>The methods that one path has. Any other is answered with those.</summary>
internal sealed class Methods(params (string Method, Handler Handler)[] table)
{
    private readonly string _allow = string.Join(", ", table.SelectMany(row =>
        HttpMethods.IsGet(row.Method) ? [row.Method, HttpMethods.Head] : new[] { row.Method }));

    public ValueTask<HttpProblem?> HandleAsync(HttpContext context, Caller caller)
    {
        var method = context.Request.Method;
        // The web server keeps back the body of an answer to HEAD; all else is to be as if it were read.
        var effective = HttpMethods.IsHead(method) ? HttpMethods.Get : method;
        foreach (var (known, handler) in table)
        {
            if (HttpMethods.Equals(known, effective))
            {
                return handler(context, caller);
            }
        }

        return new(NotAllowed(method, _allow));
    }

    public static HttpProblem NotAllowed(string method, string allow) =>
        new(HttpProblemTypes.MethodNotAllowed, $"This path has no {Requests.Route.Shortened(method)}; it has {allow}.")
        {
            Allow = allow,
        };
}
