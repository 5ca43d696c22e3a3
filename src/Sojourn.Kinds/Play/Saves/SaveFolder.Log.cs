using Microsoft.Extensions.Logging;

namespace Sojourn.Kinds.Play.Saves;

/// <summary>What an operator reads.</summary>
internal sealed partial class SaveFolder
{
    [LoggerMessage(601, LogLevel.Error, "{File} in {Folder} is damaged and was put aside as {Aside}: {Reason}")]
    private partial void LogQuarantined(string file, string folder, string aside, string reason);

    [LoggerMessage(602, LogLevel.Warning,
        "A save of slot {Slot} in {Folder} is on the disk, but {What} was not done: {Problem} The next save tries again.")]
    private partial void LogAfterwards(string what, SlotName slot, string folder, string problem);

    [LoggerMessage(603, LogLevel.Error, "A listener to {Event} of slot {Slot} threw; the others were told.")]
    public partial void LogListener(Exception failure, SaveEventType @event, SlotName slot);
}
