using Sojourn.Kinds.Play.Saves;
using Sojourn.Testing;
using Sojourn.Testing.Disks;

namespace Sojourn.Tests.Play.Saves;

/// <summary>A file of a save in which anything may have changed.</summary>
public sealed class DamageTests
{
    private const string Newest = "slot-3.000002.save";

    [Fact]
    public async Task Every_single_byte_that_changes_is_found_and_the_save_before_is_loaded()
    {
        var disk = await WithTwoSavesAsync();
        var whole = disk.Read(Newest);
        for (var at = 0; at < whole.Length; at++)
        {
            var damaged = (byte[])whole.Clone();
            // One bit or all of them: a flip must not only be found where it is large.
            damaged[at] ^= (byte)(at % 2 == 0 ? 0xff : 1 << (at % 8));
            await ShouldFallBackAsync(disk.Copy(), damaged, $"byte {at} of {whole.Length}");
        }
    }

    [Fact]
    public async Task Every_length_to_which_a_save_is_cut_is_found_and_the_save_before_is_loaded()
    {
        var disk = await WithTwoSavesAsync();
        var whole = disk.Read(Newest);
        for (var length = 0; length < whole.Length; length++)
            await ShouldFallBackAsync(disk.Copy(), whole[..length], $"length {length} of {whole.Length}");
    }

    [Fact]
    public async Task A_save_with_more_behind_it_is_found()
    {
        var disk = await WithTwoSavesAsync();

        await ShouldFallBackAsync(disk.Copy(), [.. disk.Read(Newest), 0], "a byte more");
    }

    [Fact]
    public void Files_of_chance_are_never_taken_for_saves() => Seeds.Each(200, seed =>
    {
        var chance = new Random((int)seed);
        var bytes = new byte[chance.Next(400)];
        chance.NextBytes(bytes);
        // So that more than the first check is reached.
        if (seed % 2 == 0)
            SaveFormat.Magic[..Math.Min(8, bytes.Length)].CopyTo(bytes);

        new SaveReader(new()).Read(new MemoryStream(bytes), bytes.Length, ReadDepth.Content, default)
            .Validity.ShouldBe(SaveValidity.Damaged);
    });

    [Fact]
    public async Task A_save_under_anothers_name_is_not_taken_for_it()
    {
        var disk = await WithTwoSavesAsync();
        disk.Put("slot-3.000009.save", disk.Read(Newest));
        await using var slots = await PowerCuts.OpenAsync(disk);

        var loaded = await slots.LoadAsync(Saved.Three);

        loaded.Metadata.Generation.ShouldBe(2);
        loaded.FellBack.ShouldNotBeNull().Reason.ShouldContain("under another's name");
    }

    [Fact]
    public async Task A_slot_of_which_nothing_is_good_is_told_damaged_and_not_empty()
    {
        var disk = await WithTwoSavesAsync();
        disk.Put(Newest, [1, 2, 3]);
        disk.Put("slot-3.000001.save", []);
        await using var slots = await PowerCuts.OpenAsync(disk);

        (await slots.ListAsync()).ShouldHaveSingleItem().State.ShouldBe(SlotState.Damaged);
        await Should.ThrowAsync<SaveDamagedException>(() => slots.LoadAsync(Saved.Three));
        await Should.ThrowAsync<SaveDamagedException>(() => slots.LoadAsync(Saved.Three));

        (await slots.ListAsync()).ShouldHaveSingleItem().State.ShouldBe(SlotState.Damaged);
        (await slots.ValidateAsync(Saved.Three)).ShouldBe(SaveValidity.Damaged);
        disk.Read(Newest + ".damaged").ShouldBe([1, 2, 3]);
        (await slots.SaveAsync(Saved.Three, 5)).Generation.ShouldBe(3);
        (await slots.ListAsync()).ShouldHaveSingleItem().State.ShouldBe(SlotState.Good);
    }

    [Fact]
    public async Task Who_wants_no_older_save_gets_none()
    {
        var disk = await WithTwoSavesAsync();
        disk.Put(Newest, [1]);
        await using var slots = await PowerCuts.OpenAsync(disk);

        var damaged = await Should.ThrowAsync<SaveDamagedException>(
            () => slots.LoadAsync(Saved.Three, new() { AllowOlder = false }));

        damaged.Message.ShouldContain("Allow an older one");
        Saved.NumberOf(await slots.LoadAsync(Saved.Three)).ShouldBe(1);
    }

