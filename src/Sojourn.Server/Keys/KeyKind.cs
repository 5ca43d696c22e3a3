using Sojourn.Kinds.Explorer.Saves;
using Sojourn.Kinds.Play.Cloud;
using Sojourn.Kinds.Streams;
using Sojourn.Server.Console;

namespace Sojourn.Server.Keys;

/// <summary>A key as it is kept: never itself, only its hash.</summary>
/// <param name="Owner">Whom it speaks for.</param>
/// <param name="Name">What people call it; may be empty.</param>
/// <param name="Hash">SHA-256 of the whole key.</param>
/// <param name="Admin">Whether it may make, list and revoke keys.</param>
/// <param name="ExpiresAt">From when on it is refused; null for never.</param>
internal sealed record StoredKey(string Owner, string Name, byte[] Hash, bool Admin, DateTimeOffset? ExpiresAt)
{
    /// <summary>When it was last used, to the minute; null if it never was.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>When somebody revoked it; null if nobody has.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Whether the engine has noticed that it has expired.</summary>
    public bool HasExpired { get; init; }

    public bool IsGood(DateTimeOffset now) => RevokedAt is null && !(ExpiresAt <= now);
}

/// <summary>Tells one key from all others, those of the same id after it included.</summary>
/// <param name="Id">Its id; null for the key of the server's options, which has none.</param>
/// <param name="Hash">SHA-256 of the whole key.</param>
internal sealed record KeyMark(string? Id, byte[] Hash);

/// <summary>Keeps a new key.</summary>
internal sealed record KeepKey(
    string Owner, string Name, byte[] Hash, bool Admin, DateTimeOffset? ExpiresAt) : IStart<StoredKey>;

/// <summary>Takes the key away for good. Twice is once.</summary>
internal sealed record RevokeKey : ICommand;

/// <summary>Notes when the key was used.</summary>
internal sealed record NoteKeyUse(DateTimeOffset At) : ICommand;

/// <summary>
/// The keys of the server, on the engine and the store of everything else. Not one of the kinds that clients can reach.
/// </summary>
internal sealed class KeyKind : Kind<StoredKey>
{
    /// <summary>The kind's name in the store.</summary>
    public const string KindName = "server-key";

    /// <summary>The most keys of a server, those that are over and still told of included.</summary>
    public const int MostKeys = 1_000;

    private const string Good = "good", Revoked = "revoked", Expired = "expired";

    // Long enough to be found by whoever wonders what became of a key.
    private static readonly TimeSpan KeptAfterwards = TimeSpan.FromDays(30);

    public KeyKind()
        : base(KindName, new Policy
        {
            Statuses =
            [
                new(Good),
                new(Revoked) { Final = true, KeepFor = KeptAfterwards },
                new(Expired) { Final = true, KeepFor = KeptAfterwards },
            ],
            MaxStateBytes = 4096,
        })
    {
        Start<KeepKey>((start, _) =>
            Go(new StoredKey(start.Owner, start.Name, start.Hash, start.Admin, start.ExpiresAt)));
        On<RevokeKey>((key, _, context) => Go(key.RevokedAt is null ? key with { RevokedAt = context.Now } : key));
        On<NoteKeyUse>((key, use, _) => Go(key.LastUsedAt >= use.At ? key : key with { LastUsedAt = use.At }));
    }

    /// <summary>All keys belong to the server itself, out of reach of tenants and their quotas.</summary>
    public static OwnerId Keeper => OwnerId.System;

    /// <summary>Names a key in the store.</summary>
    public static SessionKey At(SessionId id) => new(KindName, Keeper, id);

    /// <summary>True for the kinds that clients do not reach as sessions: the server's own, and those with paths of
    /// their own.</summary>
    public static bool IsHidden(string kind) =>
        IsOfTheServer(kind) || HasOwnPaths(kind);

    /// <summary>True for sessions that clients know as streams and as save slots.</summary>
    public static bool HasOwnPaths(string kind) =>
        kind is StreamKind.KindName or ExplorerSaveKind.KindName or CloudSlotKind.KindName;

    /// <summary>True for what the server keeps for itself, and tells nobody of.</summary>
    public static bool IsOfTheServer(string kind) => kind is KindName or LogInKind.KindName;

    /// <summary>The kinds that clients can reach.</summary>
    public static IEnumerable<KindDescription> Others(SojournEngine engine) =>
        engine.Kinds.Values.Where(kind => !IsHidden(kind.Name)).OrderBy(kind => kind.Name, StringComparer.Ordinal);

    /// <inheritdoc />
    protected override string StatusOf(StoredKey state) =>
        state.RevokedAt is not null ? Revoked : state.HasExpired ? Expired : Good;

    /// <inheritdoc />
    protected override DateTimeOffset? WakeAt(StoredKey state) => StatusOf(state) == Good ? state.ExpiresAt : null;

    /// <inheritdoc />
    protected override Step<StoredKey> Wake(StoredKey state, RuleContext context) =>
        Go(WakeAt(state) <= context.Now ? state with { HasExpired = true } : state);
}
