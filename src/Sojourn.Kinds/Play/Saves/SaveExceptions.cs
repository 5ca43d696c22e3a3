namespace Sojourn.Kinds.Play.Saves;

/// <summary>Something with saves that could not be done. The message says what happened and what helps.</summary>
public abstract class SaveException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>Another process, or another <see cref="SaveSlots"/> of this one, has the folder open.</summary>
public sealed class SaveFolderInUseException : SaveException
{
    /// <summary>Tells who it is, as far as that is known.</summary>
    public SaveFolderInUseException(string folder, int? processId, DateTimeOffset? since, Exception? cause = null)
        : base(
            $"The saves in '{folder}' are in use by "
            + (processId is { } id ? $"process {id}" : "another process")
            + (since is { } time ? $", since {time.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z" : "")
            + ". End that game first, or use another folder.",
            cause) =>
        (Folder, ProcessId, Since) = (folder, processId, since);

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>Who has it; null if that cannot be told.</summary>
    public int? ProcessId { get; }

    /// <summary>Since when; null if that cannot be told.</summary>
    public DateTimeOffset? Since { get; }
}

/// <summary>Nothing was saved there, or it was deleted.</summary>
public sealed class SlotEmptyException(SlotName slot, long? generation = null) : SaveException(
    generation is { } number
        ? $"Slot {slot} has no save {number}. It may be among those that newer ones replaced; list what there is."
        : $"Slot {slot} is empty. Save there first, or choose another.")
{
    /// <summary>The slot.</summary>
    public SlotName Slot { get; } = slot;
}

/// <summary>There is a save where one was to be put that must not replace any.</summary>
public sealed class SlotTakenException(SlotName slot)
    : SaveException($"Slot {slot} holds a save. Choose another slot, or say that it may be overwritten.")
{
    /// <summary>The slot.</summary>
    public SlotName Slot { get; } = slot;
}

/// <summary>The save is not what was written, and none that could take its place is good.</summary>
public sealed class SaveDamagedException(string message, Exception? cause = null) : SaveException(message, cause);

/// <summary>The save is of a newer version of this library. It was left as it is.</summary>
public sealed class SaveFromNewerVersionException(string file, string reason) : SaveException(
    $"'{file}' is of a newer version: {reason} Nothing was changed. Use the newer program, or another slot.");

/// <summary>The game gave something that cannot be saved. Nothing was changed.</summary>
public sealed class SaveRefusedException(string message) : SaveException(message);

/// <summary>Too many calls wait for the slot. Nothing was done; the same call may succeed later.</summary>
public sealed class SaveQueueFullException(SlotName slot, int waiting)
    : SaveException($"{waiting} calls wait for slot {slot} already. Wait for some of them before you ask again.");

/// <summary>The disk has no room for the save. What was there before is whole.</summary>
public sealed class DiskFullException(string folder, long needed, long? free, Exception? cause = null) : SaveException(
    $"There is no room in '{folder}' for a save of {needed:N0} bytes"
    + (free is { } left ? $"; {left:N0} are free" : "")
    + ". The older saves are whole. Free some space and save again.",
    cause);

/// <summary>The disk failed. What was there before is whole, if the disk can be believed.</summary>
public sealed class SaveDiskException(string message, Exception? cause = null) : SaveException(message, cause);
