using System.Collections.Immutable;
using Sojourn.Kinds.Play.Flow;

namespace Sojourn.Kinds.Play;

public sealed partial class PlayKind
{
    private Step<PlaySession, RecoveryOffer> OnInterrupted(
        PlaySession state, Interrupted interrupted, RuleContext context)
    {
        if (state.Status == PlayStatus.Ended)
        {
            return Refuse("session-ended", "The session ended in good order; there is nothing to recover.");
        }

        if (PlayLimits.Check(interrupted.Backups) is { } fault)
        {
            return Invalid(fault.Field, fault.Code, fault.Message);
        }

        var what = PlayLimits.Cut(interrupted.What, PlayLimits.LongestReason);
        var cut = Interrupt(state, what.Length == 0 ? "The game was cut off." : what, interrupted.Backups, context);
        return StepOf(cut).Reply(cut.Next.Offer!);
    }

    private Changed Interrupt(
        PlaySession state, string what, ImmutableArray<FoundBackup>? found, RuleContext context)
    {
        var old = state.Offer;
        var resume = GameFlow.ResumeFrom(state.GameState, state.PreviousGameState);
        var backups = found is { IsDefault: false } given
            ? given.Select(backup => Seen(state, backup, context))
            : Known(state, context);
        var offer = new RecoveryOffer
        {
            What = old?.What ?? what,
            NoticedAt = old?.NoticedAt ?? context.Now,
            LastActivityAt = state.LastActivityAt,
            LastCheckpointAt = state.Checkpoint?.At,
            GameState = state.GameState,
            ResumeAt = resume.State,
            Path = [.. resume.Path],
            Backups = RecoveryOffer.InOrder(backups),
            Deferred = old?.Deferred ?? 0,
            ArchivedAt = state.LastActivityAt + _offerFor,
            LastFailure = state.Recovery is null
                ? old?.LastFailure
                : $"The game was cut off while it recovered from slot {state.Recovery.Backup.Slot}.",
        };
        // Looked at again, and as it was: no news.
        var isNew = state.Status is not (PlayStatus.Interrupted or PlayStatus.Archived);
        var next = state with
        {
            Status = state.Status == PlayStatus.Archived ? PlayStatus.Archived : PlayStatus.Interrupted,
            Offer = offer,
            Recovery = null,
            AutoSaveWanted = null,
        };
        ImmutableArray<object> events = isNew
            ? [new PlayInterrupted(
                $"{what} Last sign of life: {state.LastActivityAt:HH:mm:ss} UTC.",
                state.LastActivityAt, state.GameState, offer.Backups.Length)]
            : [];
        return next.Status == PlayStatus.Interrupted && context.Now >= offer.ArchivedAt
            ? new(next with { Status = PlayStatus.Archived }, [.. events, Archived])
            : new(next, events);
    }

    private static PlayArchived Archived =>
        new("Nobody answered the offer in time. The session and its saves are kept.");

    private static Step<PlaySession> Archive(PlaySession state) =>
        Go(state with { Status = PlayStatus.Archived }).Event(Archived);

    private static Step<PlaySession> OnContinue(PlaySession state, ContinuePlay proceed, RuleContext context)
    {
        switch (state.Status)
        {
            case PlayStatus.Playing:
                return Go(state);
            case PlayStatus.Interrupted or PlayStatus.Archived:
                var next = Alive(state, context) with { Status = PlayStatus.Playing, Offer = null, EndedAt = null };
                return Go(next).Event(new PlayContinued($"{state.Pilot} was there all the time, and plays on."));
            default:
                return WhyNotPlaying(state)!;
        }
    }

