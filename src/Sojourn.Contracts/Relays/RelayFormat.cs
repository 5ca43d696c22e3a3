using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Sojourn.Relays;

/// <summary>
/// What members and relays say to each other, beside the packets of WireGuard's that a relay passes on as they are.
/// Pure; nothing that is read is trusted.
/// </summary>
/// <remarks>
/// A relay has a port for each slot of a party. Who wants to reach another binds at the port of the other's slot, with
/// a ticket that the party's server gave it; the other does the same the other way round. From then on whatever either
/// sends to that port arrives at the other.
/// </remarks>
public static class RelayFormat
{
    /// <summary>How many ports a relay has: one for each slot that a member of a party can have.</summary>
    public const int Ports = 64;

    /// <summary>The length of a request, in bytes.</summary>
    public const int BindLength = HeadLength + RelayTicket.Length + MacLength;

    /// <summary>The length of an answer, in bytes: shorter, so that nobody is served by asking in another's name.
    /// </summary>
    public const int AnswerLength = HeadLength + 20;

    private const uint Magic = 0xF553_4A52;
    private const int HeadLength = 16, MacLength = 16;
    private const byte Bind = 1, Bound = 2, Refused = 3;

    private static readonly TimeSpan RoundTripStep = TimeSpan.FromMilliseconds(0.1);

    /// <summary>
    /// Whether a datagram is WireGuard's: nothing else is passed on. Its messages are known by their first four bytes,
    /// and those of a handshake by their lengths; data is filled up to 16 bytes, but not beyond the tunnel's MTU.
    /// </summary>
    public static bool IsWireGuard(ReadOnlySpan<byte> bytes) => bytes.Length >= 32
        && BinaryPrimitives.ReadUInt32LittleEndian(bytes) switch
        {
            1 => bytes.Length == 148,
            2 => bytes.Length == 92,
            3 => bytes.Length == 64,
            4 => true,
            _ => false,
        };

    /// <summary>Whether a datagram is one of a relay's own.</summary>
    public static bool IsRelays(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= HeadLength && BinaryPrimitives.ReadUInt32BigEndian(bytes) == Magic;

    /// <summary>Asks to be bound.</summary>
    /// <param name="ticket">What the party's server gave.</param>
    /// <param name="key">What it gave with it.</param>
    /// <param name="counter">Larger than any before with this ticket.</param>
    /// <param name="roundTrip">How long the relay takes to answer, which the other side is told; null for not known.
    /// </param>
    public static byte[] WriteBind(
        ReadOnlySpan<byte> ticket, ReadOnlySpan<byte> key, ulong counter, TimeSpan? roundTrip = null)
    {
        var bytes = new byte[BindLength];
        WriteHead(bytes, Bind, 0, counter, roundTrip);
        ticket.CopyTo(bytes.AsSpan(HeadLength));
        Mac(bytes.AsSpan(0, BindLength - MacLength), key, bytes.AsSpan(BindLength - MacLength));
        return bytes;
    }

    /// <summary>Reads that.</summary>
    /// <param name="bytes">The datagram.</param>
    /// <param name="relayKey">What the relay and the party's server know.</param>
    /// <param name="counter">Its counter.</param>
    /// <param name="roundTrip">How long this relay takes to answer whoever asks; null for not known.</param>
    /// <returns>Its ticket; null if it is no such request, or not of who has the ticket.</returns>
    public static RelayTicket? ReadBind(
        ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> relayKey, out ulong counter, out TimeSpan? roundTrip)
    {
        (counter, roundTrip) = (0, null);
        if (bytes.Length != BindLength || !IsRelays(bytes) || bytes[4] != Bind)
            return null;
        var written = bytes.Slice(HeadLength, RelayTicket.Length);
        if (RelayTicket.Read(written, relayKey) is not { } ticket)
            return null;
        Span<byte> mac = stackalloc byte[MacLength];
        Mac(bytes[..^MacLength], RelayTicket.KeyOf(written, relayKey), mac);
        (counter, roundTrip) = (BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), ReadRoundTrip(bytes));
        return CryptographicOperations.FixedTimeEquals(mac, bytes[^MacLength..]) ? ticket : null;
    }

