namespace Sojourn.Kinds.Play.Saves;

/// <summary>What a slot keeps, puts aside and deletes.</summary>
internal sealed partial class SlotFiles
{
    /// <summary>
    /// Deletes what is older than the newest save and the good ones behind it. Only good ones count, so a damaged save
    /// never costs a good one its place.
    /// </summary>
    private void Rotate(SaveMetadata newest, CancellationToken giveUp)
    {
        var good = 0;
        foreach (var save in Scan().Saves)
        {
            if (save.Name.Generation == newest.Generation)
                _proven[save.Name.Text] = save.File;
            else if (good < Options.KeepOlder)
                good += IsKept(save, giveUp) ? 1 : 0;
            else
                Drop(save.Name);
        }

        // What is gone need not be remembered.
        var names = Scan().Saves.Select(save => save.Name.Text).ToHashSet(StringComparer.Ordinal);
        _proven.Keys.Where(name => !names.Contains(name)).ToList().ForEach(name => _proven.Remove(name));
    }

    private bool IsKept((SaveFileName Name, DiskFile File) save, CancellationToken giveUp)
    {
        if (_proven.TryGetValue(save.Name.Text, out var proven) && proven == save.File)
            return true;
        var reading = Check(save, giveUp);
        if (reading.Validity == SaveValidity.Damaged)
            PutAside(save.Name, reading.Reason!);
        return reading.IsGood;
    }

    private void Drop(SaveFileName name)
    {
        // A newer program may still want what is its own.
        if (folder.Reader.Read(Disk, name, ReadDepth.Head, default).Validity == SaveValidity.Newer)
            return;
        Scan().MarksOf(name.Generation).ToList().ForEach(mark => Disk.Delete(mark.Text));
        Disk.Delete(name.Text);
        folder.Tell(SaveEventType.Rotated, slot, name.Generation, name.Text);
    }

    /// <summary>
    /// Renames a damaged file, so that nobody takes it for a save again. A power cut may undo it; nothing is lost.
    /// </summary>
    /// <returns>The new name; null if it could not be done, or must not.</returns>
    private string? PutAside(SaveFileName name, string reason)
    {
        if (Options.ReadOnly)
            return null;

        string? aside = null;
        folder.Afterwards("putting a damaged file aside", slot, () =>
        {
            var kept = Scan().Quarantined;
            foreach (var oldest in kept.Take(kept.Count - Options.MaxQuarantined + 1))
                Disk.Delete(oldest.Text);
            var count = kept.Where(other => other.Generation == name.Generation).Select(other => other.Count)
                .DefaultIfEmpty().Max() + 1;
            var to = NameOf(name.Generation, SaveFileRole.Quarantined, count);
            Disk.Rename(name.Text, to);
            aside = to;
        });
        if (aside is not null)
        {
            folder.LogQuarantine(name, aside, reason);
            folder.Tell(SaveEventType.Quarantined, slot, name.Generation, aside);
        }

        return aside;
    }

    /// <summary>
    /// First a name that says so, flushed; from there on the slot is deleted, whatever happens. Files that a power cut
    /// leaves or brings back are below it. It goes with the next save.
    /// </summary>
    /// <returns>False if there was nothing.</returns>
    public bool Delete()
    {
        var scan = Scan();
        if (scan.IsEmpty)
            return false;

        try
        {
            Disk.Create(NameOf(scan.Highest, SaveFileRole.Tombstone)).Dispose();
            Disk.FlushDirectory();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            folder.Afterwards("removing a tombstone", slot,
                () => Disk.Delete(NameOf(scan.Highest, SaveFileRole.Tombstone)));
            throw folder.Explain(failure, slot, needed: 0);
        }

        folder.Afterwards("deleting its files", slot, () =>
        {
            Scan().Leftovers.ToList().ForEach(name => Disk.Delete(name.Text));
            Disk.Delete(SlotManifest.NameOf(slot));
        });
        _proven.Clear();
        folder.Tell(SaveEventType.Deleted, slot, null);
        return true;
    }

