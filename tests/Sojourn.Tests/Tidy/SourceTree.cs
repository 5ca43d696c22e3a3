namespace Sojourn.Tests.Tidy;

/// <summary>The repository that this test assembly was built in, without what is generated or vendored.</summary>
internal sealed class SourceTree
{
    private static readonly string[] NotOurs =
        ["bin", "obj", "vendor", "node_modules", "TestResults", "BenchmarkDotNet.Artifacts", ".git", ".vs", ".idea"];

    private static readonly string[] TextEndings =
        [".cs", ".js", ".mjs", ".css", ".html", ".sh", ".md", ".sql", ".csproj", ".props", ".targets", ".slnx", ".yml"];

    private readonly string _root;

    private SourceTree(string root)
    {
        _root = root;
        Paths =
        [
            .. Walk(root).Select(path => Path.GetRelativePath(root, path).Replace('\\', '/'))
                .Where(path => !path.StartsWith("out/", StringComparison.Ordinal)
                    && !path.StartsWith("data/", StringComparison.Ordinal)),
        ];
        Texts = [.. Paths.Where(IsText).Select(path => new SourceFile(path, File.ReadAllText($"{root}/{path}")))];
    }

    public static SourceTree Here { get; } = new(FindRoot(AppContext.BaseDirectory));

    /// <summary>The directory of the repository.</summary>
    public string Root => _root;

    /// <summary>Every file's path.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>Every text file: code, scripts, documents, project files.</summary>
    public IReadOnlyList<SourceFile> Texts { get; }

    /// <summary>What people write and read as code, in all languages.</summary>
    public IEnumerable<SourceFile> Code => Texts.Where(file =>
        Path.GetExtension(file.Path) is ".cs" or ".js" or ".mjs" or ".css" or ".sh" || IsScript(file.Path));

    public IEnumerable<SourceFile> CSharp => Texts.Where(file => file.IsCSharp);

    public IReadOnlyList<SourceFile> Shipped => [.. CSharp.Where(file => file.IsUnder("src"))];

    /// <summary>The documents that describe what is there now. The changelog may name what is gone.</summary>
    public IEnumerable<SourceFile> Documents => Texts.Where(file => file.Path.EndsWith(".md", StringComparison.Ordinal)
        && (file.IsUnder("docs") || file.Path is "README.md" or "ARCHITECTURE.md" or "CONTRIBUTING.md"));

    public SourceFile? Find(string path) => Texts.FirstOrDefault(file => file.Path == path);

    public bool Exists(string path) => Path.Exists(Path.Combine(_root, path));

    private static bool IsScript(string path) => path is "sojourn" or ".ci/run";

    private static bool IsText(string path) =>
        (TextEndings.Contains(Path.GetExtension(path), StringComparer.Ordinal) || IsScript(path))
        && !path.EndsWith(".min.js", StringComparison.Ordinal);

    private static IEnumerable<string> Walk(string folder) => Directory.EnumerateFiles(folder)
        .Concat(Directory.EnumerateDirectories(folder)
            .Where(inner => !NotOurs.Contains(Path.GetFileName(inner), StringComparer.Ordinal))
            .SelectMany(Walk));

    private static string FindRoot(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Sojourn.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException(
            $"There is no Sojourn.slnx above {from}: run the tests where they were built.");
    }
}
