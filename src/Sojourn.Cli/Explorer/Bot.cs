using System.Globalization;

namespace Sojourn.Cli.Explorer;

using Sojourn.Client;
using Sojourn.Client.Explorer;

/// <summary>One bot with its game. Asked for a step at a time, never for two at once.</summary>
internal sealed class Bot(SojournClient client, BotPlan plan, BotTally tally, int player)
{
    // Nothing that a sensible player does takes so many; a rule that lets one go on for ever is to be noticed.
    private const int MostSteps = 2000;

    private readonly ExplorerGame _game = client.Explorer($"bot-{plan.Seed}-{player}");
    private BotMind? _mind;
    private int _played;
    private int _steps;

    public string Id => _game.Id;

    /// <summary>True once all its games are over or left.</summary>
    public bool IsDone => _played == plan.Games;

    /// <summary>True if there may be a game of its own on the server.</summary>
    public bool MayHaveGame { get; private set; }

    /// <summary>Begins a game, or does one thing in it.</summary>
    public Task StepAsync(CancellationToken stop) => _mind is null ? SitDownAsync(stop) : PlayAsync(_mind, stop);

    /// <summary>Removes its game.</summary>
    public async Task RemoveAsync(CancellationToken stop)
    {
        await IfThereAsync(async () =>
        {
            // A start whose answer was not waited for may have met somebody else's game.
            if (!IsOurs(await _game.GetAsync(stop)))
                return;
            await _game.RemoveAsync(stop);
            // What the server saved of it by itself.
            await _game.RemoveSlotAsync(0, stop);
        });
        MayHaveGame = false;
    }

    private bool IsOurs(Session session) => session.Labels.GetValueOrDefault(BotPlan.Label) == plan.LabelValue;

    private static async Task IfThereAsync(Func<Task> remove)
    {
        try
        {
            await remove();
        }
        catch (SojournProblemException gone) when (gone.Problem.Status == 404)
        {
            // That is what was wanted. A server without slots has none to remove either.
        }
    }

    private async Task SitDownAsync(CancellationToken stop)
    {
        var seed = HashOf(plan.Seed, player, _played);
        var start = new GameStart($"Bot {player}", seed, plan.RuleSet);
        var labels = new Dictionary<string, string> { [BotPlan.Label] = plan.LabelValue };
        MayHaveGame = true;
        var session = await BeginAsync(start, labels, stop);
        if (!IsOurs(session))
            throw new UsageException($"The game '{Id}' is not one of these bots; choose another --seed.");
        // What an earlier run left is gone on with, unless it is over.
        if (session.Final || _played > 0)
            await tally.CommandAsync(() => _game.BeginAnewAsync(start, labels, giveUp: stop));
        tally.CountBegun();
        _mind = new BotMind(new Random(seed), (BotStyle)(player % 3));
        _steps = 0;
    }

    private async Task<Session> BeginAsync(
        GameStart start, IReadOnlyDictionary<string, string> labels, CancellationToken stop)
    {
        try
        {
            return await tally.CommandAsync(() => _game.GetOrBeginAsync(start, labels, stop));
        }
        catch (SojournProblemException no) when (no.Problem.Status is >= 400 and < 500)
        {
            // Refused, and so not begun: there is nothing to remove, which might be refused as well.
            MayHaveGame = false;
            throw;
        }
    }

    private async Task PlayAsync(BotMind mind, CancellationToken stop)
    {
        var view = await tally.ReadAsync(() => _game.ViewAsync(stop));
        if (view.Ending is not null || view.Goal.Turn >= plan.Turns || _steps++ >= MostSteps)
        {
            await EndAsync(view.Ending, stop);
            return;
        }

        var action = mind.Choose(view) ?? mind.Travel(view, await tally.ReadAsync(() => _game.MapAsync(stop)));
        if (action is null)
        {
            await EndAsync(null, stop);
            return;
        }

        try
        {
            // The version names the step: sent again, also by another run, it is done once.
            var operation = string.Create(CultureInfo.InvariantCulture, $"bot-{view.Version}");
            await tally.CommandAsync(() => _game.DoAsync(action, view.Version, operation, stop));
        }
        catch (SojournProblemException no) when (no.Problem.Name is "refused" or "version-mismatch")
        {
            tally.CountRefused();
        }
    }

    private async Task EndAsync(GameEnding? ending, CancellationToken stop)
    {
        tally.CountEnded(ending);
        _played++;
        _mind = null;
        if (plan.Remove && IsDone)
            await RemoveAsync(stop);
    }

    private static int HashOf(int seed, int player, int game)
    {
        // The same on every machine and in every run, unlike HashCode.
        var hash = 2166136261;
        foreach (var part in (ReadOnlySpan<int>)[seed, player, game])
            hash = unchecked((hash ^ (uint)part) * 16777619);
        return (int)(hash & int.MaxValue);
    }
}
