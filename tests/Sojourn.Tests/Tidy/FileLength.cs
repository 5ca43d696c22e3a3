namespace Sojourn.Tests.Tidy;

internal static class FileLength
{
    private const int Most = 400;

    public static IEnumerable<Finding> Check(SourceFile file)
    {
        if (file.Lines.Length > Most)
        {
            yield return new Finding(file.Path, Most + 1,
                $"{file.Lines.Length} lines; {Most} are the most. Give one of its concerns a file of its own.");
        }
    }
}
