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
    /// <summary>The most that are good at once; another takes the place of the one that ends first.</summary>
    public const int Most = 100;

    /// <summary>How long one that was asked for is good.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);

    private const int CodeBytes = 24;

    private readonly Lock _guard = new();
    private readonly Dictionary<string, Link> _links = [];

    /// <summary>Makes a link for whoever asks.</summary>
    /// <param name="caller">Whom the browser will speak for.</param>
    /// <param name="lifetime">How long it is good, if nobody uses it.</param>
    /// <returns>Its path. The code is after a '#', which browsers tell no server and write in no log.</returns>
    public string Make(Caller caller, TimeSpan lifetime)
    {
        var code = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(CodeBytes));
        lock (_guard)
        {
            if (_links.Count >= Most)
            {
                _links.Remove(_links.MinBy(link => link.Value.EndsAt).Key);
            }

            _links[Hash(code)] = new Link(caller, time.GetUtcNow() + lifetime);
        }

        return $"/console/#code={code}";
    }

    /// <summary>Uses a link up; null if there is none with this code, or no longer.</summary>
    public Caller? Take(string code)
    {
        lock (_guard)
        {
            return _links.Remove(Hash(code), out var link) && link.EndsAt > time.GetUtcNow() ? link.Caller : null;
        }
    }

    // Looked up by hash, so that how long it takes says nothing of the codes there are.
    private static string Hash(string code) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(code)));

    private sealed record Link(Caller Caller, DateTimeOffset EndsAt);
}
