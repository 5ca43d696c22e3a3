using Microsoft.AspNetCore.Http;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;
using Sojourn.Stores;

namespace Sojourn.Server.Sessions;

/// <summary>Which sessions are meant. All that is given must hold.</summary>
/// <param name="Status">Only those in this status.</param>
/// <param name="Labels">Only those with all of these labels.</param>
/// <param name="Text">Only those whose id, or one of whose labels' values, contains this, in whatever case.</param>
/// <param name="CreatedBefore">Only those that began before this.</param>
/// <param name="ActiveBefore">Only those that took their last step before this.</param>
/// <param name="StatusBefore">Only those that entered their status before this.</param>
/// <param name="Busy">True: only busy ones; false: only others.</param>
/// <param name="Final">True: only those that have ended; false: only others.</param>
/// <param name="Damaged">True: only those in quarantine.</param>
internal sealed record SessionFilter(
    string? Status = null,
    IReadOnlyDictionary<string, string>? Labels = null,
    string? Text = null,
    DateTimeOffset? CreatedBefore = null,
    DateTimeOffset? ActiveBefore = null,
    DateTimeOffset? StatusBefore = null,
    bool? Busy = null,
    bool? Final = null,
    bool Damaged = false)
{
    public const int LongestText = 64;

    /// <summary>As query parameters.</summary>
    public static string[] Parameters { get; } =
        ["status", "label", "text", "createdBefore", "activeBefore", "statusBefore", "busy", "final", "damaged"];

    /// <summary>True if it says nothing, and so means all sessions.</summary>
    public bool IsEmpty => this with { Labels = null } == new SessionFilter() && Labels is null or { Count: 0 };

    /// <summary>Reads the query parameters.</summary>
    public static bool TryRead(HttpRequest request, out SessionFilter filter, out HttpProblem? problem)
    {
        filter = new SessionFilter();
        if (!Query.TryRead(request, "status", out var status, out problem)
            || !Query.TryReadLabels(request, out var labels, out problem)
            || !Query.TryRead(request, "text", out var text, out problem)
            || !Query.TryReadTime(request, "createdBefore", out var created, out problem)
            || !Query.TryReadTime(request, "activeBefore", out var active, out problem)
            || !Query.TryReadTime(request, "statusBefore", out var entered, out problem)
            || !Query.TryReadTruth(request, "busy", out var busy, out problem)
            || !Query.TryReadTruth(request, "final", out var final, out problem)
            || !Query.TryReadTruth(request, "damaged", out var damaged, out problem))
        {
            return false;
        }

        filter = new SessionFilter(status, labels, text, created, active, entered, busy, final, damaged ?? false);
        return true;
    }

    /// <summary>What no session of these kinds could ever match; null if all is well.</summary>
    public (string Field, string Says)? FindFault(IReadOnlyCollection<KindDescription> kinds)
    {
        var statuses = kinds.SelectMany(kind => kind.Policy.Statuses).Select(status => status.Name).Distinct().ToList();
        if (Status is not null && !statuses.Contains(Status))
        {
            var whose = kinds.Count == 1 ? $"The kind '{kinds.First().Name}' has no status" : "No kind has a status";
            return ("status", $"{whose} '{Route.Shortened(Status)}'; there is: {string.Join(", ", statuses)}.");
        }

        if (Text is { Length: 0 or > LongestText })
        {
            return ("text", $"'text' must be 1 to {LongestText} characters, as long as an id or a label can be.");
        }

        return Labels is { } labels && labels.Any(label => !LabelRules.IsLabel(label.Key, label.Value))
            ? ("labels", LabelRules.Says) : null;
    }

    /// <summary>For the engine.</summary>
    /// <param name="kind">Of which kind; null for any.</param>
    /// <param name="owner">Of which owner; null for any.</param>
    public SessionQuery ToQuery(string? kind, OwnerId? owner)
    {
        var query = new SessionQuery
        {
            Kind = kind,
            Owner = owner,
            Status = Status,
            Text = Text,
            CreatedBefore = CreatedBefore,
            ActiveBefore = ActiveBefore,
            StatusBefore = StatusBefore,
            IsBusy = Busy,
            IsFinal = Final,
            IsDamaged = Damaged,
        };
        return Labels is null ? query : query with { Labels = Labels };
    }
}
