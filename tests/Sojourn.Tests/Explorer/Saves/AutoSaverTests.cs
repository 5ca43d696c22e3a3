using Sojourn.Kinds.Explorer;
using Sojourn.Kinds.Explorer.Saves;
using Sojourn.Stores;
using Sojourn.Testing;
using Sojourn.Tests.Engine;

namespace Sojourn.Tests.Explorer.Saves;

/// <summary>Games that are saved without anybody asking for it.</summary>
public sealed class AutoSaverTests
{
    [Fact]
    public async Task A_game_idle_for_an_hour_is_saved_leaves_memory_and_comes_back_as_it_was()
    {
        await using var bench = await GameBench.StartAsync();
        await bench.BeginAsync("ada");
        (await bench.Sojourn.SendAsync("ada", new BuyPod())).Problem.ShouldBeNull();
        var before = await bench.GetAsync("ada");

        bench.Clock.Advance(TimeSpan.FromMinutes(59));
        await bench.Slots.ListAsync("ada");
        bench.Sojourn.InMemory("explorer").ShouldBe(1);
        bench.Clock.Advance(TimeSpan.FromMinutes(62));
        await bench.UntilAsync(async () => bench.Sojourn.InMemory("explorer") == 0
            && (await bench.StoredAsync("ada", 0))?.Current is not null);

        var saved = (await bench.StoredAsync("ada", 0))!.Current!;
        saved.Reason.ShouldBe(SaveReason.Idle);
        SavedGames.TryRead(saved, out var game).ShouldBeNull();
        game!.Pod.ShouldNotBeNull();
        var back = await bench.GetAsync("ada");
        back.Version.ShouldBe(before.Version);
        SavedGames.Of(back).Game.ShouldBe(SavedGames.Of(before).Game);
        saved.Game.ShouldBe(SavedGames.Of(before).Game);
    }

    [Fact]
    public async Task A_game_that_nobody_touched_since_its_last_save_pushes_nothing_out_when_it_goes()
    {
        await using var bench = await GameBench.StartAsync();
        await bench.BeginAsync("ada");
        await bench.FlyAsync("ada");
        await bench.Slots.ListAsync("ada");
        var before = await bench.StoredAsync("ada", 0);

        bench.Clock.Advance(TimeSpan.FromMinutes(70));
        await bench.UntilAsync(() => Task.FromResult(bench.Sojourn.InMemory("explorer") == 0));
        await bench.Saver.StopAsync(default);

        before!.Current!.Reason.ShouldBe(SaveReason.Automatic);
        (await bench.StoredAsync("ada", 0)).ShouldBe(before);
    }

    [Fact]
    public async Task What_was_flown_is_saved_by_itself_without_anybody_reading_slots()
    {
        await using var bench = await GameBench.StartAsync();
        await bench.BeginAsync("ada");
        await bench.FlyAsync("ada");
        await bench.UntilAsync(async () => (await bench.StoredAsync("ada", 0))?.Current?.Metadata.Turn == 1);
    }

    [Fact]
    public async Task Other_actions_and_the_end_of_a_game_are_not_saved()
    {
        await using var bench = await GameBench.StartAsync();
        await bench.BeginAsync("ada");
        (await bench.Sojourn.SendAsync("ada", new BuyPod())).Problem.ShouldBeNull();
        (await bench.Slots.ListAsync("ada")).Reply[0].Status.ShouldBe(SlotStatus.Empty);

        await bench.SetAsync("ada", game => game with { Turn = 49 });
        await bench.FlyAsync("ada");
        (await bench.GetAsync("ada")).Status.ShouldBe("lost");
        await bench.Saver.StopAsync(default);
        (await bench.StoredAsync("ada", 0))?.Current.ShouldBeNull();
    }

    [Fact]
    public async Task Stopping_writes_what_is_due()
    {
        var store = new MemoryStore();
        await using (var bench = await GameBench.StartAsync(store))
        {
            for (var i = 0; i < 20; i++)
            {
                await bench.BeginAsync($"g{i}");
                await bench.FlyAsync($"g{i}");
            }

            await bench.Saver.StopAsync(default);
            for (var i = 0; i < 20; i++)
            {
                (await bench.StoredAsync($"g{i}", 0))!.Current!.Metadata.Turn.ShouldBe(1, $"g{i}");
            }
        }
    }

    [Fact]
    public async Task A_save_that_was_lost_in_a_crash_is_there_as_soon_as_somebody_looks()
    {
        await using var bench = await GameBench.StartAsync(saves: false);
        await bench.BeginAsync("ada");
        await bench.FlyAsync("ada");
        (await bench.StoredAsync("ada", 0)).ShouldBeNull();

        (await bench.Slots.ListAsync("ada")).Reply[0].Current!.Metadata.Turn.ShouldBe(1);
        (await bench.StoredAsync("ada", 0))!.Current!.Reason.ShouldBe(SaveReason.Automatic);
    }

