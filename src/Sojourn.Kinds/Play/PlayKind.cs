using System.Collections.Immutable;
using Sojourn.Kinds.Play.Flow;

namespace Sojourn.Kinds.Play;

/// <summary>
/// A player's session in any game: where the player is, what was saved, and, if it was cut off, how to take it up
/// again.
/// </summary>
public sealed partial class PlayKind : Kind<PlaySession>
{
    /// <summary>The kind's name on the wire.</summary>
    public const string KindName = "play";

    // Signs of life nearer than this to the last take no step.
    private static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(1);

    // A wake-up that comes later than this was slept through: the node was down, and no sign of life could arrive.
    private static readonly TimeSpan PunctualWithin = TimeSpan.FromMinutes(2);

    private readonly TimeSpan? _silentAfter;
    private readonly TimeSpan _offerFor;
    private readonly TimeSpan _shortest;

    /// <summary>Builds the rules.</summary>
    /// <param name="options">The limits; null for the defaults. Read once, here.</param>
    /// <exception cref="SojournException">An option is out of its range; the message names all that are.</exception>
    public PlayKind(PlayOptions? options = null)
        : base(KindName, (options ??= new PlayOptions()).ToPolicy())
    {
        (_silentAfter, _offerFor, _shortest) = (options.SilentAfter, options.OfferFor, options.ShortestInterval);

        Start<StartPlay>(Begin);
        On<Update, PlayTimes>(OnUpdate);
        On<Adjust>(OnAdjust);
        On<Beat>(OnBeat);
        On<ChangeState, StateChange>(OnChangeState);
        On<Checkpoint, CheckpointNote>(OnCheckpoint);
        On<Saved, SaveTally>(OnSaved);
        On<End, PlayTimes>(OnEnd);
        On<Interrupted, RecoveryOffer>(OnInterrupted);
        On<ContinuePlay>(OnContinue);
        On<AcceptRecovery, RecoveryPlan>(OnAccept);
        On<TryNext, RecoveryPlan>(OnTryNext);
        On<Recovered, PlayTimes>(OnRecovered);
        On<RecoveryFailed, RecoveryOffer>(OnRecoveryFailed);
        On<DeclineRecovery>(OnDecline);
        On<DecideLater, RecoveryOffer>(OnLater);
        OnDriver<TakeOver>(OnTakeOver);

        Emits<PlayStarted>();
        Emits<PlayUpdated>();
        Emits<PlayAdjusted>();
        Emits<GameStateChanged>();
        Emits<CheckpointDue>();
        Emits<CheckpointMade>();
        Emits<AutoSaveDue>();
        Emits<SaveDone>();
        Emits<SaveNotDone>();
        Emits<PlayInterrupted>();
        Emits<PlayContinued>();
        Emits<RecoveryBegan>();
        Emits<PlayRecovered>();
        Emits<RecoveryNotDone>();
        Emits<RecoveryDeferred>();
        Emits<PlayEnded>();
        Emits<PlayArchived>();
    }

    /// <inheritdoc />
    protected override string StatusOf(PlaySession state) => state.Status switch
    {
        PlayStatus.Playing => "playing",
        PlayStatus.Interrupted => "interrupted",
        PlayStatus.Recovering => "recovering",
        PlayStatus.Ended => "ended",
        _ => "archived",
    };

    /// <inheritdoc />
    protected override DateTimeOffset? WakeAt(PlaySession state) => state.Status switch
    {
        PlayStatus.Playing => Earliest(
            state.NextCheckpointAt, state.AutoSave ? state.NextAutoSaveAt : null, state.SilenceSince + _silentAfter),
        PlayStatus.Interrupted => state.Offer!.ArchivedAt,
        PlayStatus.Recovering => state.SilenceSince + _silentAfter,
        // Nothing happens by itself to what is over.
        _ => null,
    };

    /// <inheritdoc />
    protected override Step<PlaySession> Wake(PlaySession state, RuleContext context)
    {
        if (WakeAt(state) is not { } due || context.Now < due)
        {
            return Go(state);
        }

        if (state.Status == PlayStatus.Interrupted)
        {
            return Archive(state);
        }

        if (state.SilenceSince + _silentAfter is not { } silent || context.Now < silent)
        {
            return AskForSaves(state, context);
        }

        if (context.Now - silent > PunctualWithin)
        {
            return state.Status == PlayStatus.Playing
                ? AskForSaves(state with { SilenceSince = context.Now }, context)
                : Go(state with { SilenceSince = context.Now });
        }

        return StepOf(Interrupt(
            state, $"Nothing was heard of the game for {Spell(_silentAfter!.Value)}.", null, context));
    }

