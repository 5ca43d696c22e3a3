using Sojourn.Kinds.Play.Saves;
using Sojourn.Testing.Disks;

namespace Sojourn.Tests.Play.Saves;

/// <summary>Saves that happen while the game goes on.</summary>
public sealed class BackgroundTests
{
    private readonly SimulatedDisk _disk = new();

    [Fact]
    public async Task The_games_thread_waits_for_no_disk()
    {
        using var goOn = new SemaphoreSlim(0);
        using var began = new SemaphoreSlim(0);
        await using var slots = await PowerCuts.OpenAsync(_disk);
        _disk.Flushing = _ => { began.Release(); goOn.Wait(TimeSpan.FromMinutes(1)); };

        var save = slots.SaveAsync(Saved.Three, 1);
        save.IsCompleted.ShouldBeFalse();
        await began.WaitAsync(TimeSpan.FromMinutes(1));
        save.IsCompleted.ShouldBeFalse();
        (await slots.ListAsync()).ShouldBeEmpty();

        _disk.Flushing = _ => { };
        goOn.Release(10);
        (await save).Generation.ShouldBe(1);
    }

    [Fact]
    public async Task Nobody_is_shown_a_save_that_is_not_on_the_disk_yet()
    {
        using var goOn = new SemaphoreSlim(0);
        using var began = new SemaphoreSlim(0);
        await using var slots = await PowerCuts.OpenAsync(_disk);
        await slots.SaveAsync(Saved.Three, 1);
        _disk.Flushing = ofDirectory =>
        {
            if (ofDirectory)
            {
                began.Release();
                goOn.Wait(TimeSpan.FromMinutes(1));
            }
        };

        var save = slots.SaveAsync(Saved.Three, 2);
        await began.WaitAsync(TimeSpan.FromMinutes(1));
        _disk.Names.ShouldContain("slot-3.000002.save");
        (await slots.ListAsync()).ShouldHaveSingleItem().Generation.ShouldBe(1);

        goOn.Release();
        await save;
        (await slots.ListAsync()).ShouldHaveSingleItem().Generation.ShouldBe(2);
    }

    [Fact]
    public async Task Saves_of_one_slot_are_done_in_the_order_in_which_they_were_asked_for()
    {
        await using var slots = await PowerCuts.OpenAsync(_disk);

        var saves = Enumerable.Range(1, 10).Select(number => slots.SaveAsync(Saved.Three, number)).ToList();
        var loaded = await slots.LoadAsync(Saved.Three);

        (await Task.WhenAll(saves)).Select(save => (int)save.Generation).ShouldBe(Enumerable.Range(1, 10));
        Saved.NumberOf(loaded).ShouldBe(10);
    }

    [Fact]
    public async Task One_more_call_than_may_wait_is_told_so()
    {
        using var goOn = new SemaphoreSlim(0);
        await using var slots = await SaveSlots.OpenAsync(_disk, new() { MaxWaiting = 2 });
        _disk.Flushing = _ => goOn.Wait(TimeSpan.FromMinutes(1));
        var asked = Enumerable.Range(1, 3).Select(number => slots.SaveAsync(Saved.Three, number)).ToList();

        // Said by the task, as all else: nothing is thrown at a game that looks at it later.
        var tooMany = slots.SaveAsync(Saved.Three, 4);
        var full = await Should.ThrowAsync<SaveQueueFullException>(tooMany);
        full.Message.ShouldContain("2 calls wait for slot 3");
        var elsewhere = slots.SaveAsync(Saved.Four, 5);

        _disk.Flushing = _ => { };
        goOn.Release(10);
        await Task.WhenAll([.. asked, elsewhere]);
        Saved.NumberOf(await slots.LoadAsync(Saved.Three)).ShouldBe(3);
    }

    [Theory]
    [InlineData(SaveStage.Waiting)]
    [InlineData(SaveStage.Packing)]
    [InlineData(SaveStage.Writing)]
    [InlineData(SaveStage.Flushing)]
    [InlineData(SaveStage.Verifying)]
    public async Task A_save_that_is_cancelled_leaves_the_one_before_and_nothing_else(SaveStage at)
    {
        await using var slots = await PowerCuts.OpenAsync(_disk);
        await slots.SaveAsync(Saved.Three, 1);
        var before = _disk.Names;
        using var giveUp = new CancellationTokenSource();
        var progress = new Told(report => { if (report.Stage == at) giveUp.Cancel(); });

        await Should.ThrowAsync<OperationCanceledException>(() =>
            slots.SaveAsync(Saved.Three, Saved.Content(2), Saved.Details(2), progress, giveUp.Token));

        _disk.Names.ShouldBe(before);
        Saved.NumberOf(await slots.LoadAsync(Saved.Three)).ShouldBe(1);
        slots.Statistics.Saves.Failed.ShouldBe(at == SaveStage.Waiting ? 0 : 1);
    }

