using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Sojourn.Server.Console;

/// <summary>
/// What a browser holds after a log-in, out of reach of scripts. A browser sends it with whatever asks for this host,
/// so it counts only where a page of this server asks.
/// </summary>
internal static class ConsoleCookie
{
    /// <summary>Reads it; false if there is none, or a page of another site or port has it sent.</summary>
    public static bool TryRead(HttpRequest request, [NotNullWhen(true)] out string? text) =>
        request.Cookies.TryGetValue(NameAt(request), out text) && IsOurs(request);

    public static void Set(HttpContext context, LogIn logIn) => context.Response.Cookies.Append(
        NameAt(context.Request), logIn.Text, Options(context.Request, logIn.Lifetime));

    public static void Clear(HttpContext context) =>
        context.Response.Cookies.Delete(NameAt(context.Request), Options(context.Request, null));

    // Browsers do not tell the ports of a host apart: two servers on one machine are not to log each other out.
    private static string NameAt(HttpRequest request) =>
        string.Create(CultureInfo.InvariantCulture, $"sojourn-{request.Host.Port ?? (request.IsHttps ? 443 : 80)}");

    private static CookieOptions Options(HttpRequest request, TimeSpan? lifetime) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = IsSecure(request),
        Path = "/",
        MaxAge = lifetime,
    };

    // Behind a proxy the page knows what the server does not: browsers name it with each POST, and the gate has
    // compared it.
    private static bool IsSecure(HttpRequest request) => request.IsHttps
        || request.Headers.Origin.ToString().StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    // A page on another port of this host is of the same site, so SameSite does not keep it out. 'none' is the person
    // at the address bar. Where a browser does not say (none does over plain HTTP from another machine), a request that
    // changes something must name its origin, which the gate has compared.
    private static bool IsOurs(HttpRequest request)
    {
        var reads = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        return request.Headers.TryGetValue("Sec-Fetch-Site", out var site)
            ? site == "same-origin" || (site == "none" && reads)
            : reads || request.Headers.Origin.Count == 1;
    }
}
