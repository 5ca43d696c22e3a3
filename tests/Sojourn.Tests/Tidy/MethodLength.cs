namespace Sojourn.Tests.Tidy;

internal static class MethodLength
{
    private const int Most = 60;

    public static IEnumerable<Finding> Check(SourceFile file) =>
        from method in Methods.In(file)
        let first = Methods.FirstToken(method)
        let lines = Methods.LastToken(method).GetLocation().GetLineSpan().EndLinePosition.Line
            - first.GetLocation().GetLineSpan().StartLinePosition.Line + 1
        where lines > Most
        select file.At(first, $"{Methods.NameOf(method)} has {lines} lines; {Most} are the most. "
            + "Name its steps and let each be a method.");
}
