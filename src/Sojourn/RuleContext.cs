namespace Sojourn;

/// <summary>
/// All that a rule may know of the world: which session, what time, and what chance. Valid during one decision: do not
/// keep it.
/// </summary>
public sealed class RuleContext
{
    private ulong _seed;
    private Dice? _dice;

    /// <summary>Made by the engine; by hand in tests of rules.</summary>
    /// <param name="key">The session.</param>
    /// <param name="version">Steps taken before this one; 0 at the start.</param>
    /// <param name="now">The time of the decision, UTC.</param>
    /// <param name="seed">With the key and the version it decides what <see cref="Dice"/> throws.</param>
    /// <param name="awakeSince"><see cref="AwakeSince"/>.</param>
    public RuleContext(
        SessionKey key, long version, DateTimeOffset now, ulong seed, DateTimeOffset awakeSince = default)
    {
        Begin(seed, key, version, (now, awakeSince));
    }

    internal RuleContext()
    {
    }

    /// <summary>The session.</summary>
    public SessionKey Key { get; private set; }

    /// <summary>Steps that the session has taken before this one; 0 at the start.</summary>
    public long Version { get; private set; }

    /// <summary>The time of the decision, UTC. It does not go backwards within a session's life on one node.</summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary>
    /// When the engine that decides began, UTC: whoever was silent before could not be heard. By hand it is the
    /// beginning of time, unless it is given.
    /// </summary>
    public DateTimeOffset AwakeSince { get; private set; }

    /// <summary>Chance: the same seed gives the same throws.</summary>
    public Dice Dice => _dice ??= new Dice(Mix());

    internal RuleContext Begin(
        ulong seed, SessionKey key, long version, (DateTimeOffset Now, DateTimeOffset AwakeSince) time)
    {
        (_seed, Key, Version, _dice) = (seed, key, version, null);
        (Now, AwakeSince) = time;
        return this;
    }

    // FNV-1a over the names, so that the same seed gives the same throws in every process.
    private ulong Mix()
    {
        var hash = 0xcbf29ce484222325 ^ _seed;
        foreach (var c in $"{Key.Owner}/{Key.Kind}/{Key.Id}@{Version}")
        {
            hash = (hash ^ c) * 0x100000001b3;
        }

        return hash;
    }
}

/// <summary>A small seeded source of chance (SplitMix64): the same on every machine and in every version.</summary>
public sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A whole number from 0 up to, but not including, <paramref name="below"/>.</summary>
    public int Next(int below)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(below);
        return (int)(((UInt128)NextBits() * (ulong)below) >> 64);
    }

    /// <summary>
    /// A whole number from <paramref name="from"/> up to, but not including, <paramref name="below"/>.
    /// </summary>
    public int Next(int from, int below) => from + Next(below - from);

    /// <summary>A number from 0 up to, but not including, 1.</summary>
    public double NextFraction() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>True once in <paramref name="probability"/> (0 to 1).</summary>
    public bool Chance(double probability) => NextFraction() < probability;
}
