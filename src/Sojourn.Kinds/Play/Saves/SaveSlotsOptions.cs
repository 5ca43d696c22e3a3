using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Sojourn.Kinds.Play.Saves;

/// <summary>How saves are kept. What cannot be is refused when the folder is opened, all of it at once.</summary>
public sealed record SaveSlotsOptions
{
    /// <summary>How many slots have numbers, from 0 on: 0 to 999, 10 by default. <c>quick</c> and <c>auto</c> come on top.</summary>
    public int Slots { get; init; } = 10;

    /// <summary>How many good saves a slot keeps behind its newest: 1 to 100, 3 by default.</summary>
    public int KeepOlder { get; init; } = 3;

    /// <summary>The game's own version of what its parts mean; 1 by default. It is noted in each save.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>Whether parts are compressed, which is the default; a part that does not become smaller is not.</summary>
    public bool Compress { get; init; } = true;

    /// <summary>The largest content, in bytes, for saving and for loading: 256 MiB by default, at most 2,000,000,000.</summary>
    public long MaxContentBytes { get; init; } = 256L << 20;

    /// <summary>The most parts of a save: 1 to 256, 64 by default.</summary>
    public int MaxParts { get; init; } = 64;

    /// <summary>The largest screenshot, in bytes: 0 to 16 MiB, 1 MiB by default.</summary>
    public int MaxScreenshotBytes { get; init; } = 1 << 20;

    /// <summary>How many calls may wait for their turn at one slot: 1 to 1,000, 16 by default.</summary>
    public int MaxWaiting { get; init; } = 16;

    /// <summary>
    /// How many damaged files a slot keeps aside: 1 to 1,000, 16 by default. When one more comes, the one with the lowest
    /// number is deleted; nothing else ever deletes them.
    /// </summary>
    public int MaxQuarantined { get; init; } = 16;

    /// <summary>How often restoring a save may fail before older ones are offered first: 1 to 100, 2 by default.</summary>
    public int MaxRestoreAttempts { get; init; } = 2;

    /// <summary>
    /// Only look: the folder is not locked, so a game may have it open, and nothing in it is changed. False by default.
    /// </summary>
    public bool ReadOnly { get; init; }

    /// <summary>What time it is; the system's by default.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Where it is told what was found and done; nowhere by default.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <exception cref="ArgumentException">Something cannot be; the message says all of it.</exception>
    internal static void Check(SaveSlotsOptions options)
    {
        var faults = options.Faults().ToList();
        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', faults), nameof(options));
        }
    }

    private IEnumerable<string> Faults()
    {
        (string Name, long Value, long Least, long Most)[] ranges =
        [
            (nameof(Slots), Slots, 0, SlotName.MaxNumber + 1),
            (nameof(KeepOlder), KeepOlder, 1, 100),
            (nameof(Schema), Schema, 0, int.MaxValue),
            (nameof(MaxContentBytes), MaxContentBytes, 1, 2_000_000_000),
            (nameof(MaxParts), MaxParts, 1, 256),
            (nameof(MaxScreenshotBytes), MaxScreenshotBytes, 0, 16 << 20),
            (nameof(MaxWaiting), MaxWaiting, 1, 1000),
            (nameof(MaxQuarantined), MaxQuarantined, 1, 1000),
            (nameof(MaxRestoreAttempts), MaxRestoreAttempts, 1, 100),
        ];
        return ranges.Where(range => range.Value < range.Least || range.Value > range.Most)
            .Select(range => $"{range.Name} is {range.Value}; it must be {range.Least} to {range.Most}.");
    }
}
