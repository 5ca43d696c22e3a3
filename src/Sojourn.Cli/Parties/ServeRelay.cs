using System.Net;
using Sojourn.Parties;
using Sojourn.Server.Parties.Relays;

namespace Sojourn.Cli.Parties;

/// <summary>A relay in this process.</summary>
internal sealed class ServeRelay : IAsyncDisposable
{
    private const double BytesOfMbit = 125_000, BytesOfGigabyte = 1e9;

    private readonly PartyRelay _relay;

    private ServeRelay(PartyRelay relay) => _relay = relay;

    /// <summary>Begins to pass on.</summary>
    /// <param name="key">What the server told for its name.</param>
    /// <param name="place">Where it listens, at the first of its ports.</param>
    /// <param name="limits">In Mbit/s, and in GB a day.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="UsageException">It cannot be so; the message says why.</exception>
    public static ServeRelay Open(byte[] key, IPEndPoint place, RelayLimits limits, TimeProvider time)
    {
        try
        {
            return new ServeRelay(PartyRelay.Open(
                new PartyRelayOptions
                {
                    Key = key,
                    Address = place.Address,
                    Port = place.Port,
                    BytesPerSecond = limits.Mbit * BytesOfMbit,
                    OwnerBytesPerSecond = limits.OwnerMbit * BytesOfMbit,
                    OwnerBytesPerDay = limits.OwnerGigabytesADay * BytesOfGigabyte,
                },
                time));
        }
        catch (SojournException refused)
        {
            throw new UsageException(refused.Message, refused);
        }
    }

    /// <summary>How it does.</summary>
    /// <param name="address">Where members reach it.</param>
    public RelayReport Tell(string address) => _relay.Tell(address);

    public ValueTask DisposeAsync() => _relay.DisposeAsync();
}

/// <summary>How much a relay passes on.</summary>
/// <param name="Mbit">Of all, in Mbit/s.</param>
/// <param name="OwnerMbit">Of one owner's parties, in Mbit/s.</param>
/// <param name="OwnerGigabytesADay">Of one owner's parties within a day, in GB; null for any amount.</param>
internal sealed record RelayLimits(double Mbit, double OwnerMbit, double? OwnerGigabytesADay);
