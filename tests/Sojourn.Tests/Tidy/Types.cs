using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sojourn.Tests.Tidy;

/// <summary>A type with all its partial parts.</summary>
internal sealed record DeclaredType(string FullName, SourceFile File, IReadOnlyList<MemberDeclarationSyntax> Parts)
{
    public string Name { get; } = Types.NameOf(Parts[0]);

    public bool Is(SyntaxKind modifier) => Parts.Any(part => part.Modifiers.Any(modifier));

    public IEnumerable<string> Bases => Parts.OfType<BaseTypeDeclarationSyntax>()
        .SelectMany(part => part.BaseList?.Types.AsEnumerable() ?? [])
        .Select(each => Types.SimpleName(each.Type));
}

internal static class Types
{
    public static IReadOnlyList<DeclaredType> In(IEnumerable<SourceFile> files) =>
    [
        .. from file in files
           from node in file.Syntax.DescendantNodes().OfType<MemberDeclarationSyntax>()
           where node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax
           group (file, node) by FullName(node) into parts
           select new DeclaredType(parts.Key, parts.First().file, [.. parts.Select(part => part.node)]),
    ];

    public static string NameOf(MemberDeclarationSyntax type) => type switch
    {
        BaseTypeDeclarationSyntax named => named.Identifier.Text,
        DelegateDeclarationSyntax named => named.Identifier.Text,
        _ => "",
    };

    /// <summary>`Kind` of `Sojourn.Kind&lt;T&gt;`.</summary>
    public static string SimpleName(TypeSyntax type) => type switch
    {
        QualifiedNameSyntax qualified => qualified.Right.Identifier.Text,
        SimpleNameSyntax simple => simple.Identifier.Text,
        _ => type.ToString(),
    };

    public static string NamespaceOf(SyntaxNode node) =>
        node.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault()?.Name.ToString() ?? "";

    private static string FullName(MemberDeclarationSyntax type)
    {
        var arity = type switch
        {
            TypeDeclarationSyntax generic => generic.Arity,
            DelegateDeclarationSyntax generic => generic.Arity,
            _ => 0,
        };
        var parent = type.Parent is BaseTypeDeclarationSyntax outer ? FullName(outer) : NamespaceOf(type);
        return $"{parent}.{NameOf(type)}`{arity}";
    }
}
