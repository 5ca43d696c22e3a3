using System.Globalization;
using System.Text.RegularExpressions;

namespace Sojourn.Cli;

/// <summary>A time as people write it: a whole number and a unit, such as <c>250ms</c> or <c>2d</c>.</summary>
internal static partial class Duration
{
    public static bool TryParse(string text, out TimeSpan time)
    {
        var parts = TimeWithUnit().Match(text);
        var unit = parts.Groups["unit"].Value switch
        {
            "ms" => TimeSpan.FromMilliseconds(1),
            "s" => TimeSpan.FromSeconds(1),
            "min" => TimeSpan.FromMinutes(1),
            "h" => TimeSpan.FromHours(1),
            _ => TimeSpan.FromDays(1),
        };
        time = parts.Success ? unit * int.Parse(parts.Groups["number"].Value, CultureInfo.InvariantCulture) : default;
        return parts.Success;
    }

    [GeneratedRegex("^(?<number>[0-9]{1,6}) ?(?<unit>ms|s|min|h|d)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TimeWithUnit();
}
