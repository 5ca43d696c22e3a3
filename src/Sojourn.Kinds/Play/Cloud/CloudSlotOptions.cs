namespace Sojourn.Kinds.Play.Cloud;

/// <summary>The limits of save slots on a server. Faults are reported together.</summary>
public sealed class CloudSlotOptions
{
    /// <summary>
    /// How many numbered slots a game has, from 0; beside them there are <c>quick</c> and <c>auto</c>. Default 10;
    /// 1 to 1,000.
    /// </summary>
    public int NumberedSlots { get; set; } = 10;

    /// <summary>The largest save, in bytes. Default 16 MiB; 1 KiB to 16 MiB. Beyond it: 413.</summary>
    public int MaxSaveBytes { get; set; } = 16 << 20;

    /// <summary>The largest picture, in bytes. Default 1 MiB; 1 KiB to 4 MiB. Beyond it: 413.</summary>
    public int MaxScreenshotBytes { get; set; } = 1 << 20;

    /// <summary>How many saves before the newest a slot keeps. Default 3; 0 to 20.</summary>
    public int OlderGenerations { get; set; } = 3;

    /// <summary>
    /// Bytes that one owner's saves may take up, older ones and pictures included. Default 512 MiB; at least 1 KiB.
    /// Beyond it: 429 <c>quota-exceeded</c>.
    /// </summary>
    public long MaxBytesPerOwner { get; set; } = 512 << 20;

    /// <summary>
    /// How many slots of all games together one owner may use. Default 100; 1 to 10,000. Beyond it: 429
    /// <c>quota-exceeded</c>.
    /// </summary>
    public int MaxSlotsPerOwner { get; set; } = 100;

    /// <summary>
    /// How many uploads of one owner may be under way at once. Default 4; 1 to 100. Beyond it: 429 <c>overloaded</c>.
    /// </summary>
    public int MaxUploadsPerOwner { get; set; } = 4;

    /// <summary>As <see cref="MaxUploadsPerOwner"/>, of all owners together. Default 32; 1 to 1,000.</summary>
    public int MaxUploads { get; set; } = 32;

    /// <summary>
    /// How many saves and pictures one owner may be downloading at once. Default 16; 1 to 100. Beyond it: 429
    /// <c>overloaded</c>.
    /// </summary>
    public int MaxDownloadsPerOwner { get; set; } = 16;

    /// <summary>As <see cref="MaxDownloadsPerOwner"/>, of all owners together. Default 32; 1 to 1,000.</summary>
    public int MaxDownloads { get; set; } = 32;

    /// <summary>The limits as the engine takes them.</summary>
    /// <exception cref="SojournException">An option is out of its range; the message names all that are.</exception>
    internal Policy ToPolicy()
    {
        var faults = Faults().ToList();
        if (faults.Count > 0)
        {
            throw new SojournException($"The options of cloud slots cannot be used: {string.Join(" ", faults)}");
        }

        var kept = new Retention { Entries = 1 + OlderGenerations };
        return new Policy
        {
            // One that was opened for a save which then was not stored holds nothing, and goes by itself.
            Statuses =
            [
                new(CloudSlotKind.Empty) { KeepFor = TimeSpan.FromHours(1) },
                new(CloudSlotKind.Kept),
            ],
            PassivateAfter = TimeSpan.FromMinutes(10),
            KeptSnapshots = 2,
            SnapshotEvery = TimeSpan.Zero,
            MaxStateBytes = 256 << 10,
            MaxEntryBytes = Math.Max(MaxSaveBytes, MaxScreenshotBytes),
            Streams = new Dictionary<string, Retention>
            {
                [CloudSlotKind.Saves] = kept,
                [CloudSlotKind.Screenshots] = kept,
            },
        };
    }

    /// <summary>All that is wrong, in sentences; empty if nothing is.</summary>
    public IEnumerable<string> Faults()
    {
        (string Name, long Value, long Least, long Most)[] all =
        [
            (nameof(NumberedSlots), NumberedSlots, 1, 1_000),
            (nameof(MaxSaveBytes), MaxSaveBytes, 1 << 10, 16 << 20),
            (nameof(MaxScreenshotBytes), MaxScreenshotBytes, 1 << 10, 4 << 20),
            (nameof(OlderGenerations), OlderGenerations, 0, 20),
            (nameof(MaxBytesPerOwner), MaxBytesPerOwner, 1 << 10, long.MaxValue),
            (nameof(MaxSlotsPerOwner), MaxSlotsPerOwner, 1, 10_000),
            (nameof(MaxUploadsPerOwner), MaxUploadsPerOwner, 1, 100),
            (nameof(MaxUploads), MaxUploads, 1, 1_000),
            (nameof(MaxDownloadsPerOwner), MaxDownloadsPerOwner, 1, 100),
            (nameof(MaxDownloads), MaxDownloads, 1, 1_000),
        ];
        return all.Where(option => option.Value < option.Least || option.Value > option.Most).Select(option =>
            option.Most == long.MaxValue
                ? $"{option.Name} must be at least {option.Least:N0}; it is {option.Value:N0}."
                : $"{option.Name} must be {option.Least:N0} to {option.Most:N0}; it is {option.Value:N0}.");
    }
}
