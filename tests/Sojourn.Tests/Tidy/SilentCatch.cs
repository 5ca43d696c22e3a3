using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sojourn.Tests.Tidy;

/// <summary>A catch may do nothing only if it names one exception and says in a comment why silence is right.</summary>
internal static class SilentCatch
{
    public static IEnumerable<Finding> Check(SourceFile file) => file.Syntax.DescendantNodes()
        .OfType<CatchClauseSyntax>()
        .Where(clause => clause.Block.Statements.Count == 0 && (CatchesAll(clause) || !SaysWhy(clause)))
        .Select(clause => file.At(clause, CatchesAll(clause)
            ? "swallows whatever happens. Catch the one exception that is expected, or let it pass."
            : "swallows an exception without a word. Handle it, or say in a comment why silence is right."));

    private static bool CatchesAll(CatchClauseSyntax clause) => clause.Filter is null
        && (clause.Declaration is null || Types.SimpleName(clause.Declaration.Type) is "Exception");

    private static bool SaysWhy(CatchClauseSyntax clause) => clause.Block.DescendantTrivia().Any(trivia =>
        trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia));
}
