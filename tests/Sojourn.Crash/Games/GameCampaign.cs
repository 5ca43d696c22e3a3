using System.Globalization;

namespace Sojourn.Crash.Games;

/// <summary>What a campaign against the sample game saw.</summary>
/// <param name="Kills">How often the game was killed.</param>
/// <param name="KillsAtStart">How many of these before it said that it plays: also while it recovered.</param>
/// <param name="CleanEnds">How often it was ended in good order instead, by the player or by SIGTERM.</param>
/// <param name="Recoveries">How often it was taken up again.</param>
/// <param name="FromOlder">How often from an older save, since two recoveries from the newest were cut off.</param>
/// <param name="Acknowledged">Saves that were acknowledged.</param>
/// <param name="MostLostSeconds">The most play that a kill took.</param>
public sealed record GameCampaignReport(
    int Kills, int KillsAtStart, int CleanEnds, int Recoveries, int FromOlder, long Acknowledged, double MostLostSeconds)
{
    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Kills} kills ({KillsAtStart} of them before it played) and {CleanEnds} ends in good order: {Recoveries} "
        + $"recoveries ({FromOlder} from an older save), {Acknowledged:N0} saves acknowledged and none lost, at most "
        + $"{MostLostSeconds:0.0} s of play lost");
}

/// <summary>
/// The sample game flies by itself; it is killed at random moments, started again, and takes up the game. Now and then it
/// is ended in good order. What it owes is kept here, outside (<see cref="GameLedger"/>).
/// </summary>
public sealed class GameCampaign(string directory, int seed)
{
    private const int TicksASecond = 40;
    private const int CheckpointSeconds = 1;

    /// <summary>What writing a checkpoint may take while other work keeps the disk and the processors busy.</summary>
    private const int SlackSeconds = 4;

    private readonly Random _chance = new(seed);
    private readonly GameLedger _ledger = new() { MostLost = (CheckpointSeconds + SlackSeconds) * TicksASecond };
    private int _killsAtStart;
    private int _cleanEnds;

    /// <summary>Told now and then how it goes.</summary>
    public Action<string> Progress { get; init; } = _ => { };

    /// <summary>Kills so many times, and checks at each start.</summary>
    /// <exception cref="BrokenPromiseException">Something was lost, or offered that must not be.</exception>
    public async Task<GameCampaignReport> RunAsync(int kills)
    {
        for (var kill = 1; kill <= kills;)
        {
            _ledger.Begin();
            await using var game = Start();
            if (_chance.Next(6) == 0)
            {
                await EndAsync(game);
                _cleanEnds++;
                continue;
            }

            await KillAsync(game);
            if (kill++ % 25 == 0)
            {
                Progress($"{kill - 1} kills, {_ledger.Acknowledged} saves acknowledged");
            }
        }

        _ledger.Begin();
        await using var last = Start();
        await EndAsync(last);
        return new GameCampaignReport(
            kills, _killsAtStart, _cleanEnds + 1, _ledger.Recoveries, _ledger.FromOlder, _ledger.Acknowledged,
            (double)_ledger.Lost / TicksASecond);
    }

    // With saves of its own every other time, so that its checkpoints are seen to do by themselves.
    private GameProcess Start() => GameProcess.Start(
        directory, "--recover", "yes", "--checkpoint", $"{CheckpointSeconds}", "--save-every",
        _chance.Next(2) == 0 ? "0" : "30");

    private async Task KillAsync(GameProcess game)
    {
        if (_chance.Next(4) == 0)
        {
            // From before its first word to its recovery's last.
            _killsAtStart++;
            Moment.Pass(_chance.Next(700));
            game.Kill();
        }

        var kill = Task.CompletedTask;
        await foreach (var words in game.Lines)
        {
            if (_ledger.Hear(words))
            {
                kill = Task.Run(() =>
                {
                    Moment.Pass(_chance.Next(2500));
                    game.Kill();
                });
            }
        }

        await kill;
        await game.EndedAsync();
        Promise.Expect(game.ExitCode is 137 or 9, $"The game ended by itself, with {game.ExitCode}.");
        _ledger.Killed();
    }

    private async Task EndAsync(GameProcess game)
    {
        var isSignal = _chance.Next(2) == 0;
        var ending = Task.CompletedTask;
        await foreach (var words in game.Lines)
        {
            if (_ledger.Hear(words))
            {
                ending = Task.Run(() =>
                {
                    Moment.Pass(_chance.Next(500));
                    return isSignal ? game.TerminateAsync() : game.QuitAsync();
                });
            }
        }

        await ending;
        await game.EndedAsync();
        var expected = isSignal ? 143 : 0;
        Promise.Expect(
            game.ExitCode == expected && (isSignal || _ledger.HasEnded),
            $"Ended in good order, the game says {game.ExitCode}.");
        _ledger.Ended();
    }
}
