using System.Threading.Channels;

namespace Sojourn.Cli.Explorer;

using Sojourn.Client;
using Sojourn.Client.Explorer;

/// <summary>
/// A game that is being played: how it stands, what was told of it, and whether the server is there. One thing is asked
/// of the server at a time, again and again until there is an answer. Used by the one loop that reads its inputs.
/// </summary>
internal sealed class PlayedGame(
    ExplorerGame game, GameStart start, ChannelWriter<PlayInput> inputs, TimeProvider clock, CancellationToken stop)
    : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly Told WentOn =
        new("warning", "The game went on elsewhere meanwhile, so nothing was done. Look again.");

    private CancellationTokenSource _following = new();
    private int _life;
    private bool _isGone;
    /// <summary>The newest version that was heard of.</summary>
    private long _newest;
    private (long Version, Action Do)? _held;

    public string Id => game.Id;

    public GameView View { get; private set; } = null!;

    public GameMap Map { get; private set; } = null!;

    public GameLog Log { get; } = new();

    /// <summary>The save slots as they were when they were last looked at; null if they never were.</summary>
    public IReadOnlyList<SaveSlot>? Slots { get; private set; }

    /// <summary>What came of the last action, or what there is to know.</summary>
    public Told Happened { get; private set; } = new("info", "");

    /// <summary>Why the server does not answer; null while it does.</summary>
    public string? Away { get; private set; }

    /// <summary>True while something was asked and is not answered.</summary>
    public bool IsAsking { get; private set; }

    /// <summary>Counts what has changed.</summary>
    public int Changes { get; private set; }

    /// <summary>True if a new game is wanted in the place of this one.</summary>
    public bool WantsAnew { get; set; }

    /// <summary>Gets the game, or begins it. Fails at once if there is no server.</summary>
    /// <returns>True if it is a new one.</returns>
    public async Task<bool> SitDownAsync()
    {
        var found = await FindAsync();
        var session = found ?? await game.GetOrBeginAsync(start, giveUp: stop);
        (View, Map) = (await game.ViewAsync(stop), await game.MapAsync(stop));
        var page = await ReadLogAsync(session);
        Log.Add(page);
        Follow(session.LastEvent);
        return found is null;
    }

    private async Task<Session?> FindAsync()
    {
        try
        {
            return await game.GetAsync(stop);
        }
        catch (SojournProblemException none) when (none.Problem.Name == "not-found")
        {
            return null;
        }
    }

    /// <summary>Says that what was looked at is no longer so.</summary>
    public void TellItWentOn() => Tell(WentOn.Type, WentOn.Text);

    public void Tell(string type, string text)
    {
        Happened = new Told(type, PlainText.Line(text));
        Changes++;
    }

    /// <summary>Does an action, once, however often it has to be sent.</summary>
    public void Do(GameAction action)
    {
        var (version, operation) = (View.Version, Guid.NewGuid().ToString("N"));
        Ask(async () =>
        {
            Told told;
            IReadOnlyList<SessionEvent> events = [];
            try
            {
                var answer = await game.DoAsync(action, version, operation, stop);
                told = new Told(answer.Reply.Type, PlainText.Line(answer.Reply.Text));
                events = answer.Events;
            }
            catch (SojournProblemException no) when (no.Problem.Name == "version-mismatch")
            {
                told = WentOn;
            }
            catch (SojournProblemException no) when (no.Problem.Name is "refused" or "invalid")
            {
                told = new Told("warning", PlainText.Line(no.Message));
            }

            var (view, map) = (await game.ViewAsync(stop), await game.MapAsync(stop));
            return () =>
            {
                Log.Add(events);
                (Happened, View, Map) = (Without(told, view), view, map);
            };
        });
    }

    /// <summary>Begins the game anew; what it was is gone.</summary>
    public void BeginAnew()
    {
        var operation = Guid.NewGuid().ToString("N");
        WantsAnew = false;
        // That the old one ends is no news.
        LiveAnew();
        _following.Cancel();
        Ask(async () =>
        {
            var session = await game.BeginAnewAsync(start, idempotencyKey: operation, giveUp: stop);
            return await ReadAllAsync(session, new Told("info", "A new game."));
        });
    }

    /// <summary>
    /// Does what was chosen: at once, or, while something is being asked, after that, if the game then still stands as
    /// it was when it was chosen.
    /// </summary>
    public void Choose(Action choice)
    {
        if (IsAsking)
            _held = (View.Version, choice);
        else
            choice();
    }

    /// <summary>Reads what is in the slots.</summary>
    public void LookAtSlots()
    {
        // What was there is not to be chosen from while it may have changed.
        Slots = null;
        AskOfSlots(() => Task.FromResult(Happened));
    }

    /// <summary>Saves the game.</summary>
    public void Save(int slot)
    {
        var operation = Guid.NewGuid().ToString("N");
        AskOfSlots(async () =>
        {
            await game.SaveAsync(slot, operation, stop);
            return new Told("success", $"Saved to slot {slot}.");
        });
    }

    /// <summary>Brings back what can be read of a slot whose record is damaged.</summary>
    public void Restore(int slot) => AskOfSlots(async () =>
    {
        await game.RestoreSlotAsync(slot, stop);
        return new Told("success", $"Slot {slot} is restored.");
    });

    /// <summary>Goes on from a save.</summary>
    public void Load(int slot, bool previous)
    {
        var operation = Guid.NewGuid().ToString("N");
        AskOfSlots(async () =>
        {
            await game.LoadAsync(slot, previous, operation, stop);
            return new Told("success", $"The game goes on from slot {slot}.");
        });
    }

    /// <summary>Takes note of what the watching brings.</summary>
    public void Take(PlayInput.News news)
    {
        if (news.Life != _life)
            return;

        switch (news.Of)
        {
            case SessionEvent happened:
                Log.Add([happened]);
                _newest = Math.Max(_newest, happened.Version);
                if (_newest > View.Version && !IsAsking)
                    LookAgain();
                break;
            case SessionSnapshot or ConnectionRestored when !IsAsking:
                LookAgain();
                break;
            case SessionRemoved:
                _isGone = true;
                LookForAnother();
                break;
            case ConnectionLost lost:
                TakeAway(lost.Reason);
                break;
            default:
                // What is being asked now is looked at again if it does not bring the newest.
                break;
        }
    }

    public void Take(PlayInput.Answered answered)
    {
        (IsAsking, Away) = (false, null);
        answered.Take();
        Changes++;
        LookForAnother();
        if (!IsAsking && _newest > View.Version)
            LookAgain();
        if (!IsAsking && _held is { } held)
        {
            _held = null;
            if (held.Version == View.Version)
                held.Do();
        }
    }

    public void TakeAway(string reason)
    {
        if (Away is null)
            Changes++;
        Away = PlainText.Line(reason);
    }

    /// <summary>Ends the watching.</summary>
    public void Dispose()
    {
        _following.Cancel();
        _following.Dispose();
    }

    /// <summary>The game that was watched has ended: begun anew from elsewhere, or gone. Looking tells.</summary>
    private void LookForAnother()
    {
        if (!_isGone || IsAsking)
            return;
        _isGone = false;
        LiveAnew();
        Ask(async () => await ReadAllAsync(
            await game.GetAsync(stop), new Told("warning", "The game was begun anew elsewhere.")));
    }

    private void LiveAnew()
    {
        _life++;
        _newest = 0;
    }

    private void LookAgain() => Ask(async () =>
    {
        var (view, map) = (await game.ViewAsync(stop), await game.MapAsync(stop));
        return () => (View, Map) = (view, map);
    });

    private void AskOfSlots(Func<Task<Told>> work) => Ask(async () =>
    {
        var (told, no) = await TryAsync(work);
        var (list, none) = await TryAsync(() => game.SlotsAsync(stop));
        var (view, map) = (await game.ViewAsync(stop), await game.MapAsync(stop));
        return () => (Slots, View, Map, Happened) = (list?.Slots ?? [], view, map, no ?? none ?? told!);
    });

    /// <summary>What came of it, or why it was refused.</summary>
    private static async Task<(T? Done, Told? No)> TryAsync<T>(Func<Task<T>> work)
        where T : class
    {
        try
        {
            return (await work(), null);
        }
        catch (SojournProblemException no) when (!MayPass(no) && no.Problem.Status != 401)
        {
            return (null, new Told("warning", PlainText.Line(no.Message)));
        }
    }

    private async Task<Action> ReadAllAsync(Session session, Told told)
    {
        var (view, map) = (await game.ViewAsync(stop), await game.MapAsync(stop));
        var events = await ReadLogAsync(session);
        return () =>
        {
            Log.Clear();
            Log.Add(events);
            (View, Map, Happened) = (view, map, told);
            Follow(session.LastEvent);
        };
    }

    private Task<IReadOnlyList<SessionEvent>> ReadLogAsync(Session session) => game.EventsAsync(session, stop);

    private void Ask(Func<Task<Action>> work)
    {
        IsAsking = true;
        _ = AskPatientlyAsync(work);
    }

    private async Task AskPatientlyAsync(Func<Task<Action>> work)
    {
        while (true)
        {
            try
            {
                inputs.TryWrite(new PlayInput.Answered(await work()));
                return;
            }
            catch (SojournClientException failure) when (MayPass(failure))
            {
                inputs.TryWrite(new PlayInput.Away(ReasonOf(failure)));
            }
            catch (Exception failure)
            {
                inputs.TryWrite(new PlayInput.Broken(failure));
                return;
            }

            await Task.Delay(Pause, clock, CancellationToken.None);
        }
    }

    private void Follow(string? after)
    {
        _following.Cancel();
        _following.Dispose();
        _following = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _ = FollowAsync(after, _life, _following.Token);
    }

    private async Task FollowAsync(string? after, int life, CancellationToken left)
    {
        try
        {
            await foreach (var news in game.WatchAsync(after, left))
                inputs.TryWrite(new PlayInput.News(news, life));
        }
        catch (Exception failure) when (!left.IsCancellationRequested)
        {
            inputs.TryWrite(new PlayInput.Broken(failure));
        }
        catch (OperationCanceledException)
        {
            // Left, or another life of the game is followed.
        }
    }

    /// <summary>What was met, and how a game ended, is shown by itself and not told twice.</summary>
    private static Told Without(Told told, GameView view)
    {
        var shown = view.Ending?.Text ?? (view.Encounter is { } met ? $"{met.Title}. {met.Text}" : null);
        return shown is not null && told.Text.EndsWith(PlainText.Line(shown), StringComparison.Ordinal)
            ? told with { Text = told.Text[..^PlainText.Line(shown).Length].TrimEnd() } : told;
    }

    private static bool MayPass(SojournClientException failure) => failure switch
    {
        SojournConnectionException => true,
        SojournProblemException
        {
            Problem: { Status: 408 or 429 or >= 500, Name: not ("damaged" or "rule-failed") },
        } => true,
        _ => false,
    };

    private static string ReasonOf(SojournClientException failure) =>
        failure is SojournConnectionException lost ? lost.Reason : failure.Message;
}

/// <summary>What came of something.</summary>
/// <param name="Type">As in <see cref="GameOutcome.Type"/>.</param>
/// <param name="Text">In words.</param>
internal sealed record Told(string Type, string Text);
