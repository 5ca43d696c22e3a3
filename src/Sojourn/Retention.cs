namespace Sojourn;

/// <summary>
/// How much of a log is kept. It is cut in portions of a tenth, so a log may be up to a tenth longer than said. What is
/// null does not limit; a log that nothing limits is kept as long as its session.
/// </summary>
public sealed record Retention
{
    /// <summary>How many entries; 1 to 1,000,000,000.</summary>
    public int? Entries { get; init; }

    /// <summary>How many bytes; at least 1. The newest portion is kept, whatever its size.</summary>
    public long? Bytes { get; init; }

    /// <summary>
    /// How long an entry is kept; more than nothing, at most ten years. Looked at when the next entry is added: a log
    /// that nobody adds to stays as it is.
    /// </summary>
    public TimeSpan? Age { get; init; }

    internal bool IsValid => Entries is null or >= 1 and <= 1_000_000_000 && Bytes is null or >= 1
        && (Age is null || (Age > TimeSpan.Zero && Age <= TimeSpan.FromDays(3653)));
}
