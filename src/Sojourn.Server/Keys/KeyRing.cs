using System.Collections.Concurrent;
using System.Security.Cryptography;
using Sojourn.Server.Guarding;

namespace Sojourn.Server.Keys;

/// <summary>
/// The keys that are accepted: the one of the options, and those that the engine keeps. Only hashes are held, and a key
/// is compared with those of the options and of its own id, in a time that does not depend on what differs.
/// </summary>
internal sealed class KeyRing(SojournEngine engine, SojournServerOptions options, TimeProvider time)
{
    private const string Scheme = "Bearer ";

    // Of keys that exist alone, so that strangers cannot fill it.
    private readonly ConcurrentDictionary<SessionId, KeyInUse> _inUse = new();

    /// <summary>Whoever has the key of the options.</summary>
    public Caller First { get; } = new(OwnerId.Local, IsAdmin: true)
    {
        Key = new KeyMark(null, KeyText.Hash(options.Key!)),
    };

    /// <summary>Finds for whom an <c>Authorization</c> header speaks; null if for nobody.</summary>
    /// <exception cref="SojournException">The store cannot be read.</exception>
    public ValueTask<Caller?> FindAsync(string? authorization)
    {
        if (authorization is null || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return default;
        }

        return FindKeyAsync(authorization.AsSpan(Scheme.Length).Trim(' '));
    }

    /// <summary>Finds for whom a key speaks; null if for nobody.</summary>
    /// <exception cref="SojournException">The store cannot be read.</exception>
    public ValueTask<Caller?> FindKeyAsync(ReadOnlySpan<char> key)
    {
        if (key.Length is 0 or > KeyText.Longest)
        {
            return default;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        KeyText.Hash(key, hash);
        if (CryptographicOperations.FixedTimeEquals(First.Key!.Hash, hash))
        {
            return new(First);
        }

        return KeyText.TryReadId(key, out var id) ? FindStoredAsync(id, hash.ToArray()) : default;
    }

    /// <summary>Notes that a key is used on behalf of a browser that is logged in with it.</summary>
    /// <returns>Cancelled when the key is revoked; null if it is not, or no longer, one that is accepted.</returns>
    /// <exception cref="SojournException">The store cannot be read.</exception>
    public async ValueTask<CancellationToken?> UseAsync(KeyMark key)
    {
        if (key.Id is null)
        {
            return CryptographicOperations.FixedTimeEquals(First.Key!.Hash, key.Hash) ? CancellationToken.None : null;
        }

        var id = SessionId.Parse(key.Id);
        return await FindStoredAsync(id, key.Hash) is { } caller ? caller.Revoked : null;
    }

    /// <summary>Takes a key away; what it holds open ends.</summary>
    public async ValueTask<Problem?> RevokeAsync(SessionId id)
    {
        var answer = await engine.SendAsync(KeyKind.At(id), new RevokeKey());
        if (answer.IsAccepted)
        {
            // Made if it is not there: a request that has just passed will find it ended.
            await InUse(id).RevokeAsync();
        }

        return answer.Problem;
    }

    /// <summary>When a key was last used, as far as this process knows; null if it was not.</summary>
    public DateTimeOffset? LastUse(SessionId id) => _inUse.TryGetValue(id, out var use) ? use.Last : null;

    /// <summary>Writes down which keys were used since the last time.</summary>
    public async Task WriteUsesAsync()
    {
        foreach (var (id, use) in _inUse)
        {
            if (use.Unwritten is not { } at)
            {
                continue;
            }

            var answer = await engine.SendAsync(KeyKind.At(id), new NoteKeyUse(at));
            if (answer.IsAccepted)
            {
                use.Written = at;
            }
            else if (answer.Problem?.Type == ProblemTypes.NotFound)
            {
                // Long revoked or expired, and gone since.
                _inUse.TryRemove(id, out _);
            }

            // What the store cannot take now is tried again a minute later.
        }
    }

    private async ValueTask<Caller?> FindStoredAsync(SessionId id, byte[] hash)
    {
        var answer = await engine.GetAsync(KeyKind.At(id));
        if (answer.Problem?.Type == ProblemTypes.NotFound)
        {
            return null;
        }

        var stored = (StoredKey)answer.Reply.State!;
        var now = time.GetUtcNow();
        if (!CryptographicOperations.FixedTimeEquals(stored.Hash, hash) || !stored.IsGood(now)
            || !OwnerOf(stored, out var owner))
        {
            return null;
        }

        var use = InUse(id);
        use.Last = now;
        return new Caller(owner, stored.Admin)
        {
            Revoked = use.Revoked,
            ExpiresAt = stored.ExpiresAt,
            Key = new KeyMark(id.ToString(), hash),
        };
    }

    private KeyInUse InUse(SessionId id) => _inUse.GetOrAdd(id, static _ => new KeyInUse());

    private static bool OwnerOf(StoredKey stored, out OwnerId owner) => OwnerId.TryParseTenant(stored.Owner, out owner);
}
