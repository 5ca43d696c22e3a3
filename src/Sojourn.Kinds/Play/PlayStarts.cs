using System.Security.Cryptography;
using System.Text;
using Sojourn.Kinds.Play.Models;
using Sojourn.Stores;

namespace Sojourn.Kinds.Play;

/// <summary>
/// Begins play sessions and takes them up again, one at a time for each pilot of a game: who plays already is named,
/// and is ended only if that was said. Sessions are found by their labels <c>callsign</c> and <c>game</c>. Safe from
/// any thread.
/// </summary>
/// <param name="engine">Has the sessions.</param>
public sealed class PlayStarts(SojournEngine engine) : IDisposable
{
    /// <summary>The label that holds the pilot's callsign.</summary>
    public const string PilotLabel = "pilot";

    /// <summary>The label that holds the game.</summary>
    public const string GameLabel = "game";

    /// <summary>The label that holds the callsign in capitals: by it pilots are told apart.</summary>
    public const string CallsignLabel = "callsign";

    private const string OperationLabel = "start";

    private static readonly string[] Active = ["playing", "recovering"];

    // Starts look for others before they begin, so no two may do so at once. They are rare, and short.
    private readonly SemaphoreSlim _starting = new(1, 1);

    /// <summary>Begins a session, or says who plays.</summary>
    /// <param name="start">What begins it.</param>
    /// <param name="options">As for <see cref="SojournEngine"/>; its labels gain the three above.</param>
    /// <param name="giveUp">Ends the waiting.</param>
    public Task<PlayStart> StartAsync(
        StartPlay start, CreateOptions? options = null, CancellationToken giveUp = default) =>
        StartAsync(start, options, isAlone: false, giveUp);

