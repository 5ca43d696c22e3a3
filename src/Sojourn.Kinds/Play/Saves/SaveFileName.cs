using System.Globalization;

namespace Sojourn.Kinds.Play.Saves;

/// <summary>What a file of the folder is for.</summary>
internal enum SaveFileRole
{
    /// <summary>A save: <c>slot-3.000012.save</c>.</summary>
    Save,

    /// <summary>One that is being written: <c>slot-3.000012.tmp</c>.</summary>
    Temporary,

    /// <summary>One that was put aside: <c>slot-3.000012.save.damaged</c>, or <c>.damaged-2</c> and so on.</summary>
    Quarantined,

    /// <summary>Says that this save and all older ones are deleted: <c>slot-3.000012.deleted</c>.</summary>
    Tombstone,

    /// <summary>Says that it was to be restored: <c>slot-3.000012.try1</c>.</summary>
    Attempt,
}

/// <summary>The name of a slot's file.</summary>
internal readonly record struct SaveFileName(SlotName Slot, long Generation, SaveFileRole Role, int Count = 1)
{
    private const string Damaged = "save.damaged";

    /// <summary>The highest number: at a save a second, thirty thousand years.</summary>
    public const long MaxGeneration = 999_999_999_999;

    private const int MostDigits = 12;

    public string Text
    {
        get
        {
            var stem = string.Create(CultureInfo.InvariantCulture, $"{Slot.FileStem}.{Generation:D6}");
            return Role switch
            {
                SaveFileRole.Save => $"{stem}.save",
                SaveFileRole.Temporary => $"{stem}.tmp",
                SaveFileRole.Tombstone => $"{stem}.deleted",
                SaveFileRole.Attempt => string.Create(CultureInfo.InvariantCulture, $"{stem}.try{Count}"),
                _ when Count == 1 => $"{stem}.{Damaged}",
                _ => string.Create(CultureInfo.InvariantCulture, $"{stem}.{Damaged}-{Count}"),
            };
        }
    }

    /// <returns>Null for files that are not ours: they are left alone.</returns>
    public static SaveFileName? TryParse(string file)
    {
        var parts = file.Split('.', 3);
        if (parts.Length < 3 || SlotOf(parts[0]) is not { } slot || parts[1].Length is < 6 or > MostDigits
            || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var generation))
        {
            return null;
        }

        var (role, count) = parts[2] switch
        {
            "save" => (SaveFileRole.Save, 1),
            "tmp" => (SaveFileRole.Temporary, 1),
            "deleted" => (SaveFileRole.Tombstone, 1),
            Damaged => (SaveFileRole.Quarantined, 1),
            _ when CountIn(parts[2], Damaged + "-") is { } n => (SaveFileRole.Quarantined, n),
            _ when CountIn(parts[2], "try") is { } n => (SaveFileRole.Attempt, n),
            _ => (default, 0),
        };
        var name = new SaveFileName(slot, generation, role, count);
        // What would not be written so, such as a number with needless zeros, is somebody else's.
        return count > 0 && name.Text == file ? name : null;
    }

    private static SlotName? SlotOf(string stem) =>
        SlotName.TryParse(stem.StartsWith("slot-", StringComparison.Ordinal) ? stem[5..] : stem, out var slot)
            && slot.FileStem == stem ? slot : null;

    private static int? CountIn(string text, string start) =>
        text.StartsWith(start, StringComparison.Ordinal)
        && int.TryParse(text.AsSpan(start.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        && count > 0 ? count : null;
}
