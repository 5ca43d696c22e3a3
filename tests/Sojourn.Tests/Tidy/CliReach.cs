using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sojourn.Tests.Tidy;

/// <summary>
/// The tool is a client like any other, but for `serve`, `party relay` and `party local`, which serve others, and for
/// `restore-backup` and `drill`, which are for when no server runs. What is behind these five is in files that begin
/// with Serve. The verbs `saves` work on a game's own files, which no server has; they are in a folder of their own.
/// </summary>
internal static class CliReach
{
    private const string Advice =
        "Every verb but `serve`, `party relay`, `party local`, `restore-backup`, `drill` and `saves` goes through "
        + "Sojourn.Client; what the client lacks, the client gains.";

    private static readonly string[] Behind =
        ["Sojourn.Server", "Sojourn.Sqlite", "Sojourn.Postgres", "Sojourn.Kinds", "Sojourn.Models", "Sojourn.Engine"];

    public static IEnumerable<Finding> Check(IReadOnlyList<SourceFile> shipped)
    {
        var engineTypes = EngineTypes(shipped);
        return shipped.Where(file => file.IsUnder("src/Sojourn.Cli") && !IsForServe(file)).SelectMany(file =>
            Namespaces(file).Concat(file.Syntax.DescendantNodes().OfType<SimpleNameSyntax>()
                .Where(name => engineTypes.Contains(name.Identifier.Text) && NameUses.IsInTypeOnlyContext(name)
                    && name.Parent is not QualifiedNameSyntax)
                .Select(name => file.At(name, $"{name.Identifier.Text} is the engine's. {Advice}"))));
    }

    private static bool IsForServe(SourceFile file) => file.Name.StartsWith("Serve", StringComparison.Ordinal)
        || file.IsUnder("src/Sojourn.Cli/Saves");

    private static IEnumerable<Finding> Namespaces(SourceFile file) =>
        from node in file.Syntax.DescendantNodes()
        where node is QualifiedNameSyntax or MemberAccessExpressionSyntax
            || node is IdentifierNameSyntax { Parent: UsingDirectiveSyntax }
        where node.Parent is not (QualifiedNameSyntax or MemberAccessExpressionSyntax)
        let text = node.ToString().Replace("global::", "", StringComparison.Ordinal)
        where (text == "Sojourn" && node.Parent is UsingDirectiveSyntax)
            || Behind.Any(name => text == name || text.StartsWith(name + ".", StringComparison.Ordinal))
        select file.At(node, $"names {text}. {Advice}");

    // Code in Sojourn.Cli sees the engine's namespace without a using. Names that the client has too are the client's.
    private static HashSet<string> EngineTypes(IReadOnlyList<SourceFile> shipped) =>
        TopLevel(shipped.Where(file => file.IsUnder("src/Sojourn")))
            .Except(TopLevel(shipped.Where(file =>
                file.IsUnder("src/Sojourn.Client") || file.IsUnder("src/Sojourn.Cli"))))
            .ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> TopLevel(IEnumerable<SourceFile> files) => files
        .SelectMany(file => file.Syntax.DescendantNodes().OfType<BaseTypeDeclarationSyntax>())
        .Where(type => type.Parent is not BaseTypeDeclarationSyntax)
        .Select(type => type.Identifier.Text);
}
