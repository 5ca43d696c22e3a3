using System.CommandLine;
using Sojourn.Mesh.Settings;

namespace Sojourn.Cli.Parties;

/// <summary>This machine's settings as files: documents, backups, and a look at their own. Needs no server.</summary>
internal static class SettingsFilesVerb
{
    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) CreateExport()
    {
        var file = new Argument<string?>("FILE")
        {
            Description = "Where to put it, replacing a file of that name [standard output]",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var verb = new Verb(
            "settings-export", "Writes settings, profiles and favourite servers as one JSON document.",
            "sojourn party settings-export mine.json") { file, PartyOptions.Home };
        return (verb, SettingsFolder.Using(Run));

        int Run(Call call, MeshSettings settings)
        {
            var document = SettingsDocument.Export(settings);
            if (call.Parse.GetValue(file) is not { } to)
            {
                call.Terminal.Out.Write(document);
                return ExitCodes.Done;
            }

            // Under another name at first, so that nobody finds half of it.
            File.WriteAllText(to + ".part", document);
            File.Move(to + ".part", to, overwrite: true);
            Tell(call, "Wrote", to);
            return ExitCodes.Done;
        }
    }

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) CreateImport()
    {
        var file = new Argument<string>("FILE") { Description = "The document, or - for standard input" };
        var verb = new Verb(
            "settings-import",
            "Takes over what such a document names; all else stays. If anything in it is wrong, nothing changes.",
            "sojourn party settings-import mine.json") { file, PartyOptions.Home };
        return (verb, RunAsync);

        async Task<int> RunAsync(Call call, CancellationToken stop)
        {
            var from = call.Parse.GetRequiredValue(file);
            byte[] document;
            await using (var source = from == "-" ? call.Terminal.OpenInput() : File.OpenRead(from))
                document = await Input.ReadAsync(source, SettingsDocument.MostBytes, stop);
            using var settings = SettingsFolder.Open(call);
            var counts = SettingsDocument.Import(settings, Input.WithoutMark(document));
            if (call.Json)
                call.Document(counts);
            else
                call.Say($"Took over {counts.Settings} settings, {counts.Profiles} profiles and {counts.Servers} "
                    + "servers.");
            return ExitCodes.Done;
        }
    }

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) CreateCheck()
    {
        var verb = new Verb(
            "settings-check", "Looks at the settings' file and all that is in it, and changes nothing.",
            "sojourn party settings-check") { PartyOptions.Home };
        return (verb, RunAsync);

        static Task<int> RunAsync(Call call, CancellationToken stop)
        {
            var home = PartyOptions.HomeOf(call);
            var faults = MeshSettings.Check(home);
            if (call.Json)
                call.Document(new { isThere = faults is not null, faults = faults ?? [] });
            else if (faults is null)
                call.Say($"There are no settings in {home} yet; all are as they come.");
            else if (faults.Count == 0)
                call.Say("All is well.");
            foreach (var fault in call.Json ? [] : faults ?? [])
                call.Say(fault);
            return Task.FromResult(faults is { Count: > 0 } ? ExitCodes.Failed : ExitCodes.Done);
        }
    }

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) CreateBackup()
    {
        var file = new Argument<string>("FILE") { Description = "Where to put it; nothing is replaced" };
        var verb = new Verb(
            "settings-backup",
            "Copies the settings' file, seats included. To restore it, put the copy in its place.",
            "sojourn party settings-backup before-the-move.db") { file, PartyOptions.Home };
        return (verb, SettingsFolder.Using(Run));

        int Run(Call call, MeshSettings settings)
        {
            var to = call.Parse.GetRequiredValue(file);
            settings.Backup(to);
            Tell(call, "Copied to", to);
            return ExitCodes.Done;
        }
    }

    private static void Tell(Call call, string done, string file)
    {
        var path = Path.GetFullPath(file);
        if (call.Json)
            call.Document(new { file = path });
        else
            call.Say($"{done} {path}.");
    }
}
