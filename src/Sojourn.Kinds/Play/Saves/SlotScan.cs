namespace Sojourn.Kinds.Play.Saves;

/// <summary>What a slot has in the folder, as the names tell.</summary>
internal sealed class SlotScan
{
    private readonly IReadOnlyList<(SaveFileName Name, DiskFile File)> _files;

    private SlotScan(SlotName slot, IReadOnlyList<(SaveFileName Name, DiskFile File)> files)
    {
        (Slot, _files) = (slot, files);
        Tombstone = Of(SaveFileRole.Tombstone).Select(file => file.Name.Generation).DefaultIfEmpty().Max();
        Highest = files.Where(file => file.Name.Role is not SaveFileRole.Temporary)
            .Select(file => file.Name.Generation).DefaultIfEmpty().Max();
        Saves = [.. Of(SaveFileRole.Save).Where(IsAlive).OrderByDescending(file => file.Name.Generation)];
        Quarantined = [.. Of(SaveFileRole.Quarantined).OrderBy(file => file.Name.Generation).Select(file => file.Name)];
    }

    public SlotName Slot { get; }

    /// <summary>The saves that count, newest first.</summary>
    public IReadOnlyList<(SaveFileName Name, DiskFile File)> Saves { get; }

    /// <summary>Files that were put aside, oldest first.</summary>
    public IReadOnlyList<SaveFileName> Quarantined { get; }

    /// <summary>The highest number that is deleted, with all below it; 0 if the slot never was.</summary>
    public long Tombstone { get; }

    /// <summary>The highest number of any file; 0 if there is none.</summary>
    public long Highest { get; }

    /// <summary>Damaged files of saves that were not deleted since: the slot is not empty, even if no save is left.</summary>
    public bool HasDamage => Quarantined.Any(name => name.Generation > Tombstone);

    public bool IsEmpty => Saves.Count == 0 && !HasDamage;

    /// <summary>What is left of a deleted slot, and marks of saves that are gone.</summary>
    public IEnumerable<SaveFileName> Leftovers => _files
        .Where(file => file.Name.Role switch
        {
            SaveFileRole.Save => !IsAlive(file),
            SaveFileRole.Attempt => Saves.All(save => save.Name.Generation != file.Name.Generation),
            SaveFileRole.Tombstone => file.Name.Generation < Tombstone,
            _ => false,
        })
        .Select(file => file.Name);

    /// <summary>Files of writes that did not come to their end.</summary>
    public IEnumerable<SaveFileName> Temporaries => Of(SaveFileRole.Temporary).Select(file => file.Name);

    /// <param name="slot">The slot.</param>
    /// <param name="files">All files of the folder.</param>
    /// <param name="hidden">A save that has its name and is not yet known to be on the disk; 0 for none.</param>
    public static SlotScan Of(SlotName slot, IEnumerable<DiskFile> files, long hidden = 0) => new(slot, [..
        from file in files
        let name = SaveFileName.TryParse(file.Name)
        where name is { } known && known.Slot == slot && (known.Role != SaveFileRole.Save || known.Generation != hidden)
        select (name.Value, file)]);

    public static IEnumerable<SlotName> SlotsIn(IEnumerable<DiskFile> files) => files
        .Select(file => SaveFileName.TryParse(file.Name)).OfType<SaveFileName>().Select(name => name.Slot)
        .Distinct().Order();

    public int AttemptsAt(long generation) => Of(SaveFileRole.Attempt)
        .Where(file => file.Name.Generation == generation).Select(file => file.Name.Count).DefaultIfEmpty().Max();

    public IEnumerable<SaveFileName> MarksOf(long generation) =>
        Of(SaveFileRole.Attempt).Select(file => file.Name).Where(name => name.Generation == generation);

    private bool IsAlive((SaveFileName Name, DiskFile File) file) => file.Name.Generation > Tombstone;

    private IEnumerable<(SaveFileName Name, DiskFile File)> Of(SaveFileRole role) =>
        _files.Where(file => file.Name.Role == role);
}
