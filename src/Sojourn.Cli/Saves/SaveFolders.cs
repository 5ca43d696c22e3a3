using System.CommandLine;
using Sojourn.Kinds.Play.Saves;

namespace Sojourn.Cli.Saves;

/// <summary>Opens the folder that a verb is about, and says what cannot be done with it.</summary>
internal static class SaveFolders
{
    /// <summary>
    /// As generous as can be: this program does not know the game's own limits, and must never delete what the game would
    /// keep. The game's next save brings them to force again.
    /// </summary>
    private static readonly SaveSlotsOptions Generous = new()
    {
        Slots = SlotName.MaxNumber + 1,
        KeepOlder = 100,
        MaxQuarantined = 1000,
        MaxContentBytes = 2_000_000_000,
        MaxParts = 256,
        MaxScreenshotBytes = 16 << 20,
    };

    public static Func<Call, CancellationToken, Task<int>> Looking(
        Argument<string> folder, Func<Call, SaveSlots, CancellationToken, Task<int>> run) =>
        (call, stop) => RunAsync(call, call.Parse.GetRequiredValue(folder), isChanging: false, run, stop);

    public static Func<Call, CancellationToken, Task<int>> Changing(
        Argument<string> folder, Func<Call, SaveSlots, CancellationToken, Task<int>> run) =>
        (call, stop) => RunAsync(call, call.Parse.GetRequiredValue(folder), isChanging: true, run, stop);

    /// <summary>Has a file written beside its place, and puts it there when it is whole.</summary>
    public static async Task<T> WriteAsync<T>(string file, Func<Stream, Task<T>> write)
    {
        var part = file + ".part";
        try
        {
            T written;
            await using (var target = new FileStream(part, FileMode.Create, FileAccess.Write))
            {
                written = await write(target);
                target.Flush(flushToDisk: true);
            }

            File.Move(part, file, overwrite: true);
            return written;
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    private static async Task<int> RunAsync(
        Call call, string folder, bool isChanging, Func<Call, SaveSlots, CancellationToken, Task<int>> run,
        CancellationToken stop)
    {
        // Opening would make it, and a folder that was mistyped is not to appear.
        if (!Directory.Exists(folder))
            throw new UsageException($"There is no directory '{folder}'. Name the one in which the game keeps its saves.");

        try
        {
            var options = Generous with { ReadOnly = !isChanging, Clock = call.Terminal.Clock };
            await using var slots = await SaveSlots.OpenAsync(folder, options, stop);
            return await run(call, slots, stop);
        }
        catch (SaveException problem)
        {
            var (code, type, title) = problem switch
            {
                SlotEmptyException => (ExitCodes.NotFound, "no-save", "There is no such save"),
                SaveDamagedException => (ExitCodes.Failed, "save-damaged", "The save is damaged"),
                SaveFolderInUseException => (ExitCodes.Conflict, "saves-in-use", "The saves are in use"),
                _ => (ExitCodes.Usage, "saves", "The saves cannot be used so"),
            };
            new Failure(code, Failure.Local(type, title, problem.Message)).Tell(call.Terminal, call.Json);
            return code;
        }
    }
}
