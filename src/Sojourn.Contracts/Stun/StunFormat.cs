using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sojourn.Stun;

/// <summary>How STUN messages are written and read. Pure; nothing that is read is trusted.</summary>
public static class StunFormat
{
    private const uint Cookie = 0x2112_A442;
    private const uint FingerprintMask = 0x5354_554E;
    private const int ClassBits = 0x0110, Binding = 0x0001;
    private const uint ChangeAddressFlag = 4, ChangePortFlag = 2;

    /// <summary>
    /// Whether bytes are STUN's, and not WireGuard's, whose first may be the same: the cookie tells.
    /// </summary>
    public static bool IsStun(ReadOnlySpan<byte> bytes) => bytes.Length >= StunMessage.HeaderLength
        && bytes[0] < 0x40 && BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) == Cookie;

    /// <summary>Reads a message.</summary>
    /// <param name="bytes">A whole datagram.</param>
    /// <param name="message">The message.</param>
    /// <returns>False if it is no Binding message, or not a whole one.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out StunMessage? message)
    {
        message = null;
        if (!IsStun(bytes) || bytes.Length > StunMessage.MaxLength)
        {
            return false;
        }

        var type = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if ((type & ~ClassBits) != Binding || length % 4 != 0 || length + StunMessage.HeaderLength != bytes.Length)
        {
            return false;
        }

        var read = new StunMessage(
            (StunClass)(type & ClassBits), bytes.Slice(8, StunMessage.TransactionLength).ToArray())
        {
            HasFingerprint = false,
        };
        var seen = new HashSet<ushort>();
        for (var at = StunMessage.HeaderLength; at < bytes.Length;)
        {
            // Lengths are multiples of four, so that a type and a length are always there.
            var name = BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
            var size = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
            if (size > bytes.Length - at - 4)
            {
                return false;
            }

            // Of several the first counts.
            var next = seen.Add(name) ? Take(read, name, bytes.Slice(at + 4, size), bytes, at) : read;
            if (next is null)
            {
                return false;
            }

            read = next;
            at += 4 + ((size + 3) & ~3);
        }

        message = read;
        return true;
    }

    /// <summary>Writes a message.</summary>
    /// <returns>A whole datagram.</returns>
    public static byte[] Write(StunMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.Transaction.Length != StunMessage.TransactionLength)
        {
            throw new ArgumentException("A transaction's id has 12 bytes.", nameof(message));
        }

        var bytes = new List<byte>(128);
        bytes.AddRange(new byte[StunMessage.HeaderLength]);
        var transaction = message.Transaction.Span;
        AddAddress(bytes, StunAttribute.XorMappedAddress, message.Mapped, transaction);
        AddAddress(bytes, StunAttribute.ResponseOrigin, message.Origin, default);
        AddAddress(bytes, StunAttribute.OtherAddress, message.Other, default);
        if (message.ChangeAddress || message.ChangePort)
        {
            var flags = (message.ChangeAddress ? ChangeAddressFlag : 0) | (message.ChangePort ? ChangePortFlag : 0);
            Add(bytes, StunAttribute.ChangeRequest, [0, 0, 0, (byte)flags]);
        }

        if (message.ErrorCode > 0)
        {
            Add(bytes, StunAttribute.ErrorCode,
                [0, 0, (byte)(message.ErrorCode / 100), (byte)(message.ErrorCode % 100), .. "Refused"u8]);
            Add(bytes, StunAttribute.Unknown,
                [.. message.NotUnderstood.SelectMany(name => (byte[])[(byte)(name >> 8), (byte)name])]);
        }

        var whole = new byte[bytes.Count + (message.HasFingerprint ? 8 : 0)];
        bytes.CopyTo(whole);
        BinaryPrimitives.WriteUInt16BigEndian(whole, (ushort)((int)message.Class | Binding));
        BinaryPrimitives.WriteUInt16BigEndian(whole.AsSpan(2), (ushort)(whole.Length - StunMessage.HeaderLength));
        BinaryPrimitives.WriteUInt32BigEndian(whole.AsSpan(4), Cookie);
        transaction.CopyTo(whole.AsSpan(8));
        if (message.HasFingerprint)
            AddFingerprint(whole);
        return whole;
    }

    /// <summary>It is over all that stands before it, the length that counts it included.</summary>
    private static void AddFingerprint(Span<byte> whole)
    {
        var end = whole[^8..];
        BinaryPrimitives.WriteUInt16BigEndian(end, StunAttribute.Fingerprint);
        BinaryPrimitives.WriteUInt16BigEndian(end[2..], 4);
        BinaryPrimitives.WriteUInt32BigEndian(end[4..], Crc32(whole[..^8]) ^ FingerprintMask);
    }

    /// <returns>Null if the attribute is not what it must be.</returns>
    private static StunMessage? Take(
        StunMessage read, ushort name, ReadOnlySpan<byte> value, ReadOnlySpan<byte> whole, int at)
    {
        switch (name)
        {
            case StunAttribute.XorMappedAddress:
                return ReadAddress(value, read.Transaction.Span) is { } seen ? read with { Mapped = seen } : null;
            case StunAttribute.MappedAddress:
                // Some routers write over this one.
                return ReadAddress(value, default) is { } plain ? read with { Mapped = read.Mapped ?? plain } : null;
            case StunAttribute.ResponseOrigin:
                return ReadAddress(value, default) is { } origin ? read with { Origin = origin } : null;
            case StunAttribute.OtherAddress:
                return ReadAddress(value, default) is { } other ? read with { Other = other } : null;
            case StunAttribute.ChangeRequest when value.Length == 4:
                var flags = BinaryPrimitives.ReadUInt32BigEndian(value);
                return read with
                {
                    ChangeAddress = (flags & ChangeAddressFlag) != 0,
                    ChangePort = (flags & ChangePortFlag) != 0,
                };
            case StunAttribute.ErrorCode when value.Length >= 4 && value[2] is >= 3 and <= 6 && value[3] < 100:
                return read with { ErrorCode = (value[2] * 100) + value[3] };
            case StunAttribute.Unknown:
                return read;
            case StunAttribute.Fingerprint:
                return value.Length == 4 && at + 8 == whole.Length
                    && BinaryPrimitives.ReadUInt32BigEndian(value) == (Crc32(whole[..at]) ^ FingerprintMask)
                    ? read with { HasFingerprint = true } : null;
            case StunAttribute.ChangeRequest or StunAttribute.ErrorCode:
                return null;
            case < StunAttribute.FirstOptional when !StunAttribute.IsCredential(name):
                return read with { NotUnderstood = [.. read.NotUnderstood, name] };
            default:
                return read;
        }
    }

    private static IPEndPoint? ReadAddress(ReadOnlySpan<byte> value, ReadOnlySpan<byte> transaction)
    {
        if (value.Length < 4 || (value[1], value.Length) is not ((1, 8) or (2, 20)))
        {
            return null;
        }

        Span<byte> plain = stackalloc byte[value.Length];
        value.CopyTo(plain);
        Mask(plain, transaction);
        return new IPEndPoint(new IPAddress(plain[4..]), BinaryPrimitives.ReadUInt16BigEndian(plain[2..]));
    }

    private static void AddAddress(List<byte> bytes, ushort name, IPEndPoint? end, ReadOnlySpan<byte> transaction)
    {
        if (end is null)
        {
            return;
        }

        var family = end.AddressFamily == AddressFamily.InterNetwork ? (byte)1 : (byte)2;
        Span<byte> value = [0, family, (byte)(end.Port >> 8), (byte)end.Port, .. end.Address.GetAddressBytes()];
        Mask(value, transaction);
        Add(bytes, name, value);
    }

    /// <summary>Masks an address with the cookie and the transaction, or takes the mask off.</summary>
    private static void Mask(Span<byte> value, ReadOnlySpan<byte> transaction)
    {
        if (transaction.IsEmpty)
        {
            return;
        }

        Span<byte> mask = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32BigEndian(mask, Cookie);
        transaction.CopyTo(mask[4..]);
        (value[2], value[3]) = ((byte)(value[2] ^ mask[0]), (byte)(value[3] ^ mask[1]));
        for (var i = 4; i < value.Length; i++)
        {
            value[i] ^= mask[i - 4];
        }
    }

    private static void Add(List<byte> bytes, ushort name, ReadOnlySpan<byte> value)
    {
        bytes.AddRange([(byte)(name >> 8), (byte)name, (byte)(value.Length >> 8), (byte)value.Length]);
        bytes.AddRange(value);
        bytes.AddRange(new byte[-value.Length & 3]);
    }

    // CRC-32 of ISO 3309, bit by bit: messages are short, and the framework has none.
    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB8_8320;
            }
        }

        return ~crc;
    }
}
