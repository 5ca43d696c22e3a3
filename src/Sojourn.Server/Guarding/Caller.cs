using Sojourn.Server.Keys;

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

    /// <summary>The key; null for nobody.</summary>
    public KeyMark? Key { get; init; }

    /// <summary>True for an admin who asks about everybody's sessions; <see cref="Owner"/> is then its own.</summary>
    public bool AsksOfAll { get; init; }

    /// <summary>Whose sessions are listed; null for everybody's.</summary>
    public OwnerId? Listed => AsksOfAll ? null : Owner;

    /// <summary>True if a browser sent the key by itself, because a log-in left it there.</summary>
    public bool IsByCookie { get; init; }
}
