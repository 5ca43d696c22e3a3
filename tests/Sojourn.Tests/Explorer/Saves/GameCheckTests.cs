using System.Text.Json;
using Sojourn.Kinds.Explorer;
using Sojourn.Kinds.Explorer.Map;
using Sojourn.Kinds.Explorer.Saves;
using Sojourn.Kinds.Explorer.Showing;
using Sojourn.Testing;
using Played = Sojourn.Kinds.Explorer.Outcome;

namespace Sojourn.Tests.Explorer.Saves;

/// <summary>Games that could have come of playing pass, all others do not.</summary>
public sealed class GameCheckTests
{
    private static readonly Game Fresh = Rules.Of(new ExplorerKind()).Start(new StartGame("Ada", 7)).State;

    /// <summary>What is wrong, and a game with that fault alone.</summary>
    public static TheoryData<string, Func<Game, Game>> Faulty => new()
    {
        { "ship", game => game with { Ship = "death_star" } },
        { "fitted", game => game with { Mods = ["phaser"] } },
        { "carries something", game => game with { Cargo = [new Stack("gold", 1)] } },
        { "unknown part", game => game with { Pod = new Pod(30) { Augmentations = ["wings"] } } },
        { "map", game => game with { At = "NODE_X" } },
        { "map", game => game with { Charted = ["NODE_X"] } },
        { "seed", game => game with { MapSeed = -1 } },
        { "way through", game => game with { Visited = [] } },
        { "way through", game => game with { Visited = [game.At, game.At] } },
        { "pilot", game => game with { Pilot = new string('a', 41) } },
        { "pilot", game => game with { Pilot = "a\nb" } },
        { "turn", game => game with { Turn = -1 } },
        { "turn", game => game with { Turn = 51 } },
        { "health", game => game with { Health = 101 } },
        { "hull", game => game with { Hull = 81 } },
        { "fuel", game => game with { Fuel = 101 } },
        { "food", game => game with { Food = -1 } },
        { "wealth", game => game with { Wealth = -1 } },
        { "credits", game => game with { Wealth = 1999 } },
        { "credits", game => game with { Statistics = game.Statistics with { CreditsEarned = 1 } } },
        { "count of wrecks", game => game with { Statistics = game.Statistics with { Salvaged = 1 } } },
        { "slots", game => game with { Mods = ["mining_laser", "mining_laser", "mining_laser"] } },
        { "pod has more", game => Podded(game, "armor_plating", "shield_boost") },
        { "pod is 31", game => game with { Pod = new Pod(31) } },
        { "more of something", game => game with { Cargo = [new Stack("fuel_cells", 6)] } },
        { "more of something", game => game with { Cargo = [new Stack("fuel_cells", 0)] } },
        { "more of something", game => game with { Cargo = [new Stack("data_cores", 1), new Stack("data_cores", 1)] } },
        { "works on", game => game with { Effects = [new TimedEffect("luck", 50, 5)] } },
        { "works on", game => game with { Effects = [new TimedEffect(TimedEffect.TempHp, 50, 6)] } },
        { "works on", game => game with { Effects = [new TimedEffect(TimedEffect.TempHp, 75, 5)] } },
        { "works on", game => game with { Effects = [new TimedEffect(TimedEffect.TempHp, 0, 5)] } },
        { "works on", game => game with { Effects = [new TimedEffect(TimedEffect.TempHp, -50, 5)] } },
        // More than can be added up.
        { "works on", game => game with { Effects = [Shield(2_000_000_000, 4), Shield(2_000_000_000, 5)] } },
        { "more of something", game => game with
            { Cargo = [new Stack("rare_minerals", int.MaxValue), new Stack("data_cores", int.MaxValue)] } },
        { "flies in the pod", game => game with { Pod = new Pod(30) { Flying = true } } },
        { "quest", game => game with { Quest = new Quest("tea_party", "Tea", game.At, 3) } },
        { "quest", game => game with { Quest = new Quest("artifact_hunt", "Artifact Hunt", game.At, 16) } },
        { "quest", game => game with { CompletedQuests = ["tea_party"] } },
        { "fight", game => game with { Fight = new Fight("dragon", 10) } },
        { "fight", game => game with { Fight = new Fight("pirate_scout", 31) } },
        { "fight", game => game with { Fight = new Fight("pirate_scout", 0) } },
        { "waits", game => game with { Encounter = new Encounter("nothing", "", "", []) } },
        { "waits", game => game with { Encounter = new Encounter("ion_storm", "", "", [new Choice("wait", "Wait")]) } },
        { "over", game => game with { Ending = new Ending(true, EndReason.Wealthy, "Won.") } },
        { "over", game => game with { Fuel = 0 } },
        { "figures", game => game with { Rules = game.Rules with { MaxTurns = 0 } } },
        { "figures", game => game with { Rules = game.Rules with { TradeSpread = double.NaN } } },
        { "missing", game => game with { Mods = [null!] } },
        { "missing", game => game with { Cargo = [null!] } },
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    public void A_game_that_cannot_be_is_told_by_what_is_wrong_with_it(string says, Func<Game, Game> change)
    {
        GameCheck.FaultOf(Fresh).ShouldBeNull();
        var fault = GameCheck.FaultOf(change(Fresh));
        fault.ShouldNotBeNull();
        fault.ShouldContain(says);
        fault.ShouldEndWith(".");
    }

    [Fact]
    public void A_fight_and_an_encounter_at_once_cannot_be()
    {
        var both = Fresh with
        {
            Fight = new Fight("pirate_scout", 30),
            Encounter = new Encounter("ion_storm", "", "", [new Choice("push_through", ""), new Choice("wait", "")]),
        };
        GameCheck.FaultOf(both with { Fight = null }).ShouldBeNull();
        GameCheck.FaultOf(both).ShouldBe("more than one thing waits in it.");
    }

    [Fact]
    public void Shield_charges_that_were_used_in_one_turn_can_be_saved()
    {
        var flight = Flight.From(Games.AtYard.Holding("shield_booster_charge", 3));
        flight = flight.Do(new UseItem("shield_booster_charge")).Do(new UseItem("shield_booster_charge"));
        flight = flight.Until(new Navigate(flight.Game.Next()), flown => flown.Status == "playing");

        flight.Do(new UseItem("shield_booster_charge"));

        flight.Game.Effects.ShouldBe([Shield(100, 4), Shield(50, 5)]);
        GameCheck.FaultOf(StartedWhereItIs(flight.Game)).ShouldBeNull();
    }

    [Fact]
    public void Whatever_playing_leads_to_passes_after_every_step()
    {
        var endings = new HashSet<EndReason>();
        for (ulong seed = 1; seed <= 300; seed++)
        {
            var chance = new Dice(seed);
            var game = Rules.Of(new ExplorerKind()).Seeded(seed).Start(new StartGame("Ada", (int)seed));
            for (var step = 0; step < 400 && game.State.Ending is null; step++)
            {
                var actions = GameOptions.Of(game.State).Actions.Where(action => action.Available).ToList();
                game = game.Send(Command(actions[chance.Next(actions.Count)]));
                game.Refusal.ShouldBeNull();
                var written = Written(game.State);
                GameCheck.FaultOf(game.State).ShouldBeNull($"seed {seed}, step {step}: {written}");
                written.Length.ShouldBeLessThan(10 << 10, "a game with its map stays small");
                SavedGames.TryRead(written, out var read).ShouldBeNull();
                Written(read!).ShouldBe(written);
            }

            if (game.State.Ending is { } ending)
            {
                endings.Add(ending.Reason);
            }
        }

        endings.Count.ShouldBeGreaterThan(1);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"pilot\":\"Ada\"}")]
    [InlineData("not JSON")]
    public void What_is_no_game_at_all_is_refused_and_breaks_nothing(string json) =>
        SavedGames.TryRead(json, out _).ShouldNotBeNull().ShouldEndWith(".");

