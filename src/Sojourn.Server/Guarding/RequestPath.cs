namespace Sojourn.Server.Guarding;

/// <summary>
/// Looks at a path as it was sent. The web server resolves <c>..</c> before anybody sees it, so that
/// <c>/v1/play/../agents</c> would silently be another request than the client wrote.
/// </summary>
internal static class RequestPath
{
    private const string Prefix = "/v1/";

    /// <summary>True if a segment is <c>.</c> or <c>..</c>, in whatever spelling.</summary>
    public static bool HasDots(ReadOnlySpan<char> rawTarget)
    {
        var path = PathOf(rawTarget);
        // Nearly every path ends here.
        if (!path.Contains("/.", StringComparison.Ordinal)
            && !path.Contains("/%2e", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        foreach (var range in path.Split('/'))
        {
            var segment = path[range];
            if (segment.Length <= 6 && Uri.UnescapeDataString(segment) is "." or "..")
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// True if a name is missing between two slashes or after the last. Routing would forgive that, and a command to a
    /// session without an id would become another request.
    /// </summary>
    public static bool HasGap(ReadOnlySpan<char> path) =>
        path.Length > Prefix.Length && path.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
        && (path[^1] == '/' || path.Contains("//", StringComparison.Ordinal));

    /// <summary>What was sent, without the query.</summary>
    public static ReadOnlySpan<char> PathOf(ReadOnlySpan<char> rawTarget)
    {
        var query = rawTarget.IndexOf('?');
        var path = query < 0 ? rawTarget : rawTarget[..query];
        if (path.StartsWith("/"))
        {
            return path;
        }

        // The absolute form, as sent to proxies: http://host/path.
        var host = path.IndexOf("://", StringComparison.Ordinal);
        var slash = host < 0 ? -1 : path[(host + 3)..].IndexOf('/');
        return slash < 0 ? default : path[(host + 3 + slash)..];
    }
}
