using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Sojourn.Kinds.Play.Flow;
using Sojourn.Kinds.Play.Saves;

namespace Sojourn.Kinds.Play.Games;

/// <summary>
/// A game that was cut off, and what can be done about it. It is kept until it is answered: over any number of starts,
/// and for whoever asks late.
/// </summary>
public sealed class GameRecovery
{
    private readonly GameFolder _folder;
    private BackupName? _noted;

    internal GameRecovery(GameFolder folder, SessionKey session, PlaySession state) =>
        (_folder, Session, State) = (folder, session, state);

    /// <summary>The session that was cut off.</summary>
    public SessionKey Session { get; }

    /// <summary>The session as it was found.</summary>
    public PlaySession State { get; }

    /// <summary>What happened, when, and which saves there are, with what would be lost by each.</summary>
    public RecoveryOffer Offer => State.Offer!;

    /// <summary>True if nobody answered for too long; it can still be accepted.</summary>
    public bool IsArchived => State.Status == PlayStatus.Archived;

    /// <summary>Takes the game up: loads the save that is recommended, or the one that is chosen.</summary>
    /// <param name="chosen">Null for the recommended one.</param>
    /// <param name="noFallback">True to try no other save if that one cannot be loaded. Default false.</param>
    /// <param name="takeOver">True to end a session in which this pilot plays now. Default false.</param>
    /// <param name="giveUp">
    /// Cancels it: the offer stays, and the save is not blamed.
    /// </param>
    /// <returns>The game to be set up, or why there is none; the offer then stays.</returns>
    public async Task<RecoveryAnswer> AcceptAsync(
        BackupName? chosen = null, bool noFallback = false, bool takeOver = false, CancellationToken giveUp = default)
    {
        giveUp.ThrowIfCancellationRequested();
        if (_folder.Current is { } current && current.Key != Session)
        {
            if (!takeOver)
            {
                return new RecoveryAnswer(null, GameFolder.AlreadyPlaying(current));
            }

            await current.EndAsync("an older game was taken up again").ConfigureAwait(false);
        }

        var accept = new AcceptRecovery(chosen?.Slot, chosen?.Generation, noFallback, FromArchive: IsArchived);
        // Whoever gives up while the session takes it is heard afterwards, when it can be taken back.
        var answer = await _folder.Engine.SendAsync(Session.Id, accept, null, CancellationToken.None)
            .ConfigureAwait(false);
        if (answer.Problem is { } problem)
        {
            return new RecoveryAnswer(null, problem);
        }

        _folder.Begun(this);
        return await LoadAsync(answer.Reply, giveUp).ConfigureAwait(false);
    }

    /// <summary>Turns it down: it is not offered again. The saves stay.</summary>
    /// <exception cref="SojournException">The answer could not be written.</exception>
    public async Task DeclineAsync()
    {
        (await _folder.Engine.SendAsync(Session.Id, new DeclineRecovery()).ConfigureAwait(false)).Expect();
        _folder.Answered(this);
    }

    /// <summary>Leaves it for later: the next start offers it again, until it is too old.</summary>
    /// <exception cref="SojournException">The answer could not be written.</exception>
    public async Task DecideLaterAsync() =>
        (await _folder.Engine.SendAsync(Session.Id, new DecideLater()).ConfigureAwait(false)).Expect();

    private async Task<RecoveryAnswer> LoadAsync(RecoveryPlan plan, CancellationToken giveUp)
    {
        var skipped = ImmutableArray.CreateBuilder<SkippedSave>();
        while (true)
        {
            string reason;
            try
            {
                giveUp.ThrowIfCancellationRequested();
                await NoteAttemptAsync(plan.Backup).ConfigureAwait(false);
                var loaded = await _folder.Saves.LoadAsync(
                    SlotName.Parse(plan.Backup.Slot),
                    new LoadOptions { Generation = plan.Backup.Generation, AllowOlder = false },
                    giveUp).ConfigureAwait(false);
                giveUp.ThrowIfCancellationRequested();
                return new RecoveryAnswer(
                    new RecoveredGame(_folder, this, plan, loaded) { Skipped = skipped.ToImmutable() }, null);
            }
            catch (Exception failure) when (failure is SaveDamagedException or SlotEmptyException
                or SaveFromNewerVersionException)
            {
                reason = failure.Message;
            }
            catch (Exception failure)
            {
                // Cancelled, busy, or the disk is in trouble: not the save's fault.
                await FailAsync(new RecoveryFailed(failure.Message, Counts: false)).ConfigureAwait(false);
                throw;
            }

            // It is known to be damaged now, which says more than a count.
            await TakeBackAttemptAsync().ConfigureAwait(false);
            skipped.Add(new SkippedSave(plan.Backup, reason));
            if (plan.Others.Length == 0)
            {
                await FailAsync(new RecoveryFailed(reason, Damaged: true)).ConfigureAwait(false);
                return new RecoveryAnswer(null, new Problem(ProblemTypes.Refused, reason) { Code = "nothing-left" });
            }

            plan = (await _folder.Engine.SendAsync(Session.Id, new TryNext(reason), null, CancellationToken.None)
                .ConfigureAwait(false)).Expect();
        }
    }

