using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sojourn.Tests.Tidy;

/// <summary>
/// A class that needs more than five things does more than one. Records and attributes are exempt: their arguments are
/// the fields of a value, not collaborators, and splitting a value would only hide its fields.
/// </summary>
internal static class ConstructorArguments
{
    private const int Most = 5;

    public static IEnumerable<Finding> Check(SourceFile file) =>
        from type in file.Syntax.DescendantNodes().OfType<TypeDeclarationSyntax>()
        where type is not RecordDeclarationSyntax
            && !type.Identifier.Text.EndsWith("Attribute", StringComparison.Ordinal)
        from parameters in type.Members.OfType<ConstructorDeclarationSyntax>().Select(each => each.ParameterList)
            .Prepend(type.ParameterList)
        where parameters?.Parameters.Count > Most
        select file.At(parameters,
            $"{type.Identifier.Text} is constructed from {parameters.Parameters.Count} arguments; "
            + $"{Most} are the most. Split the class, or make a record of what belongs together.");
}
