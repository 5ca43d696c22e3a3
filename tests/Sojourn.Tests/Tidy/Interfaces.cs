using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sojourn.Tests.Tidy;

/// <summary>
/// An interface exists because two real implementations ship or because users write one; ARCHITECTURE.md says which. An
/// interface without members only marks a type, so its implementations need no list.
/// </summary>
internal static class Interfaces
{
    private const int MostPercent = 5;

    public static IEnumerable<Finding> CheckShare(IReadOnlyList<SourceFile> shipped)
    {
        var types = Types.In(shipped);
        var interfaces = types.Where(IsInterface).ToList();
        var names = string.Join(", ", interfaces.Select(each => each.Name).Distinct());
        if (interfaces.Count * 100 > types.Count * MostPercent)
        {
            yield return new Finding("src", 0,
                $"{interfaces.Count} of {types.Count} types are interfaces; {MostPercent} % is the most. Inline "
                + $"one that has one implementation: {names}.");
        }
    }

    public static IEnumerable<Finding> CheckListed(IReadOnlyList<SourceFile> shipped, SourceFile architecture)
    {
        var types = Types.In(shipped);
        var paragraphs = Paragraphs(architecture);
        foreach (var type in types.Where(IsInterface))
        {
            var about = paragraphs.Where(text => Names(text, type.Name)).ToList();
            if (about.Count == 0)
            {
                yield return type.File.At(type.Parts[0],
                    $"ARCHITECTURE.md does not list `{type.Name}`. List it with its implementations, or drop it.");
                continue;
            }

            foreach (var missing in Implementations(types, type)
                .Where(each => !about.Any(text => Names(text, each.Name))))
            {
                yield return missing.File.At(missing.Parts[0],
                    $"ARCHITECTURE.md lists `{type.Name}` without its implementation `{missing.Name}`. Name it there.");
            }
        }
    }

    private static IEnumerable<DeclaredType> Implementations(IReadOnlyList<DeclaredType> types, DeclaredType type) =>
        type.Parts.OfType<InterfaceDeclarationSyntax>().All(part => part.Members.Count == 0)
            ? []
            : types.Where(each => !IsInterface(each) && each.Bases.Contains(type.Name, StringComparer.Ordinal));

    private static bool IsInterface(DeclaredType type) => type.Parts[0] is InterfaceDeclarationSyntax;

    private static string[] Paragraphs(SourceFile document) =>
        string.Join('\n', document.Lines).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

    private static bool Names(string text, string name) =>
        text.Contains($"`{name}`", StringComparison.Ordinal) || text.Contains($"`{name}<", StringComparison.Ordinal);
}
