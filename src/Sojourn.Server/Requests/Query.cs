using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sojourn.Server.Problems;

namespace Sojourn.Server.Requests;

/// <summary>Reads query parameters.</summary>
internal static class Query
{
    /// <summary>What an owner's name is.</summary>
    public const string OwnerRule = "'owner' must be 1 to 64 characters of a-z, 0-9, '.', '_' and '-', the first a "
        + "letter or a digit.";

    // With an offset, always: a time without one is another time elsewhere.
    private static readonly string[] TimeForms =
        ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

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
    public static bool TryReadLimit(
        HttpRequest request, int most, out int limit, out HttpProblem? problem, int usual = 100)
    {
        limit = usual;
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

    /// <summary>A time; null if none is given.</summary>
    public static bool TryReadTime(
        HttpRequest request, string name, out DateTimeOffset? time, out HttpProblem? problem)
    {
        time = null;
        if (!TryRead(request, name, out var text, out problem) || text is null)
        {
            return problem is null;
        }

        if (DateTimeOffset.TryParseExact(text, TimeForms, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var read))
        {
            time = read;
            return true;
        }

        problem = HttpProblem.BadParameter(name, $"'{name}' must be a time such as 2026-01-31T12:00:00Z.");
        return false;
    }

    /// <summary><c>true</c> or <c>false</c>; null if neither is given.</summary>
    public static bool TryReadTruth(HttpRequest request, string name, out bool? value, out HttpProblem? problem)
    {
        value = null;
        if (!TryRead(request, name, out var text, out problem) || text is null)
        {
            return problem is null;
        }

        value = text == "true";
        problem = text is "true" or "false"
            ? null : HttpProblem.BadParameter(name, $"'{name}' must be true or false.");
        return problem is null;
    }

    /// <summary>Whose sessions are meant; null if the request does not say.</summary>
    public static bool TryReadOwner(HttpRequest request, out OwnerId? owner, out HttpProblem? problem)
    {
        owner = null;
        if (!TryRead(request, "owner", out var text, out problem) || text is null)
        {
            return problem is null;
        }

        problem = OwnerId.TryParseTenant(text, out var read) ? null : HttpProblem.BadParameter("owner", OwnerRule);
        owner = read;
        return problem is null;
    }

    /// <summary>The cursor is not one that was given out.</summary>
    public static HttpProblem BadCursor() => HttpProblem.BadParameter(
        "cursor", "'cursor' must be the 'next' of the page before, as it was given.");

    /// <summary>The labels of a new session, or those to find sessions by; null if none are given.</summary>
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
            var isGood = colon > 0 && LabelRules.IsLabel(label[..colon], label[(colon + 1)..])
                && labels.Count < LabelRules.MostLabels && labels.TryAdd(label[..colon], label[(colon + 1)..]);
            if (!isGood)
            {
                problem = HttpProblem.BadParameter("label", $"A label is 'name:value', each at most "
                    + $"{LabelRules.LongestLabel} characters long; a session has at most {LabelRules.MostLabels}, each "
                    + "name once.");
                return false;
            }
        }

        return true;
    }
}
