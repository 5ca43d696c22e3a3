using Sojourn.Kinds.Play.Saves;
using Sojourn.Testing.Disks;

namespace Sojourn.Tests.Play.Saves;

/// <summary>
/// The power goes at each call of everything that writes, and what was not flushed survives in every combination, or in
/// many of them. Whatever is found then loads the save before or the new one, whole.
/// </summary>
public sealed class PowerCutTests
{
    private static readonly PowerCut[] All =
    [
        new("a first save", Nothing, Save(1), EitherAsync(before: null, after: 1)),
        new("a save over others", Saves(1, 2), Save(3), EitherAsync(before: 2, after: 3, kept: 2)),
        new("a save that rotates an older one away", Saves(1, 2, 3, 4, 5), Save(6),
            EitherAsync(before: 5, after: 6, kept: 4)),
        new("a save in a slot that was deleted", DeletedAsync, Save(6), EitherAsync(before: null, after: 6)),
        new("a save over a damaged one", DamagedAsync, Save(6), EitherAsync(before: 4, after: 6, kept: 4, fell: true)),
        new("a copy", Saves(1, 2, 3), slots => slots.CopyAsync(Saved.Three, Saved.Four),
            EitherAsync(before: null, after: 3, slot: Saved.Four)),
        new("a copy over others", BothAsync, slots => slots.CopyAsync(Saved.Three, Saved.Four, overwrite: true),
            EitherAsync(before: 9, after: 3, slot: Saved.Four, kept: 2)),
        new("an import", Saves(1, 2), ImportAsync, EitherAsync(before: 2, after: 2, grows: true)),
        new("a restored older save", Saves(1, 2, 3), slots => slots.RestoreGenerationAsync(Saved.Three, 1),
            EitherAsync(before: 3, after: 1, kept: 3)),
        new("a repair", DamagedAsync, slots => slots.RepairAsync(Saved.Three),
            EitherAsync(before: 4, after: 4, kept: 4, fell: true)),
        new("a deletion", Saves(1, 2, 3, 4, 5), slots => slots.DeleteAsync(Saved.Three),
            EitherAsync(before: 5, after: null)),
        new("a note that a save is to be restored", Saves(1, 2),
            slots => slots.NoteRestoreAttemptAsync(Saved.Three, 2), TriesAsync(before: 0, after: 1)),
        new("a note that a save was restored", TriedAsync,
            slots => slots.NoteRestoreSucceededAsync(Saved.Three, 2), TriesAsync(before: 2, after: 0)),
    ];

