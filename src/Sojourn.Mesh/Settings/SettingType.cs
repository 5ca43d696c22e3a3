using System.Globalization;
using Sojourn.Mesh.Tunnels;

namespace Sojourn.Mesh.Settings;

/// <summary>What a setting takes, and how it is spelt.</summary>
/// <param name="Words">For people: <c>a whole number from 1280 to 1420</c>.</param>
/// <param name="Read">Reads what somebody wrote.</param>
/// <param name="Write">Spells a value the one way in which it is stored.</param>
/// <typeparam name="T">Its values.</typeparam>
internal sealed record SettingType<T>(string Words, SettingReader<T> Read, Func<T, string> Write);

/// <summary>Reads a value; false if the text is none.</summary>
internal delegate bool SettingReader<T>(string text, out T value);

/// <summary>The types there are.</summary>
internal static class SettingTypes
{
    private const int MostPlaces = 8;

    public static SettingType<bool> Truth { get; } = new("true or false", TryReadTruth, yes => yes ? "true" : "false");

    public static SettingType<Uri?> Server { get; } = new(
        "an address that begins with http:// or https://", TryReadServer, url => url?.AbsoluteUri ?? "");

    /// <summary>What an interface may be called: Linux has no room for more.</summary>
    public static SettingType<string> Interface { get; } = new(
        "1 to 15 letters and digits",
        (string text, out string value) =>
            (value = text).Length is >= 1 and <= 15 && text.All(char.IsAsciiLetterOrDigit),
        text => text);

    public static SettingType<IReadOnlyList<string>> Places { get; } = new(
        "1 to 8 of HOST:PORT, with commas between them", TryReadPlaces, places => string.Join(',', places));

    public static SettingType<TunnelDriver> Driver { get; } = new(
        $"auto, kernel or {WireGuardGo.Program}", TryReadDriver, driver => driver switch
        {
            TunnelDriver.Kernel => "kernel",
            TunnelDriver.Program => WireGuardGo.Program,
            _ => "auto",
        });

    public static SettingType<string?> Text(int most) => new(
        string.Create(CultureInfo.InvariantCulture, $"a text of 1 to {most} characters"),
        (string text, out string? value) => (value = Plain.Text(text, most)) is not null,
        text => text ?? "");

    public static SettingType<int> Number(int least, int most) => new(
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"),
        (string text, out int value) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value)
            && value >= least && value <= most,
        value => value.ToString(CultureInfo.InvariantCulture));

    private static bool TryReadTruth(string text, out bool value)
    {
        value = text.ToUpperInvariant() is "TRUE" or "ON" or "YES";
        return value || text.ToUpperInvariant() is "FALSE" or "OFF" or "NO";
    }

    private static bool TryReadDriver(string text, out TunnelDriver value)
    {
        TunnelDriver? read = text.ToUpperInvariant() switch
        {
            "AUTO" => TunnelDriver.Auto,
            "KERNEL" => TunnelDriver.Kernel,
            "WIREGUARD-GO" => TunnelDriver.Program,
            _ => null,
        };
        value = read ?? default;
        return read is not null;
    }

    private static bool TryReadServer(string text, out Uri? value) =>
        Uri.TryCreate(text, UriKind.Absolute, out value) && value.Scheme is "http" or "https"
        && value is { UserInfo: "", Query: "", Fragment: "" };

    private static bool TryReadPlaces(string text, out IReadOnlyList<string> value)
    {
        value = text.Split(',', StringSplitOptions.TrimEntries);
        return value.Count <= MostPlaces && value.All(place => Plain.IsPlace(place, needsPort: true))
            && value.Distinct(StringComparer.OrdinalIgnoreCase).Count() == value.Count;
    }
}

/// <summary>Texts that are kept, and shown again later.</summary>
internal static class Plain
{
    private const int LongestPlace = 255;

    /// <summary>Without what surrounds it; null if it is empty, too long, or no single line.</summary>
    public static string? Text(string? text, int most) =>
        text?.Trim() is { Length: > 0 } plain && plain.Length <= most && !plain.Any(char.IsControl) ? plain : null;

    /// <summary>Whether it is <c>HOST</c> or <c>HOST:PORT</c>.</summary>
    public static bool IsPlace(string text, bool needsPort)
    {
        var (host, colon) = (text, text.LastIndexOf(':'));
        // An address of IPv6 has colons of its own, and brackets if a port follows.
        var hasPort = colon > 0 && (text.IndexOf(':', StringComparison.Ordinal) == colon || text[colon - 1] == ']');
        if (hasPort)
        {
            host = text[..colon];
            if (!ushort.TryParse(
                text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
            {
                return false;
            }
        }

        return text.Length <= LongestPlace && (hasPort || !needsPort)
            && Uri.CheckHostName(host.Trim('[', ']')) is not (UriHostNameType.Unknown or UriHostNameType.Basic);
    }
}
