using System.Threading.Channels;

namespace Sojourn.Cli.Explorer;

using Sojourn.Client;
using Sojourn.Client.Explorer;

/// <summary>
/// A game that is being played: how it stands, what was told of it, and whether the server is there. One thing is asked of
/// the server at a time, again and again until there is an answer. Used by the one loop that reads its inputs.
/// </summary>
internal sealed class PlayedGame(
    ExplorerGame game, GameStart start, ChannelWriter<PlayInput> inputs, TimeProvider clock, CancellationToken stop)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private CancellationTokenSource _following = new();

    public string Id => game.Id;

    public GameView View { get; private set; } = null!;

    public GameMap Map { get; private set; } = null!;

    public GameLog Log { get; } = new();

    /// <summary>What came of the last action, or what there is to know.</summary>
    public Told Happened { get; private set; } = new("info", "");

    /// <summary>Why the server does not answer; null while it does.</summary>
    public string? Away { get; private set; }

    /// <summary>True while something was asked and is not answered.</summary>
    public bool IsAsking { get; private set; }

    /// <summary>Counts what has changed.</summary>
    public int Changes { get; private set; }

    /// <summary>Gets the game, or begins it. Fails at once if there is no server.</summary>
    /// <returns>The game as it was found.</returns>
    public async Task<Session> SitDownAsync()
    {
        var session = await game.GetOrBeginAsync(start, giveUp: stop);
        (View, Map) = (await game.ViewAsync(stop), await game.MapAsync(stop));
        var page = await ReadLogAsync(session);
        Log.Add(page);
        Follow(session.LastEvent);
        return session;
    }

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
                (told, events) = (new Told(answer.Reply.Type, PlainText.Line(answer.Reply.Text)), answer.Events);
            }
            catch (SojournProblemException no) when (no.Problem.Name == "version-mismatch")
            {
                told = new Told("warning", "The game went on elsewhere meanwhile, so nothing was done. Look again.");
            }
            catch (SojournProblemException no) when (no.Problem.Name is "refused" or "invalid")
            {
                told = new Told("warning", PlainText.Line(no.Message));
            }

            var (view, map) = (await game.ViewAsync(stop), await game.MapAsync(stop));
            return () =>
            {
                Log.Add(events);
                (Happened, View, Map) = (told, view, map);
            };
        });
    }

    /// <summary>Begins the game anew; what it was is gone.</summary>
    public void BeginAnew()
    {
        var operation = Guid.NewGuid().ToString("N");
        Ask(async () =>
        {
            var session = await game.BeginAnewAsync(start, idempotencyKey: operation, giveUp: stop);
            return await ReadAllAsync(session, new Told("info", "A new game."));
        });
    }

    /// <summary>Takes note of what the watching brings.</summary>
    public void Take(SessionNews news)
    {
        switch (news)
        {
            case SessionEvent happened:
                Log.Add([happened]);
                if (happened.Version > View.Version && !IsAsking)
                    LookAgain(null);
                break;
            case SessionSnapshot or ConnectionRestored when !IsAsking:
                LookAgain(null);
                break;
            case SessionRemoved:
                // Begun anew from elsewhere, or gone: looking tells.
                LookAgain(new Told("warning", "The game was begun anew elsewhere."), isNewLife: true);
                break;
            case ConnectionLost lost:
                TakeAway(lost.Reason);
                break;
            default:
                // What is being asked now brings the newest anyway.
                break;
        }
    }

    public void Take(PlayInput.Answered answered)
    {
        (IsAsking, Away) = (false, null);
        answered.Take();
        Changes++;
    }

    public void TakeAway(string reason)
    {
        if (Away is null)
            Changes++;
        Away = PlainText.Line(reason);
    }

    /// <summary>Ends the watching.</summary>
    public void Leave() => _following.Cancel();

    private void LookAgain(Told? told, bool isNewLife = false) => Ask(async () =>
    {
        if (isNewLife)
            return await ReadAllAsync(await game.GetAsync(stop), told);
        var (view, map) = (await game.ViewAsync(stop), await game.MapAsync(stop));
        return () => (View, Map, Happened) = (view, map, told ?? Happened);
    });

    private async Task<Action> ReadAllAsync(Session session, Told? told)
    {
        var (view, map) = (await game.ViewAsync(stop), await game.MapAsync(stop));
        var events = await ReadLogAsync(session);
        return () =>
        {
            Log.Clear();
            Log.Add(events);
            (View, Map, Happened) = (view, map, told ?? Happened);
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
        _ = FollowAsync(after, _following.Token);
    }

    private async Task FollowAsync(string? after, CancellationToken left)
    {
        try
        {
            await foreach (var news in game.WatchAsync(after, left))
                inputs.TryWrite(new PlayInput.News(news));
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

    private static bool MayPass(SojournClientException failure) => failure switch
    {
        SojournConnectionException => true,
        SojournProblemException { Problem: { Status: 408 or 429 or >= 500, Name: not ("damaged" or "rule-failed") } } => true,
        _ => false,
    };

    private static string ReasonOf(SojournClientException failure) =>
        failure is SojournConnectionException lost ? lost.Reason : failure.Message;
}

/// <summary>What came of something.</summary>
/// <param name="Type">As in <see cref="GameOutcome.Type"/>.</param>
/// <param name="Text">In words.</param>
internal sealed record Told(string Type, string Text);
