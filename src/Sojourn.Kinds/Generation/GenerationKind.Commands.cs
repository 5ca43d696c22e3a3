namespace Sojourn.Kinds.Generation;

// What people may ask for.
public sealed partial class GenerationKind
{
    private static Step<Generation> OnCancel(Generation state, Cancel command, RuleContext context)
    {
        if (!state.IsBusy)
        {
            return Refuse("not-busy", $"There is nothing to cancel: the generation is {Say(state.Status)} already.");
        }

        var cancelled = state with { Status = GenerationStatus.Cancelled, EndedAt = context.Now };
        return Go(cancelled)
            .Event(new GenerationCancelled(cancelled.Run, cancelled.Scenes.Count, cancelled.Progress));
    }

    private static Step<Generation> OnRetry(Generation state, Retry command, RuleContext context)
    {
        if (state.Status is not (GenerationStatus.Failed or GenerationStatus.Cancelled))
        {
            return Refuse("not-stopped",
                $"Only a failed or cancelled generation can be retried; this one is {Say(state.Status)}.");
        }

        var work = state.Work ?? new Work(WorkKind.Storyboard);
        var status = work.What == WorkKind.Approval ? GenerationStatus.Downloading : GenerationStatus.Pending;
        var retried = NewRun(state, status, work, context);
        return Go(retried)
            .Event(new GenerationRetried(retried.Run, retried.Missing.Count(), retried.Progress));
    }

    private static Step<Generation, Scene> OnEdit(Generation state, EditScene edit, RuleContext context)
    {
        if (FindScene(state, edit.Number, out var scene) is { } refusal)
        {
            return refusal;
        }

        if (state.IsBusy && state.Work?.Scenes?.Contains(edit.Number) == true)
        {
            return Refuse("scene-in-work",
                $"Scene {edit.Number} is being worked on. Edit it when that is done, or cancel first.");
        }

        if (edit is { Title: null, Description: null, ImagePrompt: null })
        {
            return Invalid("title", "nothing-to-edit", "Give at least one of title, description and imagePrompt.");
        }

        var trimmed = edit with
        {
            Title = edit.Title?.Trim(),
            Description = edit.Description?.Trim(),
            ImagePrompt = edit.ImagePrompt?.Trim(),
        };
        if (SceneRules.Check(trimmed.Title, trimmed.Description, trimmed.ImagePrompt) is { } fault)
        {
            return Invalid(fault.Field, fault.Code, fault.Message);
        }

        var edited = Edit(scene, trimmed);
        if (edited == scene)
        {
            return Go(state).Reply(scene);
        }

        // A draft of the same scene was written before this edit, so it must be written again.
        var draft = state.Draft?.Number == edit.Number ? null : state.Draft;
        return Go(state.With(edited) with { Draft = draft })
            .Event(new SceneEdited(
                edited.Number,
                edited.Title == scene.Title ? null : edited.Title,
                edited.Description == scene.Description ? null : edited.Description,
                edited.ImagePrompt == scene.ImagePrompt ? null : edited.ImagePrompt,
                edited.PictureIsStale))
            .Reply(edited);
    }

    /// <summary>The very same scene if the edit changes nothing.</summary>
    private static Scene Edit(Scene scene, EditScene edit)
    {
        var title = edit.Title ?? scene.Title;
        var description = edit.Description ?? scene.Description;
        var prompt = edit.ImagePrompt ?? scene.ImagePrompt;
        SceneField[] changed =
        [
            .. title == scene.Title ? [] : new[] { SceneField.Title },
            .. description == scene.Description ? [] : new[] { SceneField.Description },
            .. prompt == scene.ImagePrompt ? [] : new[] { SceneField.ImagePrompt },
        ];
        return changed.Length == 0 ? scene : scene with
        {
            Title = title,
            Description = description,
            ImagePrompt = prompt,
            PictureIsStale = scene.PictureIsStale || changed.Contains(SceneField.ImagePrompt),
            Edited = [.. scene.Edited.Union(changed).Order()],
            IsApproved = false,
        };
    }

    private static Step<Generation> OnRegenerate(Generation state, RegenerateScene command, RuleContext context)
    {
        var refusal = FindScene(state, command.Number, out var scene)
            ?? RefuseUnlessWhole(state, "regenerated");
        if (refusal is not null)
        {
            return refusal;
        }

        var work = new Work(WorkKind.Scene, [command.Number]);
        var begun = NewRun(state, GenerationStatus.Pending, work, context) with { Draft = null };
        return Go(begun)
            .Event(new SceneRegenerationStarted(begun.Run, scene.Number, scene.Revision + 1, begun.Progress));
    }

    private static Step<Generation> OnApprove(Generation state, ApproveScenes command, RuleContext context)
    {
        var numbers = command.Scenes ?? [];
        if (numbers.Count == 0)
        {
            return Invalid("scenes", "no-scenes", "Name at least one scene to approve, by its number from 1.");
        }

        if (numbers.GroupBy(number => number).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            return Invalid("scenes", "scene-twice", $"Scene {twice.Key} is named twice; name each scene once.");
        }

        if (RefuseUnlessWhole(state, "approved") is { } refusal)
        {
            return refusal;
        }

        foreach (var number in numbers.Order())
        {
            if (FindScene(state, number, out _) is { } unknown)
            {
                return unknown with { Field = "scenes" };
            }
        }

        var work = new Work(WorkKind.Approval, [.. numbers.Order()]);
        var begun = NewRun(state, GenerationStatus.Downloading, work, context);
        return Go(begun).Event(new ScenesApproved(begun.Run, work.Scenes!, begun.Progress));
    }

    private static Refusal? FindScene(Generation state, int number, out Scene scene)
    {
        scene = state.Find(number)!;
        if (scene is not null)
        {
            return null;
        }

        var last = state.Request.NumScenes;
        return number < 1 || number > last
            ? Invalid("number", "unknown-scene", $"There is no scene {number}; scenes are numbered from 1 to {last}.")
            : Refuse("scene-not-made",
                $"Scene {number} has not been made yet. Wait for it, or retry if the generation has stopped.");
    }

    /// <summary>Some things can only be done to a storyboard at rest, all of whose scenes are there.</summary>
    private static Refusal? RefuseUnlessWhole(Generation state, string done)
    {
        if (state.IsBusy)
        {
            return Refuse("busy", $"Nothing can be {done} while the generation is {Say(state.Status)}. "
                + "Wait until it ends, or cancel it.");
        }

        int[] missing = [.. state.Missing];
        return missing.Length == 0 ? null : Refuse("scenes-missing",
            $"Nothing can be {done} before every scene is there; missing: {string.Join(", ", missing)}. "
            + "Retry makes them.");
    }

    private static string Say(GenerationStatus status) => status.ToString().ToLowerInvariant();
}
