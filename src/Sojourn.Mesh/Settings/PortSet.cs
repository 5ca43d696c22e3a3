using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Sojourn.Mesh.Settings;

/// <summary>
/// UDP ports, as <c>2300-2400,47624</c>: in order, without overlaps; those of a game are at most sixteen ranges.
/// </summary>
internal sealed record PortSet
{
    /// <summary>More than any game has.</summary>
    public const int MostRanges = 16;

    private readonly string _text;

    private PortSet(IReadOnlyList<PortRange> ranges)
    {
        Ranges = ranges;
        _text = string.Join(',', ranges);
    }

    public IReadOnlyList<PortRange> Ranges { get; }

    public static PortSet Parse(string text) => TryParse(text, out var ports)
        ? ports : throw new FormatException($"'{text}' are no ports.");

    /// <summary>All ports of several games; as many ranges as they need.</summary>
    public static PortSet Join(IEnumerable<PortSet> all) => new(Merge([.. all.SelectMany(each => each.Ranges)]));

    /// <summary>Ports and ranges in any order.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out PortSet? ports)
    {
        ports = null;
        var ranges = new List<PortRange>();
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.TrimEntries))
        {
            var dash = part.IndexOf('-', StringComparison.Ordinal);
            if (!TryReadPort(dash < 0 ? part : part[..dash], out var first)
                || !TryReadPort(dash < 0 ? part : part[(dash + 1)..], out var last) || last < first)
            {
                return false;
            }

            ranges.Add(new(first, last));
        }

        var merged = Merge(ranges);
        if (merged.Count > MostRanges)
            return false;
        ports = new PortSet(merged);
        return true;
    }

    public bool Contains(int port) => Ranges.Any(range => port >= range.First && port <= range.Last);

    public bool Equals(PortSet? other) => other?._text == _text;

    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => _text;

    private static bool TryReadPort(string text, out int port) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out port)
        && port is > 0 and <= 65535;

    private static List<PortRange> Merge(List<PortRange> ranges)
    {
        var merged = new List<PortRange>();
        foreach (var range in ranges.OrderBy(each => each.First))
        {
            if (merged is [.., var before] && range.First <= before.Last + 1)
                merged[^1] = new(before.First, Math.Max(before.Last, range.Last));
            else
                merged.Add(range);
        }

        return merged;
    }
}

/// <summary>Ports from one to another, both included.</summary>
internal readonly record struct PortRange(int First, int Last)
{
    public override string ToString() => First == Last
        ? First.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");
}
