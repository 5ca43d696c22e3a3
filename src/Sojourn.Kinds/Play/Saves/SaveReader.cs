using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace Sojourn.Kinds.Play.Saves;

/// <summary>
/// Reads the file of a save and believes nothing in it: lengths are compared before anything is allocated for them, and
/// hashes before anything is understood.
/// </summary>
internal sealed class SaveReader(SaveSlotsOptions options)
{
    private const int Portion = 1 << 17;
    private const int MostParts = 1024;

    /// <summary>Reads a file. Changes nothing.</summary>
    /// <param name="disk">Where it is.</param>
    /// <param name="name">What it is called, and so which save it should be.</param>
    /// <param name="depth">How much of it.</param>
    /// <param name="giveUp">Stops in the middle.</param>
    public SaveReading Read(ISaveDisk disk, SaveFileName name, ReadDepth depth, CancellationToken giveUp)
    {
        try
        {
            using var file = disk.OpenRead(name.Text);
            var reading = Read(file, file.Length, depth, giveUp);
            return reading.Metadata is { } found && (found.Slot != name.Slot || found.Generation != name.Generation)
                ? SaveReading.Damaged(
                    $"It is save {found.Generation} of slot {found.Slot} under another's name; import it there.", found)
                : reading;
        }
        catch (FileNotFoundException)
        {
            return new SaveReading(SaveValidity.Missing, "There is no such save.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new SaveReading(SaveValidity.Unreadable, $"The disk did not let it be read: {failure.Message}");
        }
    }

    /// <summary>Reads a save from a stream that holds nothing else.</summary>
    public SaveReading Read(Stream file, long length, ReadDepth depth, CancellationToken giveUp)
    {
        var prefix = new byte[SaveFormat.PrefixLength];
        var got = file.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false);
        if (got >= SaveFormat.HeadHashAt && SaveFormat.IsPrefix(prefix)
            && SaveFormat.VersionOf(prefix) > SaveFormat.Version)
        {
            return new SaveReading(SaveValidity.Newer,
                $"It has format {SaveFormat.VersionOf(prefix)}; this program knows {SaveFormat.Version}.");
        }

        if (got < prefix.Length)
        {
            return SaveReading.Damaged($"It is cut short: {got} bytes are too few for a save.");
        }

        if (!SaveFormat.IsPrefix(prefix) || SaveFormat.VersionOf(prefix) == 0)
        {
            return SaveReading.Damaged("It does not begin as a save does.");
        }

        var (head, picture, body) = SaveFormat.LengthsOf(prefix);
        if (head > SaveFormat.MaxHeadBytes || picture > SaveFormat.MaxPictureBytes || body > (ulong)length
            || SaveFormat.PrefixLength + head + picture + (long)body != length)
        {
            return SaveReading.Damaged($"It has {length:N0} bytes, and says of itself that it has others.");
        }

        return ReadRest(file, prefix, depth, giveUp);
    }

