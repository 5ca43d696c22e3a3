using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Sojourn.Server.Guarding;

namespace Sojourn.Server.Console;

/// <summary>
/// Links that log a browser in, each once. They are kept in memory alone: after a restart there are new ones to be had.
/// </summary>
internal sealed class ConsoleLinks(TimeProvider time)
{
    /// <summary>
    /// The most that are good at once for one key; another takes the place of the one that ends first. Keys are
    /// limited, and so are links.
    /// </summary>
    public const int MostOfKey = 20;

    /// <summary>How long one that was asked for is good.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);

    /// <summary>How long the one is good that a server shows when it starts.</summary>
    public static readonly TimeSpan FirstKeptFor = TimeSpan.FromDays(1);

    private const int CodeBytes = 24;

    private readonly Lock _guard = new();
    private readonly Dictionary<string, Link> _links = [];

    /// <summary>Makes a link for whoever asks.</summary>
    /// <param name="caller">Whom the browser will speak for.</param>
    /// <param name="lifetime">How long it is good, if nobody uses it.</param>
    public ConsoleLink Make(Caller caller, TimeSpan lifetime)
    {
        var code = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(CodeBytes));
        var link = new Link(caller, time.GetUtcNow() + lifetime);
        lock (_guard)
        {
            MakePlace_Locked(caller.Key?.Id);
            _links[Hash(code)] = link;
        }

        // After a '#', which browsers tell no server and write in no log.
        return new ConsoleLink($"/console/#code={code}", link.EndsAt);
    }

    /// <summary>Uses a link up; null if there is none with this code, or no longer.</summary>
    public Caller? Take(string code)
    {
        lock (_guard)
        {
            return _links.Remove(Hash(code), out var link) && link.EndsAt > time.GetUtcNow() ? link.Caller : null;
        }
    }

    private void MakePlace_Locked(string? key)
    {
        var now = time.GetUtcNow();
        foreach (var (code, _) in _links.Where(link => link.Value.EndsAt <= now).ToList())
        {
            _links.Remove(code);
        }

        var ofKey = _links.Where(link => link.Value.Caller.Key?.Id == key).ToList();
        if (ofKey.Count >= MostOfKey)
        {
            _links.Remove(ofKey.MinBy(link => link.Value.EndsAt).Key);
        }
    }

    // Looked up by hash, so that how long it takes says nothing of the codes there are.
    private static string Hash(string code) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(code)));

    private sealed record Link(Caller Caller, DateTimeOffset EndsAt);
}

/// <summary>A link that logs a browser in, once.</summary>
/// <param name="Path">What follows the server's address.</param>
/// <param name="ExpiresAt">Until when it is good.</param>
internal sealed record ConsoleLink(string Path, DateTimeOffset ExpiresAt);
