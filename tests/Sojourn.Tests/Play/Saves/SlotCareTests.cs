using System.Text;
using System.Text.Json;
using Sojourn.Kinds.Play.Saves;
using Sojourn.Testing.Disks;

namespace Sojourn.Tests.Play.Saves;

/// <summary>Copying, deleting, restoring, repairing, and saves that leave the folder and come to another.</summary>
public sealed class SlotCareTests
{
    private readonly SimulatedDisk _disk = new();

    [Fact]
    public async Task A_copy_is_the_same_save_in_another_slot_and_a_manual_one()
    {
        await using var slots = await PowerCuts.OpenAsync(_disk);
        var saved = await slots.SaveAsync(
            SlotName.Auto, Saved.Content(4), Saved.Details(4) with { Type = SaveType.Auto });

        await slots.CopyAsync(SlotName.Auto, Saved.Four);

        var copy = await slots.LoadAsync(Saved.Four);
        Saved.NumberOf(copy).ShouldBe(4);
        copy.Metadata.Details.Type.ShouldBe(SaveType.Manual);
        copy.Metadata.Sha256.ShouldBe(saved.Sha256);
        copy.Metadata.TakenAt.ShouldBe(saved.SavedAt);
        copy.Metadata.Origin.ShouldBe(new SaveOrigin("copied", SlotName.Auto, 1, saved.SavedAt));
    }

    [Fact]
    public async Task A_copy_replaces_nothing_unless_it_may()
    {
        await using var slots = await PowerCuts.OpenAsync(_disk);
        await slots.SaveAsync(Saved.Three, 3);
        await slots.SaveAsync(Saved.Four, 4);

        await Should.ThrowAsync<SlotTakenException>(() => slots.CopyAsync(Saved.Three, Saved.Four));
        Saved.NumberOf(await slots.LoadAsync(Saved.Four)).ShouldBe(4);
        await slots.CopyAsync(Saved.Three, Saved.Four, overwrite: true);

        Saved.NumberOf(await slots.LoadAsync(Saved.Four)).ShouldBe(3);
        Saved.NumberOf(await slots.LoadAsync(Saved.Four, new() { Generation = 1 })).ShouldBe(4);
        await Should.ThrowAsync<SaveRefusedException>(() => slots.CopyAsync(Saved.Four, Saved.Four, overwrite: true));
        await Should.ThrowAsync<SlotEmptyException>(() => slots.CopyAsync(SlotName.Quick, Saved.Four, overwrite: true));
    }

