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

    public static string Key(string id) => $"{Keys}/{Name(id, nameof(id))}";

    public static string Session(string kind, string id) => $"{Kind(kind)}/{Name(id, nameof(id))}";

    public static string Command(string kind, string id, string command) =>
        $"{Session(kind, id)}/{Name(command, nameof(command))}";

    /// <summary>Below a session, such as <c>scenes/3/picture</c>.</summary>
    public static string Part(string kind, string id, string part) =>
        $"{Session(kind, id)}/{string.Join('/', part.Split('/').Select(name => Name(name, nameof(part))))}";

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
