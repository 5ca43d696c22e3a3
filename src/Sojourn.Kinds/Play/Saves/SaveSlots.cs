using System.Collections.Concurrent;

namespace Sojourn.Kinds.Play.Saves;

/// <summary>
/// Saves of a game in a folder: slots with numbers, one for quick and one for automatic saves. A save that was answered
/// survives a power cut; until it is, the one before stands. Calls to one slot are done one after another in the order
/// in which they came, on threads of the pool, and never on the caller's. Safe from any thread.
/// </summary>
/// <remarks>
/// A game opens its folder once, when it starts, and disposes of this when it ends. Listeners to <see cref="Happened"/>
/// are called on the thread that does the work; what they throw is logged and harms nobody.
/// </remarks>
public sealed partial class SaveSlots : IAsyncDisposable
{
    private readonly SaveFolder _folder;
    private readonly SaveSlotsOptions _options;
    private readonly IDisposable? _lock;
    private readonly ConcurrentDictionary<SlotName, Slot> _slots = new();
    private readonly SaveClock _saves;
    private readonly SaveClock _loads;
    private readonly Lock _gate = new();
    private Task? _ended;

    private SaveSlots(ISaveDisk disk, SaveSlotsOptions options, IDisposable? held)
    {
        (_options, _lock) = (options, held);
        (_saves, _loads) = (new SaveClock(options.Clock), new SaveClock(options.Clock));
        _folder = new SaveFolder(disk, options) { Heard = Tell };
    }

#pragma warning disable MA0046 // A record says more than what could be derived from EventArgs.
    /// <summary>Something happened to saves, told in order for each slot.</summary>
    public event EventHandler<SaveEvent>? Happened;
#pragma warning restore MA0046

    /// <summary>The folder.</summary>
    public string Folder => _folder.Disk.Folder;

    /// <summary>How often and how fast saves were done since the folder was opened.</summary>
    public SaveStatistics Statistics => new(_saves.Times, _loads.Times);

    /// <summary>Opens a folder, makes it if there is none, and ends what a crash may have cut short.</summary>
    /// <param name="directory">The folder, for saves alone.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="giveUp">Opens nothing if it is cancelled before.</param>
    /// <exception cref="SaveFolderInUseException">Another process has it; the message says which.</exception>
    /// <exception cref="ArgumentException">The options cannot be.</exception>
    public static Task<SaveSlots> OpenAsync(
        string directory, SaveSlotsOptions? options = null, CancellationToken giveUp = default) =>
        OpenAsync(new FolderDisk(directory), options, giveUp);

    /// <summary>As the other, on a disk of one's own.</summary>
    public static Task<SaveSlots> OpenAsync(
        ISaveDisk disk, SaveSlotsOptions? options = null, CancellationToken giveUp = default)
    {
        ArgumentNullException.ThrowIfNull(disk);
        var chosen = options ?? new SaveSlotsOptions();
        SaveSlotsOptions.Check(chosen);
        return Task.Run(() => Open(disk, chosen), giveUp);
    }

    /// <summary>Saves. When this completes, the save is on the disk.</summary>
    /// <param name="slot">Where.</param>
    /// <param name="content">What. Leave its bytes alone until this completes.</param>
    /// <param name="details">What is told of it in lists.</param>
    /// <param name="progress">
    /// Told how far it is: that it waits on the caller's thread, then on the one that does it. What it throws harms
    /// nothing.
    /// </param>
    /// <param name="giveUp">Cancels it as long as it is not committed: the save before then stands.</param>
    /// <exception cref="SaveRefusedException">It cannot be saved as it is.</exception>
    /// <exception cref="DiskFullException">There is no room; what was there is whole.</exception>
    /// <exception cref="SaveDiskException">The disk failed.</exception>
    /// <exception cref="SaveQueueFullException">Too many calls wait for the slot.</exception>
    /// <exception cref="SaveFromNewerVersionException">The slot's newest save is of a newer version.</exception>
    public Task<SaveMetadata> SaveAsync(
        SlotName slot, SaveContent content, SaveDetails details, IProgress<SaveProgress>? progress = null,
        CancellationToken giveUp = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(details);
        SaveRules.Check(slot, content, details, _options);
        ThrowIfReadOnly();
        new ProgressReport(progress).At(SaveStage.Waiting, 0);
        var next = new NextSave(details, content) { Schema = _options.Schema, Progress = progress };
        return InTurn(slot, files => Told(slot, files, next, giveUp), giveUp);
    }

    /// <summary>Loads the newest save, or the newest good one if that is damaged.</summary>
    /// <param name="slot">From where.</param>
    /// <param name="which">Null for the newest, or an older one if need be.</param>
    /// <param name="giveUp">Loads nothing.</param>
    /// <exception cref="SlotEmptyException">There is no such save.</exception>
    /// <exception cref="SaveDamagedException">None is good; damaged files are put aside, not deleted.</exception>
    /// <exception cref="SaveFromNewerVersionException">It is of a newer version.</exception>
    /// <exception cref="SaveRefusedException">It is larger than the options allow.</exception>
    public Task<LoadedSave> LoadAsync(SlotName slot, LoadOptions? which = null, CancellationToken giveUp = default) =>
        InTurn(slot, files => Told(slot, files, which ?? new LoadOptions(), giveUp), giveUp);

