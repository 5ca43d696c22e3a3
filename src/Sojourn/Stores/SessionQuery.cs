namespace Sojourn.Stores;

/// <summary>Which sessions to list, newest first.</summary>
public sealed record SessionQuery
{
    /// <summary>The largest page.</summary>
    public const int MaxLimit = 500;

    /// <summary>Sessions of this kind.</summary>
    public required string Kind { get; init; }

    /// <summary>Sessions of this owner. Default <see cref="OwnerId.Local"/>.</summary>
    public OwnerId Owner { get; init; }

    /// <summary>Sessions in this status; null (the default) for all.</summary>
    public string? Status { get; init; }

    /// <summary>The most on a page: 1 to <see cref="MaxLimit"/>. Default 100.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>The <see cref="StoredPage.Next"/> of the page before; null for the first.</summary>
    public string? Cursor { get; init; }
}
