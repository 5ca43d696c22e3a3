using System.Globalization;
using System.Text;

namespace Sojourn.Client;

/// <summary>
/// Makes the addresses of requests. Names are checked, so no text can climb out of its place in a path.
/// </summary>
internal static class Address
{
    public static string Kind(string kind) => "v1/" + Name(kind, nameof(kind));

    public static string Keys => "v1/keys";

    public static string Sessions => "v1/sessions";

    public static string Stats => "v1/stats";

    public static string ConsoleLinks => "console/links";

    public static string Admin(string what) => "v1/admin/" + what;

    public static string Key(string id) => $"{Keys}/{Name(id, nameof(id))}";

    public static string RelayKey(string name) => $"v1/party-relays/{Name(name, nameof(name))}/key";

    public static string Session(string kind, string id) => $"{Kind(kind)}/{Name(id, nameof(id))}";

    public static string Command(string kind, string id, string command) =>
        $"{Session(kind, id)}/{Name(command, nameof(command))}";

    /// <summary>Below a session, such as <c>scenes/3/picture</c>.</summary>
    public static string Part(string kind, string id, string part) =>
        $"{Session(kind, id)}/{string.Join('/', part.Split('/').Select(name => Name(name, nameof(part))))}";

    /// <summary>The slots of a game.</summary>
    public static string PlaySlots(string game) => "v1/play-slots/" + Name(game, nameof(game));

    /// <summary>One slot of a game.</summary>
    public static string PlaySlot(string game, string slot) => $"{PlaySlots(game)}/{Name(slot, nameof(slot))}";

    public static string Stream(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var parts = name.Split('/');
        return Array.Exists(parts, part => part is "" or "." or "..")
            ? throw new ArgumentException($"'{name}' is no stream's name: a part of it is empty or dots.", nameof(name))
            : "v1/streams/" + string.Join('/', parts.Select(Uri.EscapeDataString));
    }

    public static string Query(string path, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var text = new StringBuilder(path);
        var mark = '?';
        foreach (var (name, value) in parameters)
        {
            if (value is null)
                continue;
            text.Append(mark).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            mark = '&';
        }

        return text.ToString();
    }

    public static string? Number(int? number) => number?.ToString(CultureInfo.InvariantCulture);

    public static string? Truth(bool? value) => value is { } known ? (known ? "true" : "false") : null;

    public static string? Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    // On the wire the first colon ends the name; one within it would make another label, without a word.
    public static string Label(string name, string value) => name.Length > 0 && !name.Contains(':')
        ? $"{name}:{value}"
        : throw new ArgumentException(
            $"'{name}' is no label's name: it must not be empty or hold a colon.", nameof(name));

    private static string Name(string text, string parameter)
    {
        ArgumentNullException.ThrowIfNull(text, parameter);
        var valid = text.Length is > 0 and <= 64 && char.IsAsciiLetterOrDigit(text[0])
            && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-');
        return valid ? text : throw new ArgumentException(
            $"'{text}' is no valid name: use 1 to 64 characters of a-z, 0-9, '.', '_' and '-', "
            + "beginning with a letter or a digit.", parameter);
    }
}
