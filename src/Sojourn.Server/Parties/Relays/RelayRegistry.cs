using System.Security.Cryptography;
using System.Text;
using Sojourn.Parties;

namespace Sojourn.Server.Parties.Relays;

/// <summary>
/// The relays that are not this server's own, as they tell of themselves. Kept in memory alone: they tell it again
/// within seconds of a restart.
/// </summary>
internal sealed class RelayRegistry(SeatSecrets secrets, PartyFeed feed, TimeProvider time)
{
    /// <summary>How many there may be: each member asks all of them, for each other one.</summary>
    public const int Most = 8;

    /// <summary>How long a relay is taken to be there that tells nothing: three of its reports.</summary>
    public static readonly TimeSpan SilentFor = TimeSpan.FromSeconds(35);

    // The rest is for those who are on it already; and it is not full and free by turns.
    private const double FullFrom = 0.9, FreeBelow = 0.8;

    private readonly Lock _guard = new();
    private readonly SortedDictionary<string, Known> _relays = new(StringComparer.Ordinal);
    private int _revision;

    /// <summary>Changes with the relays that members may take.</summary>
    public int Revision => Volatile.Read(ref _revision);

    /// <summary>What a relay tells with: made of its key, so that who sees it learns no key.</summary>
    public static string TokenOf(ReadOnlySpan<byte> relayKey) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(relayKey, "report"u8));

    /// <summary>Whether a name can be a relay's: 1 to 32 of a-z, 0-9 and '-', and not the server's own.</summary>
    public static bool IsName(string? name) => name is { Length: >= 1 and <= 32 } && name != PartyPorts.RelayName
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <summary>Whether somebody is the relay of a name.</summary>
    public bool Knows(string name, string? token) => token is not null && CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(TokenOf(secrets.RelayKey(name))));

    /// <summary>A relay tells how it does.</summary>
    /// <returns>False if there are too many already.</returns>
    public bool Take(string name, RelayReport report)
    {
        lock (_guard)
        {
            var now = time.GetUtcNow();
            var gone = _relays.Where(each => now - each.Value.At > SilentFor).Select(each => each.Key).ToList();
            gone.ForEach(silent => _relays.Remove(silent));
            _relays.TryGetValue(name, out var before);
            if (before is null && _relays.Count >= Most)
                return false;
            var isFull = LoadOf(report) > (before is { IsFull: true } ? FreeBelow : FullFrom);
            _relays[name] = new Known(report, isFull, now);
            if (gone.Count == 0 && before is not null && before.Report.Address == report.Address
                && before.IsFull == isFull)
            {
                return true;
            }

            _revision++;
        }

        feed.BeatAll();
        return true;
    }

    /// <summary>All that are there, by name.</summary>
    public IReadOnlyList<(string Name, RelayReport Report, bool IsFull)> All()
    {
        lock (_guard)
        {
            var now = time.GetUtcNow();
            return [.. _relays.Where(each => now - each.Value.At <= SilentFor)
                .Select(each => (each.Key, each.Value.Report, each.Value.IsFull))];
        }
    }

    private static double LoadOf(RelayReport report) => Math.Max(
        report.Bindings / Math.Max(report.MostBindings, 1.0),
        report.BytesPerSecond / Math.Max(report.MostBytesPerSecond, 1));

    private sealed record Known(RelayReport Report, bool IsFull, DateTimeOffset At);
}
