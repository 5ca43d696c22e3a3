using System.Globalization;
using System.Text.Unicode;

namespace Sojourn.Server.Streams;

/// <summary>
/// Looks at a stream's name as it stands in a path. Web servers leave an escaped slash, and bytes that are not UTF-8,
/// as they were sent, so that two spellings would be one name, and one name two for a proxy that resolves them.
/// </summary>
internal static class StreamPath
{
    /// <summary>What a path has to be, for an answer.</summary>
    public const string Rule = "UTF-8, with slashes as they are, not as %2F";

    /// <summary>True if every escape is one, none is a slash, and all of them together are UTF-8.</summary>
    public static bool IsPlain(ReadOnlySpan<char> path)
    {
        if (!path.Contains('%'))
        {
            return true;
        }

        if (path.Contains("%2F", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var bytes = new byte[path.Length];
        var count = 0;
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] != '%')
            {
                bytes[count++] = (byte)path[i];
                continue;
            }

            var isEscape = i + 2 < path.Length && byte.TryParse(
                path.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[count]);
            if (!isEscape)
            {
                return false;
            }

            (count, i) = (count + 1, i + 2);
        }

        return Utf8.IsValid(bytes.AsSpan(0, count));
    }
}