    [Fact]
    public async Task A_save_that_is_being_committed_can_no_longer_be_cancelled()
    {
        await using var slots = await PowerCuts.OpenAsync(_disk);
        using var giveUp = new CancellationTokenSource();
        var progress = new Told(report => { if (report.Stage == SaveStage.Committing) giveUp.Cancel(); });

        await slots.SaveAsync(Saved.Three, Saved.Content(2), Saved.Details(2), progress, giveUp.Token);

        Saved.NumberOf(await slots.LoadAsync(Saved.Three)).ShouldBe(2);
    }

    [Fact]
    public async Task Progress_goes_through_all_stages_and_never_back()
    {
        await using var slots = await PowerCuts.OpenAsync(_disk);
        var told = new List<SaveProgress>();

        await slots.SaveAsync(Saved.Three, Saved.Content(1), Saved.Details(1), new Told(told.Add));

        told.Select(report => report.Stage).Distinct().ShouldBe(Enum.GetValues<SaveStage>());
        told.Select(report => report.Fraction).ShouldBeInOrder();
        told[^1].ShouldBe(new SaveProgress(SaveStage.Done, 1));
    }

    [Fact]
    public async Task A_listener_that_throws_harms_neither_the_save_nor_other_listeners()
    {
        await using var slots = await PowerCuts.OpenAsync(_disk);
        var heard = new List<SaveEventType>();
        slots.Happened += (_, _) => throw new InvalidOperationException("a listener's own fault");
        slots.Happened += (_, happened) => heard.Add(happened.Type);

        var thrower = new Told(_ => throw new InvalidOperationException("so is this"));
        await slots.SaveAsync(Saved.Three, Saved.Content(1), Saved.Details(1), thrower);

        heard.ShouldBe([SaveEventType.SaveStarted, SaveEventType.Saved]);
        Saved.NumberOf(await slots.LoadAsync(Saved.Three)).ShouldBe(1);
    }

    [Fact]
    public async Task All_that_happens_is_told()
    {
        await using var slots = await PowerCuts.OpenAsync(_disk);
        var heard = new List<string>();
        slots.Happened += (_, happened) => heard.Add($"{happened.Type} {happened.Slot} {happened.Generation}");

        for (var number = 1; number <= 5; number++)
            await slots.SaveAsync(Saved.Three, number);
        heard.Clear();
        _disk.Put("slot-3.000005.save", [1]);
        await slots.LoadAsync(Saved.Three);
        await slots.RepairAsync(Saved.Three);
        await slots.SaveAsync(Saved.Three, 6);
        await slots.DeleteAsync(Saved.Three);
        await Should.ThrowAsync<SlotEmptyException>(() => slots.LoadAsync(Saved.Three));
        _disk.FailAtCall = _disk.Calls + 1;
        await Should.ThrowAsync<SaveDiskException>(() => slots.SaveAsync(Saved.Four, 1));

        heard.ShouldBe(
        [
            "LoadStarted 3 ", "Quarantined 3 5", "FellBack 3 4", "Loaded 3 4", "Repaired 3 6",
            "SaveStarted 3 ", "Rotated 3 2", "Saved 3 7", "Deleted 3 ",
            "LoadStarted 3 ", "LoadFailed 3 ", "SaveStarted 4 ", "SaveFailed 4 ",
        ]);
    }

    [Fact]
    public async Task Saves_and_loads_are_counted_and_timed()
    {
        await using var slots = await SaveSlots.OpenAsync(_disk);
        slots.Statistics.Saves.ShouldBe(new SaveTimes(0, 0, null, null, null, null));

        await slots.SaveAsync(Saved.Three, 1);
        await slots.SaveAsync(Saved.Three, 2);
        await slots.LoadAsync(Saved.Three);
        await Should.ThrowAsync<SlotEmptyException>(() => slots.LoadAsync(Saved.Four));

        var (saves, loads) = slots.Statistics;
        (saves.Count, saves.Failed, loads.Count, loads.Failed).ShouldBe((2, 0, 1, 1));
        saves.FastestMs.ShouldNotBeNull().ShouldBeGreaterThan(0);
        saves.AverageMs!.Value.ShouldBeInRange(saves.FastestMs.Value, saves.SlowestMs!.Value);
        loads.LastMs.ShouldBe(loads.AverageMs);
    }

