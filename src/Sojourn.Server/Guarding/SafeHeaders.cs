using Microsoft.AspNetCore.Http;

namespace Sojourn.Server.Guarding;

/// <summary>What every answer says of itself, unless its handler knows better.</summary>
internal static class SafeHeaders
{
    // A browser that is logged in may be led to whatever somebody has put into a stream, as the type that they gave it:
    // shown as a page it is to be of no origin and run nothing.
    private const string Policy = "sandbox; default-src 'none'; frame-ancestors 'none'";

    public static void Set(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = Policy;
    }
}
