using System.CommandLine;
using System.Globalization;

namespace Sojourn.Cli.Verbs;

/// <summary>What is done with a backup where it lies, without a server.</summary>
internal static class BackupVerbs
{
    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) CreateRestore()
    {
        var backup = Backup();
        var verb = new Verb(
            "restore-backup", "Makes a data directory of a backup, for `serve --data`; needs no server.",
            "sojourn restore-backup ./backups/before-upgrade --data ./restored") { backup };
        return (verb, RunAsync);

        async Task<int> RunAsync(Call call, CancellationToken stop)
        {
            var directory = Path.GetFullPath(call.Globals.DataDirectory(call.Parse, call.Terminal));
            var restored = await ServeBackups.RestoreAsync(call.Parse.GetRequiredValue(backup), directory, stop);
            Show(call, restored, $"restored to {restored.Directory}.");
            return ExitCodes.Done;
        }
    }

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) CreateDrill()
    {
        var backup = Backup();
        var verb = new Verb(
            "drill", "Restores a backup aside, compares it and removes it again; needs no server.",
            "sojourn drill ./backups/before-upgrade") { backup };
        return (verb, RunAsync);

        async Task<int> RunAsync(Call call, CancellationToken stop)
        {
            var tried = await ServeBackups.DrillAsync(call.Parse.GetRequiredValue(backup), stop);
            Show(call, tried, "would be restored.");
            return tried.Differences.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
        }
    }

    private static Argument<string> Backup() => new("BACKUP") { Description = "The backup's directory" };

    private static void Show(Call call, RestoredBackup restored, string done)
    {
        if (call.Json)
        {
            call.Document(restored);
            return;
        }

        call.Say($"{Number(restored.Sessions)} sessions with {Number(restored.Entries)} entries {done}");
        foreach (var sentence in restored.Differences.Concat(restored.Damaged))
            call.Say(sentence);
    }

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