    [Theory]
    [InlineData("\"cargo\":[]", "\"cargo\":null")]
    [InlineData("\"rules\":{", "\"rules\":null,\"x\":{")]
    [InlineData("\"statistics\":{", "\"statistics\":null,\"x\":{")]
    [InlineData("\"cargo\":[]", "\"cargo\":[{\"quantity\":1}]")]
    public void What_is_null_or_missing_where_nothing_may_be_is_refused(string part, string instead)
    {
        var json = Written(Fresh);
        json.ShouldContain(part);
        SavedGames.TryRead(json.Replace(part, instead, StringComparison.Ordinal), out _).ShouldNotBeNull();
    }

    private static TimedEffect Shield(int hull, int turns) => new(TimedEffect.TempHp, hull, turns);

    // Made by hand, it has not been at the place where games begin.
    private static Game StartedWhereItIs(Game game)
    {
        string[] visited = [StarMap.Of(game.MapSeed).Start.Id, .. game.Visited];
        visited = [.. visited.Distinct()];
        return game with { Visited = visited, Statistics = game.Statistics with { SystemsVisited = visited.Length } };
    }

    private static Game Podded(Game game, params string[] augmentations) =>
        game with { Pod = new Pod(30) { Augmentations = augmentations } };

    private static string Written(Game game) => JsonSerializer.Serialize(game, SojournJson.Stored);

    private static ICommand<Played> Command(GameAction action)
    {
        var type = typeof(Navigate).Assembly.GetTypes()
            .Single(each => each.Namespace == typeof(Navigate).Namespace && WireName.Of(each) == action.Command
                && typeof(ICommand<Played>).IsAssignableFrom(each));
        var json = JsonSerializer.Serialize(action.Parameters, SojournJson.Options);
        return (ICommand<Played>)JsonSerializer.Deserialize(json, type, SojournJson.Options)!;
    }
}
