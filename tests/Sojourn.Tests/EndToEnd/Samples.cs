namespace Sojourn.Tests.EndToEnd;

/// <summary>The stories that come with the repository.</summary>
internal static class Samples
{
    /// <summary>Where the lighthouse story lies.</summary>
    public static string LighthouseFile { get; } = Find("samples/stories/the-lighthouse.txt");

    /// <summary>The lighthouse story, trimmed as a session keeps it.</summary>
    public static string Lighthouse { get; } = File.ReadAllText(LighthouseFile).Trim();

    private static string Find(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, path)))
        {
            folder = folder.Parent ?? throw new FileNotFoundException("The repository has no such sample.", path);
        }

        return Path.Combine(folder.FullName, path);
    }
}
