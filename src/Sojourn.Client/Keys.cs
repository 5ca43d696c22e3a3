namespace Sojourn.Client;

/// <summary>A key of the server, without its secret.</summary>
/// <param name="Id">Names it; also the middle part of the key.</param>
/// <param name="Owner">Whom it speaks for.</param>
/// <param name="Status"><c>good</c>, <c>revoked</c> or <c>expired</c>.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record ServerKey(string Id, string Owner, string Status, DateTimeOffset CreatedAt)
{
    /// <summary>What people call it; may be empty.</summary>
    public string Name { get; init; } = "";

    /// <summary>Whether it may make, list and revoke keys.</summary>
    public bool Admin { get; init; }

    /// <summary>When it was last used, to the minute; null if it never was.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>From when on it is refused; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was revoked; null if it was not.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>The key itself: told once, when it is made, and null ever after.</summary>
    public string? Key { get; init; }
}

/// <summary>One page of a list of keys, newest first.</summary>
/// <param name="Keys">The keys.</param>
/// <param name="Next">The cursor of the next page; null on the last.</param>
public sealed record ServerKeyPage(IReadOnlyList<ServerKey> Keys, string? Next = null);

/// <summary>What a relay for parties is begun with.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Key">In base64: lets whoever has it be this relay.</param>
public sealed record RelayKey(string Name, string Key);
