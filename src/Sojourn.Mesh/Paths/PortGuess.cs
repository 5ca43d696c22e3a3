using System.Net;
using System.Security.Cryptography;
using Sojourn.Parties;

namespace Sojourn.Mesh.Paths;

/// <summary>
/// Which ports of the other side's NAT to open this side's own for, if that gives out another for each destination: the
/// next ones of a row, or by chance. What is sent there is meant to open, not to arrive; the other's own probes find
/// one open. Pure.
/// </summary>
/// <remarks>
/// By chance: of 1,024 ports, one is among the other's 256 with a probability of 98 % (1 - (1 - 256/64512)^1024). It is
/// tried three times in a row.
/// </remarks>
internal sealed class PortGuess
{
    /// <summary>How many ports of a row are opened at a time.</summary>
    public const int Window = 32;

    /// <summary>How many ports are opened by chance at a time.</summary>
    public const int Chances = 1024;

    /// <summary>How many times that is tried.</summary>
    public const int Tries = 3;

    /// <summary>How long is waited from one to the next.</summary>
    public static readonly TimeSpan TryEvery = TimeSpan.FromSeconds(10);

    private const int FirstPort = 1024, Windows = 8;

    private static readonly TimeSpan WindowEvery = TimeSpan.FromMilliseconds(500),
        ChanceEvery = TimeSpan.FromMilliseconds(1);

    private readonly IPEndPoint _seen;
    private readonly int? _step;
    private readonly TimeSpan _begunAt;
    private int _done;

    /// <param name="seen">How the other side was last seen.</param>
    /// <param name="step">By how much its port goes up from one destination to the next; null for by chance.</param>
    /// <param name="now">When it begins.</param>
    public PortGuess(IPEndPoint seen, int? step, TimeSpan now) => (_seen, _step, _begunAt) = (seen, step, now);

    /// <summary>Whether two kinds of NAT need it, from this side.</summary>
    public static bool IsFor(NatKind own, NatKind other) => other == NatKind.Symmetric
        && NatPairs.Between(own, other) == Forecast.Predicted;

    /// <summary>When there is more to open; null if that was all.</summary>
    public TimeSpan? NextAt => _done >= Most ? null
        : _begunAt + (_step is null
            ? (TryEvery * (_done / Chances)) + (ChanceEvery * (_done % Chances)) : WindowEvery * _done);

    private int Most => _step is null ? Chances * Tries : Windows;

    /// <summary>The places to open now.</summary>
    public IEnumerable<IPEndPoint> Take(TimeSpan now)
    {
        var places = new List<IPEndPoint>();
        while (NextAt <= now)
        {
            if (_step is { } step)
            {
                // The next ones at first, then those that others took meanwhile.
                places.AddRange(Enumerable.Range((_done * Window) + 1, Window)
                    .Select(each => At(_seen.Port + (each * step))));
            }
            else
            {
                places.Add(At(RandomNumberGenerator.GetInt32(FirstPort, 65536)));
            }

            _done++;
        }

        return places;
    }

    private IPEndPoint At(int port) => new(_seen.Address, FirstPort + ((port - FirstPort) % (65536 - FirstPort)));
}
