using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sojourn.Tests.Tidy;

/// <summary>Finds uses of types (`Random`) and of their members (`DateTime.UtcNow`) without a compilation.</summary>
internal static class NameUses
{
    /// <param name="file">Where to look.</param>
    /// <param name="banned">A type's name, which bans all of it, or `Type.Member`.</param>
    /// <param name="advice">What to do instead.</param>
    public static IEnumerable<Finding> Find(SourceFile file, IReadOnlyList<string> banned, string advice)
    {
        var ownNames = OwnNames(file.Syntax);
        foreach (var name in file.Syntax.DescendantNodes().OfType<SimpleNameSyntax>())
        {
            var type = name.Identifier.Text;
            if (!IsTypeUse(name) || (ownNames.Contains(type) && !IsInTypeOnlyContext(name)))
            {
                continue;
            }

            var use = MemberOf(name) is { } member ? $"{type}.{member}" : type;
            if (banned.Contains(type, StringComparer.Ordinal) || banned.Contains(use, StringComparer.Ordinal))
            {
                yield return file.At(name, $"{use} {advice}");
            }
        }
    }

    public static bool IsInTypeOnlyContext(SimpleNameSyntax name) =>
        SyntaxFacts.IsInTypeOnlyContext(name.Parent is QualifiedNameSyntax qualified && qualified.Right == name
            ? qualified
            : name);

    /// <summary>A property called `Process` is not the type of that name.</summary>
    private static HashSet<string> OwnNames(SyntaxNode root) => root.DescendantNodes()
        .Select(node => node switch
        {
            PropertyDeclarationSyntax property => property.Identifier.Text,
            ParameterSyntax parameter => parameter.Identifier.Text,
            VariableDeclaratorSyntax variable => variable.Identifier.Text,
            _ => null,
        })
        .OfType<string>()
        .ToHashSet(StringComparer.Ordinal);

    private static bool IsTypeUse(SimpleNameSyntax name) => name.Parent switch
    {
        MemberAccessExpressionSyntax access => access.Expression == name || IsSystem(access.Expression.ToString()),
        QualifiedNameSyntax qualified => qualified.Right == name && IsSystem(qualified.Left.ToString()),
        _ => IsInTypeOnlyContext(name),
    };

    private static bool IsSystem(string qualifier) =>
        qualifier is "System" or "global::System" || qualifier.StartsWith("System.", StringComparison.Ordinal)
        || qualifier.StartsWith("global::System.", StringComparison.Ordinal);

    private static string? MemberOf(SimpleNameSyntax type) => type.Parent switch
    {
        MemberAccessExpressionSyntax access when access.Expression == type => access.Name.Identifier.Text,
        MemberAccessExpressionSyntax { Parent: MemberAccessExpressionSyntax outer } => outer.Name.Identifier.Text,
        _ => null,
    };
}
