namespace Sojourn.Server.Keys;

/// <summary>Asks for a new key.</summary>
/// <param name="Owner">Whom it speaks for: 1 to 64 of a-z, 0-9, '.', '_' and '-'.</param>
/// <param name="Name">What people call it, at most 64 characters. Default none.</param>
/// <param name="Admin">Whether it may make, list and revoke keys. Default no.</param>
/// <param name="ExpiresInSeconds">After how long it is refused, up to ten years. Default never.</param>
internal sealed record NewKey(string Owner, string Name = "", bool Admin = false, long? ExpiresInSeconds = null);

/// <summary>A key without its secret.</summary>
/// <param name="Id">Names it; also the middle part of the key.</param>
/// <param name="Owner">Whom it speaks for.</param>
/// <param name="Name">What people call it; may be empty.</param>
/// <param name="Admin">Whether it may make, list and revoke keys.</param>
/// <param name="Status">good, revoked or expired.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record KeyView(
    string Id, string Owner, string Name, bool Admin, string Status, DateTimeOffset CreatedAt)
{
    /// <summary>When it was last used, to the minute; left out if it never was.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>From when on it is refused; left out if never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was revoked; left out if it was not.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>The key itself: told once, when it is made, and never again.</summary>
    public string? Key { get; init; }
}

/// <summary>A page of keys, newest first.</summary>
/// <param name="Keys">The keys.</param>
/// <param name="Next">The cursor of the next page; left out on the last.</param>
internal sealed record KeyPage(IReadOnlyList<KeyView> Keys, string? Next);
