namespace Sojourn.Kinds.Play.Saves;

/// <summary>Looking at a slot, and loading from it.</summary>
internal sealed partial class SlotFiles
{
    // Files that were read whole and found good, by name: as long as they have this length and this time of change.
    private readonly Dictionary<string, DiskFile> _proven = new(StringComparer.Ordinal);

    /// <summary>The slot as a list shows it; null if it is empty. May be called at any time.</summary>
    public SaveMetadata? Look(IEnumerable<DiskFile> files)
    {
        var scan = SlotScan.Of(slot, files, Interlocked.Read(ref _underway));
        if (scan.IsEmpty)
        {
            return null;
        }

        var manifest = SlotManifest.Read(Disk, slot);
        var problem = NewestLost(scan, manifest)?.Reason;
        for (var i = 0; i < scan.Saves.Count; i++)
        {
            var name = scan.Saves[i].Name;
            var reading = folder.Reader.Read(Disk, name, ReadDepth.Head, default);
            if (reading.IsGood)
            {
                return reading.Metadata! with
                {
                    HasOlder = i + 1 < scan.Saves.Count,
                    State = problem is null ? SlotState.Good : SlotState.FallsBack,
                    Problem = problem,
                };
            }

            if (reading.Validity == SaveValidity.Newer)
            {
                return Unknown(scan, manifest) with { State = SlotState.Newer, Problem = reading.Reason };
            }

            problem ??= $"Save {name.Generation} of slot {slot}: {reading.Reason}";
        }

        return Unknown(scan, manifest) with
        {
            State = SlotState.Damaged,
            Problem = problem ?? "Its saves are damaged; they were put aside.",
        };
    }

    /// <summary>Every save of the slot, newest first, each read whole. Changes nothing.</summary>
    public IReadOnlyList<GenerationState> Generations(CancellationToken giveUp)
    {
        var scan = Scan();
        return [.. scan.Saves.Select((save, i) =>
        {
            var reading = Check(save, giveUp);
            return new GenerationState(
                save.Name.Generation, reading.Validity,
                reading.Metadata is { } known ? known with { HasOlder = i + 1 < scan.Saves.Count } : null, reading.Reason)
            {
                File = save.Name.Text,
                Attempts = scan.AttemptsAt(save.Name.Generation),
            };
        })];
    }

    /// <summary>How a save is; the newest if no number is given. Changes nothing.</summary>
    public SaveReading Validate(long? generation, CancellationToken giveUp)
    {
        var scan = Scan();
        var found = scan.Saves.FirstOrDefault(save => generation is not { } number || save.Name.Generation == number);
        return found.File is not null ? Check(found, giveUp)
            : generation is null && scan.HasDamage ? SaveReading.Damaged("Its saves are damaged; they were put aside.")
            : new SaveReading(SaveValidity.Missing, "There is no such save.");
    }

    /// <exception cref="SaveException">There is none that can be loaded.</exception>
    public LoadedSave Load(LoadOptions which, CancellationToken giveUp)
    {
        var scan = Scan();
        if (scan.IsEmpty)
        {
            throw new SlotEmptyException(slot);
        }

        var manifest = SlotManifest.Read(Disk, slot);
        var fall = new Fall(manifest);
        var candidates = scan.Saves.Where(save => save.Name.Generation <= (which.Generation ?? long.MaxValue));
        if (which.Generation is { } wanted)
        {
            if (scan.Saves.All(save => save.Name.Generation != wanted))
                NoteMissing(scan, fall, wanted, which.AllowOlder);
        }
        else if (NewestLost(scan, manifest) is { } lost)
        {
            fall.Add(lost.Generation, lost.Reason, takenAt: null);
        }

        foreach (var save in candidates)
        {
            if (fall.IsDeep && !which.AllowOlder)
                break;

            var reading = folder.Reader.Read(Disk, save.Name, ReadDepth.Content, giveUp);
            if (reading.IsGood)
            {
                _proven[save.Name.Text] = save.File;
                var metadata = reading.Metadata! with { HasOlder = save.Name.Generation > scan.Saves[^1].Name.Generation };
                return new LoadedSave(metadata, reading.Content!, fall.EndingAt(metadata));
            }

            Skip(save, reading, fall);
        }

        throw new SaveDamagedException(fall.Say(slot, which.AllowOlder));
    }

