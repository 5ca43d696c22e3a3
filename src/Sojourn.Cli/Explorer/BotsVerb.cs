using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace Sojourn.Cli.Explorer;

using Sojourn.Client;

internal static class BotsVerb
{
    private const int MostPlayers = 100_000, MostGames = 1000, MostAtOnce = 1000;

    private static readonly TimeSpan Pulse = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RemoveWithin = TimeSpan.FromSeconds(30);

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) Create()
    {
        var words = new Words();
        var verb = new Verb(
            "bots", "Has many bots play Cosmic Explorer at once over the HTTP API, and tells how it went.",
            "sojourn bots --players 1000 --seed 7",
            "sojourn bots --players 20 --games 5 --json")
        {
            words.Players, words.Seed, words.Games, words.Turns, words.Concurrency, words.RuleSet, words.Remove,
        };
        return (verb, (call, stop) => RunAsync(call, words.PlanOf(call.Parse), stop));
    }

    private static async Task<int> RunAsync(Call call, BotPlan plan, CancellationToken stop)
    {
        var tally = new BotTally(call.Terminal.Clock);
        var bots = Enumerable.Range(1, plan.Players)
            .Select(player => new Bot(call.Client, plan, tally, player)).ToList();
        var swarm = new BotSwarm(bots, plan.Concurrency);
        var isStopped = false;
        try
        {
            await ShowAsync(call, tally, () => swarm.PlayAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            isStopped = true;
        }
        catch (Exception failure) when (Failure.Of(failure) is { } told)
        {
            (told with { Hint = HintOf(failure) ?? told.Hint }).Tell(call.Terminal, call.Json);
            // A key that never was let in has begun nothing, and may remove nothing.
            if (told.ExitCode != ExitCodes.NotAllowed || tally.Figures().Games > 0)
                await CleanUpAsync(call, plan, swarm);
            return told.ExitCode;
        }

        var figures = tally.Figures();
        await CleanUpAsync(call, plan, swarm);
        Tell(call, plan, figures, isStopped);
        return isStopped ? ExitCodes.Detached : ExitCodes.Done;
    }

    private static string? HintOf(Exception failure) => (failure as SojournProblemException)?.Problem.Name switch
    {
        "full" => "Let the server hold more games: `Explorer:MaxGames` in its configuration; or fewer --players.",
        "quota-exceeded" => "Your quota on the server holds no more: `Quota` in its configuration; or fewer --players.",
        _ => null,
    };

    private static async Task CleanUpAsync(Call call, BotPlan plan, BotSwarm swarm)
    {
        if (!plan.Remove)
            return;

        // Also after Ctrl-C, whose token is spent.
        using var soon = new CancellationTokenSource(RemoveWithin, call.Terminal.Clock);
        try
        {
            await swarm.RemoveAsync(soon.Token);
        }
        catch (Exception lost) when (lost is SojournClientException or OperationCanceledException)
        {
            await call.Terminal.Error.WriteLineAsync(
                $"sojourn: some games may be left; remove them with `{call.Hint("bulk explorer remove")} "
                + $"--label {BotPlan.Label}:{plan.LabelValue}`.");
        }
    }

    /// <summary>Plays while the screen, if there is one, says how it goes.</summary>
    private static async Task ShowAsync(Call call, BotTally tally, Func<Task> play)
    {
        if (call.Json || !call.Terminal.IsScreen)
        {
            await play();
            return;
        }

        await call.Console.Live(new Text("The bots sit down.")).AutoClear(true).StartAsync(async live =>
        {
            var playing = play();
            while (!playing.IsCompleted)
            {
                await Task.WhenAny(playing, Task.Delay(Pulse, call.Terminal.Clock, CancellationToken.None));
                live.UpdateTarget(Table(tally.Figures()));
            }

            await playing;
        });
    }

    private static void Tell(Call call, BotPlan plan, BotFigures figures, bool isStopped)
    {
        if (call.Json)
        {
            call.Document(new { plan.Players, plan.Seed, stopped = isStopped, figures });
            return;
        }

        call.Draw(Table(figures));
        if (isStopped)
            call.Say("Stopped before all games were over.");
        if (!plan.Remove)
            call.Say($"The games are left: {call.Hint($"ls explorer --label {BotPlan.Label}:{plan.LabelValue}")}");
    }

    private static Grid Table(BotFigures figures)
    {
        var grid = new Grid().AddColumn().AddColumn();
        var lost = string.Join(", ", figures.LostBy.Select(each => $"{each.Key} {each.Value}"));
        Row("games", $"{figures.Games:N0} begun, {figures.Won:N0} won, {figures.Lost:N0} lost, {figures.Left:N0} left");
        Row("lost by", $"{(lost.Length > 0 ? lost : "-")}");
        Row("commands", $"{figures.Commands:N0} in {figures.Seconds:N1} s: {figures.CommandsPerSecond:N0} a second");
        Row("  refused", $"{figures.Refused:N0}");
        Row("  answered", $"p50 {figures.CommandP50:N2} ms, p99 {figures.CommandP99:N2} ms");
        Row("reads", $"{figures.Reads:N0}: p50 {figures.ReadP50:N2} ms, p99 {figures.ReadP99:N2} ms");
        return grid;

        void Row(string name, FormattableString value) => grid.AddRow(
            new Text(name, new Style(decoration: Decoration.Dim)),
            new Text(value.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>The verb's options.</summary>
    private sealed class Words
    {
        public Option<int?> Players { get; } = WholeNumber.Option(
            "--players", "How many bots, 1 to 100,000", 1, MostPlayers, usual: 100);

        public Option<int?> Seed { get; } = WholeNumber.Option(
            "--seed", "What their maps and choices are made from; it also names their games", 0, usual: 1);

        public Option<int?> Games { get; } = WholeNumber.Option(
            "--games", "How many games each plays, 1 to 1,000", 1, MostGames, usual: 1);

        public Option<int?> Turns { get; } = WholeNumber.Option(
            "--turns", "Leave each game after so many turns [when it is over]", 1);

        public Option<int?> Concurrency { get; } = WholeNumber.Option(
            "--concurrency", "How many ask the server at a time, 1 to 1,000", 1, MostAtOnce, usual: 64);

        public Option<string?> RuleSet { get; } = new("--rule-set")
        {
            Description = "The figures of the games, by a name that the server knows [standard]",
            HelpName = "NAME",
        };

        public Option<bool> Remove { get; } = new("--remove")
        {
            Description = "Remove the games in the end; `--remove false` leaves them",
            DefaultValueFactory = _ => true,
        };

        public BotPlan PlanOf(ParseResult parse)
        {
            int Of(Option<int?> option) => parse.GetValue(option)!.Value;
            return new BotPlan(
                Of(Players), Of(Seed), Of(Games), parse.GetValue(Turns), Of(Concurrency), parse.GetValue(RuleSet),
                parse.GetValue(Remove));
        }
    }
}
