using Sojourn.Server.Guarding;
using Sojourn.Server.Keys;
using Sojourn.Stores;

namespace Sojourn.Server.Console;

/// <summary>
/// Keys for browsers: each stands for the key that it was got with, ends with it, and can be revoked alone.
/// </summary>
internal sealed class ConsoleLogins(SojournEngine engine, KeyRing keys, TimeProvider time) : IDisposable
{
    /// <summary>The most browsers that are logged in with one key; another takes the place of the oldest.</summary>
    public const int Most = 20;

    /// <summary>How long a browser stays logged in at most.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    // What tells the log-ins of one key from those of others, and from keys.
    private const string Label = "console-of", OfTheFirst = "first";

    // One at a time, so that two do not take the last place.
    private readonly SemaphoreSlim _making = new(1, 1);

    public void Dispose() => _making.Dispose();

    /// <summary>Makes a key for a browser.</summary>
    /// <param name="caller">Who logs in.</param>
    /// <param name="giveUp">Makes none.</param>
    /// <returns>The key, and how long it is good; null if the caller's own key is no longer good.</returns>
    /// <exception cref="SojournException">The store cannot be used, or is full.</exception>
    public async ValueTask<(string Key, TimeSpan Lifetime)?> MakeAsync(Caller caller, CancellationToken giveUp)
    {
        var now = time.GetUtcNow();
        var mark = caller.Key!;
        if (!await keys.IsGoodAsync(mark, now))
        {
            return null;
        }

        var ends = caller.ExpiresAt is { } end && end < now + KeptFor ? end : now + KeptFor;
        var labels = new Dictionary<string, string> { [Label] = mark.Id ?? OfTheFirst };
        var id = KeyText.NewId();
        var key = KeyText.New(id);
        await _making.WaitAsync(giveUp);
        try
        {
            await MakePlaceAsync(labels, giveUp);
            var answer = await engine.CreateAsync(
                new KeepKey(caller.Owner.ToString(), "console", KeyText.Hash(key), caller.IsAdmin, ends)
                {
                    StandsFor = mark,
                },
                new CreateOptions { Owner = KeyKind.Keeper, Id = id, Labels = labels },
                giveUp);
            return answer.IsAccepted ? (key, ends - now) : throw new SojournException(answer.Problem);
        }
        finally
        {
            _making.Release();
        }
    }

    private async Task MakePlaceAsync(Dictionary<string, string> labels, CancellationToken giveUp)
    {
        var query = new SessionQuery
        {
            Kind = KeyKind.KindName,
            Owner = KeyKind.Keeper,
            Labels = labels,
            IsFinal = false,
            Limit = SessionQuery.MaxLimit,
        };
        foreach (var oldest in (await engine.ListAsync(query, giveUp)).Sessions.Skip(Most - 1))
        {
            await keys.RevokeAsync(oldest.Key.Id);
        }
    }
}
