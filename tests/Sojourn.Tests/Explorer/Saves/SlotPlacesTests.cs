using Sojourn.Kinds.Explorer;
using Sojourn.Kinds.Explorer.Saves;

namespace Sojourn.Tests.Explorer.Saves;

/// <summary>Slots outlive their games, and still there is place for those of the games that are played.</summary>
public sealed class SlotPlacesTests
{
    private static readonly ExplorerOptions Few = new() { MaxGames = 2, SaveSlots = 2 };

    [Fact]
    public async Task What_games_that_are_gone_left_behind_keeps_nobody_from_being_saved()
    {
        await using var bench = await GameBench.StartAsync(saves: false, explorer: Few);
        await SaveAsync(bench, "bea");
        foreach (var gone in (string[])["g0", "g1", "g2"])
        {
            await SaveAsync(bench, gone);
            (await bench.Sojourn.RemoveAsync(new(ExplorerKind.KindName, default, gone))).Problem.ShouldBeNull();
        }

        await SaveAsync(bench, "ada");

        // The one that was written longest ago went, of those that nobody plays.
        (await bench.StoredAsync("g0", 1)).ShouldBeNull();
        foreach (var kept in (string[])["bea", "g1", "g2", "ada"])
        {
            (await bench.StoredAsync(kept, 1)).ShouldNotBeNull(kept);
        }
    }

    [Fact]
    public async Task Many_who_save_at_once_all_find_place()
    {
        var limits = new ExplorerOptions { MaxGames = 10, SaveSlots = 2 };
        await using var bench = await GameBench.StartAsync(saves: false, explorer: limits);
        for (var i = 0; i < 20; i++)
        {
            await SaveAsync(bench, $"gone{i}");
            (await bench.Sojourn.RemoveAsync(new(ExplorerKind.KindName, default, $"gone{i}"))).Problem.ShouldBeNull();
        }

        string[] games = [.. Enumerable.Range(0, 10).Select(i => $"g{i}")];
        foreach (var id in games)
        {
            await bench.BeginAsync(id);
        }

        foreach (var saved in await Task.WhenAll(games.Select(id => bench.Slots.SaveAsync(id, 1).AsTask())))
        {
            saved.Problem.ShouldBeNull();
        }
    }

    [Fact]
    public async Task All_slots_of_all_games_that_may_be_have_place()
    {
        await using var bench = await GameBench.StartAsync(saves: false, explorer: Few);
        foreach (var id in (string[])["ada", "bea"])
        {
            await SaveAsync(bench, id);
            await bench.FlyAsync(id);
            (await bench.Slots.ListAsync(id)).Reply[0].Status.ShouldBe(SlotStatus.Kept);
        }

        foreach (var id in (string[])["ada", "bea"])
        {
            (await bench.Slots.ListAsync(id)).Reply.ShouldAllBe(slot => slot.Status == SlotStatus.Kept);
        }
    }

    [Fact]
    public async Task What_is_saved_without_being_asked_for_takes_nothing_of_the_players_rate()
    {
        var quota = new OwnerQuota { CommandsPerSecond = 0.001, Burst = 3 };
        await using var bench = await GameBench.StartAsync(quota: quota);
        await bench.BeginAsync("ada");
        await bench.FlyAsync("ada");
        (await bench.Slots.ListAsync("ada")).Reply[0].Current!.Metadata.Turn.ShouldBe(1);

        // The third command of three, and the clock stands still.
        (await AskAsync(bench)).ShouldBe(ProblemTypes.Refused);
        (await AskAsync(bench)).ShouldBe(ProblemTypes.RateLimited);

        // Refused, wherever the flight has led to.
        static async Task<string?> AskAsync(GameBench bench) =>
            (await bench.Sojourn.SendAsync("ada", new AbandonQuest())).Problem?.Type;
    }

    private static async Task SaveAsync(GameBench bench, string id)
    {
        bench.Clock.Advance(TimeSpan.FromMinutes(1));
        await bench.BeginAsync(id);
        (await bench.Slots.SaveAsync(id, 1)).Problem.ShouldBeNull(id);
    }
}
