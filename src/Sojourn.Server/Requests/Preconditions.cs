using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Sojourn.Server.Problems;

namespace Sojourn.Server.Requests;

/// <summary>The headers that make a request conditional or name its one effect.</summary>
internal static class Preconditions
{
    private const string IdempotencyKey = "Idempotency-Key";

    /// <summary>The longest operation id.</summary>
    public const int LongestIdempotencyKey = 128;

    /// <summary>A version as an ETag.</summary>
    public static string ETag(long version) => $"\"{version.ToString(CultureInfo.InvariantCulture)}\"";

    /// <summary>The version that <c>If-Match</c> asks for; null for any.</summary>
    public static bool TryReadIfMatch(HttpRequest request, out long? expected, out HttpProblem? problem)
    {
        expected = null;
        problem = null;
        var header = request.Headers.IfMatch;
        if (header.Count == 0)
        {
            return true;
        }

        var text = header.Count == 1 ? header.ToString().AsSpan().Trim() : default;
        if (text is "*")
        {
            return true;
        }

        if (text.Length > 2 && text[0] == '"' && text[^1] == '"' && long.TryParse(
            text[1..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var version))
        {
            expected = version;
            return true;
        }

        problem = HttpProblem.BadParameter("If-Match", "If-Match must be one version in quotes, such as \"7\", or *.");
        return false;
    }

    /// <summary>True if the reader holds this version already.</summary>
    public static bool IsKnown(StringValues ifNoneMatch, string etag)
    {
        foreach (var line in ifNoneMatch)
        {
            foreach (var range in line.AsSpan().Split(','))
            {
                var tag = line.AsSpan()[range].Trim();
                if (tag is "*" || (tag.StartsWith("W/") ? tag[2..] : tag).SequenceEqual(etag))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Whether this can be an operation id.</summary>
    public static bool IsOperation(string id) =>
        id.Length is > 0 and <= LongestIdempotencyKey && !id.AsSpan().ContainsAnyExceptInRange(' ', '~');

    /// <summary>The operation id; null if there is none.</summary>
    public static bool TryReadOperation(HttpRequest request, out string? operation, out HttpProblem? problem)
    {
        operation = null;
        problem = null;
        if (!request.Headers.TryGetValue(IdempotencyKey, out var header))
        {
            return true;
        }

        operation = header.ToString();
        if (header.Count == 1 && IsOperation(operation))
        {
            return true;
        }

        problem = HttpProblem.BadParameter(
            IdempotencyKey, $"Idempotency-Key must be 1 to {LongestIdempotencyKey} printable ASCII characters.");
        return false;
    }
}
