using System.Security.Cryptography;
using System.Text.Json;
using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>What lies beside a backup's file, so that it can be judged without being opened.</summary>
/// <param name="Format">Of this manifest: 1.</param>
/// <param name="Schema">Of the file.</param>
/// <param name="Sessions">Sessions in it.</param>
/// <param name="Entries">Stream entries in it.</param>
/// <param name="Bytes">The file's length.</param>
/// <param name="Sha256">The file's checksum, in hexadecimal.</param>
/// <param name="Damaged">How many records were damaged when it was made.</param>
internal sealed record BackupManifest(
    int Format, int Schema, long Sessions, long Entries, long Bytes, string Sha256, int Damaged)
{
    public const string FileName = "backup.json";

    private const int Current = 1;

    public static BackupManifest Of(string file, StoreCheck check) => new(
        Current, Sqlite.Schema.Version, check.Sessions, check.Entries, new FileInfo(file).Length, Checksum(file),
        check.Damaged.Count);

    /// <summary>Into a new file, flushed.</summary>
    public void Write(string directory)
    {
        using var file = DataFiles.OpenOwn(Path.Combine(directory, FileName));
        JsonSerializer.Serialize(file, this, SojournJson.Stored);
        file.Flush(flushToDisk: true);
    }

    /// <exception cref="SojournException">There is none, or it is not one of a version that is known.</exception>
    public static BackupManifest Read(string directory)
    {
        var file = Path.Combine(directory, FileName);
        try
        {
            var manifest = JsonSerializer.Deserialize<BackupManifest>(File.ReadAllBytes(file), SojournJson.Stored)!;
            return manifest.Format == Current && manifest.Schema <= Sqlite.Schema.Version
                ? manifest
                : throw new SojournException(
                    $"The backup in '{directory}' was made by a newer Sojourn; use that version, or newer.");
        }
        catch (Exception failure) when (failure is JsonException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SojournException(
                $"'{directory}' holds no backup: '{file}' is missing or cannot be read.", failure);
        }
    }

    /// <exception cref="SojournException">The file is not the one that was backed up.</exception>
    public void Verify(string file)
    {
        if (!File.Exists(file) || new FileInfo(file).Length != Bytes || Checksum(file) != Sha256)
        {
            throw new SojournException(
                $"'{file}' is not what was backed up: its checksum is another. Use another backup.");
        }
    }

    private static string Checksum(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