    private SaveReading ReadRest(Stream file, byte[] prefix, ReadDepth depth, CancellationToken giveUp)
    {
        var (headLength, pictureLength, bodyLength) = SaveFormat.LengthsOf(prefix);
        var head = new byte[headLength + pictureLength];
        file.ReadExactly(head);
        if (!SHA256.HashData([.. prefix.AsSpan(0, SaveFormat.HeadHashAt), .. head]).AsSpan()
            .SequenceEqual(prefix.AsSpan(SaveFormat.HeadHashAt, SaveFormat.HashLength)))
        {
            return SaveReading.Damaged("Its head is not what was written.");
        }

        if (Understand(head.AsSpan(0, (int)headLength)) is not { } metadata)
        {
            return SaveReading.Damaged("Its head cannot be understood.");
        }

        metadata = metadata with
        {
            Size = SaveFormat.PrefixLength + head.Length + (long)bodyLength,
            FormatVersion = (int)SaveFormat.VersionOf(prefix),
            Details = metadata.Details with { Screenshot = head.AsMemory((int)headLength) },
        };
        if (depth == ReadDepth.Head)
        {
            return new SaveReading(SaveValidity.Good, null, metadata);
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(prefix.AsSpan(0, SaveFormat.FileHashAt));
        hash.AppendData(head);
        var expected = prefix.AsSpan(SaveFormat.FileHashAt, SaveFormat.HashLength);
        return depth == ReadDepth.Body
            ? Compare(file, metadata, hash, expected, giveUp)
            : Unpack(file, metadata, hash, expected, (long)bodyLength);
    }

    /// <returns>Null if it is nothing that this library writes.</returns>
    private static SaveMetadata? Understand(ReadOnlySpan<byte> head)
    {
        try
        {
            var metadata = JsonSerializer.Deserialize<SaveMetadata>(head, SojournJson.Stored);
            // What JSON may leave out or null is what the types cannot promise.
            return metadata is { Details.Extra: not null, Parts.Count: <= MostParts, Sha256: not null, Generation: > 0 }
                && metadata.Parts.All(IsPossible)
                ? metadata
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsPossible(SavePart? part) => part is { Name: not null, Size: >= 0 and <= int.MaxValue }
        && part.Packed >= 0
        && part.Compression switch
        {
            "none" => part.Packed == part.Size,
            "zlib" => part.Packed < part.Size,
            _ => false,
        };

    private static SaveReading Compare(
        Stream file, SaveMetadata metadata, IncrementalHash hash, ReadOnlySpan<byte> expected, CancellationToken giveUp)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Portion);
        try
        {
            int got;
            while ((got = file.Read(buffer)) > 0)
            {
                giveUp.ThrowIfCancellationRequested();
                hash.AppendData(buffer.AsSpan(0, got));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return hash.GetHashAndReset().AsSpan().SequenceEqual(expected)
            ? new SaveReading(SaveValidity.Good, null, metadata)
            : SaveReading.Damaged("Its content is not what was written.", metadata);
    }

    private SaveReading Unpack(
        Stream file, SaveMetadata metadata, IncrementalHash hash, ReadOnlySpan<byte> expected, long length)
    {
        if (metadata.ContentSize > options.MaxContentBytes || metadata.Parts.Count > options.MaxParts
            || length > metadata.ContentSize || metadata.Parts.Sum(part => part.Packed) != length
            || metadata.Parts.Sum(part => part.Size) != metadata.ContentSize)
        {
            throw new SaveRefusedException(
                $"A save of {metadata.ContentSize:N0} bytes in {metadata.Parts.Count} parts is more than is allowed "
                + $"({options.MaxContentBytes:N0} and {options.MaxParts}). Allow more in {nameof(SaveSlotsOptions)}.");
        }

        var body = new byte[length];
        file.ReadExactly(body);
        hash.AppendData(body);
        if (!hash.GetHashAndReset().AsSpan().SequenceEqual(expected))
        {
            return SaveReading.Damaged("Its content is not what was written.", metadata);
        }

        var parts = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        var at = 0;
        foreach (var part in metadata.Parts)
        {
            if (Unpack(body, at, part) is not { } bytes || !parts.TryAdd(part.Name, bytes))
            {
                return SaveReading.Damaged($"Its part '{part.Name}' cannot be unpacked.", metadata);
            }

            at += (int)part.Packed;
        }

        return new SaveReading(SaveValidity.Good, null, metadata, new SaveContent(parts));
    }

    private static ReadOnlyMemory<byte>? Unpack(byte[] body, int at, SavePart part)
    {
        if (part.Compression == "none")
        {
            return body.AsMemory(at, (int)part.Packed);
        }

        try
        {
            var bytes = new byte[part.Size];
            using var zlib = new ZLibStream(
                new MemoryStream(body, at, (int)part.Packed, writable: false), CompressionMode.Decompress);
            zlib.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException)
        {
            return null;
        }
    }
}
