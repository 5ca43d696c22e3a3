namespace Sojourn.Stores;

/// <summary>Which sessions to list, newest first. All that is given must hold.</summary>
public sealed record SessionQuery
{
    /// <summary>The largest page.</summary>
    public const int MaxLimit = 500;

    /// <summary>Sessions of this kind; null (the default) for any.</summary>
    public string? Kind { get; init; }

    /// <summary>Sessions of one of these kinds; null (the default) for any. Names that are no kind's do no
    /// harm.</summary>
    public IReadOnlyCollection<string>? Kinds { get; init; }

    /// <summary>Sessions of this owner; null for any. Default <see cref="OwnerId.Local"/>.</summary>
    public OwnerId? Owner { get; init; } = OwnerId.Local;

    /// <summary>Sessions in this status; null (the default) for any.</summary>
    public string? Status { get; init; }

    /// <summary>Sessions with all of these labels; empty (the default) for any.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = Engine.Snapshot.NoLabels;

    /// <summary>Sessions whose id, or one of whose labels' values, contains this, in whatever case.</summary>
    public string? Text { get; init; }

    /// <summary>Sessions that began before this.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>Sessions that took their last step before this.</summary>
    public DateTimeOffset? ActiveBefore { get; init; }

    /// <summary>Sessions that entered their status before this.</summary>
    public DateTimeOffset? StatusBefore { get; init; }

    /// <summary>True: only busy ones; false: only others; null (the default) for any.</summary>
    public bool? IsBusy { get; init; }

    /// <summary>True: only those that have ended; false: only others; null (the default) for any.</summary>
    public bool? IsFinal { get; init; }

    /// <summary>True: only those in quarantine.</summary>
    public bool IsDamaged { get; init; }

    /// <summary>The most on a page: 1 to <see cref="MaxLimit"/>. Default 100.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>The <see cref="StoredPage.Next"/> of the page before; null for the first.</summary>
    public string? Cursor { get; init; }

    /// <summary>True if sessions of a kind can match; for stores.</summary>
    public bool MayBe(string kind) => (Kind is null || Kind == kind) && Kinds?.Contains(kind) != false;

    /// <summary>
    /// True if a session matches; for stores and for what is in memory. Damage is left to the caller: nobody else
    /// knows.
    /// </summary>
    public bool Matches(SessionRecord session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return MayBe(session.Key.Kind)
            && (Owner is null || session.Key.Owner == Owner)
            && (Status is null || session.Status == Status)
            && (IsBusy is null || session.IsBusy == IsBusy)
            && (IsFinal is null || session.IsFinal == IsFinal)
            && (CreatedBefore is null || session.CreatedAt < CreatedBefore)
            && (ActiveBefore is null || session.LastActivityAt < ActiveBefore)
            && (StatusBefore is null || session.StatusSince < StatusBefore)
            && Labels.All(label => session.Labels.TryGetValue(label.Key, out var value) && value == label.Value)
            && MatchesText(session);
    }

    private bool MatchesText(SessionRecord session) => Text is null
        || session.Key.Id.ToString().Contains(Text, StringComparison.OrdinalIgnoreCase)
        || session.Labels.Values.Any(value => value.Contains(Text, StringComparison.OrdinalIgnoreCase));
}
