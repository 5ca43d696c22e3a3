using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sojourn.Server.Problems;

namespace Sojourn.Server.Requests;

/// <summary>Reads query parameters.</summary>
internal static class Query
{
    private const int MostLabels = 16, LongestLabel = 64;

    /// <summary>A problem if the request has a parameter that is not one of these.</summary>
    public static HttpProblem? FindUnknown(HttpRequest request, string[] known)
    {
        if (!request.QueryString.HasValue)
        {
            return null;
        }

        var unknown = request.Query.Keys
            .FirstOrDefault(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase));
        return unknown is null ? null : HttpProblem.BadParameter(unknown, known.Length == 0
            ? $"'{unknown}' is not known here; this request takes no parameters in its address."
            : $"'{unknown}' is not known here; there is {string.Join(", ", known.Select(name => $"'{name}'"))}.");
    }

    /// <summary>A parameter that stands there at most once; null if it does not.</summary>
    public static bool TryRead(HttpRequest request, string name, out string? value, out HttpProblem? problem)
    {
        var values = request.Query[name];
        value = values.Count == 0 ? null : values[0];
        problem = values.Count > 1
            ? HttpProblem.BadParameter(name, $"'{name}' stands there {values.Count} times; once is enough.") : null;
        return problem is null;
    }

    /// <summary>How many to return.</summary>
    public static bool TryReadLimit(HttpRequest request, int most, out int limit, out HttpProblem? problem)
    {
        limit = 100;
        if (!TryRead(request, "limit", out var text, out problem) || text is null)
        {
            return problem is null;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit)
            || limit < 1 || limit > most)
        {
            problem = HttpProblem.BadParameter("limit", $"'limit' must be a whole number from 1 to {most:N0}.");
        }

        return problem is null;
    }

    /// <summary>The cursor is not one that was given out.</summary>
    public static HttpProblem BadCursor() => HttpProblem.BadParameter(
        "cursor", "'cursor' must be the 'next' of the page before, as it was given.");

    /// <summary>The labels of a new session; null if none are given.</summary>
    public static bool TryReadLabels(
        HttpRequest request, out Dictionary<string, string>? labels, out HttpProblem? problem)
    {
        labels = null;
        problem = null;
        if (!request.QueryString.HasValue)
        {
            return true;
        }

        foreach (var label in request.Query["label"])
        {
            var colon = label!.IndexOf(':', StringComparison.Ordinal);
            labels ??= new(StringComparer.Ordinal);
            var isGood = colon is > 0 and <= LongestLabel && label.Length - colon - 1 <= LongestLabel
                && labels.Count < MostLabels && labels.TryAdd(label[..colon], label[(colon + 1)..]);
            if (!isGood)
            {
                problem = HttpProblem.BadParameter("label", $"A label is 'name:value', each at most {LongestLabel} "
                    + $"characters long; a session has at most {MostLabels}, each name once.");
                return false;
            }
        }

        return true;
    }
}
