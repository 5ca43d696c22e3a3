using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sojourn.Tests.Tidy;

/// <summary>A class is abstract, since it is meant to be derived from, or it is sealed. Few are neither.</summary>
internal static class SealedShare
{
    private const int LeastPercent = 90;

    public static IEnumerable<Finding> Check(IReadOnlyList<SourceFile> shipped)
    {
        var classes = Types.In(shipped).Where(type => IsClass(type) && !type.Is(SyntaxKind.AbstractKeyword)).ToList();
        var open = classes.Where(type => !type.Is(SyntaxKind.SealedKeyword) && !type.Is(SyntaxKind.StaticKeyword))
            .ToList();
        return open.Count * 100 <= classes.Count * (100 - LeastPercent)
            ? []
            : open.Select(type => type.File.At(type.Parts[0],
                $"{type.Name} is open, as are {open.Count} of {classes.Count} classes; {LeastPercent} % are to be "
                + "sealed or static. Seal it."));
    }

    private static bool IsClass(DeclaredType type) => type.Parts[0] is ClassDeclarationSyntax
        || (type.Parts[0] is RecordDeclarationSyntax record
            && !record.ClassOrStructKeyword.IsKind(SyntaxKind.StructKeyword));
}