    private static Step<PlaySession, RecoveryPlan> OnAccept(
        PlaySession state, AcceptRecovery accept, RuleContext context)
    {
        if (WhyNotAnswer(state, accept.FromArchive) is { } refusal)
        {
            return refusal;
        }

        var offer = state.Offer!;
        var chosen = accept.Slot is null ? null : offer.Backups.FirstOrDefault(backup =>
            backup.Name.Slot == accept.Slot && (accept.Generation ?? backup.Name.Generation) == backup.Name.Generation
            && (accept.Generation is not null || backup.CanBeTried));
        if (accept.Slot is null && accept.Generation is not null)
        {
            return Invalid("generation", "no-slot", "A generation is of a slot; say which.");
        }

        if (accept.Slot is not null && chosen is null)
        {
            return Invalid("slot", "unknown-backup",
                "The offer has no such save that can be tried; it names those that there are.");
        }

        if (chosen is { CanBeTried: false } && accept.NoFallback)
        {
            return Refuse("backup-damaged",
                $"Generation {chosen.Name.Generation} of slot {chosen.Name.Slot} is damaged. Choose another, or allow "
                + "that another is taken.");
        }

        var toTry = offer.ToTry(chosen is { CanBeTried: true } ? chosen.Name : null, accept.NoFallback);
        return toTry.Length == 0
            ? Refuse("nothing-to-recover",
                "No save can be loaded. Repair one, or turn the offer down; nothing is deleted.")
            : Try(state, toTry, context);
    }

    private static Step<PlaySession, RecoveryPlan> OnTryNext(PlaySession state, TryNext next, RuleContext context)
    {
        if (WhyNotRecovering(state) is { } refusal)
        {
            return refusal;
        }

        var (under, reason) = (state.Recovery!, PlayLimits.Cut(next.Damaged, PlayLimits.LongestReason));
        if (under.ToTry.Length < 2)
        {
            return Refuse("nothing-left", "There is no other save to try; say recovery-failed.");
        }

        return Try(state with { Offer = Spoilt(state.Offer!, under.Backup, reason) }, under.ToTry[1..], context);
    }

    private static Step<PlaySession, RecoveryPlan> Try(
        PlaySession state, ImmutableArray<BackupName> toTry, RuleContext context)
    {
        // Counted before it is tried: if the game crashes over it, the count is there.
        var next = state with
        {
            Status = PlayStatus.Recovering,
            SilenceSince = context.Now,
            Recovery = new RecoveryUnderWay(toTry[0], context.Now, toTry),
            Offer = Counted(state.Offer!, toTry[0], 1),
        };
        return Go(next)
            .Event(new RecoveryBegan($"Recovering from slot {toTry[0].Slot}.", toTry[0].Slot, toTry[0].Generation))
            .Reply(new RecoveryPlan(toTry[0], toTry[1..], next.Offer.ResumeAt, next.Offer.Path));
    }

    private static Step<PlaySession, PlayTimes> OnRecovered(
        PlaySession state, Recovered recovered, RuleContext context)
    {
        if (WhyNotRecovering(state) is { } refusal)
        {
            return refusal;
        }

        var (offer, name) = (state.Offer!, new BackupName(recovered.Slot, recovered.Generation));
        if (offer.Backups.FirstOrDefault(backup => backup.Name == name) is not { } backup)
        {
            return Invalid("slot", "unknown-backup", "The offer has no such save; it names those that there are.");
        }

        var at = recovered.GameState ?? offer.ResumeAt;
        if (at != GameState.MainMenu && !offer.Path.Contains(at))
        {
            return Refuse("illegal-state-change",
                $"A recovered game is in MainMenu or on the way from there: {string.Join(", ", offer.Path)}.");
        }

        var next = Noted(Alive(state, context) with
        {
            Status = PlayStatus.Playing,
            Offer = null,
            Recovery = null,
            Recoveries = state.Recoveries + 1,
            GameState = at,
            PreviousGameState = state.GameState,
            GameStateAt = context.Now,
            NextAutoSaveAt = context.Now + TimeSpan.FromSeconds(state.AutoSaveSeconds),
        }, "recovery", null, context);
        return Go(next).Event(new PlayRecovered(
            $"Recovered from slot {name.Slot}; {backup.LostSeconds:0} seconds of play are lost.", name.Slot,
            name.Generation, backup.LostSeconds, at)).Reply(TimesOf(next, context));
    }

