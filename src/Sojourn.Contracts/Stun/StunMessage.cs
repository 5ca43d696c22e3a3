using System.Net;

namespace Sojourn.Stun;

/// <summary>What a STUN message is.</summary>
public enum StunClass
{
    /// <summary>Asks to be answered.</summary>
    Request = 0x000,

    /// <summary>Asks for nothing; it keeps a way open.</summary>
    Indication = 0x010,

    /// <summary>Answers.</summary>
    Success = 0x100,

    /// <summary>Answers that it cannot be.</summary>
    Error = 0x110,
}

/// <summary>
/// A STUN Binding message (RFC 8489), with what RFC 5780 adds to find out how a NAT behaves. Attributes that need not
/// be understood, and are not, are left out.
/// </summary>
/// <param name="Class">What it is.</param>
/// <param name="Transaction">12 bytes that tie an answer to its request.</param>
public sealed record StunMessage(StunClass Class, ReadOnlyMemory<byte> Transaction)
{
    /// <summary>The length of a transaction's id, in bytes.</summary>
    public const int TransactionLength = 12;

    /// <summary>The shortest message there is, in bytes.</summary>
    public const int HeaderLength = 20;

    /// <summary>The longest that is read here, in bytes: what passes every network in one piece.</summary>
    public const int MaxLength = 548;

    /// <summary>Whether it ends with a fingerprint. Default true.</summary>
    public bool HasFingerprint { get; init; } = true;

    /// <summary>Where the server saw the request come from.</summary>
    public IPEndPoint? Mapped { get; init; }

    /// <summary>Where the answer was sent from.</summary>
    public IPEndPoint? Origin { get; init; }

    /// <summary>The server's other address and port.</summary>
    public IPEndPoint? Other { get; init; }

    /// <summary>In a request: to be answered from the other address.</summary>
    public bool ChangeAddress { get; init; }

    /// <summary>In a request: to be answered from the other port.</summary>
    public bool ChangePort { get; init; }

    /// <summary>In an error: 300 to 699; else 0.</summary>
    public int ErrorCode { get; init; }

    /// <summary>
    /// Attributes that had to be understood and were not; in an error, those of the request that it answers.
    /// </summary>
    public IReadOnlyList<ushort> NotUnderstood { get; init; } = [];
}

internal static class StunAttribute
{
    public const ushort MappedAddress = 0x0001, ChangeRequest = 0x0003, ErrorCode = 0x0009, Unknown = 0x000A,
        XorMappedAddress = 0x0020, Fingerprint = 0x8028, ResponseOrigin = 0x802B,
        OtherAddress = 0x802C;

    /// <summary>From here on, attributes need not be understood.</summary>
    public const ushort FirstOptional = 0x8000;

    /// <summary>Who asks, and proof of it: nobody has to prove anything to be told its own address.</summary>
    public static bool IsCredential(ushort name) => name is 0x0006 or 0x0008 or 0x0014 or 0x0015 or 0x001C or 0x001E;
}
