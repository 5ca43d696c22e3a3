using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Sojourn.Tests.Tidy;

internal static class Regions
{
    public static IEnumerable<Finding> Check(SourceFile file) => file.Syntax.DescendantTrivia()
        .Where(trivia => trivia.IsKind(SyntaxKind.RegionDirectiveTrivia))
        .Select(trivia => new Finding(file.Path, trivia.GetLocation().GetLineSpan().StartLinePosition.Line + 1,
            "a region hides code. If the part has a name, let it be a file of that name."));
}
