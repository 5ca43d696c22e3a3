using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sojourn.Tests.Tidy;

/// <summary>Whatever has statements and a name: methods, accessors, local functions, a top level.</summary>
internal static class Methods
{
    public static IEnumerable<SyntaxNode> In(SourceFile file) => file.Syntax.DescendantNodesAndSelf().Where(node =>
        node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax
        || (node is CompilationUnitSyntax unit && unit.Members.OfType<GlobalStatementSyntax>().Any()));

    public static string NameOf(SyntaxNode method) => method switch
    {
        MethodDeclarationSyntax named => named.Identifier.Text,
        ConstructorDeclarationSyntax constructor => $"the constructor of {constructor.Identifier.Text}",
        LocalFunctionStatementSyntax local => local.Identifier.Text,
        AccessorDeclarationSyntax accessor => accessor.Keyword.Text,
        CompilationUnitSyntax => "the program's top level",
        _ => "this operator",
    };

    /// <summary>Where the method begins for a reader: after its documentation and attributes.</summary>
    public static SyntaxToken FirstToken(SyntaxNode method) => method switch
    {
        MemberDeclarationSyntax { AttributeLists: [.., var last] } => last.GetLastToken().GetNextToken(),
        LocalFunctionStatementSyntax { AttributeLists: [.., var last] } => last.GetLastToken().GetNextToken(),
        CompilationUnitSyntax unit => unit.Members.OfType<GlobalStatementSyntax>().First().GetFirstToken(),
        _ => method.GetFirstToken(),
    };

    public static SyntaxToken LastToken(SyntaxNode method) => method is CompilationUnitSyntax unit
        ? unit.Members.OfType<GlobalStatementSyntax>().Last().GetLastToken()
        : method.GetLastToken();
}
