using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Sojourn.Server.Console;

/// <summary>
/// What a browser holds after a log-in, out of reach of scripts. A browser sends it with whatever asks for this host,
/// so it counts only where the browser says that a page of this server asks.
/// </summary>
internal static class ConsoleCookie
{
    /// <summary>Reads the key; false if there is none, or a page of another site or port has it sent.</summary>
    public static bool TryRead(HttpRequest request, [NotNullWhen(true)] out string? key) =>
        request.Cookies.TryGetValue(NameAt(request), out key) && IsOurs(request);

    public static void Set(HttpContext context, string key, TimeSpan lifetime) =>
        context.Response.Cookies.Append(NameAt(context.Request), key, Options(context.Request, lifetime));

    public static void Clear(HttpContext context) =>
        context.Response.Cookies.Delete(NameAt(context.Request), Options(context.Request, null));

    // Browsers do not tell the ports of a host apart: two servers on one machine are not to log each other out.
    private static string NameAt(HttpRequest request) =>
        string.Create(CultureInfo.InvariantCulture, $"sojourn-{request.Host.Port ?? (request.IsHttps ? 443 : 80)}");

    private static CookieOptions Options(HttpRequest request, TimeSpan? lifetime) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = request.IsHttps,
        Path = "/",
        MaxAge = lifetime,
    };

    // A page on another port of this host is of the same site, so SameSite does not keep it out. Where a browser is too
    // old to say, a request that changes something must name its origin, which the gate has compared.
    private static bool IsOurs(HttpRequest request) =>
        request.Headers.TryGetValue("Sec-Fetch-Site", out var site)
            ? site.ToString() is "same-origin" or "none"
            : HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)
                || request.Headers.Origin.Count == 1;
}