    /// <param name="start">What begins it.</param>
    /// <param name="options">As for the other.</param>
    /// <param name="isAlone">Whether it is known that nobody plays, so that no one is looked for.</param>
    /// <param name="giveUp">Ends the waiting.</param>
    internal async Task<PlayStart> StartAsync(
        StartPlay start, CreateOptions? options, bool isAlone, CancellationToken giveUp)
    {
        ArgumentNullException.ThrowIfNull(start);
        options = Labelled(start, options ?? new CreateOptions());
        await _starting.WaitAsync(giveUp).ConfigureAwait(false);
        try
        {
            var others = !isAlone && Callsign.TryParse(start.Pilot, out _) && SessionId.TryParse(start.Game, out _)
                ? await OthersAsync(options.Owner, options.Id, options.Labels!, giveUp).ConfigureAwait(false)
                : [];
            // A start that is sent again has begun one of them, and is answered as before.
            if (!start.TakeOver && others.Count > 0 && !others.Exists(other => IsOf(options, other)))
            {
                return new PlayStart(null, AlreadyPlaying(others[0]), others[0].Key.Id);
            }

            var answer = await engine.CreateAsync(start, options, giveUp).ConfigureAwait(false);
            if (!answer.IsAccepted)
            {
                return new PlayStart(null, answer.Problem, null);
            }

            // After the new one has begun: whoever is refused for another reason has ended nothing.
            var ended = others.Where(other => start.TakeOver && other.Key != answer.Reply.Key);
            if (await EndAsync(ended, answer.Reply.Key.Id).ConfigureAwait(false) is var (other, problem))
            {
                return new PlayStart(answer.Reply, problem, other);
            }

            return new PlayStart(answer.Reply, null, null)
            {
                IsNew = answer.IsChange || answer.IsReplay,
                IsReplay = answer.IsReplay,
            };
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Whether a command takes a session up again: such a one is sent by <see cref="SendAsync"/>.</summary>
    public static bool TakesUp(object command) => command is ContinuePlay or AcceptRecovery;

    /// <summary>
    /// Sends a command by which a session is taken up again, unless its pilot plays in another. That one is named, and
    /// ended only if the command says to take over.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="command">See <see cref="TakesUp"/>.</param>
    /// <param name="options">As for <see cref="SojournEngine"/>.</param>
    /// <returns>
    /// The session's answer, or a problem: the pilot plays in another, or that could not be ended; sent again, it goes
    /// on with that.
    /// </returns>
    public async Task<(Answer<object?> Answer, Problem? Problem)> SendAsync(
        SessionKey session, object command, SendOptions? options = null)
    {
        var takesOver = command is ContinuePlay { TakeOver: true } or AcceptRecovery { TakeOver: true };
        // Decided whether or not anybody waits, as every command.
        await _starting.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            var seen = await engine.GetAsync(session).ConfigureAwait(false);
            var others = seen.IsAccepted && (takesOver || !IsActive(seen.Reply))
                ? await OthersAsync(session.Owner, session.Id, seen.Reply.Labels, default).ConfigureAwait(false)
                : [];
            if (others.Count > 0 && !takesOver)
            {
                // Sent again, it is answered as before: with a version that it cannot have, nothing else is done.
                var before = await engine.SendAsync(
                    session, command, (options ?? new()) with { ExpectedVersion = long.MaxValue },
                    CancellationToken.None).ConfigureAwait(false);
                return before.IsReplay ? (before, before.Problem) : (default, AlreadyPlaying(others[0]));
            }

            var answer = await engine.SendAsync(session, command, options, CancellationToken.None)
                .ConfigureAwait(false);
            if (!answer.IsAccepted)
            {
                return (answer, answer.Problem);
            }

            // An answer from memory may be of a recovery that has come to nothing since.
            var now = await engine.GetAsync(session).ConfigureAwait(false);
            return (answer, now.IsAccepted && IsActive(now.Reply)
                ? (await EndAsync(others, session.Id).ConfigureAwait(false))?.Problem : null);
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _starting.Dispose();

    private static CreateOptions Labelled(StartPlay start, CreateOptions options)
    {
        var labels = new Dictionary<string, string>(options.Labels ?? new Dictionary<string, string>(),
            StringComparer.Ordinal);
        // What is not well formed is refused by the rules, with a sentence.
        if (Callsign.TryParse(start.Pilot, out var pilot))
        {
            labels[PilotLabel] = pilot.ToString();
            labels[CallsignLabel] = pilot.ToString().ToUpperInvariant();
        }

        if (SessionId.TryParse(start.Game, out _))
        {
            labels[GameLabel] = start.Game;
        }

        if (options.OperationId is { } operation)
        {
            labels[OperationLabel] = MarkOf(operation);
        }

        return options with { Labels = labels };
    }

    /// <summary>The sessions in which the same pilot plays the same game, other than this.</summary>
    private async Task<List<SessionView>> OthersAsync(
        OwnerId owner, SessionId? self, IReadOnlyDictionary<string, string> labels, CancellationToken giveUp)
    {
        var others = new List<SessionView>();
        var same = labels.Where(label => label.Key is CallsignLabel or GameLabel)
            .ToDictionary(StringComparer.Ordinal);
        if (same.Count < 2)
        {
            // Begun by other means: nobody knows whose it is.
            return others;
        }

        var query = new SessionQuery { Kind = PlayKind.KindName, Owner = owner, IsFinal = false, Labels = same };
        do
        {
            var page = await engine.ListAsync(query, giveUp).ConfigureAwait(false);
            // One that is to begin anew under its id, or is merely got, is no other.
            others.AddRange(page.Sessions.Where(other => other.Key.Id != self && IsActive(other)));
            query = query with { Cursor = page.Next };
        }
        while (query.Cursor is not null);

        return others;
    }

    /// <returns>The first that could not be ended, and why; null if all are.</returns>
    private async Task<(SessionId Other, Problem Problem)?> EndAsync(IEnumerable<SessionView> others, SessionId by)
    {
        foreach (var other in others)
        {
            var over = await engine.SendAsync(
                other.Key, new TakeOver($"{by}"), new SendOptions { IsUpkeep = true }, CancellationToken.None)
                .ConfigureAwait(false);
            if (over.Problem is { Type: not ProblemTypes.NotFound } problem)
            {
                return (other.Key.Id, problem);
            }
        }

        return null;
    }

    private static bool IsActive(SessionView session) => Active.Contains(session.Status, StringComparer.Ordinal);

    private static bool IsOf(CreateOptions options, SessionView other) => options.OperationId is { } operation
        && other.Labels.GetValueOrDefault(OperationLabel) == MarkOf(operation);

    private static string MarkOf(string operation) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(operation)).AsSpan(0, 16));

    private static Problem AlreadyPlaying(SessionView other) => new(
        ProblemTypes.Refused,
        $"{other.Labels.GetValueOrDefault(PilotLabel) ?? other.Labels[CallsignLabel]} plays {other.Labels[GameLabel]} "
        + $"already, in the session '{other.Key.Id}'. Ask the player, and say takeOver to end that one.")
    { Code = "already-playing" };
}

/// <summary>What came of a start.</summary>
/// <param name="Session">The session; null if it did not begin.</param>
/// <param name="Problem">Why not, or what could not be ended; null if all is well.</param>
/// <param name="Other">With the code <c>already-playing</c>, the session in which the pilot plays.</param>
public sealed record PlayStart(SessionView<PlaySession>? Session, Problem? Problem, SessionId? Other)
{
    /// <summary>True if it began now, or with this same operation id before.</summary>
    public bool IsNew { get; init; }

    /// <summary>True if it had begun with this same operation id before.</summary>
    public bool IsReplay { get; init; }
}