    public static TheoryData<string> Names => [.. All.Select(cut => cut.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Whatever_a_power_cut_leaves_loads_the_save_before_or_the_new_one(string name)
    {
        var looked = await PowerCuts.ExploreAsync(Named(name));

        looked.ShouldBeGreaterThan(4);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Without_any_one_of_its_flushes_a_power_cut_would_lose_something(string name)
    {
        var flushes = await PowerCuts.FlushesOfAsync(Named(name));

        flushes.ShouldNotBeEmpty();
        for (var leaveOut = 1; leaveOut <= flushes.Count; leaveOut++)
        {
            await Should.ThrowAsync<LostSaveException>(
                () => PowerCuts.ExploreAsync(Named(name), leaveOut),
                $"without flush {leaveOut} of {name}, in {flushes[leaveOut - 1]}");
        }
    }

    [Fact]
    public async Task No_flush_stands_in_the_code_that_these_tests_do_not_leave_out()
    {
        (await PowerCuts.FlushesOfAsync(Named("a save over others"))).ShouldBe(["file", "directory"]);
        (await PowerCuts.FlushesOfAsync(Named("a deletion"))).ShouldBe(["directory"]);
        (await PowerCuts.FlushesOfAsync(Named("a note that a save is to be restored"))).ShouldBe(["directory"]);

        // What a save, a deletion and a note do is all that there is: four places.
        var sources = string.Concat(Sources());
        Occurrences(sources, "Disk.Flush(").ShouldBe(1);
        Occurrences(sources, "Disk.FlushDirectory(").ShouldBe(3);
    }

    [Fact]
    public async Task A_power_cut_while_the_folder_is_opened_after_a_power_cut_loses_nothing_either()
    {
        foreach (var cut in All)
        {
            var disk = new SimulatedDisk(blockBytes: 256);
            await using (var slots = await PowerCuts.OpenAsync(disk))
                await cut.Before(slots, disk);
            var isAnswered = await CutHalfwayAsync(cut, disk);
            foreach (var found in disk.Survivors(16, seed: 1))
                await CutWhileOpeningAsync(cut, found, isAnswered);
        }
    }

    private static async Task<bool> CutHalfwayAsync(PowerCut cut, SimulatedDisk disk)
    {
        var rehearsal = disk.Copy();
        await using (var slots = await PowerCuts.OpenAsync(rehearsal))
            await cut.Do(slots);
        await using (var slots = await PowerCuts.OpenAsync(disk))
        {
            disk.CutAtCall = disk.Calls + (rehearsal.Calls * 2 / 3) + 1;
            return await EndsAsync(() => cut.Do(slots));
        }
    }

    private static async Task CutWhileOpeningAsync(PowerCut cut, SimulatedDisk found, bool isAnswered)
    {
        for (var at = 1; ; at++)
        {
            var disk = found.Copy();
            disk.CutAtCall = at;
            var isOpen = await EndsAsync(async () => await (await PowerCuts.OpenAsync(disk)).DisposeAsync());
            foreach (var again in disk.Survivors(8, seed: at))
            {
                await using var slots = await PowerCuts.OpenAsync(again);
                await cut.Check(slots, isAnswered);
            }

            if (isOpen)
                return;
        }
    }

    private static async Task<bool> EndsAsync(Func<Task> work)
    {
        try
        {
            await work();
            return true;
        }
        catch (PowerCutException)
        {
            return false;
        }
    }

    private static PowerCut Named(string name) => All.Single(cut => cut.Name == name);

    private static Func<SaveSlots, Task> Save(int number) => slots => slots.SaveAsync(Saved.Three, number);

    private static Task Nothing(SaveSlots slots, SimulatedDisk disk) => Task.CompletedTask;

    private static Func<SaveSlots, SimulatedDisk, Task> Saves(params int[] numbers) => async (slots, _) =>
    {
        foreach (var number in numbers)
            await slots.SaveAsync(Saved.Three, number);
    };

    private static async Task DeletedAsync(SaveSlots slots, SimulatedDisk disk)
    {
        await Saves(1, 2, 3, 4, 5)(slots, disk);
        await slots.DeleteAsync(Saved.Three);
    }

    private static async Task DamagedAsync(SaveSlots slots, SimulatedDisk disk)
    {
        await Saves(1, 2, 3, 4, 5)(slots, disk);
        var bytes = disk.Read("slot-3.000005.save");
        bytes[^1] ^= 1;
        disk.Put("slot-3.000005.save", bytes);
    }

    private static async Task BothAsync(SaveSlots slots, SimulatedDisk disk)
    {
        await Saves(1, 2, 3)(slots, disk);
        await slots.SaveAsync(Saved.Four, 9);
    }

    private static async Task TriedAsync(SaveSlots slots, SimulatedDisk disk)
    {
        await Saves(1, 2)(slots, disk);
        await slots.NoteRestoreAttemptAsync(Saved.Three, 2);
        await slots.NoteRestoreAttemptAsync(Saved.Three, 2);
    }

    private static async Task ImportAsync(SaveSlots slots)
    {
        using var file = new MemoryStream();
        await slots.ExportAsync(Saved.Three, file);
        file.Position = 0;
        await slots.ImportAsync(Saved.Three, file, overwrite: true);
    }

    /// <param name="before">What is loaded before; null for nothing.</param>
    /// <param name="after">What is loaded once the call was answered; null for nothing.</param>
    /// <param name="slot">From where; slot 3 if left out.</param>
    /// <param name="kept">How many good saves there are at least.</param>
    /// <param name="fell">Whether a newer save was damaged before.</param>
    /// <param name="grows">Whether the call can be told by the save's number alone.</param>
    private static Func<SaveSlots, bool, Task> EitherAsync(
        int? before, int? after, SlotName? slot = null, int kept = 1, bool fell = false, bool grows = false) =>
        async (slots, isAnswered) =>
        {
            var from = slot ?? Saved.Three;
            var (number, generation, hasFallen) = await LookAsync(slots, from);

            (number == after || (number == before && !isAnswered))
                .ShouldBeTrue($"{number} was loaded; before it was {before}, and then {after}");
            if (hasFallen)
                (fell && !isAnswered).ShouldBeTrue("a save is told to be damaged or gone that is not");
            if (grows && isAnswered)
                generation.ShouldBe(3);
            var good = (await slots.GenerationsAsync(from)).Count(save => save.Validity == SaveValidity.Good);
            good.ShouldBeGreaterThanOrEqualTo(number is null ? 0 : Math.Min(kept, isAnswered ? kept : kept - 1));
            (await slots.ListAsync()).Count(save => save.Slot == from).ShouldBe(number is null ? 0 : 1);
        };

    private static async Task<(int? Number, long? Generation, bool HasFallen)> LookAsync(SaveSlots slots, SlotName slot)
    {
        try
        {
            var loaded = await slots.LoadAsync(slot);
            return (Saved.NumberOf(loaded), loaded.Metadata.Generation, loaded.FellBack is not null);
        }
        catch (SlotEmptyException)
        {
            return (null, null, false);
        }
    }

    private static Func<SaveSlots, bool, Task> TriesAsync(int before, int after) => async (slots, isAnswered) =>
    {
        var tries = (await slots.GenerationsAsync(Saved.Three))[0].Attempts;
        (isAnswered ? tries == after : tries >= Math.Min(before, after) && tries <= Math.Max(before, after))
            .ShouldBeTrue($"{tries} attempts were found");
        Saved.NumberOf(await slots.LoadAsync(Saved.Three)).ShouldBe(2);
    };

    private static int Occurrences(string text, string of) => text.Split(of, StringSplitOptions.None).Length - 1;

    private static IEnumerable<string> Sources()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Sojourn.slnx")))
            directory = directory.Parent;
        directory.ShouldNotBeNull();
        return directory.GetDirectories("src/Sojourn.Kinds/Play/Saves")[0].GetFiles("*.cs")
            .Select(file => File.ReadAllText(file.FullName));
    }
}
