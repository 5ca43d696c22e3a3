using System.Threading.Channels;

namespace Sojourn.Kinds.Explorer.Saves;

/// <summary>
/// Automatic saves that are due: at most one a game, of the newest state that was heard of, and each game is written one
/// save after another.
/// </summary>
internal sealed class PendingSaves
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SessionKey, Due> _due = [];
    private readonly HashSet<SessionKey> _failed = [];

    // Holds each game that is due and not being written, once; so it is bounded by the games there may be.
    private readonly Channel<SessionKey> _order = Channel.CreateUnbounded<SessionKey>();

    /// <summary>Notes that a game is to be saved as it stands, or that one that is to be saved has gone on.</summary>
    /// <param name="game">The game.</param>
    /// <param name="reason">Why; null if that it went on is no reason by itself.</param>
    public void Note(SessionView<Game> game, SaveReason? reason)
    {
        lock (_gate)
        {
            var isKnown = _due.TryGetValue(game.Key, out var due);
            if (reason is null && due?.Game is null)
            {
                return;
            }

            due ??= _due[game.Key] = new Due();
            due.Reason = reason ?? due.Reason;
            due.Game = game;
            if (!isKnown)
            {
                _order.Writer.TryWrite(game.Key);
            }
        }
    }

    /// <summary>Completes when no save of the game is due, or the one that is was tried and failed.</summary>
    public Task SettledAsync(SessionKey game)
    {
        lock (_gate)
        {
            return _due.TryGetValue(game, out var due) ? due.Tried.Task : Task.CompletedTask;
        }
    }

    /// <summary>Completes when nothing is due.</summary>
    public async Task DrainedAsync()
    {
        while (First() is { } one)
        {
            await one;
        }
    }

    /// <summary>Nothing more will be noted; those who take end after what is due.</summary>
    public void Complete() => _order.Writer.TryComplete();

    /// <summary>Games to be written, as they come. Whoever takes one ends with <see cref="Done"/>.</summary>
    public IAsyncEnumerable<SessionKey> TakeAsync(CancellationToken stop) => _order.Reader.ReadAllAsync(stop);

    /// <summary>What of a game is to be written now.</summary>
    public (SessionView<Game> Game, SaveReason Reason) Begin(SessionKey game)
    {
        lock (_gate)
        {
            var due = _due[game];
            var (newest, reason) = (due.Game!, due.Reason);
            due.Game = null;
            return (newest, reason);
        }
    }

    /// <summary>It was written, or never will be. If the game has gone on meanwhile, it is due again.</summary>
    public void Done(SessionKey game)
    {
        lock (_gate)
        {
            var due = _due[game];
            if (due.Game is not null)
            {
                _order.Writer.TryWrite(game);
                return;
            }

            _due.Remove(game);
            due.Tried.TrySetResult();
        }
    }

    /// <summary>It could not be written: whoever waits for it waits no longer, and it is tried again.</summary>
    /// <param name="game">The state that was to be written; a newer one that was noted meanwhile takes its place.</param>
    /// <param name="reason">Why it was to be written.</param>
    /// <returns>True if it is the first time.</returns>
    public bool Failed(SessionView<Game> game, SaveReason reason)
    {
        lock (_gate)
        {
            var due = _due[game.Key];
            (due.Game, due.Reason) = (due.Game ?? game, reason);
            _failed.Add(game.Key);
            return due.Tried.TrySetResult();
        }
    }

    /// <summary>Those that failed come in their turn again.</summary>
    public void TryFailedAgain()
    {
        lock (_gate)
        {
            foreach (var game in _failed)
            {
                _order.Writer.TryWrite(game);
            }

            _failed.Clear();
        }
    }

    private Task? First()
    {
        lock (_gate)
        {
            return _due.Values.FirstOrDefault(due => !due.Tried.Task.IsCompleted)?.Tried.Task;
        }
    }

    private sealed class Due
    {
        public SessionView<Game>? Game { get; set; }

        public SaveReason Reason { get; set; }

        public TaskCompletionSource Tried { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
