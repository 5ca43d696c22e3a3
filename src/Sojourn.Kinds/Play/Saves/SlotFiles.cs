namespace Sojourn.Kinds.Play.Saves;

/// <summary>What is to be written as the next save of a slot.</summary>
internal sealed record NextSave(SaveDetails Details, SaveContent Content)
{
    public required int Schema { get; init; }

    public SaveOrigin? Origin { get; init; }

    public SaveMetadata? Template { get; init; }

    public IProgress<SaveProgress>? Progress { get; init; }
}

/// <summary>
/// One slot's files. Everything is read from the folder anew, so there is nothing here that could differ from it. One
/// call at a time, but for <see cref="Look"/>.
/// </summary>
internal sealed partial class SlotFiles(SlotName slot, SaveFolder folder)
{
    // A save that has its name and is not yet flushed: nobody is shown what a power cut could take back.
    private long _underway;

    private ISaveDisk Disk => folder.Disk;

    private SaveSlotsOptions Options => folder.Options;

    /// <summary>
    /// Brings to its end what a crash has cut short. Nothing of it needs a flush: the next start does it again.
    /// </summary>
    public static void CleanUp(SaveFolder folder)
    {
        var files = folder.Disk.List();
        foreach (var scan in SlotScan.SlotsIn(files).Select(slot => SlotScan.Of(slot, files)))
        {
            scan.Temporaries.Concat(scan.Leftovers).ToList().ForEach(name => folder.Disk.Delete(name.Text));
        }
    }

    public SlotScan Scan() => SlotScan.Of(slot, Disk.List(), Interlocked.Read(ref _underway));

    /// <summary>Writes a save; when this returns, it is on the disk.</summary>
    public SaveMetadata Write(NextSave next, CancellationToken giveUp)
    {
        var report = new ProgressReport(next.Progress);
        report.At(SaveStage.Packing, 0);
        var scan = Scan();
        RefuseIfNewer(scan);
        var manifest = SlotManifest.Read(Disk, slot);
        // A manifest that names the highest number there is must not outlive the file that had it.
        var noted = manifest is { Newest: < SaveFileName.MaxGeneration } known ? known.Newest : 0;
        var generation = Math.Max(scan.Highest, noted) + 1;
        if (generation > SaveFileName.MaxGeneration)
        {
            throw new SaveRefusedException(
                $"Slot {slot} has no number left for another save: the name of a file in '{Disk.Folder}' "
                + $"begins with '{slot.FileStem}.{generation - 1}', the highest there is. Move that file "
                + "elsewhere, or use another slot.");
        }

        var about = (next.Template ?? new SaveMetadata
        {
            Slot = slot,
            Generation = generation,
            SavedAt = default,
            Details = next.Details,
        }) with
        {
            Slot = slot,
            Generation = generation,
            SavedAt = folder.Now.ToUniversalTime(),
            Schema = next.Schema,
            Details = next.Details,
            Origin = next.Origin,
        };
        var packed = PackedSave.Pack(about, next.Content, Options.Compress, giveUp);
        Commit(packed, scan, report, giveUp);
        folder.Afterwards("clearing what is no longer needed", slot, () => ForgetDeleted(generation));
        folder.Afterwards("rotating older saves", slot, () => Rotate(packed.Metadata, giveUp: default));
        folder.Afterwards("its manifest", slot, () => NoteManifest(packed.Metadata));
        report.At(SaveStage.Done, 1);
        return packed.Metadata with { HasOlder = Scan().Saves.Count > 1 };
    }