    private static Step<PlaySession> AskForSaves(PlaySession state, RuleContext context)
    {
        var changed = new Changed(state);
        if (context.Now >= state.NextCheckpointAt)
        {
            changed = new(
                state with { NextCheckpointAt = context.Now + TimeSpan.FromSeconds(state.CheckpointSeconds) },
                new CheckpointDue("A checkpoint is due."));
        }

        if (state.AutoSave && context.Now >= state.NextAutoSaveAt)
        {
            changed = new(
                changed.Next with
                {
                    NextAutoSaveAt = context.Now + TimeSpan.FromSeconds(state.AutoSaveSeconds),
                    AutoSaveWanted = "interval",
                },
                [.. changed.Events, new AutoSaveDue("It is time to save.", "interval")]);
        }

        return StepOf(changed);
    }

    private Step<PlaySession> Begin(StartPlay start, RuleContext context)
    {
        if (PlayLimits.Check(start, _shortest) is { } fault)
        {
            return Invalid(fault.Field, fault.Code, fault.Message);
        }

        var pilot = Models.Callsign.Parse(start.Pilot).ToString();
        var session = new PlaySession
        {
            Pilot = pilot,
            PilotName = start.PilotName,
            Game = start.Game,
            GameVersion = start.GameVersion,
            Device = start.Device,
            StartedAt = context.Now,
            LastActivityAt = context.Now,
            SilenceSince = context.Now,
            AutoSave = start.AutoSave,
            AutoSaveSeconds = start.AutoSaveSeconds,
            CheckpointSeconds = start.CheckpointSeconds,
            GameState = start.GameState,
            GameStateAt = context.Now,
            Checkpoint = new CheckpointNote(1, context.Now, "start", start.GameState),
            NextCheckpointAt = context.Now + TimeSpan.FromSeconds(start.CheckpointSeconds),
            NextAutoSaveAt = context.Now + TimeSpan.FromSeconds(start.AutoSaveSeconds),
        };
        return Go(session).Event(new PlayStarted($"{pilot} begins to play {start.Game}.", pilot, start.Game));
    }

    private static Step<PlaySession, PlayTimes> OnUpdate(PlaySession state, Update update, RuleContext context)
    {
        if (WhyNotPlaying(state) is { } refusal)
        {
            return refusal;
        }

        var merged = state.Metadata;
        foreach (var (name, value) in update.Metadata)
        {
            merged = value.ValueKind == System.Text.Json.JsonValueKind.Null
                ? merged.Remove(name)
                : merged.SetItem(name, value.Clone());
        }

        if (PlayLimits.Check(update.Metadata.Keys, merged) is { } fault)
        {
            return Invalid(fault.Field, fault.Code, fault.Message);
        }

        var next = Alive(state, context) with { Metadata = merged, LastUpdateAt = context.Now };
        IReadOnlyList<string> names = [.. update.Metadata.Keys];
        return Go(next).Event(new PlayUpdated($"{string.Join(", ", names)} changed.", names))
            .Reply(TimesOf(next, context));
    }

    private static Step<PlaySession> OnBeat(PlaySession state, Beat beat, RuleContext context)
    {
        if (state.Status == PlayStatus.Recovering)
        {
            // Loading takes its time. What was lost is counted from when the game was last played.
            return Go(context.Now - state.SilenceSince < BeatEvery
                ? state
                : state with { SilenceSince = context.Now });
        }

        if (WhyNotPlaying(state) is { } refusal)
        {
            return refusal;
        }

        return Go(context.Now - state.SilenceSince < BeatEvery && context.Now - state.LastActivityAt < BeatEvery
            ? state
            : Alive(state, context));
    }

