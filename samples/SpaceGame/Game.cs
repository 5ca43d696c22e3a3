using System.Globalization;
using Sojourn.Kinds.Play;
using Sojourn.Kinds.Play.Flow;
using Sojourn.Kinds.Play.Games;
using Sojourn.Kinds.Play.Models;
using Sojourn.Kinds.Play.Saves;

namespace SpaceGame;

/// <summary>The game from its start to its end. What it writes begins with a word, for whoever reads along.</summary>
internal sealed class Game : IAsyncDisposable
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(25);

    private readonly Settings _settings;
    private readonly GameFolder _folder;
    private readonly CancellationTokenSource _quit = new();
    private volatile Flight _flight;

    private Game(Settings settings, GameFolder folder) =>
        (_settings, _folder, _flight) = (settings, folder, Flight.Begin(settings.Pilot));

    public static async Task<Game> OpenAsync(Settings settings)
    {
        if (!Callsign.TryParse(settings.Pilot, out _))
        {
            throw new Sojourn.SojournException($"'{settings.Pilot}' is no callsign.");
        }

        var shortest = Math.Clamp(settings.CheckpointSeconds, 0.1, 60);
        return new Game(settings, await GameFolder.OpenAsync(settings.Folder, new GameOptions
        {
            Rules = new PlayOptions { ShortestInterval = TimeSpan.FromSeconds(shortest) },
            BeatEvery = TimeSpan.FromSeconds(1),
        }));
    }

    public async Task PlayAsync()
    {
        var session = await RecoverAsync() ?? await BeginAsync();
        session.SavedByItself += (_, save) => Tell(save);
        Say($"playing {session.Key.Id} tick {_flight.Tick}");
        _ = Task.Run(() => ReadKeysAsync(session));
        await FlyAsync(session);
        var times = await session.EndAsync("the player quit");
        Say($"ended after {times.DurationSeconds:0.0} seconds, at tick {_flight.Tick}");
    }

    public async ValueTask DisposeAsync()
    {
        await _folder.DisposeAsync();
        _quit.Dispose();
    }

    /// <summary>Takes up the game that was cut off, if there is one and the player wants it.</summary>
    private async Task<GameSession?> RecoverAsync()
    {
        if (_folder.Recoveries is not [var recovery, ..])
        {
            Say("fresh start, nothing to recover");
            return null;
        }

        Describe(recovery);
        if (recovery.Offer.Recommended is null)
        {
            await recovery.DeclineAsync();
            Say("empty: it was cut off before anything was saved");
            return null;
        }

        switch (_settings.Recover == "ask" ? Ask() : _settings.Recover)
        {
            case "no":
                await recovery.DeclineAsync();
                Say("declined");
                return null;
            case "later":
                await recovery.DecideLaterAsync();
                Say("later");
                return null;
        }

        var answer = await recovery.AcceptAsync();
        if (answer.Game is not { } game)
        {
            Say($"unrecoverable {answer.Problem!.Message}");
            return null;
        }

        Say($"recovering {game.Plan.Backup.Slot} {game.Plan.Backup.Generation}");
        _flight = Flight.From(game.Content);
        // From the main menu to where the player was, as the table allows it.
        var flow = GameFlow.Begin();
        foreach (var state in game.Plan.Path)
        {
            await flow.MoveAsync(state);
        }

        var session = await game.ConfirmAsync(Capture, flow.Current);
        Say($"recovered {game.Plan.Backup.Slot} {game.Plan.Backup.Generation} tick {_flight.Tick}");
        return session;
    }

    /// <summary>Begins to play, with the newest save if there is one.</summary>
    private async Task<GameSession> BeginAsync()
    {
        var saves = await _folder.Saves.ListAsync();
        if (saves.FirstOrDefault(save => save.Details.Callsign == _flight.Pilot.Callsign) is { } newest)
        {
            var loaded = await _folder.Saves.LoadAsync(newest.Slot);
            _flight = Flight.From(loaded.Content);
            Say($"loaded {loaded.Metadata.Slot} {loaded.Metadata.Generation} tick {_flight.Tick}");
        }

        var start = await _folder.StartAsync(
            new StartPlay(
                _settings.Pilot, "space-game", GameVersion: "1.0", CheckpointSeconds: _settings.CheckpointSeconds,
                AutoSaveSeconds: Math.Max(60, _settings.CheckpointSeconds)),
            Capture);
        return start.Session ?? throw new Sojourn.SojournException(start.Problem!);
    }

    private GameCapture? Capture(SaveType type) => _flight.Capture();

    private async Task FlyAsync(GameSession session)
    {
        using var ticks = new PeriodicTimer(TickEvery);
        var flown = 0;
        var crashAt = _flight.Tick + (_settings.CrashAfter / TickEvery.TotalSeconds);
        var failAt = _flight.Tick + (_settings.FailAfter / TickEvery.TotalSeconds);
        var state = (await session.GetAsync()).GameState;
        while (flown < _settings.Missions && !_quit.IsCancellationRequested && await ticks.WaitForNextTickAsync())
        {
            if (_flight.Tick >= crashAt)
            {
                Environment.FailFast("SpaceGame crashes, as it was told to.");
            }

            if (_flight.Tick >= failAt)
            {
                Environment.Exit(3);
            }

            state = await GoOnAsync(session, state, GameState.Briefing, GameState.Mission);
            _flight = _flight.Next();
            if (_flight.Tick % 10 == 0)
            {
                Say($"tick {_flight.Tick}");
            }

            if (_settings.SaveEvery > 0 && _flight.Tick % _settings.SaveEvery == 0)
            {
                Tell(await session.QuickSaveAsync(_flight.Capture()));
            }

            if (_flight.IsMissionOver)
            {
                flown++;
                state = await GoOnAsync(
                    session, state, GameState.MissionComplete, GameState.Debrief, GameState.CampaignMenu);
                await session.UpdateAsync(new Dictionary<string, object?>
                {
                    ["missions"] = _flight.Pilot.MissionsFlown,
                    ["score"] = _flight.Pilot.Score,
                });
                if (_settings.SaveEvery > 0)
                {
                    Tell(await session.SaveAsync(
                        SlotName.Number(_flight.Pilot.MissionsFlown % 3), _flight.Capture()));
                }
            }
        }
    }

    /// <summary>Walks through states, unless the game is in the last of them.</summary>
    private static async Task<GameState> GoOnAsync(
        GameSession session, GameState at, params GameState[] states)
    {
        foreach (var next in at == states[^1] ? [] : states)
        {
            if (await session.ChangeStateAsync(next) is { } refusal)
            {
                throw new Sojourn.SojournException(refusal.Message);
            }
        }

        return states[^1];
    }

    private async Task ReadKeysAsync(GameSession session)
    {
        // Without a keyboard, lines do as well.
        while (await Console.In.ReadLineAsync() is { } line)
        {
            switch (line.Trim())
            {
                case "q":
                    await _quit.CancelAsync();
                    return;
                case "s":
                    Tell(await session.SaveAsync(SlotName.Number(9), _flight.Capture()));
                    break;
            }
        }
    }

    private static void Describe(GameRecovery recovery)
    {
        var offer = recovery.Offer;
        Say($"offer {recovery.Session.Id} {offer.What}");
        Say($"  last sign of life {offer.LastActivityAt:u}, in {offer.GameState}; "
            + $"it can be taken up in {offer.ResumeAt}");
        foreach (var backup in offer.Backups)
        {
            var mark = backup.Name == offer.Recommended ? "*" : " ";
            Say($"{mark} backup {backup.Name.Slot} {backup.Name.Generation} {backup.Validity} attempts "
                + $"{backup.Attempts}, {backup.AgeSeconds:0} s old, {backup.LostSeconds:0.0} s would be lost "
                + $"{backup.Description}{backup.Reason}");
        }
    }

    private static string Ask()
    {
        Console.Write("Take it up again? [yes/no/later] ");
        return Console.ReadLine()?.Trim() switch
        {
            "no" or "n" => "no",
            "yes" or "y" or "" => "yes",
            _ => "later",
        };
    }

    private static void Tell(AutomaticSave save)
    {
        if (save.Save is { } saved)
        {
            Tell(saved);
        }
        else if (save.Failure is { } failure)
        {
            Say($"unsaved {failure.Message}");
        }
    }

    private static void Tell(SaveMetadata saved) => Say(string.Create(
        CultureInfo.InvariantCulture,
        $"saved {saved.Slot} {saved.Generation} tick {saved.Details.Extra["tick"]}"));

    private static void Say(string line)
    {
        lock (Console.Out)
        {
            Console.WriteLine(line);
            Console.Out.Flush();
        }
    }
}