    /// <summary>
    /// The order is the guarantee. Bytes are on the disk before they have a name that is looked for; the name is on the
    /// disk before anything older is touched.
    /// </summary>
    private void Commit(PackedSave packed, SlotScan before, ProgressReport report, CancellationToken giveUp)
    {
        var temporary = NameOf(packed.Metadata.Generation, SaveFileRole.Temporary);
        var final = NameOf(packed.Metadata.Generation, SaveFileRole.Save);
        Interlocked.Exchange(ref _underway, packed.Metadata.Generation);
        try
        {
            // Else the tombstone that keeps them dead could go before they do.
            before.Leftovers.ToList().ForEach(name => Disk.Delete(name.Text));
            WriteTemporary(packed, temporary, report, giveUp);
            report.At(SaveStage.Verifying, 0.85);
            Verify(packed, temporary, giveUp);
            giveUp.ThrowIfCancellationRequested();
            report.At(SaveStage.Committing, 0.95);
            Disk.Rename(temporary, final);
            Disk.FlushDirectory();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Discard(temporary, final);
            throw folder.Explain(failure, slot, packed.Length);
        }
        catch (Exception failure) when (failure is OperationCanceledException or SaveException)
        {
            Discard(temporary, final);
            throw;
        }
        finally
        {
            Interlocked.Exchange(ref _underway, 0);
        }
    }

    private void WriteTemporary(PackedSave packed, string name, ProgressReport report, CancellationToken giveUp)
    {
        using var file = Disk.Create(name);
        packed.WriteTo(file, written => report.At(SaveStage.Writing, 0.3 + (0.4 * written / packed.Length)), giveUp);
        report.At(SaveStage.Flushing, 0.75);
        Disk.Flush(file);
    }

    /// <summary>
    /// What is read back must be what was meant: not every disk, and not every memory, can be believed.
    /// </summary>
    private void Verify(PackedSave packed, string temporary, CancellationToken giveUp)
    {
        using var file = Disk.OpenRead(temporary);
        var prefix = new byte[SaveFormat.PrefixLength];
        var got = file.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false);
        file.Position = 0;
        var reading = folder.Reader.Read(file, file.Length, ReadDepth.Body, giveUp);
        if (got < prefix.Length || !reading.IsGood
            || !prefix.AsSpan(SaveFormat.FileHashAt, SaveFormat.HashLength).SequenceEqual(packed.FileHash))
        {
            throw new SaveDiskException(
                $"What was written to '{temporary}' in '{Disk.Folder}' does not read back the same. The older saves "
                + "were not touched. Look after the disk, and save to another one.");
        }
    }

    private void Discard(string temporary, string final)
    {
        foreach (var name in (string[])[temporary, final])
        {
            folder.Afterwards("removing " + name, slot, () => Disk.Delete(name));
        }
    }

    /// <summary>
    /// The flush that brought the new save's name to the disk has brought there that the deleted ones are gone.
    /// </summary>
    private void ForgetDeleted(long generation)
    {
        var scan = Scan();
        if (scan.Tombstone > 0 && scan.Tombstone < generation)
        {
            Disk.Delete(NameOf(scan.Tombstone, SaveFileRole.Tombstone));
        }
    }

    private void NoteManifest(SaveMetadata newest)
    {
        var scan = Scan();
        var old = SlotManifest.Read(Disk, slot);
        var lines = scan.Saves.Select(save => save.Name.Generation == newest.Generation
            ? new ManifestLine(newest.Generation, newest.TakenAt, newest.Size)
            : old?.Find(save.Name.Generation) ?? LineOf(save.Name)).OfType<ManifestLine>();
        new SlotManifest(Math.Max(scan.Highest, newest.Generation), [.. lines]).Write(Disk, slot);
    }

    private ManifestLine? LineOf(SaveFileName name) =>
        folder.Reader.Read(Disk, name, ReadDepth.Head, default).Metadata is { } known
            ? new ManifestLine(known.Generation, known.TakenAt, known.Size)
            : null;

    private void RefuseIfNewer(SlotScan scan)
    {
        if (scan.Saves is [var newest, ..])
        {
            ThrowIfNewer(newest.Name, folder.Reader.Read(Disk, newest.Name, ReadDepth.Head, default));
        }
    }

    private static void ThrowIfNewer(SaveFileName name, SaveReading reading)
    {
        if (reading.Validity == SaveValidity.Newer)
        {
            throw new SaveFromNewerVersionException(name.Text, reading.Reason!);
        }
    }

    private string NameOf(long generation, SaveFileRole role, int count = 1) =>
        new SaveFileName(slot, generation, role, count).Text;
}
