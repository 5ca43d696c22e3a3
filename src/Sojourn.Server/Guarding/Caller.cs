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

    /// <summary>The key, or the one that the browser was logged in with; null for nobody.</summary>
    public KeyMark? Key { get; init; }

    /// <summary>True for an admin who asks about everybody's sessions; <see cref="Owner"/> is then its own.</summary>
    public bool AsksOfAll { get; init; }

    /// <summary>Who asks, if <see cref="Owner"/> is another whom an admin has named; null if it is the same.</summary>
    public OwnerId? Asking { get; init; }

    /// <summary>Whose sessions are listed; null for everybody's.</summary>
    public OwnerId? Listed => AsksOfAll ? null : Owner;

    /// <summary>The browser's log-in that stands for the key; null if the request has the key itself.</summary>
    public SessionId? LogIn { get; init; }

    /// <summary>Cancelled when that browser is logged out.</summary>
    public CancellationToken LoggedOut { get; init; }
}
