using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sojourn.Tests.Tidy;

/// <summary>Async all the way: no thread waits for a task, and no task is lost in an `async void`.</summary>
internal static partial class BlockingWaits
{
    public static IEnumerable<Finding> Check(SourceFile file) => file.Syntax.DescendantNodes()
        .Select(node => (node, says: Fault(node)))
        .Where(each => each.says is not null)
        .Select(each => file.At(each.node, each.says!));

    private static string? Fault(SyntaxNode node) => node switch
    {
        MethodDeclarationSyntax method when IsAsyncVoid(method.Modifiers, method.ReturnType) => AsyncVoid,
        LocalFunctionStatementSyntax local when IsAsyncVoid(local.Modifiers, local.ReturnType) => AsyncVoid,
        InvocationExpressionSyntax
        {
            ArgumentList.Arguments.Count: 0,
            Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "Wait" },
        } => "blocks a thread in .Wait(). Await instead.",
        InvocationExpressionSyntax
        {
            Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "GetResult" } call,
        } when call.Expression.ToString().EndsWith("GetAwaiter()", StringComparison.Ordinal)
            => "blocks a thread in GetResult(). Await instead.",
        // A record may well have a property called Result, so only what looks like a task counts.
        MemberAccessExpressionSyntax { Name.Identifier.Text: "Result" } access
            when LooksLikeATask().IsMatch(access.Expression.ToString()) => "blocks a thread in .Result. Await instead.",
        _ => null,
    };

    private const string AsyncVoid =
        "is async void: nobody can await it or see it fail. Return a Task that has an owner.";

    private static bool IsAsyncVoid(SyntaxTokenList modifiers, TypeSyntax type) =>
        modifiers.Any(SyntaxKind.AsyncKeyword) && type.ToString() == "void";

    [GeneratedRegex(@"(Async(<[^()]*>)?\(.*\)|[tT]ask)$", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex LooksLikeATask();
}