    /// <summary>
    /// What is in the slots, newest first; empty ones are left out, damaged ones are not. Files are looked at, not read
    /// whole; waits for nothing that is being saved.
    /// </summary>
    public Task<IReadOnlyList<SaveMetadata>> ListAsync(CancellationToken giveUp = default)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _ended) is not null, this);
        return Task.Run(List, giveUp);
    }

    /// <summary>
    /// All saves that a slot keeps, newest first, each read whole and compared with its hashes. Changes nothing.
    /// </summary>
    public Task<IReadOnlyList<GenerationState>> GenerationsAsync(SlotName slot, CancellationToken giveUp = default) =>
        InTurn(slot, files => files.Generations(giveUp), giveUp);

    /// <summary>Reads a save whole and compares it with its hashes. Changes nothing.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="generation">The save's number; null for the newest.</param>
    /// <param name="giveUp">Stops reading.</param>
    public Task<SaveValidity> ValidateAsync(
        SlotName slot, long? generation = null, CancellationToken giveUp = default) =>
        InTurn(slot, files => files.Validate(generation, giveUp).Validity, giveUp);

    /// <summary>
    /// Lets all that was asked for come to its end, and gives the folder free. A second call waits for the same end.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            return new ValueTask(_ended ??= EndAsync());
        }
    }

    private static SaveSlots Open(ISaveDisk disk, SaveSlotsOptions options)
    {
        var held = options.ReadOnly ? null : disk.Lock(options.Clock.GetUtcNow());
        try
        {
            var slots = new SaveSlots(disk, options, held);
            if (!options.ReadOnly)
            {
                SlotFiles.CleanUp(slots._folder);
            }

            return slots;
        }
        catch
        {
            held?.Dispose();
            throw;
        }
    }

    private IReadOnlyList<SaveMetadata> List()
    {
        var files = _folder.Disk.List();
        return
        [
            .. SlotScan.SlotsIn(files).Select(slot => Of(slot).Files.Look(files)).OfType<SaveMetadata>()
                .OrderByDescending(save => save.SavedAt).ThenBy(save => save.Slot),
        ];
    }

    private SaveMetadata Told(SlotName slot, SlotFiles files, NextSave next, CancellationToken giveUp)
    {
        _folder.Tell(SaveEventType.SaveStarted, slot, null);
        try
        {
            var saved = _saves.Time(() => files.Write(next, giveUp));
            _folder.Tell(SaveEventType.Saved, slot, saved.Generation, null, saved);
            return saved;
        }
        catch (Exception failure)
        {
            Tell(new SaveEvent(SaveEventType.SaveFailed, slot, null, failure.Message) { Failure = failure });
            throw;
        }
    }

    private LoadedSave Told(SlotName slot, SlotFiles files, LoadOptions which, CancellationToken giveUp)
    {
        _folder.Tell(SaveEventType.LoadStarted, slot, which.Generation);
        try
        {
            var loaded = _loads.Time(() => files.Load(which, giveUp));
            var generation = loaded.Metadata.Generation;
            if (loaded.FellBack is { } fall)
            {
                _folder.Tell(SaveEventType.FellBack, slot, generation, fall.Reason, loaded.Metadata);
            }

            _folder.Tell(SaveEventType.Loaded, slot, generation, null, loaded.Metadata);
            return loaded;
        }
        catch (Exception failure)
        {
            Tell(new SaveEvent(SaveEventType.LoadFailed, slot, which.Generation, failure.Message)
            {
                Failure = failure,
            });
            throw;
        }
    }

    private void Tell(SaveEvent happened)
    {
        foreach (var listener in Happened?.GetInvocationList() ?? [])
        {
            try
            {
                ((EventHandler<SaveEvent>)listener)(this, happened);
            }
            catch (Exception failure)
            {
                _folder.LogListener(failure, happened.Type, happened.Slot);
            }
        }
    }

    private void ThrowIfReadOnly()
    {
        if (_options.ReadOnly)
        {
            throw new InvalidOperationException(
                $"'{Folder}' was opened to look only. Open it without {nameof(SaveSlotsOptions.ReadOnly)} to change "
                + "it.");
        }
    }

    private async Task EndAsync()
    {
        await Task.WhenAll(_slots.Values.Select(slot => slot.Lane.Ended)).ConfigureAwait(false);
        _lock?.Dispose();
    }

    private Task<T> Changing<T>(SlotName slot, Func<SlotFiles, T> work, CancellationToken giveUp)
    {
        ThrowIfReadOnly();
        return InTurn(slot, work, giveUp);
    }

    private Task<T> InTurn<T>(SlotName slot, Func<SlotFiles, T> work, CancellationToken giveUp)
    {
        SaveRules.CheckSlot(slot, _options);
        // What is let in here, the end waits for.
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_ended is not null, this);
            var entry = Of(slot);
            return entry.Lane.RunAsync(() => work(entry.Files), giveUp);
        }
    }

    private Slot Of(SlotName slot) => _slots.GetOrAdd(slot, name => new Slot(
        new SlotFiles(name, _folder),
        new Lane(_options.MaxWaiting, waiting => new SaveQueueFullException(name, waiting))));

    private sealed record Slot(SlotFiles Files, Lane Lane);
}
