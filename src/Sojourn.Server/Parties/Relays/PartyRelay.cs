using System.Net;
using System.Net.Sockets;
using Sojourn.Parties;
using Sojourn.Relays;

namespace Sojourn.Server.Parties.Relays;

/// <summary>
/// A relay of its own, for members who are far from their party's server. It keeps nothing, asks nobody, and passes on
/// for whoever has a ticket that the server wrote; so it serves on while the server is away, and is as it was within
/// seconds of being begun again. May be used from any thread.
/// </summary>
public sealed class PartyRelay : IAsyncDisposable
{
    private readonly PartyRelayOptions _options;
    private readonly RelayListener _listener;
    private readonly TimeProvider _time;
    private readonly Lock _guard = new();
    private (long At, long Passed) _before;

    private PartyRelay(PartyRelayOptions options, RelayListener listener, TimeProvider time)
    {
        (_options, _listener, _time) = (options, listener, time);
        _before = (time.GetTimestamp(), 0);
    }

    /// <summary>The first of its ports.</summary>
    public int Port => _listener.PlaceOf(0).Port;

    /// <summary>Begins to pass on.</summary>
    /// <param name="options">How.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="SojournException">The options cannot be used, or another program has one of the ports.
    /// </exception>
    public static PartyRelay Open(PartyRelayOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        var faults = options.Faults().ToList();
        if (faults.Count > 0)
            throw new SojournException($"The relay's options cannot be used: {string.Join(" ", faults)}");
        var table = new RelayTable(
            options.Key,
            new RelayOptions
            {
                BytesPerSecond = options.OwnerBytesPerSecond,
                BytesPerDay = options.OwnerBytesPerDay,
                MaxBindings = options.Bindings,
            },
            time);
        try
        {
            return new PartyRelay(options, RelayListener.Open(options.Address, options.Port, table), time);
        }
        catch (SocketException refused) when (refused.SocketErrorCode
            is SocketError.AddressAlreadyInUse or SocketError.AccessDenied or SocketError.AddressNotAvailable)
        {
            throw new SojournException(
                $"The UDP ports {options.Port} to {options.Port + RelayFormat.Ports - 1} of {options.Address} cannot "
                + $"be had: {refused.Message}. Choose others.", refused);
        }
    }

    /// <summary>How it does: what was passed on is told as of the time since this was asked before.</summary>
    /// <param name="address">Where members reach it: <see cref="RelayReport.Address"/>.</param>
    public RelayReport Tell(string address)
    {
        var (passed, bindings) = _listener.Now;
        lock (_guard)
        {
            var now = _time.GetTimestamp();
            var seconds = Math.Max(_time.GetElapsedTime(_before.At, now).TotalSeconds, 0.001);
            var rate = (passed - _before.Passed) / seconds;
            _before = (now, passed);
            return new RelayReport(
                address, bindings, _options.Bindings, Math.Round(rate), _options.BytesPerSecond);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _listener.DisposeAsync();
}

/// <summary>How a <see cref="PartyRelay"/> is to be.</summary>
public sealed class PartyRelayOptions
{
    /// <summary>What the server told for its name: 32 bytes.</summary>
    public required ReadOnlyMemory<byte> Key { get; init; }

    /// <summary>Where it listens: an address of IPv4. Default all.</summary>
    public IPAddress Address { get; init; } = IPAddress.Any;

    /// <summary>The first of <see cref="RelayFormat.Ports"/> UDP ports in a row. 1 to 65,472; default 7810.</summary>
    public int Port { get; init; } = 7810;

    /// <summary>How much it can pass on, in bytes a second: the server gives it to no more members from nine tenths of
    /// that on. 1,000 to 100,000,000,000; default 125,000,000, which is 1 Gbit/s.</summary>
    public double BytesPerSecond { get; init; } = 125_000_000;

    /// <summary>How much an owner's parties may send through it, in bytes a second. 1,000 to 10,000,000,000; default
    /// 12,500,000, which is 100 Mbit/s.</summary>
    public double OwnerBytesPerSecond { get; init; } = 12_500_000;

    /// <summary>How much an owner's parties may send through it within a day of UTC, in bytes; counted anew when it is
    /// begun anew. At least 1,000,000; null, the default, for any amount.</summary>
    public double? OwnerBytesPerDay { get; init; }

    /// <summary>How many members may be bound at once, two a pair. 2 to 1,000,000; default 20,000.</summary>
    public int Bindings { get; init; } = 20_000;

    /// <summary>What is wrong, in sentences.</summary>
    internal IEnumerable<string> Faults()
    {
        if (Key.Length != 32)
            yield return $"{nameof(Key)} must have 32 bytes.";
        if (Address.AddressFamily != AddressFamily.InterNetwork)
            yield return $"{nameof(Address)} must be an address of IPv4.";
        if (Port is < 1 or > 65536 - RelayFormat.Ports)
            yield return $"{nameof(Port)} must be 1 to {65536 - RelayFormat.Ports:N0}; it is {Port:N0}.";
        if (!(BytesPerSecond is >= 1000 and <= 100e9))
            yield return $"{nameof(BytesPerSecond)} must be 1,000 to 100,000,000,000; it is {BytesPerSecond:N0}.";
        if (!(OwnerBytesPerSecond is >= 1000 and <= 10e9))
        {
            yield return $"{nameof(OwnerBytesPerSecond)} must be 1,000 to 10,000,000,000; it is "
                + $"{OwnerBytesPerSecond:N0}.";
        }

        if (OwnerBytesPerDay is { } day && !(day >= 1e6))
            yield return $"{nameof(OwnerBytesPerDay)} must be at least 1,000,000; it is {day:N0}.";
        if (Bindings is < 2 or > 1_000_000)
            yield return $"{nameof(Bindings)} must be 2 to 1,000,000; it is {Bindings:N0}.";
    }
}
