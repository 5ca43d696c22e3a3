using Microsoft.Extensions.Logging;

namespace Sojourn.Kinds.Play.Saves;

/// <summary>What all slots of a folder share.</summary>
internal sealed partial class SaveFolder(ISaveDisk disk, SaveSlotsOptions options)
{
    private readonly ILogger _logger = options.Logger;

    public ISaveDisk Disk => disk;

    public SaveSlotsOptions Options => options;

    public SaveReader Reader { get; } = new(options);

    /// <summary>Set once, by whoever passes the news on.</summary>
    public Action<SaveEvent> Heard { get; init; } = _ => { };

    public DateTimeOffset Now => options.Clock.GetUtcNow();

    public void Tell(
        SaveEventType type, SlotName slot, long? generation, string? detail = null, SaveMetadata? metadata = null) =>
        Heard(new SaveEvent(type, slot, generation, detail) { Metadata = metadata });

    /// <summary>
    /// Does what follows a save that is on the disk already: if it fails, that is told, and the save stands.
    /// </summary>
    public void Afterwards(string what, SlotName slot, Action work)
    {
        try
        {
            work();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogAfterwards(what, slot, disk.Folder, failure.Message);
        }
    }

    /// <summary>What a failure of the disk is for whoever asked.</summary>
    public SaveException Explain(Exception failure, SlotName slot, long needed) =>
        failure is IOException io && IsFull(io)
            ? new DiskFullException(disk.Folder, needed, disk.FreeBytes, failure)
            : new SaveDiskException(
                $"The disk of '{disk.Folder}' failed while slot {slot} was written: {failure.Message} The older saves "
                + "were not touched.",
                failure);

    public void LogQuarantine(SaveFileName name, string aside, string reason) =>
        LogQuarantined(name.Text, disk.Folder, aside, reason);

    private static bool IsFull(IOException failure)
    {
        const int NoSpace = 28;
        const int QuotaOnLinux = 122;
        const int QuotaOnMac = 69;
        const int DiskFull = unchecked((int)0x80070070);
        const int HandleDiskFull = unchecked((int)0x80070027);
        return failure.HResult is DiskFull or HandleDiskFull
            || (!OperatingSystem.IsWindows() && (failure.HResult == NoSpace
                || failure.HResult == (OperatingSystem.IsMacOS() ? QuotaOnMac : QuotaOnLinux)));
    }
}