    private static Step<PlaySession, StateChange> OnChangeState(
        PlaySession state, ChangeState change, RuleContext context)
    {
        if (WhyNotPlaying(state) is { } refusal)
        {
            return refusal;
        }

        if (change.To == state.GameState)
        {
            return Go(state).Reply(new StateChange(state.GameState, state.PreviousGameState, false, false));
        }

        if (GameFlow.Table.WhyNot(state.GameState, change.To) is { } illegal)
        {
            return Refuse(illegal.Code, illegal.Message);
        }

        var saves = state.AutoSave && GameFlow.SavesAt(change.To);
        var next = Noted(Alive(state, context) with
        {
            GameState = change.To,
            PreviousGameState = state.GameState,
            GameStateAt = context.Now,
            AutoSaveWanted = saves ? "state-change" : state.AutoSaveWanted,
        }, "state-change", null, context);
        var step = Go(next).Event(new GameStateChanged(
            $"{state.Pilot} went from {state.GameState.InWords()} to {change.To.InWords()}.",
            state.GameState, change.To));
        step = saves
            ? step.Event(new AutoSaveDue($"A good moment to save: {change.To.InWords()}.", "state-change"))
            : step;
        return step.Reply(new StateChange(change.To, state.GameState, saves, Checkpoint: true));
    }

    private static Step<PlaySession, PlayTimes> OnEnd(PlaySession state, End end, RuleContext context)
    {
        if (state.Status == PlayStatus.Ended)
        {
            return Go(state).Reply(TimesOf(state, context));
        }

        // A game that was silent for a while, and counts as cut off, was there after all if it says that it ends.
        if (state.Status is not (PlayStatus.Interrupted or PlayStatus.Archived)
            && WhyNotPlaying(state) is { } refusal)
        {
            return refusal;
        }

        if (PlayLimits.CheckText("reason", end.Reason) is { } fault)
        {
            return Invalid(fault.Field, fault.Code, fault.Message);
        }

        var next = Ended(Alive(state, context), PlayEnd.Clean, context);
        return Go(next).Event(EndOf(next, $"{state.Pilot} ended the game{Because(end.Reason)}."))
            .Reply(TimesOf(next, context));
    }

    private static Step<PlaySession> OnTakeOver(PlaySession state, TakeOver over, RuleContext context)
    {
        if (state.Status is not (PlayStatus.Playing or PlayStatus.Recovering))
        {
            return Go(state);
        }

        var next = Ended(state, PlayEnd.TakenOver, context);
        return Go(next).Event(EndOf(next, $"{state.Pilot} plays in {over.By} now."));
    }

    private static Step<PlaySession> StepOf(Changed changed)
    {
        var step = Go(changed.Next);
        foreach (var happened in changed.Events)
        {
            step = step.Event(happened);
        }

        return step;
    }

    private static PlaySession Alive(PlaySession state, RuleContext context) =>
        state with { LastActivityAt = context.Now, SilenceSince = context.Now };

    private static PlaySession Ended(PlaySession state, PlayEnd how, RuleContext context) => state with
    {
        Status = PlayStatus.Ended,
        End = how,
        EndedAt = context.Now,
        Offer = null,
        Recovery = null,
        AutoSaveWanted = null,
    };

    private static PlayEnded EndOf(PlaySession state, string text) =>
        new(text, state.End!.Value, state.LastedUntil(state.EndedAt!.Value).TotalSeconds);

    private static PlayTimes TimesOf(PlaySession state, RuleContext context) =>
        new(state.LastedUntil(context.Now).TotalSeconds, state.LastActivityAt);

    private static string Because(string? reason) => string.IsNullOrEmpty(reason) ? "" : $" ({reason})";

    /// <summary>Why a game that plays may not do what it asks; null if the session is being played.</summary>
    private static Refusal? WhyNotPlaying(PlaySession state) => state.Status switch
    {
        PlayStatus.Playing => null,
        PlayStatus.Interrupted or PlayStatus.Archived => Refuse("interrupted",
            "The session counts as cut off. If the game never stopped, send continue-play first; if it did, answer the "
            + "offer with accept-recovery or decline-recovery."),
        PlayStatus.Recovering => Refuse("recovering",
            "The session is being recovered; say recovered or recovery-failed first."),
        _ => Refuse("session-ended", "The session is over; start a new one."),
    };

    private static DateTimeOffset? Earliest(params ReadOnlySpan<DateTimeOffset?> times)
    {
        DateTimeOffset? earliest = null;
        foreach (var time in times)
        {
            earliest = earliest is null || time < earliest ? time ?? earliest : earliest;
        }

        return earliest;
    }

    private static string Spell(TimeSpan time) => time.TotalMinutes >= 2
        ? $"{time.TotalMinutes:0.#} minutes"
        : $"{time.TotalSeconds:0.#} seconds";

    /// <summary>What a rule made of a session, on its way to a step.</summary>
    private readonly record struct Changed(PlaySession Next, params ImmutableArray<object> Events);
}
