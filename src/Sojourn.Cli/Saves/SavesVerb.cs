using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Sojourn.Kinds.Play.Saves;

namespace Sojourn.Cli.Saves;

/// <summary>The verbs about a game's saves on this machine, together under one. They need no server.</summary>
internal static class SavesVerb
{
    public static Verb Create() => new(
        "saves", "Looks at, checks and mends a game's saves on this machine; needs no server.",
        "sojourn saves ls ./saves", "sojourn saves verify ./saves");

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) CreateList()
    {
        var folder = Folder();
        var verb = new Verb(
            "ls", "Lists the slots, newest first; the game may run.", "sojourn saves ls ./saves") { folder };
        return (verb, SaveFolders.Looking(folder, RunAsync));

        static async Task<int> RunAsync(Call call, SaveSlots slots, CancellationToken stop)
        {
            var saves = await slots.ListAsync(stop);
            if (call.Json)
                call.Document(new { saves = saves.Select(ShownSave.Of) });
            else if (saves.Count == 0)
                call.Say("There are no saves.");
            else
                call.Draw(SaveTables.List(saves, call.Terminal.Clock.GetUtcNow()));
            return ExitCodes.Done;
        }
    }

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) CreateShow()
    {
        var (folder, slot) = (Folder(), Slot());
        var verb = new Verb(
            "show", "Shows what is known of a slot, and all saves that it keeps; the game may run.",
            "sojourn saves show ./saves 3") { folder, slot };
        return (verb, SaveFolders.Looking(folder, RunAsync));

        async Task<int> RunAsync(Call call, SaveSlots slots, CancellationToken stop)
        {
            var wanted = call.Parse.GetValue(slot);
            if ((await slots.ListAsync(stop)).FirstOrDefault(each => each.Slot == wanted) is not { } save)
                throw new SlotEmptyException(wanted);

            var kept = await slots.GenerationsAsync(wanted, stop);
            if (call.Json)
            {
                call.Document(new { save = ShownSave.Of(save), generations = kept.Select(ShownGeneration.Of) });
                return ExitCodes.Done;
            }

            call.Draw(SaveTables.Details(save));
            call.Draw(SaveTables.Generations(kept, call.Terminal.Clock.GetUtcNow()));
            return ExitCodes.Done;
        }
    }

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) CreateVerify()
    {
        var (folder, slot) = (Folder(), OneOrAll());
        var verb = new Verb(
            "verify", "Reads every save whole and compares it with its hashes; changes nothing, and the game may run.",
            "sojourn saves verify ./saves", "sojourn saves verify ./saves quick") { folder, slot };
        return (verb, SaveFolders.Looking(folder, RunAsync));

        async Task<int> RunAsync(Call call, SaveSlots slots, CancellationToken stop)
        {
            var checks = new List<ShownCheck>();
            foreach (var each in await ChosenAsync(call, slots, slot, stop))
                checks.Add(ShownCheck.Of(each, await slots.GenerationsAsync(each.Slot, stop)));
            if (call.Json)
                call.Document(new { slots = checks });
            else
                SaveTables.Tell(call, checks);
            return checks.TrueForAll(check => check.IsWell) ? ExitCodes.Done : ExitCodes.Failed;
        }
    }

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) CreateRepair()
    {
        var (folder, slot) = (Folder(), OneOrAll());
        var verb = new Verb(
            "repair",
            "Puts damaged files aside, and writes the newest good save anew if newer ones were damaged. End the game first.",
            "sojourn saves repair ./saves 3") { folder, slot };
        return (verb, SaveFolders.Changing(folder, RunAsync));

        async Task<int> RunAsync(Call call, SaveSlots slots, CancellationToken stop)
        {
            var outcomes = new List<RepairOutcome>();
            foreach (var each in await ChosenAsync(call, slots, slot, stop))
                outcomes.Add(await slots.RepairAsync(each.Slot, stop));
            if (call.Json)
                call.Document(new { slots = outcomes.Select(ShownRepair.Of) });
            else
                SaveTables.Tell(call, outcomes);
            return outcomes.TrueForAll(each => each.Good > 0 && each.Unreadable.Count == 0)
                ? ExitCodes.Done : ExitCodes.Failed;
        }
    }

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) CreateRestore()
    {
        var (folder, slot) = (Folder(), Slot());
        var generation = new Argument<long>("NUMBER") { Description = "The save's number, as `saves show` shows it" };
        var verb = new Verb(
            "restore", "Makes a copy of an older save its slot's newest; the others stay. End the game first.",
            "sojourn saves restore ./saves 3 12") { folder, slot, generation };
        return (verb, SaveFolders.Changing(folder, RunAsync));

        async Task<int> RunAsync(Call call, SaveSlots slots, CancellationToken stop)
        {
            var wanted = call.Parse.GetValue(generation);
            var restored = await slots.RestoreGenerationAsync(call.Parse.GetValue(slot), wanted, stop);
            if (call.Json)
                call.Document(ShownSave.Of(restored));
            else
                call.Say($"Save {wanted} of slot {restored.Slot} is its newest again, as {restored.Generation}.");
            return ExitCodes.Done;
        }
    }

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) CreateExport()
    {
        var (folder, slot) = (Folder(), Slot());
        var output = new Option<string?>("--out")
        {
            Description = "Where to put it, replacing a file of that name [the slot and .save, here]",
            HelpName = "FILE",
        };
        var verb = new Verb(
            "export", "Writes a slot's newest good save as one file; the game may run.",
            "sojourn saves export ./saves 3 --out before-the-end.save") { folder, slot, output };
        return (verb, SaveFolders.Looking(folder, RunAsync));

        async Task<int> RunAsync(Call call, SaveSlots slots, CancellationToken stop)
        {
            var wanted = call.Parse.GetValue(slot);
            var file = Path.GetFullPath(call.Parse.GetValue(output) ?? wanted.FileStem + ".save");
            var save = await SaveFolders.WriteAsync(file, to => slots.ExportAsync(wanted, to, stop));
            if (call.Json)
                call.Document(new { save = ShownSave.Of(save), file });
            else
                call.Say($"Wrote save {save.Generation} of slot {save.Slot} to {file}.");
            return ExitCodes.Done;
        }
    }

    private static async Task<IReadOnlyList<SaveMetadata>> ChosenAsync(
        Call call, SaveSlots slots, Argument<SlotName?> slot, CancellationToken stop)
    {
        var all = await slots.ListAsync(stop);
        return call.Parse.GetValue(slot) is not { } wanted ? all
            : all.Where(each => each.Slot == wanted).ToList() is { Count: > 0 } one ? one
            : throw new SlotEmptyException(wanted);
    }

    private static Argument<string> Folder() => new("DIR") { Description = "The folder in which the game keeps its saves" };

    private static Argument<SlotName> Slot() => new("SLOT")
    {
        Description = "A number, quick or auto",
        CustomParser = result => Parse(result) ?? default,
    };

    private static Argument<SlotName?> OneOrAll() => new("SLOT")
    {
        Description = "A number, quick or auto [all slots]",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = Parse,
    };

    private static SlotName? Parse(ArgumentResult result)
    {
        if (result.Tokens.Count == 0)
            return null;
        if (SlotName.TryParse(result.Tokens[0].Value, out var slot))
            return slot;
        result.AddError(string.Create(CultureInfo.InvariantCulture,
            $"'{result.Tokens[0].Value}' is no slot. Slots are 0 to {SlotName.MaxNumber}, quick and auto."));
        return null;
    }
}
