namespace Sojourn.Kinds.Agents.Screens;

/// <summary>A hyperlink. Those with the same id belong together wherever they stand.</summary>
internal sealed record Link(string Id, string Address);

/// <summary>
/// The styles, clusters (a character and its marks) and hyperlinks that the cells of one screen name by number. What
/// no cell names any more is swept out when a table has doubled, so that they stay as large as what is shown needs.
/// </summary>
internal sealed class Tables
{
    /// <summary>Below this many entries nothing is swept.</summary>
    private const int Few = 1024;

    /// <summary>A character takes so many UTF-16 units with its marks; further marks are dropped.</summary>
    public const int LongestCluster = 64;

    /// <summary>So many hyperlinks are on a screen and its scrollback; the text of more is no link.</summary>
    public const int MostLinks = 4096;

    /// <summary>The number of the style of a new screen.</summary>
    public const int DefaultStyle = 0;

    private List<Style> _styles = [default];
    private Dictionary<Style, int> _styleNumbers = new() { [default] = DefaultStyle };
    private List<string> _clusters = [];
    private Dictionary<string, int> _clusterNumbers = new(StringComparer.Ordinal);
    private Dictionary<int, Link> _links = [];
    private Dictionary<Link, int> _linkNumbers = [];
    private int _nextLink = 1;
    private int _sweepAt = Few;

    /// <summary>How many entries there are.</summary>
    public int Count => _styles.Count + _clusters.Count + _links.Count;

    public bool NeedsSweep => Count >= _sweepAt;

    public Style StyleOf(int number) => _styles[number];

    public int NumberOf(in Style style)
    {
        if (_styleNumbers.TryGetValue(style, out var known))
        {
            return known;
        }

        _styles.Add(style);
        return _styleNumbers[style] = _styles.Count - 1;
    }

    public string ClusterOf(int number) => _clusters[number];

    public int NumberOf(string cluster)
    {
        if (_clusterNumbers.TryGetValue(cluster, out var known))
        {
            return known;
        }

        _clusters.Add(cluster);
        return _clusterNumbers[cluster] = _clusters.Count - 1;
    }

    public Link? LinkOf(int number) => _links.GetValueOrDefault(number);

    /// <summary>A link without an id is another one each time it is opened; 0 if there are too many.</summary>
    public int NumberOf(Link link)
    {
        if (link.Id.Length > 0 && _linkNumbers.TryGetValue(link, out var known))
        {
            return known;
        }

        if (_links.Count >= MostLinks)
        {
            return 0;
        }

        _links[_nextLink] = link;
        _linkNumbers[link] = _nextLink;
        return _nextLink++;
    }

    /// <summary>The text of a cell; empty if it is blank.</summary>
    public string TextOf(Cell cell) => cell switch
    {
        { HasContent: false } => "",
        { IsCluster: true } => ClusterOf(cell.Text),
        _ => char.ConvertFromUtf32(cell.Text),
    };

    /// <summary>Keeps what these lines and styles name, and gives the cells their new numbers.</summary>
    public void Sweep(IEnumerable<Line> lines, params ReadOnlySpan<Style> kept)
    {
        var (styles, clusters, links) = (_styles, _clusters, _links);
        (_styles, _styleNumbers) = ([default], new() { [default] = DefaultStyle });
        (_clusters, _clusterNumbers) = ([], new(StringComparer.Ordinal));
        var newStyles = Unknown(styles.Count);
        var newClusters = Unknown(clusters.Count);
        foreach (var line in lines)
        {
            foreach (ref var cell in line.Cells.AsSpan())
            {
                ref var style = ref newStyles[cell.Style];
                style = style < 0 ? NumberOf(styles[cell.Style]) : style;
                cell = cell.WithStyle(style);
                if (cell.IsCluster)
                {
                    ref var cluster = ref newClusters[cell.Text];
                    cluster = cluster < 0 ? NumberOf(clusters[cell.Text]) : cluster;
                    cell = cell.WithCluster(cluster);
                }
            }
        }

        var used = _styles.Select(style => style.Link).Concat(kept.ToArray().Select(style => style.Link)).ToHashSet();
        _links = links.Where(each => used.Contains(each.Key)).ToDictionary();
        _linkNumbers = _links.GroupBy(each => each.Value).ToDictionary(each => each.Key, each => each.Last().Key);
        _sweepAt = Math.Max(Few, 2 * Count);
    }

    private static int[] Unknown(int count)
    {
        var numbers = new int[count];
        Array.Fill(numbers, -1);
        return numbers;
    }
}
