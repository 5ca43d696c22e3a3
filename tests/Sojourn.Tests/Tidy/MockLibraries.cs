using System.Text.RegularExpressions;

namespace Sojourn.Tests.Tidy;

/// <summary>Tests talk to real things: the memory store, a manual clock, a fake disk.</summary>
internal static partial class MockLibraries
{
    public static IEnumerable<Finding> Check(SourceFile project) => project.Lines.Index()
        .Where(line => Mock().IsMatch(line.Item))
        .Select(line => new Finding(project.Path, line.Index + 1,
            "brings a mock library. Use Sojourn.Testing or the real thing."));

    [GeneratedRegex("Include=\"(Moq|NSubstitute|FakeItEasy|JustMock|Rhino|AutoFixture\\.AutoMoq)",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Mock();
}
