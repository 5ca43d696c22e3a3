namespace Sojourn.Tests.Tidy;

/// <summary>Time that is turned by hand and chance that repeats let whole days pass in a test.</summary>
internal static class EngineClock
{
    private static readonly string[] Banned =
    [
        "DateTime.Now", "DateTime.UtcNow", "DateTimeOffset.Now", "DateTimeOffset.UtcNow",
        "Random.Shared", "Guid.NewGuid",
    ];

    public static IEnumerable<Finding> Check(SourceFile file) => NameUses.Find(file, Banned,
        "is not for the engine: take the time from its TimeProvider and chance from a seeded or cryptographic source.");
}