    /// <summary>A save that was newer than all that are there: told until the next save takes its place.</summary>
    private (long Generation, string Reason)? NewestLost(SlotScan scan, SlotManifest? manifest)
    {
        if (manifest is { } noted && noted.Newest > scan.Highest)
            return (noted.Newest, $"Save {noted.Newest} of slot {slot} is gone.");
        var newest = scan.Saves.Count > 0 ? scan.Saves[0].Name.Generation : scan.Tombstone;
        return scan.Quarantined is [.., var aside] && aside.Generation > newest
            ? (aside.Generation, $"Save {aside.Generation} of slot {slot} is damaged; it was put aside.")
            : null;
    }

    private void NoteMissing(SlotScan scan, Fall fall, long wanted, bool allowOlder)
    {
        if (!allowOlder || scan.Quarantined.All(name => name.Generation != wanted))
            throw new SlotEmptyException(slot, wanted);
        fall.Add(wanted, $"Save {wanted} of slot {slot} is damaged; it was put aside.", null);
    }

    private void Skip((SaveFileName Name, DiskFile File) save, SaveReading reading, Fall fall)
    {
        ThrowIfNewer(save.Name, reading);
        fall.Add(
            save.Name.Generation, $"Save {save.Name.Generation} of slot {slot}: {reading.Reason}",
            reading.Metadata?.TakenAt, save.File.ChangedAt);
        if (reading.Validity == SaveValidity.Damaged && PutAside(save.Name, reading.Reason!) is { } aside)
            fall.QuarantinedAs.Add(aside);
    }

    private SaveReading Check((SaveFileName Name, DiskFile File) save, CancellationToken giveUp)
    {
        var reading = folder.Reader.Read(Disk, save.Name, ReadDepth.Body, giveUp);
        if (reading.IsGood)
            _proven[save.Name.Text] = save.File;
        return reading;
    }

    /// <summary>What can be said of a slot of which nothing can be read.</summary>
    private SaveMetadata Unknown(SlotScan scan, SlotManifest? manifest)
    {
        var newest = scan.Saves.Count > 0 ? scan.Saves[0] : default;
        var generation = newest.File is null ? scan.Highest : newest.Name.Generation;
        return new SaveMetadata
        {
            Slot = slot,
            Generation = generation,
            SavedAt = manifest?.Find(generation)?.TakenAt ?? newest.File?.ChangedAt ?? DateTimeOffset.UnixEpoch,
            Details = new SaveDetails(),
            Size = newest.File?.Length ?? 0,
            HasOlder = scan.Saves.Count > 1,
        };
    }

    /// <summary>The saves that a load had to pass by.</summary>
    private sealed class Fall(SlotManifest? manifest)
    {
        private readonly List<long> _skipped = [];
        private string? _reason;
        private DateTimeOffset? _meant;

        public List<string> QuarantinedAs { get; } = [];

        public bool IsDeep => _skipped.Count > 0;

        public void Add(long generation, string reason, DateTimeOffset? takenAt, DateTimeOffset? changedAt = null)
        {
            if (_skipped.Count == 0)
                (_reason, _meant) = (reason, takenAt ?? manifest?.Find(generation)?.TakenAt ?? changedAt);
            _skipped.Add(generation);
        }

        public FellBack? EndingAt(SaveMetadata loaded)
        {
            var lost = _meant - loaded.TakenAt ?? TimeSpan.Zero;
            return _reason is null ? null
                : new FellBack(_reason, lost > TimeSpan.Zero ? lost : TimeSpan.Zero, _skipped, QuarantinedAs);
        }

        public string Say(SlotName slot, bool allowOlder) =>
            (_reason ?? $"The saves of slot {slot} are damaged; they were put aside.")
            + (allowOlder ? " No older one is good either." : " Allow an older one to be loaded instead, or repair the slot.");
    }
}
