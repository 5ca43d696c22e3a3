using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sojourn.Tests.Tidy;

/// <summary>
/// Rules read no clock, no chance, no disk, no network. A file is held to that if it declares a kind, a command or a
/// start, or a type that such a file names, and so on: all that a rule can reach within its folder. The outside work
/// begins at files called *Driver.cs and EmbeddedGenerator*.cs; these, and what only they name, are free.
/// </summary>
internal static class PureRules
{
    private static readonly string[] Banned =
    [
        "DateTime.Now", "DateTime.UtcNow", "DateTime.Today", "DateTimeOffset.Now", "DateTimeOffset.UtcNow",
        "TimeProvider", "Stopwatch", "Environment", "Random", "RandomNumberGenerator",
        "Guid.NewGuid", "Guid.CreateVersion7", "File", "FileInfo", "FileStream", "Directory", "DirectoryInfo",
        "Path.GetTempPath", "Path.GetTempFileName", "Path.GetRandomFileName", "Socket", "HttpClient", "Process",
        "ProcessStartInfo", "Console",
    ];

    /// <param name="kinds">The files of all kinds.</param>
    public static IEnumerable<Finding> Check(IReadOnlyList<SourceFile> kinds) => kinds
        .GroupBy(file => file.Path[..file.Path.LastIndexOf('/')], StringComparer.Ordinal)
        .SelectMany(folder => Reached([.. folder]))
        .SelectMany(file => NameUses.Find(file, Banned,
            "is not for rules: time and chance come from the context, and outside work belongs to a driver."));

    private static HashSet<SourceFile> Reached(IReadOnlyList<SourceFile> folder)
    {
        var candidates = folder.Where(file => !DoesOutsideWork(file)).ToList();
        var names = candidates.ToDictionary(file => file, file => DocumentNames.Known([file]));
        var reached = new HashSet<SourceFile>();
        var next = new Queue<SourceFile>(candidates.Where(DeclaresRules));
        while (next.TryDequeue(out var file))
        {
            if (reached.Add(file))
            {
                candidates.FindAll(other => DeclaredNames(other).Any(names[file].Contains)).ForEach(next.Enqueue);
            }
        }

        return reached;
    }

    private static bool DoesOutsideWork(SourceFile file) =>
        file.Name.EndsWith("Driver.cs", StringComparison.Ordinal)
        || file.Name.StartsWith("EmbeddedGenerator", StringComparison.Ordinal);

    private static bool DeclaresRules(SourceFile file) => file.Syntax.DescendantNodes().OfType<SimpleBaseTypeSyntax>()
        .Any(each => Types.SimpleName(each.Type) is "Kind" or "ICommand" or "IStart");

    private static IEnumerable<string> DeclaredNames(SourceFile file) =>
        file.Syntax.DescendantNodes().OfType<BaseTypeDeclarationSyntax>().Select(type => type.Identifier.Text);
}
