namespace Sojourn.Kinds.Play.Saves;

/// <summary>What is done with saves besides saving and loading.</summary>
public sealed partial class SaveSlots
{
    private const int Portion = 1 << 17;

    /// <summary>
    /// Puts damaged files of a slot aside and clears what crashes left. If damaged ones were newer than the newest good
    /// save, that one is written anew, so that there are two of it.
    /// </summary>
    /// <exception cref="SlotEmptyException">There is nothing to repair.</exception>
    public Task<RepairOutcome> RepairAsync(SlotName slot, CancellationToken giveUp = default) =>
        Changing(slot, files => files.Repair(giveUp), giveUp);

    /// <summary>
    /// Makes a copy of one of the slot's older saves its newest. The newer ones stay, and age as all do.
    /// </summary>
    /// <exception cref="SlotEmptyException">There is no such save.</exception>
    /// <exception cref="SaveDamagedException">It is damaged.</exception>
    public Task<SaveMetadata> RestoreGenerationAsync(
        SlotName slot, long generation, CancellationToken giveUp = default) =>
        Changing(slot, files => files.Restore(generation, giveUp), giveUp);

    /// <summary>
    /// Copies a slot's newest good save to another slot; one with a number makes a manual save of it.
    /// </summary>
    /// <param name="from">From where.</param>
    /// <param name="to">To where; another slot.</param>
    /// <param name="overwrite">Whether the other slot may hold saves; they become its older ones.</param>
    /// <param name="giveUp">Copies nothing.</param>
    /// <exception cref="SlotTakenException">The other slot holds saves.</exception>
    public async Task<SaveMetadata> CopyAsync(
        SlotName from, SlotName to, bool overwrite = false, CancellationToken giveUp = default)
    {
        ThrowIfReadOnly();
        SaveRules.CheckSlot(to, _options);
        if (from == to)
        {
            throw new SaveRefusedException($"Slot {from} cannot be copied to itself. Name another slot.");
        }

        var loaded = await InTurn(from, files => files.Load(new LoadOptions(), giveUp), giveUp)
            .ConfigureAwait(false);
        return await PutAsync(to, loaded.Metadata, loaded.Content, "copied", overwrite, giveUp).ConfigureAwait(false);
    }

    /// <summary>Deletes a slot with all its saves. Damaged files that were put aside stay.</summary>
    /// <returns>False if it was empty.</returns>
    public Task<bool> DeleteAsync(SlotName slot, CancellationToken giveUp = default) =>
        Changing(slot, files => files.Delete(), giveUp);

    /// <summary>
    /// Writes a slot's newest good save as one file, for <see cref="ImportAsync"/> here or elsewhere.
    /// </summary>
    /// <returns>What is known of it.</returns>
    /// <exception cref="SlotEmptyException">There is none.</exception>
    public async Task<SaveMetadata> ExportAsync(SlotName slot, Stream to, CancellationToken giveUp = default)
    {
        ArgumentNullException.ThrowIfNull(to);
        var packed = await InTurn(
            slot,
            files =>
            {
                var loaded = files.Load(new LoadOptions(), giveUp);
                return PackedSave.Pack(loaded.Metadata, loaded.Content, _options.Compress, giveUp);
            },
            giveUp).ConfigureAwait(false);
        // Elsewhere than in turn: the stream may be slow, and the slot is not to wait for it.
        await Task.Run(() => packed.WriteTo(to, _ => { }, giveUp), giveUp).ConfigureAwait(false);
        await to.FlushAsync(giveUp).ConfigureAwait(false);
        return packed.Metadata;
    }

