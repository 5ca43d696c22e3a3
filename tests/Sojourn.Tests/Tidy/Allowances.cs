namespace Sojourn.Tests.Tidy;

/// <summary>A file that may break one rule, and why. One that is no longer needed is a finding.</summary>
internal sealed record Allowance(string Path, string Because);

internal static class Allowances
{
    /// <summary>Unit tests that wait for time to pass.</summary>
    public static readonly IReadOnlyList<Allowance> Sleeps = [];

    /// <summary>Shipped code that blocks a thread on purpose.</summary>
    public static readonly IReadOnlyList<Allowance> BlockingWaits = [];

    public static IEnumerable<Finding> Unless(this IEnumerable<Finding> findings, IReadOnlyList<Allowance> allowed)
    {
        var all = findings.ToList();
        var unused = allowed.Where(allowance => all.TrueForAll(finding => finding.Path != allowance.Path))
            .Select(allowance => new Finding(allowance.Path, 0, "needs its allowance no more. Take it off the list."));
        var groundless = allowed.Where(allowance => string.IsNullOrWhiteSpace(allowance.Because))
            .Select(allowance => new Finding(allowance.Path, 0, "is allowed without a reason. Give one."));
        return all.Where(finding => allowed.All(allowance => allowance.Path != finding.Path))
            .Concat(unused).Concat(groundless);
    }
}
