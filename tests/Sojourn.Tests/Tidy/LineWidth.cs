namespace Sojourn.Tests.Tidy;

internal static class LineWidth
{
    private const int Most = 120;

    public static IEnumerable<Finding> Check(SourceFile file) => file.Lines.Index()
        .Where(line => line.Item.Length > Most)
        .Select(line => new Finding(file.Path, line.Index + 1,
            $"{line.Item.Length} columns; {Most} are the most. Break the line where a reader would breathe."));
}