    /// <summary>Takes a file that was exported, or any whole file of a save, into a slot.</summary>
    /// <param name="slot">Where to.</param>
    /// <param name="from">The file, up to its end.</param>
    /// <param name="overwrite">Whether the slot may hold saves; they become its older ones.</param>
    /// <param name="giveUp">Imports nothing.</param>
    /// <exception cref="SaveDamagedException">It is no save, or not all of one.</exception>
    /// <exception cref="SaveFromNewerVersionException">It is of a newer version.</exception>
    /// <exception cref="SaveRefusedException">It is too large.</exception>
    /// <exception cref="SlotTakenException">The slot holds saves.</exception>
    public async Task<SaveMetadata> ImportAsync(
        SlotName slot, Stream from, bool overwrite = false, CancellationToken giveUp = default)
    {
        ArgumentNullException.ThrowIfNull(from);
        ThrowIfReadOnly();
        SaveRules.CheckSlot(slot, _options);
        // Reading and hashing take their time, and the stream may be slow: not on the caller's thread.
        var reading = await Task.Run(() => ReadAsync(from, giveUp), giveUp).ConfigureAwait(false);
        return reading switch
        {
            { IsGood: true, Metadata: { } known, Content: { } content } =>
                await PutAsync(slot, known, content, "imported", overwrite, giveUp).ConfigureAwait(false),
            { Validity: SaveValidity.Newer } =>
                throw new SaveFromNewerVersionException("What was given", reading.Reason!),
            _ => throw new SaveDamagedException($"What was given cannot be imported: {reading.Reason}"),
        };
    }

    /// <summary>
    /// The good saves of a slot in the order in which they are best restored: newest first, but those that could not be
    /// restored <see cref="SaveSlotsOptions.MaxRestoreAttempts"/> times come last.
    /// </summary>
    public Task<IReadOnlyList<GenerationState>> RestoreCandidatesAsync(
        SlotName slot, CancellationToken giveUp = default) =>
        InTurn(slot, files => files.Candidates(giveUp), giveUp);

    /// <summary>
    /// Says, before a save is restored to a game, that this will be tried. It is on the disk when this completes, and
    /// so it is known after a crash.
    /// </summary>
    /// <returns>How often it was tried, this time included.</returns>
    /// <exception cref="SlotEmptyException">There is no such save.</exception>
    public Task<int> NoteRestoreAttemptAsync(SlotName slot, long generation, CancellationToken giveUp = default) =>
        Changing(slot, files => files.NoteAttempt(generation), giveUp);

    /// <summary>Says that the last attempt was none: it was given up, and not for the save's sake.</summary>
    public Task TakeBackRestoreAttemptAsync(SlotName slot, long generation, CancellationToken giveUp = default) =>
        Changing(slot, files => { files.TakeBackAttempt(generation); return true; }, giveUp);

    /// <summary>Says that the game runs with the restored save: its attempts are forgotten.</summary>
    public Task NoteRestoreSucceededAsync(SlotName slot, long generation, CancellationToken giveUp = default) =>
        Changing(slot, files => { files.NoteSuccess(generation); return true; }, giveUp);

    private Task<SaveMetadata> PutAsync(
        SlotName slot, SaveMetadata known, SaveContent content, string how, bool overwrite, CancellationToken giveUp)
    {
        var next = SlotFiles.NextSaveOf(known, content, how);
        var details = slot.Index is null ? next.Details : next.Details with { Type = SaveType.Manual };
        SaveRules.Check(slot, content, details, _options);
        return InTurn(
            slot,
            files => overwrite || files.Scan().IsEmpty
                ? files.Write(next with { Details = details }, giveUp)
                : throw new SlotTakenException(slot),
            giveUp);
    }

    private async Task<SaveReading> ReadAsync(Stream from, CancellationToken giveUp)
    {
        var most = SaveFormat.PrefixLength + SaveFormat.MaxHeadBytes + SaveFormat.MaxPictureBytes
            + _options.MaxContentBytes;
        using var file = new MemoryStream();
        var buffer = new byte[Portion];
        int got;
        while ((got = await from.ReadAsync(buffer, giveUp).ConfigureAwait(false)) > 0)
        {
            if (file.Length + got > Math.Min(most, int.MaxValue))
            {
                throw new SaveRefusedException(
                    $"What was given is larger than any save may be here ({_options.MaxContentBytes:N0} bytes).");
            }

            file.Write(buffer.AsSpan(0, got));
        }

        file.Position = 0;
        return _folder.Reader.Read(file, file.Length, ReadDepth.Content, giveUp);
    }
}
