using Sojourn.Kinds.Explorer;
using Sojourn.Testing;
using Sojourn.Tests.Explorer.Bots;
using Xunit.Abstractions;

namespace Sojourn.Tests.Explorer;

using Outcome = Sojourn.Kinds.Explorer.Outcome;

/// <summary>Whatever is done in whatever order: each game ends, and what must hold, holds at each step.</summary>
public sealed class ManyGamesTests(ITestOutputHelper output)
{
    private const int StateLimit = 10_000;

    [Fact]
    public void Ten_thousand_games_end_and_keep_at_each_step_what_was_promised()
    {
        var sensible = PlayAll(new SensibleBot(), 1, 5000);
        var random = PlayAll(new RandomBot(), 5001, 5000);

        Describe("sensible", sensible);
        Describe("random", random);
        sensible.Concat(random).ShouldAllBe(played => played.GreatestState < StateLimit);
        Won(sensible).ShouldBeInRange(0.2, 0.8);
        Won(random).ShouldBeLessThan(Won(sensible));
    }

    [Fact]
    public void The_same_seed_gives_the_same_game_to_the_byte()
    {
        for (var seed = 1UL; seed <= 100; seed++)
        {
            PlayedGame.Play(new SensibleBot(), seed).Fingerprint
                .ShouldBe(PlayedGame.Play(new SensibleBot(), seed).Fingerprint);
            PlayedGame.Play(new RandomBot(), seed).Fingerprint
                .ShouldBe(PlayedGame.Play(new RandomBot(), seed).Fingerprint);
        }

        PlayedGame.Play(new SensibleBot(), 1).Fingerprint
            .ShouldNotBe(PlayedGame.Play(new SensibleBot(), 2).Fingerprint);
    }

    /// <summary>
    /// By the test kit, which asks each rule several times, and from a state that was stored and read.
    /// </summary>
    [Fact]
    public void The_rules_are_pure_and_the_state_survives_being_stored() => Seeds.Each(200, seed =>
    {
        Bot bot = seed % 2 == 0 ? new SensibleBot() : new RandomBot();
        var dice = new Dice(seed);
        Decided<Game> game = Rules.Of(new ExplorerKind()).Seeded(seed).Start(new StartGame(Seed: (int)seed));
        for (var steps = 0; game.State.Ending is null; steps++)
        {
            steps.ShouldBeLessThan(PlayedGame.MostCommands);
            var action = bot.Pick(game.State, Kinds.Explorer.Showing.GameOptions.Of(game.State), dice);
            var decided = game.Send((ICommand<Outcome>)Wire.Command(action));
            decided.Refusal.ShouldBeNull();
            decided.Reply.Text.ShouldNotBeEmpty();
            decided.Events.ShouldNotBeEmpty();
            game = decided;
        }

        game.IsFinal.ShouldBeTrue();
    });

    private static PlayedGame[] PlayAll(Bot bot, ulong first, int count)
    {
        var played = new PlayedGame[count];
        Parallel.For(0, count, i => Seeds.Each(1, seed => played[i] = PlayedGame.Play(bot, seed), first + (ulong)i));
        return played;
    }

    private static double Won(PlayedGame[] games) => games.Average(played => played.Game.Ending!.Victory ? 1.0 : 0.0);

    private void Describe(string bot, PlayedGame[] games)
    {
        output.WriteLine($"{games.Length} games of the {bot} bot: {Won(games):P1} won, "
            + $"{games.Sum(played => played.Steps)} commands ({games.Average(played => played.Steps):F1} a game, "
            + $"at most {games.Max(played => played.Steps)}), "
            + $"{games.Average(played => played.Game.Turn):F1} turns a game, "
            + $"greatest stored state {games.Max(played => played.GreatestState)} bytes.");
        foreach (var reason in games.GroupBy(played => played.Game.Ending!.Reason)
            .OrderByDescending(each => each.Count()))
        {
            output.WriteLine($"  {reason.Key}: {reason.Count()}");
        }
    }
}