    [Fact]
    public async Task That_the_newest_file_has_vanished_is_told_until_the_next_save()
    {
        var disk = await WithTwoSavesAsync();
        disk.Delete(Newest);
        await using var slots = await PowerCuts.OpenAsync(disk);

        (await slots.ListAsync()).ShouldHaveSingleItem().State.ShouldBe(SlotState.FallsBack);
        var fall = (await slots.LoadAsync(Saved.Three)).FellBack.ShouldNotBeNull();
        fall.Reason.ShouldBe("Save 2 of slot 3 is gone.");
        fall.Lost.ShouldBe(TimeSpan.FromMinutes(5));

        (await slots.SaveAsync(Saved.Three, 3)).Generation.ShouldBe(3);
        (await slots.LoadAsync(Saved.Three)).FellBack.ShouldBeNull();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(70)]
    public async Task A_damaged_manifest_raises_no_alarm_and_is_made_again(int keep)
    {
        var disk = await WithTwoSavesAsync();
        var manifest = disk.Read("slot-3.manifest");
        disk.Put("slot-3.manifest", manifest.AsSpan(0, keep));
        await using var slots = await PowerCuts.OpenAsync(disk);

        (await slots.LoadAsync(Saved.Three)).FellBack.ShouldBeNull();
        await slots.SaveAsync(Saved.Three, 3);

        disk.Delete("slot-3.000003.save");
        (await slots.LoadAsync(Saved.Three)).FellBack.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_damaged_save_never_costs_a_good_one_its_place()
    {
        var disk = new SimulatedDisk();
        await using var slots = await PowerCuts.OpenAsync(disk);
        for (var number = 1; number <= 4; number++)
            await slots.SaveAsync(Saved.Three, number);
        disk.Put("slot-3.000003.save", [0]);
        disk.Put("slot-3.000004.save", [0]);

        for (var number = 5; number <= 6; number++)
            await slots.SaveAsync(Saved.Three, number);

        (await slots.GenerationsAsync(Saved.Three)).Select(save => (save.Generation, save.Validity)).ShouldBe(
        [
            (6, SaveValidity.Good), (5, SaveValidity.Good), (2, SaveValidity.Good), (1, SaveValidity.Good),
        ]);
    }

    [Fact]
    public async Task Damaged_files_are_kept_up_to_the_limit_and_then_the_oldest_goes()
    {
        var disk = new SimulatedDisk();
        await using var slots = await SaveSlots.OpenAsync(disk, new() { MaxQuarantined = 2 });
        for (var number = 1; number <= 3; number++)
        {
            await slots.SaveAsync(Saved.Three, number);
            disk.Put($"slot-3.{number:D6}.save", [0]);
            await Should.ThrowAsync<SaveDamagedException>(() => slots.LoadAsync(Saved.Three));
        }

        disk.Names.Where(name => name.Contains("damaged", StringComparison.Ordinal))
            .ShouldBe(["slot-3.000002.save.damaged", "slot-3.000003.save.damaged"]);
    }

    [Fact]
    public async Task A_save_of_a_newer_version_is_refused_and_left_as_it_is()
    {
        var disk = await WithTwoSavesAsync();
        var bytes = disk.Read(Newest);
        bytes[8] = 2;
        System.Security.Cryptography.SHA256.HashData(bytes.AsSpan(0, 32)).AsSpan(0, 8).CopyTo(bytes.AsSpan(32));
        disk.Put(Newest, bytes);
        var before = disk.Names;
        await using var slots = await PowerCuts.OpenAsync(disk);

        (await slots.ListAsync()).ShouldHaveSingleItem().State.ShouldBe(SlotState.Newer);
        (await slots.ValidateAsync(Saved.Three)).ShouldBe(SaveValidity.Newer);
        foreach (var call in (Func<Task>[])
        [
            () => slots.LoadAsync(Saved.Three), () => slots.SaveAsync(Saved.Three, 3),
            () => slots.RepairAsync(Saved.Three), () => slots.RestoreGenerationAsync(Saved.Three, 2),
            () => slots.ImportAsync(Saved.Four, new MemoryStream(bytes)),
        ])
        {
            (await Should.ThrowAsync<SaveFromNewerVersionException>(call)).Message
                .ShouldContain("Use the newer program");
        }

        disk.Names.ShouldBe(before);
        disk.Read(Newest).ShouldBe(bytes);
        Saved.NumberOf(await slots.LoadAsync(Saved.Three, new() { Generation = 1 })).ShouldBe(1);
    }

    private static async Task<SimulatedDisk> WithTwoSavesAsync()
    {
        var clock = new ManualClock();
        var disk = new SimulatedDisk();
        await using var slots = await SaveSlots.OpenAsync(disk, new() { Clock = clock });
        await slots.SaveAsync(Saved.Three, 1);
        clock.Advance(TimeSpan.FromMinutes(5));
        await slots.SaveAsync(Saved.Three, 2);
        return disk;
    }

    private static async Task ShouldFallBackAsync(SimulatedDisk disk, byte[] damaged, string what)
    {
        disk.Put(Newest, damaged);
        await using var slots = await PowerCuts.OpenAsync(disk);

        (await slots.ValidateAsync(Saved.Three)).ShouldBe(SaveValidity.Damaged, what);
        var loaded = await slots.LoadAsync(Saved.Three);

        Saved.NumberOf(loaded).ShouldBe(1, what);
        var fall = loaded.FellBack.ShouldNotBeNull(what);
        fall.Lost.ShouldBe(TimeSpan.FromMinutes(5), what);
        disk.Read(Newest + ".damaged").ShouldBe(damaged, what);
        disk.Names.ShouldNotContain(Newest, what);
    }
}
