using System.Threading.Channels;

namespace Sojourn.Cli.Explorer;

/// <summary>
/// How a game is shown and played: <see cref="PlayScreen"/> on a screen, <see cref="PlainPlay"/> elsewhere.
/// </summary>
internal abstract class PlayFront(PlayedGame game)
{
    /// <summary>True once the player has left.</summary>
    public bool HasLeft { get; protected set; }

    protected PlayedGame Game => game;

    /// <summary>What the player is asked; null if nothing.</summary>
    protected string? Question { get; private set; }

    private Action? _onYes;
    private long _askedAt;

    /// <summary>Asks before something is done that cannot be taken back.</summary>
    protected void Ask(string question, Action onYes) =>
        (Question, _onYes, _askedAt) = (question, onYes, game.View.Version);

    /// <summary>Plays until the player leaves.</summary>
    /// <exception cref="OperationCanceledException">Ctrl-C.</exception>
    public async Task PlayAsync(ChannelReader<PlayInput> inputs, CancellationToken stop)
    {
        if (game.WantsAnew)
            AskForANewGame();
        Show();
        while (!HasLeft)
        {
            Take(await inputs.ReadAsync(stop));
            // All that has arrived by now is shown at once.
            while (!HasLeft && inputs.TryRead(out var next))
                Take(next);
            if (!HasLeft)
                Show();
        }
    }

    /// <summary>Shows how things stand now.</summary>
    protected abstract void Show();

    /// <summary>What the player did: a key or a line.</summary>
    protected abstract void TakePlayer(PlayInput input);

    /// <summary>Does what was chosen, or asks first, or says why not.</summary>
    protected void Choose(PlayItem item)
    {
        if (!item.Available)
            game.Tell("warning", $"{item.Title}: {item.Note}");
        else if (item.Warning is { } warning)
            Ask($"{warning} {item.Title}?", item.Do);
        else
            game.Choose(item.Do);
    }

    /// <summary>A new game, at once if the old one is over or was never played.</summary>
    protected void AskForANewGame()
    {
        if (game.View is { Ending: not null } or { Version: 1 })
            game.Choose(game.BeginAnew);
        else
            Ask($"Begin a new game? This one, at turn {game.View.Goal.Turn}, is gone then.", game.BeginAnew);
    }

    protected void Answer(bool isYes)
    {
        var onYes = _onYes;
        (Question, _onYes) = (null, null);
        if (isYes && _askedAt != game.View.Version)
            game.TellItWentOn();
        else if (isYes)
            game.Choose(onYes!);
        else
            game.Tell("info", "Not done.");
    }

    private void Take(PlayInput input)
    {
        switch (input)
        {
            case PlayInput.News news:
                game.Take(news);
                break;
            case PlayInput.Answered answered:
                game.Take(answered);
                break;
            case PlayInput.Away away:
                game.TakeAway(away.Reason);
                break;
            case PlayInput.Broken broken:
                throw new PlayBrokenException(broken.Why);
            default:
                TakePlayer(input);
                break;
        }
    }
}

/// <summary>The game cannot go on; what is inside says why.</summary>
internal sealed class PlayBrokenException(Exception why) : Exception(why.Message, why);
