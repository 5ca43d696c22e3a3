using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sojourn.Tests.Tidy;

/// <summary>
/// Counts the statements that indent their inside. A chain of else-if stays on one level, as it does on the page; a
/// local function or a lambda begins anew, for it is read as a method of its own.
/// </summary>
internal static class Nesting
{
    private const int Most = 3;

    public static IEnumerable<Finding> Check(SourceFile file) => In(file, file.Syntax, depth: 0);

    private static IEnumerable<Finding> In(SourceFile file, SyntaxNode parent, int depth)
    {
        foreach (var node in parent.ChildNodes())
        {
            var inside = DepthInside(node, depth);
            if (inside == Most + 1 && inside > depth)
            {
                yield return file.At(node,
                    $"nested {inside} deep; {Most} is the most. Return early, or name the inner part.");
            }

            foreach (var finding in In(file, node, inside))
            {
                yield return finding;
            }
        }
    }

    private static int DepthInside(SyntaxNode node, int depth) => node switch
    {
        IfStatementSyntax { Parent: ElseClauseSyntax } => depth,
        IfStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax
            or DoStatementSyntax or SwitchStatementSyntax or TryStatementSyntax or UsingStatementSyntax
            or LockStatementSyntax or FixedStatementSyntax => depth + 1,
        LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax or MemberDeclarationSyntax
            and not GlobalStatementSyntax => 0,
        _ => depth,
    };
}
