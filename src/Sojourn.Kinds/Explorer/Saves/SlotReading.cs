namespace Sojourn.Kinds.Explorer.Saves;

/// <summary>A save that can be loaded.</summary>
internal sealed record FoundSave(Save Save, Game Game);

/// <summary>A slot, looked through: each save that is in it is either good or known to be bad.</summary>
internal sealed class SlotReading
{
    private readonly int _slot;
    private readonly SavedSlot _saved;
    private readonly string? _currentFault;
    private readonly string? _previousFault;
    private readonly Game? _current;
    private readonly Game? _previous;

    private SlotReading(int slot, SavedSlot saved)
    {
        (_slot, _saved) = (slot, saved);
        _currentFault = saved.Current is { } current ? SavedGames.TryRead(current, out _current) : null;
        _previousFault = saved.Previous is { } previous ? SavedGames.TryRead(previous, out _previous) : null;
        View = new SlotView(slot, slot == SaveSlots.Automatic, SlotStatus.Empty, 0);
    }

    public SlotView View { get; private init; }

    /// <summary>The newest save, good or not; null if there is none that can be read.</summary>
    public Save? Current => _saved.Current;

    public static SlotReading Empty(int slot) => new(slot, new SavedSlot());

    /// <summary>Of a slot whose stored record is damaged.</summary>
    public static SlotReading Unreadable(int slot)
    {
        var reading = Empty(slot);
        return new SlotReading(slot, reading._saved)
        {
            View = reading.View with { Status = SlotStatus.Damaged, Detail = SlotProblems.UnreadableText(slot) },
        };
    }

    public static SlotReading Of(int slot, SessionView<SavedSlot> session)
    {
        var reading = new SlotReading(slot, session.State);
        if (session.State.Current is not { } current)
        {
            // Opened and, by a crash or a refusal in between, not yet written to.
            return reading;
        }

        var previous = Show(session.State.Previous, reading._previousFault);
        return new SlotReading(slot, session.State)
        {
            View = reading.View with
            {
                Status = reading._currentFault is null ? SlotStatus.Kept : SlotStatus.Damaged,
                Version = session.Version,
                Current = Show(current, reading._currentFault),
                Previous = previous,
                Detail = reading._currentFault is { } fault
                    ? SlotProblems.BadText(slot, SaveGeneration.Current, fault, previous) : null,
            },
        };
    }

    /// <summary>The save of a generation, if it is good.</summary>
    public SlotAnswer<FoundSave> Find(SaveGeneration generation)
    {
        var isCurrent = generation == SaveGeneration.Current;
        var (save, game) = isCurrent ? (_saved.Current, _current) : (_saved.Previous, _previous);
        if ((isCurrent ? _currentFault : _previousFault) is { } fault)
        {
            return new(SlotProblems.Bad(_slot, generation, fault, isCurrent ? View.Previous : View.Current));
        }

        return save is not null ? new(new FoundSave(save, game!))
            : View.Status == SlotStatus.Damaged && View.Current is null ? new(SlotProblems.Unreadable(_slot))
            : _saved.Current is null ? new(SlotProblems.Empty(_slot))
            : new(SlotProblems.NoPrevious(_slot));
    }

    private static SaveView? Show(Save? save, string? fault) =>
        save is null ? null : new SaveView(save.SavedAt, save.Reason, save.Metadata, fault is not null);
}
