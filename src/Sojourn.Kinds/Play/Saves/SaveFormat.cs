using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Sojourn.Kinds.Play.Saves;

/// <summary>
/// The file of one save, all numbers little-endian:
/// <code>
///   0   8  magic
///   8   4  format version
///  12   4  length of the head, JSON
///  16   4  length of the screenshot, PNG
///  20   4  zero
///  24   8  length of the body, the packed parts one after another
///  32   8  the first bytes of the SHA-256 of bytes 0 to 31
///  40  32  SHA-256 of bytes 0 to 39, head and screenshot
///  72  32  SHA-256 of bytes 0 to 71, head, screenshot and body
/// 104      head, screenshot, body, and nothing after them
/// </code>
/// Every version keeps bytes 0 to 11 and the check at 32, so that a newer file is never taken for a damaged one, nor a
/// damaged one for newer.
/// </summary>
internal static class SaveFormat
{
    public const int Version = 1;
    public const int PrefixLength = 104;

    /// <summary>What is read at most of a head or a screenshot, whatever a file says of itself.</summary>
    public const int MaxHeadBytes = 1 << 20;
    public const int MaxPictureBytes = 16 << 20;

    public const int CheckAt = 32;
    public const int HeadHashAt = 40;
    public const int FileHashAt = 72;
    public const int HashLength = 32;

    private const int CheckLength = 8;

    // As PNG's: the first byte is no text, and a file whose line ends were changed is recognised.
    public static ReadOnlySpan<byte> Magic => [0x89, (byte)'S', (byte)'J', (byte)'S', (byte)'A', (byte)'V', 0x0D, 0x0A];

    public static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The prefix without its two hashes of what follows.</summary>
    public static byte[] Prefix(int head, int picture, long body)
    {
        var prefix = new byte[PrefixLength];
        Magic.CopyTo(prefix);
        BinaryPrimitives.WriteUInt32LittleEndian(prefix.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(prefix.AsSpan(12), head);
        BinaryPrimitives.WriteInt32LittleEndian(prefix.AsSpan(16), picture);
        BinaryPrimitives.WriteInt64LittleEndian(prefix.AsSpan(24), body);
        SHA256.HashData(prefix.AsSpan(0, CheckAt)).AsSpan(0, CheckLength).CopyTo(prefix.AsSpan(CheckAt));
        return prefix;
    }

    public static bool IsPrefix(ReadOnlySpan<byte> prefix) => prefix[..Magic.Length].SequenceEqual(Magic)
        && SHA256.HashData(prefix[..CheckAt]).AsSpan(0, CheckLength).SequenceEqual(prefix.Slice(CheckAt, CheckLength));

    public static uint VersionOf(ReadOnlySpan<byte> prefix) => BinaryPrimitives.ReadUInt32LittleEndian(prefix[8..]);

    public static (uint Head, uint Picture, ulong Body) LengthsOf(ReadOnlySpan<byte> prefix) => (
        BinaryPrimitives.ReadUInt32LittleEndian(prefix[12..]),
        BinaryPrimitives.ReadUInt32LittleEndian(prefix[16..]),
        BinaryPrimitives.ReadUInt64LittleEndian(prefix[24..]));

    /// <summary>
    /// The SHA-256 of a content: for each part, in the names' ordinal order, the length of its name (4 bytes), the name,
    /// the length of its bytes (8 bytes), the bytes.
    /// </summary>
    public static string HashOf(SaveContent content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[8];
        foreach (var (name, bytes) in content.Parts)
        {
            var text = Encoding.UTF8.GetBytes(name);
            BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
            hash.AppendData(length[..4]);
            hash.AppendData(text);
            BinaryPrimitives.WriteInt64LittleEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
