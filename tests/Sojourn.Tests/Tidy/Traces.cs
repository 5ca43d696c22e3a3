using System.Text.RegularExpressions;

namespace Sojourn.Tests.Tidy;

/// <summary>Nothing that only makes sense on the machine it was written on, nothing left for later.</summary>
internal static partial class Traces
{
    public static IEnumerable<Finding> CheckMachines(SourceFile file) =>
        Find(file, MachinePath(), "is a path of one machine. Make it relative, or let it be configured.");

    public static IEnumerable<Finding> CheckUnfinished(SourceFile file) =>
        Find(file, Unfinished(), "marks something unfinished. Finish it, or take it out.");

    private static IEnumerable<Finding> Find(SourceFile file, Regex pattern, string says) =>
        from line in file.Lines.Index()
        from match in pattern.Matches(line.Item)
        select new Finding(file.Path, line.Index + 1, $"'{match.Value}' {says}");

    [GeneratedRegex(@"(?<![\w.})*-])/(work|root|tmp/bash_jobs)/", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MachinePath();

    // The brackets keep the pattern from finding itself.
    [GeneratedRegex(@"\b(TOD[O]|FIXM[E]|HAC[K]|NotImplemente[d]Exception)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Unfinished();
}