    [Fact]
    public async Task A_save_that_the_store_does_not_take_is_made_later_and_holds_up_no_player()
    {
        await using var bench = await GameBench.StartAsync();
        await bench.BeginAsync("ada");
        await bench.FlyAsync("ada");
        await bench.Slots.ListAsync("ada");
        var saved = (await bench.GetAsync("ada")).Version;
        (await bench.Sojourn.SendAsync("ada", new BuyPod())).Problem.ShouldBeNull();
        var newer = await bench.GetAsync("ada");
        bench.Store.Fault = StoreFault.BeforeWriting;
        bench.Pending.Note(newer, SaveReason.Automatic);
        await bench.Pending.SettledAsync(newer.Key).WaitAsync(Bench.Patience());
        (await bench.StoredAsync("ada", 0))!.Current!.Origin!.Version.ShouldBe(saved);

        bench.Store.Fault = StoreFault.None;
        await bench.UntilAsync(async () => (await bench.StoredAsync("ada", 0))!.Current!.Origin!.Version > saved);
    }

    [Fact]
    public async Task A_save_that_was_overtaken_on_its_way_takes_nothing_back()
    {
        await using var bench = await GameBench.StartAsync(saves: false);
        await bench.BeginAsync("ada");
        var old = await bench.GetAsync("ada");
        await bench.FlyAsync("ada");
        var newer = await bench.GetAsync("ada");
        (await bench.Slots.WriteAutomaticAsync(newer, SaveReason.Automatic)).Problem.ShouldBeNull();
        (await bench.Slots.WriteAutomaticAsync(old, SaveReason.Automatic)).Problem.ShouldBeNull();

        var slot = (await bench.StoredAsync("ada", 0))!;
        slot.Current!.Metadata.Turn.ShouldBe(1);
        slot.Previous.ShouldBeNull();
    }

    [Fact]
    public async Task A_subscriber_that_missed_something_looks_after_all_that_were_played()
    {
        await using var bench = await GameBench.StartAsync(saves: false);
        await bench.BeginAsync("ada");
        using var saver = bench.NewSaver();
        await saver.StartAsync(default);
        await bench.FlyAsync("ada");
        await saver.HearAsync(
            new SessionHappening(Happening.Missed, new("explorer", default, "x"), bench.Clock.GetUtcNow()), default);
        (await bench.StoredAsync("ada", 0))!.Current!.Metadata.Turn.ShouldBe(1);
        await saver.StopAsync(default);
    }

    [Fact]
    public async Task The_automatic_slot_of_a_game_that_ended_long_ago_goes_with_it_and_the_others_stay()
    {
        await using var bench = await GameBench.StartAsync();
        await bench.BeginAsync("ada");
        await bench.FlyAsync("ada");
        (await bench.Slots.SaveAsync("ada", 1)).Problem.ShouldBeNull();
        await bench.SetAsync("ada", game => game with { Health = 0, Ending = new(false, EndReason.Died, "You died.") });

        bench.Clock.Advance(TimeSpan.FromDays(31));
        await bench.UntilAsync(async () => await bench.StoredAsync("ada", 0) is null);
        (await bench.StoredAsync("ada", 1)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_load_from_another_slot_is_made_after_what_it_replaces_was_saved()
    {
        await using var bench = await GameBench.StartAsync(saves: false);
        await bench.BeginAsync("ada");
        (await bench.Slots.SaveAsync("ada", 1)).Problem.ShouldBeNull();
        await bench.FlyAsync("ada");

        (await bench.Slots.LoadAsync("ada", 1)).Reply.State.Turn.ShouldBe(0);

        (await bench.StoredAsync("ada", 0))!.Current!.Metadata.Turn.ShouldBe(1);
        (await bench.Slots.LoadAsync("ada", 0)).Reply.State.Turn.ShouldBe(1);
    }

    [Fact]
    public async Task A_slot_that_cannot_be_read_can_be_removed_and_the_automatic_one_mends_itself()
    {
        var store = new MemoryStore();
        await using (var before = await GameBench.StartAsync(store))
        {
            await before.BeginAsync("ada");
            await before.FlyAsync("ada");
            (await before.Slots.SaveAsync("ada", 1)).Problem.ShouldBeNull();
        }

        await using var bench = await GameBench.StartAsync(store);
        bench.Store.Damaged = new SessionKey(ExplorerSaveKind.KindName, default, "ada.1");
        (await bench.Slots.LoadAsync("ada", 1)).Problem!.Code.ShouldBe("slot-damaged");
        (await bench.Slots.RemoveAsync("ada", 1)).Problem.ShouldBeNull();
        (await bench.Slots.SaveAsync("ada", 1)).Problem.ShouldBeNull();

        bench.Store.Damaged = new SessionKey(ExplorerSaveKind.KindName, default, "ada.0");
        (await bench.Slots.WriteAutomaticAsync(await bench.GetAsync("ada"), SaveReason.Automatic)).Reply.Status
            .ShouldBe(SlotStatus.Kept);
    }
}