    [Fact]
    public async Task A_deleted_slot_is_empty_and_its_numbers_never_come_again()
    {
        await using (var slots = await PowerCuts.OpenAsync(_disk))
        {
            await slots.SaveAsync(Saved.Three, 1);
            await slots.SaveAsync(Saved.Three, 2);

            (await slots.DeleteAsync(Saved.Three)).ShouldBeTrue();
            (await slots.DeleteAsync(Saved.Three)).ShouldBeFalse();
            await Should.ThrowAsync<SlotEmptyException>(() => slots.LoadAsync(Saved.Three));
        }

        _disk.Names.ShouldNotContain(name => name.EndsWith(".save", StringComparison.Ordinal));
        await using var again = await PowerCuts.OpenAsync(_disk);
        (await again.ListAsync()).ShouldBeEmpty();
        (await again.SaveAsync(Saved.Three, 3)).Generation.ShouldBe(3);
        (await again.GenerationsAsync(Saved.Three)).Count.ShouldBe(1);
        _disk.Names.ShouldNotContain(name => name.EndsWith(".deleted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_older_save_becomes_the_newest_and_the_others_stay()
    {
        await using var slots = await PowerCuts.OpenAsync(_disk);
        for (var number = 1; number <= 3; number++)
            await slots.SaveAsync(Saved.Three, number);

        var restored = await slots.RestoreGenerationAsync(Saved.Three, 1);

        restored.Generation.ShouldBe(4);
        restored.Origin.ShouldNotBeNull().How.ShouldBe("restored");
        Saved.NumberOf(await slots.LoadAsync(Saved.Three)).ShouldBe(1);
        (await slots.GenerationsAsync(Saved.Three)).Select(save => save.Generation).ShouldBe([4, 3, 2, 1]);
        await Should.ThrowAsync<SlotEmptyException>(() => slots.RestoreGenerationAsync(Saved.Three, 9));
    }

    [Fact]
    public async Task A_repair_puts_damaged_files_aside_and_makes_a_second_of_the_last_good_one()
    {
        await using var slots = await PowerCuts.OpenAsync(_disk);
        for (var number = 1; number <= 3; number++)
            await slots.SaveAsync(Saved.Three, number);
        _disk.Put("slot-3.000003.save", [1]);
        _disk.Put("slot-3.000001.save", [1]);

        var outcome = await slots.RepairAsync(Saved.Three);

        outcome.Quarantined.ShouldBe(["slot-3.000003.save.damaged", "slot-3.000001.save.damaged"]);
        outcome.Good.ShouldBe(2);
        outcome.Rewritten.ShouldNotBeNull().Generation.ShouldBe(4);
        outcome.Rewritten.Origin.ShouldNotBeNull().How.ShouldBe("repaired");
        Saved.NumberOf(await slots.LoadAsync(Saved.Three)).ShouldBe(2);
        (await slots.LoadAsync(Saved.Three)).FellBack.ShouldBeNull();
        (await slots.RepairAsync(Saved.Three)).WasWell.ShouldBeTrue();
        await Should.ThrowAsync<SlotEmptyException>(() => slots.RepairAsync(Saved.Four));
    }

    [Fact]
    public async Task A_save_goes_to_another_folder_and_is_the_same_there()
    {
        using var file = new MemoryStream();
        await using var slots = await PowerCuts.OpenAsync(_disk);
        await slots.SaveAsync(Saved.Three, 1);
        var saved = await slots.SaveAsync(Saved.Three, 2);
        (await slots.ExportAsync(Saved.Three, file)).Sha256.ShouldBe(saved.Sha256);
        await using var other = await PowerCuts.OpenAsync(new SimulatedDisk());

        file.Position = 0;
        var imported = await other.ImportAsync(Saved.Four, file);

        imported.Generation.ShouldBe(1);
        imported.Sha256.ShouldBe(saved.Sha256);
        imported.TakenAt.ShouldBe(saved.SavedAt);
        Saved.NumberOf(await other.LoadAsync(Saved.Four)).ShouldBe(2);
        file.Position = 0;
        await Should.ThrowAsync<SlotTakenException>(() => other.ImportAsync(Saved.Four, file));
    }

    [Fact]
    public async Task What_is_no_save_is_not_imported()
    {
        await using var slots = await PowerCuts.OpenAsync(_disk);

        foreach (var bytes in (byte[][])[[], Saved.Png, Encoding.UTF8.GetBytes("{\"slot\":3}")])
        {
            (await Should.ThrowAsync<SaveDamagedException>(() => slots.ImportAsync(Saved.Three, new MemoryStream(bytes))))
                .Message.ShouldContain("cannot be imported");
        }

        (await slots.ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_later_version_wrote_into_a_head_is_kept_when_the_save_is_copied()
    {
        await using var slots = await PowerCuts.OpenAsync(_disk);
        var later = JsonElement.Parse("""{"wingmen":["Maniac"]}""");
        var packed = PackedSave.Pack(
            new SaveMetadata
            {
                Slot = Saved.Three, Generation = 1, SavedAt = DateTimeOffset.UnixEpoch,
                Details = Saved.Details(1) with
                {
                    Unknown = new Dictionary<string, JsonElement>(StringComparer.Ordinal) { ["squadron"] = later },
                },
                Unknown = new Dictionary<string, JsonElement>(StringComparer.Ordinal) { ["cloud"] = later },
            },
            Saved.Content(1), compress: true, default);
        using var file = new MemoryStream();
        packed.WriteTo(file, _ => { }, default);
        _disk.Put("slot-3.000001.save", file.ToArray());

        await slots.CopyAsync(Saved.Three, Saved.Four);
        await slots.RestoreGenerationAsync(Saved.Four, 1);

        var copy = (await slots.LoadAsync(Saved.Four)).Metadata;
        copy.Unknown.ShouldNotBeNull()["cloud"].GetRawText().ShouldBe(later.GetRawText());
        copy.Details.Unknown.ShouldNotBeNull()["squadron"].GetRawText().ShouldBe(later.GetRawText());
    }

    [Fact]
    public async Task A_save_that_could_not_be_restored_twice_is_offered_last()
    {
        await using (var slots = await PowerCuts.OpenAsync(_disk))
        {
            for (var number = 1; number <= 3; number++)
                await slots.SaveAsync(Saved.Three, number);
            (await slots.NoteRestoreAttemptAsync(Saved.Three, 3)).ShouldBe(1);
            (await OrderAsync(slots)).ShouldBe([3, 2, 1]);
        }

        // The game crashed while restoring, and does so again.
        await using (var slots = await PowerCuts.OpenAsync(_disk))
            (await slots.NoteRestoreAttemptAsync(Saved.Three, 3)).ShouldBe(2);

        await using var again = await PowerCuts.OpenAsync(_disk);
        (await OrderAsync(again)).ShouldBe([2, 1, 3]);
        (await again.RestoreCandidatesAsync(Saved.Three))[2].Attempts.ShouldBe(2);
        await again.NoteRestoreSucceededAsync(Saved.Three, 3);
        (await OrderAsync(again)).ShouldBe([3, 2, 1]);
        await Should.ThrowAsync<SlotEmptyException>(() => again.NoteRestoreAttemptAsync(Saved.Three, 9));
    }

    [Fact]
    public async Task A_damaged_save_is_no_candidate()
    {
        await using var slots = await PowerCuts.OpenAsync(_disk);
        await slots.SaveAsync(Saved.Three, 1);
        await slots.SaveAsync(Saved.Three, 2);
        _disk.Put("slot-3.000002.save", [1]);

        (await OrderAsync(slots)).ShouldBe([1]);
    }

    private static async Task<long[]> OrderAsync(SaveSlots slots) =>
        [.. (await slots.RestoreCandidatesAsync(Saved.Three)).Select(save => save.Generation)];
}