    /// <summary>
    /// Puts damaged files aside; if one of them was newer than the newest good save, writes that one anew.
    /// </summary>
    public RepairOutcome Repair(CancellationToken giveUp)
    {
        var scan = Scan();
        if (scan.IsEmpty)
            throw new SlotEmptyException(slot);

        scan.Temporaries.Concat(scan.Leftovers).ToList().ForEach(name => Disk.Delete(name.Text));
        var quarantined = new List<string>();
        var unreadable = new List<long>();
        var good = new List<SaveFileName>();
        foreach (var save in scan.Saves)
        {
            var reading = Check(save, giveUp);
            ThrowIfNewer(save.Name, reading);
            if (reading.IsGood)
                good.Add(save.Name);
            else if (reading.Validity != SaveValidity.Damaged)
                unreadable.Add(save.Name.Generation);
            else if (PutAside(save.Name, reading.Reason!) is { } aside)
                quarantined.Add(aside);
        }

        var highest = Math.Max(scan.Highest, SlotManifest.Read(Disk, slot)?.Newest ?? 0);
        // It alone has to stand for what was newer, so it gets a twin.
        var rewritten = good.Count > 0 && good[0].Generation < highest && !unreadable.Contains(highest)
            ? Rewrite(good[0], "repaired", giveUp)
            : null;
        var outcome = new RepairOutcome(
            slot, good.Count + (rewritten is null ? 0 : 1), quarantined, rewritten, unreadable);
        folder.Tell(SaveEventType.Repaired, slot, rewritten?.Generation, null, rewritten);
        return outcome;
    }

    /// <summary>Makes a copy of an older save the newest.</summary>
    public SaveMetadata Restore(long generation, CancellationToken giveUp)
    {
        if (Scan().Saves.FirstOrDefault(save => save.Name.Generation == generation) is not { File: not null } found)
            throw new SlotEmptyException(slot, generation);
        return Rewrite(found.Name, "restored", giveUp);
    }

    private SaveMetadata Rewrite(SaveFileName name, string how, CancellationToken giveUp)
    {
        var reading = folder.Reader.Read(Disk, name, ReadDepth.Content, giveUp);
        if (reading is not { IsGood: true, Metadata: { } known, Content: { } content })
        {
            ThrowIfNewer(name, reading);
            if (reading.Validity == SaveValidity.Damaged)
                PutAside(name, reading.Reason!);
            throw new SaveDamagedException(
                $"Save {name.Generation} of slot {slot} cannot be restored: {reading.Reason} Choose another.");
        }

        return Write(NextSaveOf(known, content, how), giveUp);
    }

    /// <summary>The same save once more: all that is said of it is kept, but for where it came from.</summary>
    public static NextSave NextSaveOf(SaveMetadata known, SaveContent content, string how) =>
        new(known.Details, content)
        {
            Schema = known.Schema,
            Template = known,
            Origin = new SaveOrigin(how, known.Slot, known.Generation, known.TakenAt),
        };

    /// <summary>The good saves, in the order in which they are best tried.</summary>
    public IReadOnlyList<GenerationState> Candidates(CancellationToken giveUp) => [..
        Generations(giveUp).Where(save => save.Validity == SaveValidity.Good)
            .OrderBy(save => save.Attempts >= Options.MaxRestoreAttempts)];

    /// <summary>Notes durably that a save is about to be restored: if that crashes, the note is there.</summary>
    /// <returns>How often it was tried, this time included.</returns>
    public int NoteAttempt(long generation)
    {
        var scan = Scan();
        if (scan.Saves.All(save => save.Name.Generation != generation))
            throw new SlotEmptyException(slot, generation);

        var attempts = scan.AttemptsAt(generation) + 1;
        Durably(() => Disk.Create(NameOf(generation, SaveFileRole.Attempt, attempts)).Dispose());
        return attempts;
    }

    /// <summary>Forgets, durably, that restoring it ever failed.</summary>
    public void NoteSuccess(long generation)
    {
        var marks = Scan().MarksOf(generation).ToList();
        if (marks.Count > 0)
            Durably(() => marks.ForEach(mark => Disk.Delete(mark.Text)));
    }

    /// <summary>Takes back, durably, the last note that restoring it was tried.</summary>
    public void TakeBackAttempt(long generation)
    {
        var last = Scan().MarksOf(generation).OrderByDescending(mark => mark.Count).Take(1).ToList();
        if (last.Count > 0)
            Durably(() => Disk.Delete(last[0].Text));
    }

    private void Durably(Action change)
    {
        try
        {
            change();
            Disk.FlushDirectory();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw folder.Explain(failure, slot, needed: 0);
        }
    }
}
