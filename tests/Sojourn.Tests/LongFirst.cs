using Xunit.Abstractions;

[assembly: TestCollectionOrderer("Sojourn.Tests.LongFirst", "Sojourn.Tests")]

namespace Sojourn.Tests;

/// <summary>Begins the lanes first, which take longest, so that none of them is left to run alone at the end.</summary>
public sealed class LongFirst : ITestCollectionOrderer
{
    /// <inheritdoc />
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection => Array.IndexOf(Lane.All, collection.DisplayName) switch
        {
            < 0 => Lane.All.Length,
            var place => place,
        });
}
