namespace Sojourn.Client;

/// <summary>Which sessions are meant. All that is given must hold; in a list an empty one means every
/// session.</summary>
public sealed record SessionFilter
{
    /// <summary>Only those in this status; null (the default) for any.</summary>
    public string? Status { get; init; }

    /// <summary>Only those with all of these labels; null (the default) for any. At most 16.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>
    /// Only those whose id, or one of whose labels' values, contains this, in whatever case. 1 to 64 characters; null
    /// (the default) for any.
    /// </summary>
    public string? Text { get; init; }

    /// <summary>Only those that began before this; null (the default) for any.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>Only those that took their last step before this; null (the default) for any.</summary>
    public DateTimeOffset? ActiveBefore { get; init; }

    /// <summary>Only those that entered their status before this; null (the default) for any.</summary>
    public DateTimeOffset? StatusBefore { get; init; }

    /// <summary>True: only busy ones; false: only others; null (the default) for any.</summary>
    public bool? Busy { get; init; }

    /// <summary>True: only those that have ended; false: only others; null (the default) for any.</summary>
    public bool? Final { get; init; }

    /// <summary>True: only those whose record is damaged. Default false: any.</summary>
    public bool Damaged { get; init; }

    internal static SessionFilter None { get; } = new();

    /// <summary>As parameters of an address.</summary>
    internal IEnumerable<(string Name, string? Value)> Parameters() =>
    [
        ("status", Status),
        .. (Labels ?? new Dictionary<string, string>()).Select(
            label => ("label", (string?)Address.Label(label.Key, label.Value))),
        ("text", Text),
        ("createdBefore", Address.Time(CreatedBefore)),
        ("activeBefore", Address.Time(ActiveBefore)),
        ("statusBefore", Address.Time(StatusBefore)),
        ("busy", Address.Truth(Busy)),
        ("final", Address.Truth(Final)),
        ("damaged", Damaged ? "true" : null),
    ];
}

/// <summary>The sessions that one request is for: some by their ids, those that match, or all.</summary>
public sealed record Selection
{
    /// <summary>The most that can be named by their ids.</summary>
    public const int MaxIds = 1_000;

    private Selection()
    {
    }

    internal IReadOnlyList<string>? Ids { get; private init; }

    internal SessionFilter? Filter { get; private init; }

    internal bool IsAll { get; private init; }

    /// <summary>Every session of the kind that the key's owner has.</summary>
    public static Selection All { get; } = new() { IsAll = true };

    /// <summary>These sessions, each once.</summary>
    /// <exception cref="ArgumentException">There are more than <see cref="MaxIds"/>.</exception>
    public static Selection Of(params IEnumerable<string> ids)
    {
        var all = ids.ToList();
        return all.Count <= MaxIds
            ? new Selection { Ids = all }
            : throw new ArgumentException($"At most {MaxIds:N0} sessions can be named at once.", nameof(ids));
    }

    /// <summary>
    /// All sessions that match, however many. A server refuses a filter that asks for nothing; <see cref="All"/> says
    /// it outright.
    /// </summary>
    public static Selection Where(SessionFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return new Selection { Filter = filter };
    }
}
