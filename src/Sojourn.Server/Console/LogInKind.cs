using Sojourn.Server.Keys;

namespace Sojourn.Server.Console;

/// <summary>A browser that is logged in, as it is kept: not what it holds, only the hash of that.</summary>
/// <param name="Owner">Whom it speaks for.</param>
/// <param name="Admin">Whether it may do what operators do.</param>
/// <param name="Hash">SHA-256 of what the browser holds.</param>
/// <param name="With">The key that it was got with, without which it is nothing.</param>
/// <param name="ExpiresAt">From when on it is refused.</param>
internal sealed record StoredLogIn(string Owner, bool Admin, byte[] Hash, KeyMark With, DateTimeOffset ExpiresAt);

/// <summary>Keeps a new one.</summary>
internal sealed record KeepLogIn(
    string Owner, bool Admin, byte[] Hash, KeyMark With, DateTimeOffset ExpiresAt) : IStart<StoredLogIn>;

/// <summary>
/// The browsers that are logged in, beside the keys: neither can be taken for the other, and they take up none of the
/// places of keys. Not one of the kinds that clients can reach.
/// </summary>
internal sealed class LogInKind : Kind<StoredLogIn>
{
    /// <summary>The kind's name in the store.</summary>
    public const string KindName = "server-login";

    /// <summary>How long a browser stays logged in at most.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    public LogInKind()
        : base(KindName, new Policy { Statuses = [new("good") { KeepFor = KeptFor }], MaxStateBytes = 4096 }) =>
        Start<KeepLogIn>((start, _) =>
            Go(new StoredLogIn(start.Owner, start.Admin, start.Hash, start.With, start.ExpiresAt)));

    /// <summary>Names one in the store.</summary>
    public static SessionKey At(SessionId id) => new(KindName, KeyKind.Keeper, id);
}
