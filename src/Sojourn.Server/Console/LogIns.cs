using System.Collections.Concurrent;
using System.Security.Cryptography;
using Sojourn.Server.Guarding;
using Sojourn.Server.Keys;
using Sojourn.Stores;

namespace Sojourn.Server.Console;

/// <summary>
/// Browsers that are logged in. What each holds is good in its cookie alone, ends with the key that it was got with,
/// and can be taken back by itself.
/// </summary>
internal sealed class LogIns(SojournEngine engine, KeyRing keys, TimeProvider time) : IDisposable
{
    /// <summary>The most browsers that are logged in with one key; another takes the place of the oldest.</summary>
    public const int Most = 20;

    // Which key it was got with: its id, or a word that is no id.
    private const string Label = "with", TheFirst = "first";

    // One at a time, so that two do not take the last place.
    private readonly SemaphoreSlim _making = new(1, 1);

    // Of log-ins that exist alone, so that strangers cannot fill it.
    private readonly ConcurrentDictionary<SessionId, KeyInUse> _inUse = new();

    public void Dispose() => _making.Dispose();

    /// <summary>Logs a browser in.</summary>
    /// <param name="caller">Who asks, by a key.</param>
    /// <param name="giveUp">Does not.</param>
    /// <returns>What the browser is to hold, and for how long; null if the caller's key is no longer good.</returns>
    /// <exception cref="SojournException">The store cannot be used.</exception>
    public async ValueTask<LogIn?> MakeAsync(Caller caller, CancellationToken giveUp)
    {
        if (caller.Key is not { } key || await keys.UseAsync(key) is null)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var end = now + LogInKind.KeptFor;
        end = caller.ExpiresAt < end ? caller.ExpiresAt.Value : end;
        var id = KeyText.NewId();
        var text = KeyText.New(id);
        await _making.WaitAsync(giveUp);
        try
        {
            await EndAsync(key, but: Most - 1, giveUp);
            var answer = await engine.CreateAsync(
                new KeepLogIn(caller.Owner.ToString(), caller.IsAdmin, KeyText.Hash(text), key, end),
                new CreateOptions { Owner = KeyKind.Keeper, Id = id, Labels = LabelsOf(key) },
                giveUp);
            return answer.IsAccepted ? new LogIn(text, end - now) : throw new SojournException(answer.Problem);
        }
        finally
        {
            _making.Release();
        }
    }

    /// <summary>Finds for whom a browser speaks, by what it holds; null if for nobody.</summary>
    /// <exception cref="SojournException">The store cannot be read.</exception>
    public async ValueTask<Caller?> FindAsync(string text)
    {
        if (text.Length > KeyText.Longest || !KeyText.TryReadId(text, out var id)
            || await ReadAsync(id, text) is not { } stored)
        {
            return null;
        }

        if (stored.ExpiresAt <= time.GetUtcNow() || await keys.UseAsync(stored.With) is not { } revoked)
        {
            return null;
        }

        if (!_inUse.TryGetValue(id, out var use))
        {
            use = _inUse.GetOrAdd(id, static _ => new KeyInUse());
            // Once more, now that whoever ends it finds it here: it may have ended in between.
            if (await ReadAsync(id, text) is null)
            {
                _inUse.TryRemove(id, out _);
                return null;
            }
        }

        _ = OwnerId.TryParseTenant(stored.Owner, out var owner);
        return new Caller(owner, stored.Admin)
        {
            Key = stored.With,
            LogIn = id,
            Revoked = revoked,
            LoggedOut = use.Revoked,
            ExpiresAt = stored.ExpiresAt,
        };
    }

    /// <summary>Logs one browser out; what it holds open ends.</summary>
    /// <exception cref="SojournException">The store cannot be used.</exception>
    public async ValueTask EndAsync(SessionId id)
    {
        var answer = await engine.RemoveAsync(LogInKind.At(id));
        if (answer.Problem is { } problem && problem.Type != ProblemTypes.NotFound)
        {
            throw new SojournException(problem);
        }

        if (_inUse.TryRemove(id, out var use))
        {
            await use.RevokeAsync();
        }
    }

    /// <summary>Logs out every browser that was logged in with a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="but">The newest so many stay.</param>
    /// <param name="giveUp">Ends it half way.</param>
    /// <exception cref="SojournException">The store cannot be used.</exception>
    public async ValueTask EndAsync(KeyMark key, int but, CancellationToken giveUp)
    {
        var query = new SessionQuery { Kind = LogInKind.KindName, Owner = KeyKind.Keeper, Labels = LabelsOf(key) };
        await foreach (var ending in engine.SelectAsync(query, giveUp).Skip(but))
        {
            await EndAsync(ending.Id);
        }
    }

    private async ValueTask<StoredLogIn?> ReadAsync(SessionId id, string text)
    {
        var answer = await engine.GetAsync(LogInKind.At(id));
        if (answer.Problem?.Type == ProblemTypes.NotFound)
        {
            // It may have expired since it was last used.
            _inUse.TryRemove(id, out _);
            return null;
        }

        var stored = (StoredLogIn)answer.Reply.State!;
        return CryptographicOperations.FixedTimeEquals(stored.Hash, KeyText.Hash(text)) ? stored : null;
    }

    private static Dictionary<string, string> LabelsOf(KeyMark key) => new() { [Label] = key.Id ?? TheFirst };
}

/// <summary>What a browser is to hold.</summary>
/// <param name="Text">As it goes into the cookie.</param>
/// <param name="Lifetime">How long it is good.</param>
internal sealed record LogIn(string Text, TimeSpan Lifetime);
