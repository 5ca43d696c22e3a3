using Sojourn.Kinds.Play.Saves;
using Sojourn.Testing.Disks;

namespace Sojourn.Tests.Play.Saves;

/// <summary>A disk that is full, or fails.</summary>
public sealed class BadDiskTests
{
    [Fact]
    public async Task A_full_disk_leaves_the_save_before_whole_and_says_how_much_was_needed()
    {
        var disk = new SimulatedDisk();
        await using var slots = await PowerCuts.OpenAsync(disk);
        await slots.SaveAsync(Saved.Three, 1);
        var before = disk.Names;
        disk.Capacity = disk.Names.Sum(name => disk.Read(name).Length) + 300;

        var full = await Should.ThrowAsync<DiskFullException>(() => slots.SaveAsync(Saved.Three, 2));

        full.Message.ShouldContain("There is no room");
        full.Message.ShouldContain("300 are free");
        disk.Names.ShouldBe(before);
        Saved.NumberOf(await slots.LoadAsync(Saved.Three)).ShouldBe(1);

        disk.Capacity = null;
        await slots.SaveAsync(Saved.Three, 3);
        Saved.NumberOf(await slots.LoadAsync(Saved.Three)).ShouldBe(3);
    }

    [Fact]
    public async Task Whatever_call_fails_the_save_before_or_the_new_one_is_there_and_no_rubbish()
    {
        for (var at = 1; ; at++)
        {
            var disk = new SimulatedDisk();
            await using var slots = await PowerCuts.OpenAsync(disk);
            for (var number = 1; number <= 5; number++)
                await slots.SaveAsync(Saved.Three, number);
            disk.FailAtCall = disk.Calls + at;

            var isSaved = await TryAsync(() => slots.SaveAsync(Saved.Three, 6));

            Saved.NumberOf(await slots.LoadAsync(Saved.Three)).ShouldBe(isSaved ? 6 : 5, $"call {at}");
            disk.Names.ShouldNotContain(name => name.EndsWith(".tmp", StringComparison.Ordinal));
            if (disk.FailAtCall > disk.Calls)
                return;

            await slots.SaveAsync(Saved.Three, 7);
            Saved.NumberOf(await slots.LoadAsync(Saved.Three)).ShouldBe(7, $"call {at}");
            (await slots.GenerationsAsync(Saved.Three)).Count.ShouldBe(4, $"call {at}");
        }
    }

    [Fact]
    public async Task A_deletion_that_fails_has_deleted_nothing_or_all()
    {
        for (var at = 1; at <= 12; at++)
        {
            var disk = new SimulatedDisk();
            await using var slots = await PowerCuts.OpenAsync(disk);
            await slots.SaveAsync(Saved.Three, 1);
            await slots.SaveAsync(Saved.Three, 2);
            disk.FailAtCall = disk.Calls + at;

            var isDeleted = await TryAsync(() => slots.DeleteAsync(Saved.Three));

            (await slots.ListAsync()).Count.ShouldBe(isDeleted ? 0 : 1, $"call {at}");
            if (!isDeleted)
                Saved.NumberOf(await slots.LoadAsync(Saved.Three)).ShouldBe(2, $"call {at}");
        }
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_left_where_it_is_and_the_save_before_is_loaded()
    {
        var disk = new SimulatedDisk();
        await using var slots = await PowerCuts.OpenAsync(disk);
        await slots.SaveAsync(Saved.Three, 1);
        await slots.SaveAsync(Saved.Three, 2);
        disk.IsUnreadable = name => name == "slot-3.000002.save";

        (await slots.ValidateAsync(Saved.Three)).ShouldBe(SaveValidity.Unreadable);
        var loaded = await slots.LoadAsync(Saved.Three);

        Saved.NumberOf(loaded).ShouldBe(1);
        loaded.FellBack.ShouldNotBeNull().QuarantinedAs.ShouldBeEmpty();
        disk.Names.ShouldContain("slot-3.000002.save");
        (await slots.RepairAsync(Saved.Three)).Unreadable.ShouldBe([2]);

        disk.IsUnreadable = _ => false;
        Saved.NumberOf(await slots.LoadAsync(Saved.Three)).ShouldBe(2);
    }

    [Fact]
    public async Task A_disk_that_reads_back_something_else_is_not_believed()
    {
        var disk = new SimulatedDisk();
        await using var slots = await PowerCuts.OpenAsync(disk);
        await slots.SaveAsync(Saved.Three, 1);
        disk.Flushing = ofDirectory =>
        {
            if (!ofDirectory)
                disk.Put("slot-3.000002.tmp", disk.Read("slot-3.000001.save"));
        };

        var failed = await Should.ThrowAsync<SaveDiskException>(() => slots.SaveAsync(Saved.Three, 2));

        failed.Message.ShouldContain("does not read back the same");
        disk.Names.ShouldNotContain("slot-3.000002.tmp");
        Saved.NumberOf(await slots.LoadAsync(Saved.Three)).ShouldBe(1);
    }

    private static async Task<bool> TryAsync(Func<Task> work)
    {
        try
        {
            await work();
            return true;
        }
        catch (SaveDiskException)
        {
            return false;
        }
    }
}