    private static Step<PlaySession, RecoveryOffer> OnRecoveryFailed(
        PlaySession state, RecoveryFailed failed, RuleContext context)
    {
        if (WhyNotRecovering(state) is { } refusal)
        {
            return refusal;
        }

        var (name, reason) = (state.Recovery!.Backup, PlayLimits.Cut(failed.Reason, PlayLimits.LongestReason));
        var offer = failed.Counts ? state.Offer! : Counted(state.Offer!, name, -1);
        offer = failed.Damaged ? Spoilt(offer, name, reason) : offer;
        offer = offer with { LastFailure = reason, Backups = RecoveryOffer.InOrder(offer.Backups) };
        var next = state with { Status = PlayStatus.Interrupted, Recovery = null, Offer = offer };
        return Go(next).Event(new RecoveryNotDone(
            $"Recovery from slot {name.Slot} came to nothing: {reason}", name.Slot, name.Generation, reason))
            .Reply(offer);
    }

    private static Step<PlaySession> OnDecline(PlaySession state, DeclineRecovery decline, RuleContext context)
    {
        if (state is { Status: PlayStatus.Ended, End: PlayEnd.Declined })
        {
            return Go(state);
        }

        if (WhyNotAnswer(state, fromArchive: true) is { } refusal)
        {
            return refusal;
        }

        var next = Ended(state, PlayEnd.Declined, context);
        return Go(next).Event(EndOf(next, $"{state.Pilot} did not want the game back. The saves stay."));
    }

    private static Step<PlaySession, RecoveryOffer> OnLater(PlaySession state, DecideLater later, RuleContext context)
    {
        if (WhyNotAnswer(state, fromArchive: false) is { } refusal)
        {
            return refusal;
        }

        var offer = state.Offer! with { Deferred = state.Offer!.Deferred + 1 };
        return Go(state with { Offer = offer }).Event(new RecoveryDeferred($"{state.Pilot} decides later."))
            .Reply(offer);
    }

    private static Refusal? WhyNotAnswer(PlaySession state, bool fromArchive) => state.Status switch
    {
        PlayStatus.Interrupted => null,
        PlayStatus.Archived => fromArchive ? null : Refuse("archived",
            "The offer waited for too long, and the session was archived. Say fromArchive to take it up still."),
        PlayStatus.Recovering => Refuse("recovering", "A recovery is under way already; say how it went."),
        _ => Refuse("no-offer", "The session was not cut off; there is no offer to answer."),
    };

    private static Refusal? WhyNotRecovering(PlaySession state) => state.Status == PlayStatus.Recovering
        ? null
        : Refuse("not-recovering", "No recovery is under way; accept the offer first.");

    /// <summary>The backups that the session knows of by itself.</summary>
    private static IEnumerable<Backup> Known(PlaySession state, RuleContext context) => state.Offer is { } offer
        ? offer.Backups
        : state.Slots.Values.Select(save => Seen(
            state, new FoundBackup(save.Slot, save.Generation, save.SavedAt, save.Type), context));

    private static Backup Seen(PlaySession state, FoundBackup found, RuleContext context)
    {
        var name = new BackupName(found.Slot, found.Generation);
        var known = state.Offer?.Backups.FirstOrDefault(backup => backup.Name == name);
        return new Backup(name, found.SavedAt, found.Type, found.Validity)
        {
            AgeSeconds = Seconds((state.Offer?.NoticedAt ?? context.Now) - found.SavedAt),
            LostSeconds = Seconds(state.LastActivityAt - found.SavedAt),
            Attempts = Math.Max(found.Attempts, known?.Attempts ?? 0),
            Reason = found.Reason is null ? null : PlayLimits.Cut(found.Reason, PlayLimits.LongestReason),
            Description = PlayLimits.Cut(found.Description, PlayLimits.LongestDescription),
        };
    }

    private static RecoveryOffer Counted(RecoveryOffer offer, BackupName name, int by) => offer with
    {
        Backups =
        [
            .. offer.Backups.Select(backup => backup.Name == name
                ? backup with { Attempts = Math.Max(0, backup.Attempts + by) }
                : backup),
        ],
    };

    private static RecoveryOffer Spoilt(RecoveryOffer offer, BackupName name, string reason) => offer with
    {
        Backups =
        [
            .. offer.Backups.Select(backup => backup.Name == name
                ? backup with { Validity = BackupValidity.Damaged, Reason = reason }
                : backup),
        ],
    };

    private static double Seconds(TimeSpan time) => Math.Max(0, Math.Round(time.TotalSeconds, 3));
}
