using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sojourn.Tests.Tidy;

/// <summary>A kind can be read, moved and removed without the others. Files beside the folders may name all.</summary>
internal static partial class KindsApart
{
    private const string Root = "src/Sojourn.Kinds/";

    public static IEnumerable<Finding> Check(IReadOnlyList<SourceFile> kinds)
    {
        var types = kinds.Where(file => FolderOf(file) is not null).ToLookup(
            file => FolderOf(file)!,
            file => file.Syntax.DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
                .Select(type => type.Identifier.Text),
            StringComparer.Ordinal);
        var folders = types.ToDictionary(
            folder => folder.Key, folder => folder.SelectMany(names => names).ToHashSet(StringComparer.Ordinal));
        return kinds.Where(file => FolderOf(file) is not null).SelectMany(file => In(file, FolderOf(file)!, folders))
            .Distinct();
    }

    private static IEnumerable<Finding> In(
        SourceFile file, string own, Dictionary<string, HashSet<string>> folders) =>
        from node in file.Syntax.DescendantNodes()
        where node is QualifiedNameSyntax or MemberAccessExpressionSyntax
        let match = Named().Match(node.ToString())
        let folder = match.Groups["folder"].Value
        where match.Success && folder != own && folders.ContainsKey(folder)
        where match.Groups["kinds"].Success || folders[folder].Contains(match.Groups["type"].Value)
        select file.At(node, $"the kind {own} names {folder}. Kinds know nothing of each other: move what both need "
            + "into the engine, or let each have its own.");

    private static string? FolderOf(SourceFile file)
    {
        var rest = file.Path.StartsWith(Root, StringComparison.Ordinal) ? file.Path[Root.Length..] : "";
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? null : rest[..slash];
    }

    [GeneratedRegex(@"^((global::)?(?<kinds>(Sojourn\.)?Kinds)\.)?(?<folder>\w+)(\.(?<type>\w+))?$",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Named();
}
