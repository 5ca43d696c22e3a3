using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Sojourn.Kinds.Explorer.Saves;

/// <summary>
/// A save as a file: one JSON object whose last member is the signature of every byte before it, so that not a space
/// can be changed.
/// </summary>
internal sealed class SaveFile
{
    /// <summary>The largest file, in bytes. The largest game is a fourth of it.</summary>
    public const int MaxBytes = 128 << 10;

    private const string Format = "sojourn-explorer-save";
    private const int FormatVersion = 1;

    private static readonly byte[] Opening = Encoding.UTF8.GetBytes($"{{\"format\":\"{Format}\"");
    private static readonly byte[] BeforeSignature = ",\"signature\":\""u8.ToArray();
    private static readonly byte[] AfterSignature = "\"}"u8.ToArray();

    private readonly byte[] _key;
    private readonly string _keyName;

    /// <param name="key">Signs what is written; only what it has signed is read.</param>
    public SaveFile(ReadOnlyMemory<byte> key)
    {
        _key = key.ToArray();
        // Tells whether a file is of this server, and nothing of the key.
        _keyName = Convert.ToHexStringLower(HMACSHA256.HashData(_key, "name of the key"u8)[..8]);
    }

    public byte[] Write(Save save, DateTimeOffset now)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = SojournJson.Stored.Encoder }))
        {
            json.WriteStartObject();
            json.WriteString("format"u8, Format);
            json.WriteNumber("version"u8, FormatVersion);
            json.WriteString("exportedAt"u8, now.UtcDateTime);
            json.WriteString("key"u8, _keyName);
            json.WritePropertyName("metadata"u8);
            JsonSerializer.Serialize(json, save.Metadata, SojournJson.Stored);
            json.WriteString("game"u8, save.Game);
            json.Flush();
            // Not ended: the signature of what stands there so far comes last.
        }

        var signature = Sign(bytes.WrittenSpan);
        return [.. bytes.WrittenSpan, .. BeforeSignature, .. Encoding.ASCII.GetBytes(signature), .. AfterSignature,
            (byte)'\n'];
    }

    /// <returns>What is wrong with the file; null if it is good.</returns>
    public Problem? TryRead(ReadOnlySpan<byte> file, out Save? save, out Game? game)
    {
        (save, game) = (null, null);
        if (file.Length > MaxBytes)
        {
            return TooLarge();
        }

        var bytes = file.TrimEnd(" \r\n"u8);
        if (Parse(bytes, out var content) is { } fault)
        {
            return fault;
        }

        var end = bytes.Length - AfterSignature.Length;
        var signed = bytes.LastIndexOf(BeforeSignature);
        var isSigned = signed > 0 && bytes.EndsWith(AfterSignature) && CryptographicOperations.FixedTimeEquals(
            bytes[(signed + BeforeSignature.Length)..end], Encoding.ASCII.GetBytes(Sign(bytes[..signed])));
        if (!isSigned)
        {
            return Refused("tampered", "This save file was changed after it was exported. Take the file as it was.");
        }

        if (SavedGames.TryRead(content!.Game, out game) is { } wrong)
        {
            return Refused("impossible-game", $"The game in this save file cannot be played here: {wrong}");
        }

        save = new Save(default, default, content.Metadata, content.Game, Save.HashOf(content.Game));
        return null;
    }

    /// <summary>What the file says, before its signature is looked at.</summary>
    private Problem? Parse(ReadOnlySpan<byte> bytes, out Content? content)
    {
        content = null;
        try
        {
            var root = JsonElement.Parse(bytes);
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("format", out var format)
                || format.ValueKind != JsonValueKind.String || format.GetString() != Format)
            {
                return NoSave();
            }

            if (!root.TryGetProperty("version", out var version) || !version.TryGetInt32(out var number) || number < 1)
            {
                return NoSave();
            }

            if (number > FormatVersion)
            {
                return Refused("newer-version", $"This save file is of version {number}; this server reads version "
                    + $"{FormatVersion}. Take it to a newer server.");
            }

            if (!root.TryGetProperty("key", out var key) || key.ValueKind != JsonValueKind.String)
            {
                return Broken();
            }

            if (key.GetString() != _keyName)
            {
                return Refused("foreign", "This save file was exported by another server, and only that one can tell "
                    + "whether it was changed.");
            }

            content = root.Deserialize<Content>(SojournJson.Options);
            return null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            return bytes.StartsWith(Opening) ? Broken() : NoSave();
        }
    }

    private string Sign(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, bytes));

    public static Problem TooLarge() => new(ProblemTypes.TooLarge, string.Create(CultureInfo.InvariantCulture,
        $"The file is too large for a save, which has at most {MaxBytes:N0} bytes."));

    private static Problem NoSave() => Refused("not-a-save", "This is no save file of Cosmic Explorer.");

    private static Problem Broken() =>
        Refused("truncated", "This save file is cut short or broken. Export it again, or take another copy.");

    private static Problem Refused(string code, string says) =>
        new(ProblemTypes.Invalid, says) { Code = code, Field = "file" };

    private sealed record Content(
        string Format, int Version, DateTimeOffset ExportedAt, string Key, SaveMetadata Metadata, string Game,
        string Signature);
}
