using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sojourn.Kinds.Parties;

/// <summary>A network of private IPv4 addresses, <c>/16</c> to <c>/30</c>, as <c>10.66.0.0/24</c>.</summary>
[JsonConverter(typeof(Converter))]
public readonly record struct Subnet
{
    /// <summary>The widest, in bits of its prefix.</summary>
    public const int Widest = 16;

    /// <summary>The narrowest, in bits of its prefix.</summary>
    public const int Narrowest = 30;

    private readonly uint _first;
    private readonly int _bits;

    private Subnet(uint first, int bits) => (_first, _bits) = (first, bits);

    /// <summary>How many members have room.</summary>
    public int Places => (1 << (32 - _bits)) - 2;

    /// <summary>Reads one; false if the text is not one of the type's summary.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Subnet subnet)
    {
        subnet = default;
        if (text?.Split('/') is not [var address, var bits]
            || !int.TryParse(bits, NumberStyles.None, CultureInfo.InvariantCulture, out var prefix)
            || prefix is < Widest or > Narrowest || !TryRead(address, out var first)
            || (first & ((1u << (32 - prefix)) - 1)) != 0 || !IsPrivate(first))
        {
            return false;
        }

        subnet = new Subnet(first, prefix);
        return true;
    }

    /// <summary>The address of a place.</summary>
    /// <param name="place">From 1 to <see cref="Places"/>.</param>
    public string AddressAt(int place) => Write(_first + (uint)place);

    /// <summary>Whether an address is one that a member can have.</summary>
    public bool Holds(string? address) => TryRead(address, out var number)
        && number > _first && number - _first <= Places;

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Write(_first)}/{_bits}");

    private static bool TryRead(string? text, out uint number)
    {
        // Whatever is written otherwise, as 10.1 or 0x0a000001, is not what it is kept and compared as.
        var isOne = IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetwork
            && address.ToString() == text;
        number = isOne ? BinaryPrimitives.ReadUInt32BigEndian(address!.GetAddressBytes()) : 0;
        return isOne;
    }

    private static string Write(uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes).ToString();
    }

    // RFC 1918, and the block of RFC 6598 that carriers use.
    private static bool IsPrivate(uint number) => number >> 24 == 10 || number >> 20 == 0xAC1
        || number >> 16 == 0xC0A8 || number >> 22 == 0x6440_0000 >> 22;

    private sealed class Converter : JsonConverter<Subnet>
    {
        public override Subnet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TryParse(reader.GetString(), out var subnet) ? subnet : throw new JsonException("It is no subnet.");

        public override void Write(Utf8JsonWriter writer, Subnet value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