    /// <summary>Answers that somebody is bound.</summary>
    /// <param name="counter">The request's.</param>
    /// <param name="seen">Where it came from.</param>
    /// <param name="isOtherBound">Whether the other side is bound as well, so that what is sent arrives.</param>
    /// <param name="otherRoundTrip">How long the relay takes to answer the other side; null for not known.</param>
    public static byte[] WriteBound(
        ulong counter, IPEndPoint seen, bool isOtherBound, TimeSpan? otherRoundTrip = null)
    {
        ArgumentNullException.ThrowIfNull(seen);
        var bytes = new byte[AnswerLength];
        WriteHead(bytes, Bound, isOtherBound ? (byte)1 : (byte)0, counter, otherRoundTrip);
        bytes[HeadLength] = seen.AddressFamily == AddressFamily.InterNetwork ? (byte)4 : (byte)6;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(HeadLength + 2), (ushort)seen.Port);
        seen.Address.TryWriteBytes(bytes.AsSpan(HeadLength + 4), out _);
        return bytes;
    }

    /// <summary>Answers that somebody is not, and why.</summary>
    public static byte[] WriteRefusal(ulong counter, RelayRefusal why)
    {
        var bytes = new byte[HeadLength];
        WriteHead(bytes, Refused, (byte)why, counter);
        return bytes;
    }

    /// <summary>Reads an answer.</summary>
    /// <returns>Null if it is none.</returns>
    public static RelayAnswer? ReadAnswer(ReadOnlySpan<byte> bytes)
    {
        if (!IsRelays(bytes))
            return null;
        var counter = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        if (bytes[4] == Refused && bytes.Length == HeadLength)
            return new RelayAnswer(counter, null, false, (RelayRefusal)bytes[5]);
        if (bytes[4] != Bound || bytes.Length != AnswerLength || bytes[HeadLength] is not (4 or 6))
            return null;
        var length = bytes[HeadLength] == 4 ? 4 : 16;
        return new RelayAnswer(
            counter,
            new IPEndPoint(
                new IPAddress(bytes.Slice(HeadLength + 4, length)),
                BinaryPrimitives.ReadUInt16BigEndian(bytes[(HeadLength + 2)..])),
            bytes[5] == 1, RelayRefusal.None, ReadRoundTrip(bytes));
    }

    private static void WriteHead(
        Span<byte> bytes, byte type, byte detail, ulong counter, TimeSpan? roundTrip = null)
    {
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Magic);
        (bytes[4], bytes[5]) = (type, detail);
        // 0 says that it is not known.
        var steps = roundTrip is { } time ? Math.Clamp(time / RoundTripStep, 1, ushort.MaxValue) : 0;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], (ushort)steps);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], counter);
    }

    private static TimeSpan? ReadRoundTrip(ReadOnlySpan<byte> bytes) =>
        BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]) is > 0 and var steps ? steps * RoundTripStep : null;

    private static void Mac(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> key, Span<byte> mac)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, bytes, whole);
        whole[..MacLength].CopyTo(mac);
    }
}

/// <summary>What a relay answers.</summary>
/// <param name="Counter">The request's.</param>
/// <param name="Seen">Where the request came from, as the relay saw it; null for a refusal.</param>
/// <param name="IsOtherBound">Whether what is sent arrives.</param>
/// <param name="Refusal">Why not.</param>
/// <param name="OtherRoundTrip">How long the relay takes to answer the other side; null for not known.</param>
public sealed record RelayAnswer(
    ulong Counter, IPEndPoint? Seen, bool IsOtherBound, RelayRefusal Refusal, TimeSpan? OtherRoundTrip = null);

/// <summary>Why a relay does not serve somebody.</summary>
public enum RelayRefusal
{
    /// <summary>It does.</summary>
    None,

    /// <summary>The ticket is good for nothing any more; get another.</summary>
    Expired,

    /// <summary>The ticket is for another port.</summary>
    WrongPort,

    /// <summary>It has as many as it can serve.</summary>
    Full,

    /// <summary>The counter is not larger than the last; the request may be another's.</summary>
    Replayed,
}