    [Fact]
    public async Task Closing_waits_for_what_was_asked_for_and_gives_the_folder_free()
    {
        var slots = await PowerCuts.OpenAsync(_disk);
        var saves = Enumerable.Range(1, 5).Select(number => slots.SaveAsync(Saved.Three, number)).ToList();

        await slots.DisposeAsync();

        saves.ShouldAllBe(save => save.IsCompletedSuccessfully);
        await Should.ThrowAsync<ObjectDisposedException>(() => slots.LoadAsync(Saved.Three));
        await using var again = await PowerCuts.OpenAsync(_disk);
        Saved.NumberOf(await again.LoadAsync(Saved.Three)).ShouldBe(5);
    }

    [Fact]
    public async Task Whoever_closes_a_second_time_waits_as_the_first_and_nothing_more_is_let_in()
    {
        using var goOn = new SemaphoreSlim(0);
        var slots = await PowerCuts.OpenAsync(_disk);
        _disk.Flushing = _ => goOn.Wait(TimeSpan.FromMinutes(1));
        var save = slots.SaveAsync(Saved.Three, 1);

        var (first, second) = (slots.DisposeAsync().AsTask(), slots.DisposeAsync().AsTask());

        await Should.ThrowAsync<ObjectDisposedException>(() => slots.SaveAsync(Saved.Four, 2));
        (first.IsCompleted, second.IsCompleted).ShouldBe((false, false));
        goOn.Release(10);
        await Task.WhenAll(save, first, second);
        await using var again = await PowerCuts.OpenAsync(_disk);
        (await again.ListAsync()).ShouldHaveSingleItem().Slot.ShouldBe(Saved.Three);
    }

    [Fact]
    public async Task Nothing_comes_back_to_the_games_thread()
    {
        var game = new GameThread();
        var slots = await game.Call(() => PowerCuts.OpenAsync(_disk));
        using var file = new MemoryStream();

        await game.Call(() => slots.SaveAsync(Saved.Three, Saved.Content(1), Saved.Details(1)));
        await game.Call(() => slots.CopyAsync(Saved.Three, Saved.Four));
        await game.Call(() => slots.ExportAsync(Saved.Three, file));
        file.Position = 0;
        await game.Call(() => slots.ImportAsync(Saved.Four, file, overwrite: true));
        await game.Call(() => slots.RepairAsync(Saved.Four));
        await game.Call(() => slots.LoadAsync(Saved.Four));
        _ = game.Call(() => slots.SaveAsync(Saved.Three, Saved.Content(2), Saved.Details(2)));
        await game.Call(() => slots.DisposeAsync().AsTask());

        game.Posts.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_import_waits_for_its_stream_elsewhere()
    {
        using var goOn = new SemaphoreSlim(0);
        await using var slots = await PowerCuts.OpenAsync(_disk);
        await slots.SaveAsync(Saved.Three, 1);
        using var exported = new MemoryStream();
        await slots.ExportAsync(Saved.Three, exported);
        await using var slow = new SlowStream(exported.ToArray(), goOn);

        var import = slots.ImportAsync(Saved.Four, slow);

        import.IsCompleted.ShouldBeFalse();
        goOn.Release();
        Saved.NumberOf(await slots.LoadAsync((await import).Slot)).ShouldBe(1);
    }

    /// <summary>Its first bytes come when they may.</summary>
    private sealed class SlowStream(byte[] bytes, SemaphoreSlim goOn) : MemoryStream(bytes)
    {
        private bool _isOpen;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _isOpen = _isOpen || goOn.Wait(TimeSpan.FromMinutes(1), cancellationToken);
            _isOpen.ShouldBeTrue("Whoever imports waits for the stream.");
            return new(Read(buffer.Span));
        }
    }

    private sealed class Told(Action<SaveProgress> tell) : IProgress<SaveProgress>
    {
        public void Report(SaveProgress value) => tell(value);
    }
}
