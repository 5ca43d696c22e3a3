namespace Sojourn.Tests.Tidy;

/// <summary>Something untidy: where it is, and what to do about it.</summary>
internal sealed record Finding(string Path, int Line, string Says)
{
    public override string ToString() => $"{Path}:{Line}: {Says}";
}

internal static class Findings
{
    public static void ShouldBeNone(this IEnumerable<Finding> findings)
    {
        var all = findings.OrderBy(finding => finding.Path, StringComparer.Ordinal)
            .ThenBy(finding => finding.Line).ToList();
        if (all.Count > 0)
        {
            Assert.Fail($"{all.Count} untidy places:\n{string.Join("\n", all)}");
        }
    }
}