    internal async Task FailAsync(RecoveryFailed failed)
    {
        (await _folder.Engine.SendAsync(Session.Id, failed, null, CancellationToken.None).ConfigureAwait(false))
            .Expect();
        _folder.Over(this);
        if (!failed.Counts)
        {
            await TakeBackAttemptAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The game goes, in good order, before it said how the recovery went: that is no attempt.</summary>
    internal async Task GiveUpAsync(string reason)
    {
        try
        {
            await FailAsync(new RecoveryFailed(reason, Counts: false)).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            // Then the next start finds a recovery that was cut off.
            _folder.Log.LogRecoveryNotGivenUp(failure, Session);
        }
    }

    /// <summary>
    /// With the save itself, so that it is known also when the session is over. It is in the session in any case, so
    /// a disk that does not take it keeps nobody from the game.
    /// </summary>
    private async Task NoteAttemptAsync(BackupName backup)
    {
        try
        {
            await _folder.Saves.NoteRestoreAttemptAsync(SlotName.Parse(backup.Slot), backup.Generation)
                .ConfigureAwait(false);
            _noted = backup;
        }
        catch (SaveException failure)
        {
            _folder.Log.LogAttemptNotNoted(failure, backup.Slot, backup.Generation);
        }
    }

    private async Task TakeBackAttemptAsync()
    {
        if (Interlocked.Exchange(ref _noted, null) is not { } backup)
        {
            return;
        }

        try
        {
            await _folder.Saves.TakeBackRestoreAttemptAsync(SlotName.Parse(backup.Slot), backup.Generation)
                .ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            _folder.Log.LogAttemptNotNoted(failure, backup.Slot, backup.Generation);
        }
    }
}

/// <summary>What came of accepting.</summary>
/// <param name="Game">The game to be set up; null if there is none.</param>
/// <param name="Problem">Why not; null if there is one.</param>
public sealed record RecoveryAnswer(RecoveredGame? Game, Problem? Problem);

/// <summary>A save that was to be recovered from and could not be loaded.</summary>
/// <param name="Save">Which.</param>
/// <param name="Reason">Why.</param>
public sealed record SkippedSave(BackupName Save, string Reason);

/// <summary>
/// A save that was loaded to take a game up again. Until <see cref="ConfirmAsync"/> the recovery counts as under way:
/// if the game crashes over it, that is an attempt that failed, and after two of them other saves are recommended.
/// </summary>
public sealed class RecoveredGame
{
    private readonly GameFolder _folder;
    private readonly GameRecovery _recovery;

    internal RecoveredGame(GameFolder folder, GameRecovery recovery, RecoveryPlan plan, LoadedSave loaded) =>
        (_folder, _recovery, Plan, Metadata, Content) = (folder, recovery, plan, loaded.Metadata, loaded.Content);

    /// <summary>Where to go in the game, and by which states from the main menu.</summary>
    public RecoveryPlan Plan { get; }

    /// <summary>What is known of the save.</summary>
    public SaveMetadata Metadata { get; }

    /// <summary>The save's parts: what the game wrote.</summary>
    public SaveContent Content { get; }

    /// <summary>The saves that were to be loaded before it and could not be.</summary>
    public ImmutableArray<SkippedSave> Skipped { get; init; } = [];

    /// <summary>The game runs again, with what was loaded: the session goes on.</summary>
    /// <param name="capture">As for <see cref="GameFolder.StartAsync"/>.</param>
    /// <param name="at">
    /// Where the player is; null for where the plan says. A game that cannot go the whole way says how far it went.
    /// </param>
    /// <param name="takeOver">
    /// True to end, in good order, another session that was begun since <see cref="GameRecovery.AcceptAsync"/>. Default
    /// false: then that is <c>already-playing</c>.
    /// </param>
    /// <exception cref="SojournException">It was not taken; the message says why.</exception>
    public async Task<GameSession> ConfirmAsync(
        Func<SaveType, GameCapture?>? capture = null, GameState? at = null, bool takeOver = false)
    {
        var recovered = new Recovered(Plan.Backup.Slot, Plan.Backup.Generation, at);
        var session = await _folder.PlayAgainAsync(_recovery, recovered, takeOver, capture).ConfigureAwait(false);
        try
        {
            await _folder.Saves.NoteRestoreSucceededAsync(Metadata.Slot, Metadata.Generation).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            // The game runs; what is counted against the save is only about which is recommended next time.
            _folder.Log.LogAttemptNotNoted(failure, Plan.Backup.Slot, Plan.Backup.Generation);
        }

        return session;
    }

    /// <summary>The game could not be set up with it; the offer stays.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="damaged">True if it never can; it is not tried again then. Default false.</param>
    /// <exception cref="SojournException">It could not be written.</exception>
    public Task FailAsync(string reason, bool damaged = false) =>
        _recovery.FailAsync(new RecoveryFailed(reason, Counts: true, damaged));
}
