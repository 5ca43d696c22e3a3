using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Sojourn.Kinds.Play.Saves;

/// <summary>
/// A slot's note of what it should hold, <c>slot-3.manifest</c>: the hash of what follows, a line's end, JSON. It is written
/// after everything else and never flushed, for nothing depends on it: saves are found by their files, and a note that is
/// torn or gone is made again with the next save. With it one can tell that the newest file has vanished, and how old a
/// file is of which nothing can be read.
/// </summary>
/// <param name="Newest">The highest number that the slot has given.</param>
/// <param name="Saves">The saves that there were.</param>
internal sealed record SlotManifest(long Newest, IReadOnlyList<ManifestLine> Saves)
{
    private const int HashDigits = 64;
    private const int MaxBytes = 1 << 20;

    public static string NameOf(SlotName slot) => $"{slot.FileStem}.manifest";

    public ManifestLine? Find(long generation) => Saves.FirstOrDefault(save => save.Generation == generation);

    /// <returns>Null if there is none, or if it is not what was written.</returns>
    public static SlotManifest? Read(ISaveDisk disk, SlotName slot)
    {
        try
        {
            using var file = disk.OpenRead(NameOf(slot));
            if (file.Length is <= HashDigits or > MaxBytes)
            {
                return null;
            }

            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return HashOf(bytes.AsSpan(HashDigits)).AsSpan().SequenceEqual(bytes.AsSpan(0, HashDigits))
                ? JsonSerializer.Deserialize<SlotManifest>(bytes.AsSpan(HashDigits), SojournJson.Stored)
                : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Write(ISaveDisk disk, SlotName slot)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(this, SojournJson.Stored);
        byte[] body = [(byte)'\n', .. json];
        using var file = disk.Create(NameOf(slot));
        file.Write([.. HashOf(body), .. body]);
    }

    private static byte[] HashOf(ReadOnlySpan<byte> body) =>
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(body)));
}

/// <summary>A save, as a slot's manifest notes it.</summary>
/// <param name="Generation">Its number.</param>
/// <param name="TakenAt">When the game was so.</param>
/// <param name="Size">Bytes of its file.</param>
internal sealed record ManifestLine(long Generation, DateTimeOffset TakenAt, long Size);
