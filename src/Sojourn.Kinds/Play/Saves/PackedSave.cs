using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace Sojourn.Kinds.Play.Saves;

/// <summary>A save as the pieces of its file, in memory.</summary>
internal sealed class PackedSave
{
    private const int Portion = 1 << 20;

    private readonly byte[] _prefix;
    private readonly IReadOnlyList<ReadOnlyMemory<byte>> _pieces;

    private PackedSave(SaveMetadata metadata, byte[] prefix, IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        (_prefix, _pieces) = (prefix, pieces);
        Length = prefix.Length + pieces.Sum(piece => (long)piece.Length);
        Metadata = metadata with { Size = Length, FormatVersion = SaveFormat.Version };
    }

    public SaveMetadata Metadata { get; }

    public long Length { get; }

    public static PackedSave Pack(SaveMetadata about, SaveContent content, bool compress, CancellationToken giveUp)
    {
        var parts = new List<SavePart>();
        var bodies = new List<ReadOnlyMemory<byte>>();
        foreach (var (name, bytes) in content.Parts)
        {
            giveUp.ThrowIfCancellationRequested();
            var packed = compress ? Compress(bytes, giveUp) : null;
            bodies.Add(packed ?? bytes);
            parts.Add(new SavePart(name, bytes.Length, bodies[^1].Length, packed is null ? "none" : "zlib"));
        }

        var metadata = about with
        {
            Parts = parts,
            ContentSize = content.Size,
            Sha256 = SaveFormat.HashOf(content),
            Compression = parts.Exists(part => part.Compression == "zlib") ? "zlib" : "none",
        };
        var head = JsonSerializer.SerializeToUtf8Bytes(metadata, SojournJson.Stored);
        if (head.Length > SaveFormat.MaxHeadBytes)
        {
            throw new SaveRefusedException(
                $"What is told of the save has {head.Length:N0} bytes as JSON; {SaveFormat.MaxHeadBytes:N0} is the most. "
                + "Say less in its details.");
        }

        return new PackedSave(metadata, Sealed(head, metadata.Details.Screenshot, bodies),
            [head, metadata.Details.Screenshot, .. bodies]);
    }

    /// <summary>Writes the file from its beginning to its end.</summary>
    /// <param name="file">Where to.</param>
    /// <param name="written">Told how many bytes are written, every so often.</param>
    /// <param name="giveUp">Stops in the middle.</param>
    public void WriteTo(Stream file, Action<long> written, CancellationToken giveUp)
    {
        var total = 0L;
        foreach (var piece in _pieces.Prepend(_prefix))
        {
            for (var at = 0; at < piece.Length; at += Portion)
            {
                giveUp.ThrowIfCancellationRequested();
                var portion = piece.Slice(at, Math.Min(Portion, piece.Length - at));
                file.Write(portion.Span);
                total += portion.Length;
                written(total);
            }
        }
    }

    /// <summary>The hash of the whole file, which stands in its prefix.</summary>
    public ReadOnlySpan<byte> FileHash => _prefix.AsSpan(SaveFormat.FileHashAt, SaveFormat.HashLength);

    private static byte[] Sealed(byte[] head, ReadOnlyMemory<byte> picture, List<ReadOnlyMemory<byte>> bodies)
    {
        var prefix = SaveFormat.Prefix(head.Length, picture.Length, bodies.Sum(body => (long)body.Length));
        using var headHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        headHash.AppendData(prefix.AsSpan(0, SaveFormat.HeadHashAt));
        headHash.AppendData(head);
        headHash.AppendData(picture.Span);
        headHash.GetHashAndReset().CopyTo(prefix, SaveFormat.HeadHashAt);

        using var fileHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        fileHash.AppendData(prefix.AsSpan(0, SaveFormat.FileHashAt));
        fileHash.AppendData(head);
        fileHash.AppendData(picture.Span);
        bodies.ForEach(body => fileHash.AppendData(body.Span));
        fileHash.GetHashAndReset().CopyTo(prefix, SaveFormat.FileHashAt);
        return prefix;
    }

    /// <returns>Null if it did not become smaller.</returns>
    private static byte[]? Compress(ReadOnlyMemory<byte> bytes, CancellationToken giveUp)
    {
        using var packed = new MemoryStream(bytes.Length / 2);
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var at = 0; at < bytes.Length; at += Portion)
            {
                giveUp.ThrowIfCancellationRequested();
                zlib.Write(bytes.Span.Slice(at, Math.Min(Portion, bytes.Length - at)));
            }
        }

        return packed.Length < bytes.Length ? packed.ToArray() : null;
    }
}
