namespace Sojourn.Kinds.Explorer;

/// <summary>
/// The limits of the kind <c>explorer</c> and the figures of its games. Faults are reported together.
/// </summary>
public sealed class ExplorerOptions
{
    /// <summary>
    /// How many games there may be, those that are passivated included. Default 100; 1 to 100,000,000. Beyond it a new
    /// game is refused: none that somebody may come back to is taken for it.
    /// </summary>
    public int MaxGames { get; set; } = 100;

    /// <summary>
    /// After how long without a command or a read a game is saved to slot 0 and leaves memory; it comes back as it was.
    /// Default 1 h; 1 s to 365 days.
    /// </summary>
    public TimeSpan PassivateAfter { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a game that was won or lost is kept. Default 30 days; 1 min to 3,650 days.</summary>
    public TimeSpan KeepEndedFor { get; set; } = TimeSpan.FromDays(30);

    /// <summary>The slots a player has, slot 0 for automatic saves among them. Default 5; 1 to 100.</summary>
    public int SaveSlots { get; set; } = 5;

    /// <summary>
    /// Signs exported saves, so that one that was changed, or made elsewhere, is told. At least 16 bytes; null (the
    /// default) for exports that this process alone can read back.
    /// </summary>
    public ReadOnlyMemory<byte>? ExportKey { get; set; }

    /// <summary>
    /// The sets of figures that a game can be started with, by name. <see cref="RuleSet.Name"/> <c>standard</c> is
    /// what a start without a name takes; it is there if none is given.
    /// </summary>
    public IReadOnlyList<RuleSet> RuleSets { get; set; } = [];

    internal IReadOnlyDictionary<string, RuleSet> RuleSetsByName()
    {
        var all = RuleSets.ToDictionary(rules => rules.Name, StringComparer.Ordinal);
        all.TryAdd("standard", new RuleSet());
        return all;
    }

    /// <summary>The limits as the engine takes them.</summary>
    /// <exception cref="SojournException">An option is out of its range; the message names all that are.</exception>
    internal Policy ToPolicy()
    {
        var faults = Faults().ToList();
        if (faults.Count > 0)
        {
            throw new SojournException($"The explorer options cannot be used: {string.Join(" ", faults)}");
        }

        return new Policy
        {
            Statuses =
            [
                new("playing"),
                new("choosing"),
                new("fighting"),
                new("won") { Final = true, Resumable = true, KeepFor = KeepEndedFor },
                new("lost") { Final = true, Resumable = true, KeepFor = KeepEndedFor },
            ],
            MaxSessions = MaxGames,
            PassivateAfter = PassivateAfter,
            RetainedEvents = 1000,
            MaxStateBytes = 32 << 10,
        };
    }

    /// <summary>The limits of the slots.</summary>
    internal Policy ToSavePolicy() => new()
    {
        Statuses = [new("kept")],
        MaxSessions = (long)MaxGames * SaveSlots,
        PassivateAfter = PassivateAfter,
        RetainedEvents = 100,
        KeptSnapshots = 2,
        SnapshotEvery = TimeSpan.Zero,
        MaxStateBytes = 128 << 10,
    };

    private IEnumerable<string> Faults()
    {
        if (MaxGames is < 1 or > 100_000_000)
        {
            yield return $"{nameof(MaxGames)} must be 1 to 100,000,000; it is {MaxGames}.";
        }

        if (PassivateAfter < TimeSpan.FromSeconds(1) || PassivateAfter > TimeSpan.FromDays(365))
        {
            yield return $"{nameof(PassivateAfter)} must be 1 second to 365 days; it is {PassivateAfter}.";
        }

        if (KeepEndedFor < TimeSpan.FromMinutes(1) || KeepEndedFor > TimeSpan.FromDays(3650))
        {
            yield return $"{nameof(KeepEndedFor)} must be 1 minute to 3,650 days; it is {KeepEndedFor}.";
        }

        if (SaveSlots is < 1 or > 100)
        {
            yield return $"{nameof(SaveSlots)} must be 1 to 100; it is {SaveSlots}.";
        }

        if (ExportKey is { Length: < 16 })
        {
            yield return $"{nameof(ExportKey)} must have at least 16 bytes.";
        }

        foreach (var twice in RuleSets.GroupBy(rules => rules.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            yield return $"There are two rule sets named '{twice.Key}'.";
        }

        foreach (var rules in RuleSets)
        {
            foreach (var fault in rules.Faults())
            {
                yield return $"Rule set '{rules.Name}': {fault}";
            }
        }
    }
}
