namespace Sojourn.Server.Guarding;

/// <summary>Who asks, as the request's key tells.</summary>
/// <param name="Owner">Whom it speaks for.</param>
/// <param name="IsAdmin">Whether it may make, list and revoke keys.</param>
internal sealed record Caller(OwnerId Owner, bool IsAdmin)
{
    /// <summary>Somebody without a key, at the paths that need none.</summary>
    public static Caller Nobody { get; } = new(OwnerId.Local, IsAdmin: false);

    /// <summary>Cancelled when the key is revoked, for answers that stay open.</summary>
    public CancellationToken Revoked { get; init; }

    /// <summary>When the key ends by itself; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
