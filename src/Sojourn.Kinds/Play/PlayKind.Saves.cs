namespace Sojourn.Kinds.Play;

public sealed partial class PlayKind
{
    private Step<PlaySession> OnAdjust(PlaySession state, Adjust adjust, RuleContext context)
    {
        if (WhyNotPlaying(state) is { } refusal)
        {
            return refusal;
        }

        if (PlayLimits.Check(adjust, _shortest) is { } fault)
        {
            return Invalid(fault.Field, fault.Code, fault.Message);
        }

        var next = Alive(state, context) with
        {
            AutoSave = adjust.AutoSave ?? state.AutoSave,
            AutoSaveSeconds = adjust.AutoSaveSeconds ?? state.AutoSaveSeconds,
            CheckpointSeconds = adjust.CheckpointSeconds ?? state.CheckpointSeconds,
            AutoSaveWanted = adjust.AutoSave == false ? null : state.AutoSaveWanted,
        };
        // Turned on, it does not make up for what it would have saved meanwhile.
        var isSame = (next.AutoSave, next.AutoSaveSeconds) == (state.AutoSave, state.AutoSaveSeconds);
        next = isSame ? next
            : next with { NextAutoSaveAt = context.Now + TimeSpan.FromSeconds(next.AutoSaveSeconds) };
        if (next.CheckpointSeconds != state.CheckpointSeconds)
        {
            next = next with { NextCheckpointAt = context.Now + TimeSpan.FromSeconds(next.CheckpointSeconds) };
        }
        else if (isSame)
        {
            return Go(next);
        }

        return Go(next).Event(new PlayAdjusted(
            $"A checkpoint every {Spell(TimeSpan.FromSeconds(next.CheckpointSeconds))}; "
            + (next.AutoSave
                ? $"saved by itself every {Spell(TimeSpan.FromSeconds(next.AutoSaveSeconds))}."
                : "not saved by itself."),
            next.AutoSave, next.AutoSaveSeconds, next.CheckpointSeconds));
    }

    private static Step<PlaySession, CheckpointNote> OnCheckpoint(
        PlaySession state, Checkpoint checkpoint, RuleContext context)
    {
        if (WhyNotPlaying(state) is { } refusal)
        {
            return refusal;
        }

        if ((PlayLimits.CheckWhy(checkpoint.Why) ?? PlayLimits.Check(checkpoint.Save)) is { } fault)
        {
            return Invalid(fault.Field, fault.Code, fault.Message);
        }

        var next = Alive(state, context);
        next = checkpoint.Save is { } save ? Kept(next, save, context) : next;
        next = Noted(next, checkpoint.Why, checkpoint.Save, context);
        var note = next.Checkpoint!;
        return Go(next).Event(new CheckpointMade(
            $"Checkpoint {note.Number} ({note.Why}).", note.Number, note.Why, note.Slot, note.Generation)).Reply(note);
    }

    private static Step<PlaySession, SaveTally> OnSaved(PlaySession state, Saved saved, RuleContext context)
    {
        if (WhyNotPlaying(state) is { } refusal)
        {
            return refusal;
        }

        if (PlayLimits.Check(saved.Save) is { } fault)
        {
            return Invalid(fault.Field, fault.Code, fault.Message);
        }

        var (save, alive) = (saved.Save, Alive(state, context));
        if (saved.Error is { } said)
        {
            var error = PlayLimits.Cut(said, PlayLimits.LongestReason);
            var failed = alive with
            {
                Saves = state.Saves with { Failed = state.Saves.Failed + 1, LastError = error },
            };
            return Go(failed).Event(new SaveNotDone($"Slot {save.Slot} could not be saved: {error}", save.Slot, error))
                .Reply(failed.Saves);
        }

        var next = Kept(alive, save, context);
        return Go(next).Event(new SaveDone(
            $"Saved to slot {save.Slot}, generation {save.Generation}.", save.Slot, save.Generation, save.Type,
            save.Size, save.Milliseconds)).Reply(next.Saves);
    }

    /// <summary>The session once a save is done.</summary>
    private static PlaySession Kept(PlaySession state, SavedContent save, RuleContext context)
    {
        var (old, done) = (state.Saves, state.Saves.Done + 1);
        var note = new SaveNote(
            save.Slot, save.Generation, context.Now, save.Type, save.Sha256.ToLowerInvariant(), save.Size);
        // A report that comes late takes nothing back.
        var isNewest = !state.Slots.TryGetValue(save.Slot, out var known) || known.Generation <= save.Generation;
        return state with
        {
            Slots = isNewest ? state.Slots.SetItem(save.Slot, note) : state.Slots,
            AutoSaveWanted = null,
            NextAutoSaveAt = context.Now + TimeSpan.FromSeconds(state.AutoSaveSeconds),
            Saves = old with
            {
                Done = done,
                LastAt = context.Now,
                LastSlot = save.Slot,
                LastMilliseconds = save.Milliseconds,
                AverageMilliseconds =
                    old.AverageMilliseconds + ((save.Milliseconds - old.AverageMilliseconds) / done),
                FastestMilliseconds =
                    old.Done == 0 ? save.Milliseconds : Math.Min(old.FastestMilliseconds, save.Milliseconds),
                SlowestMilliseconds = Math.Max(old.SlowestMilliseconds, save.Milliseconds),
                Bytes = old.Bytes + Math.Min(save.Size, long.MaxValue - old.Bytes),
            },
        };
    }

    /// <summary>The session with a new checkpoint.</summary>
    private static PlaySession Noted(PlaySession state, string why, SavedContent? save, RuleContext context) =>
        state with
        {
            Checkpoint = new CheckpointNote(
                (state.Checkpoint?.Number ?? 0) + 1, context.Now, why, state.GameState, save?.Slot, save?.Generation),
            NextCheckpointAt = context.Now + TimeSpan.FromSeconds(state.CheckpointSeconds),
        };
}
