using System.Security.Cryptography;

namespace Sojourn.Kinds.Generation;

// What the driver tells. A report that was stored but whose answer got lost is sent again: it must change nothing then.
public sealed partial class GenerationKind
{
    internal const string StaleRun = "stale-run";

    private static Step<Generation> OnTakeUp(Generation state, TakeUp report, RuleContext context)
    {
        if (Stale(state, report.Run) is { } refusal)
        {
            return refusal;
        }

        if (state.Status != GenerationStatus.Pending)
        {
            // Taken up again, after a crash or a restart: the time that nobody worked on it is not held against it.
            return Go(state with { WatchedSince = context.Now });
        }

        var begun = Progressed(state, context) with
        {
            Status = GenerationStatus.Processing,
            StartedAt = state.StartedAt ?? context.Now,
        };
        return Go(begun).Event(new GenerationStarted(begun.Run, begun.Progress));
    }

    private static Step<Generation> OnAnalysis(Generation state, ReportAnalysis report, RuleContext context)
    {
        if (Stale(state, report.Run) is { } refusal)
        {
            return refusal;
        }

        if (state.Analysis is not null)
        {
            return Go(state);
        }

        var piece = new MadePiece(PieceKind.Analysis, null, null, report.Receipt);
        var next = Progressed(piece.NotedIn(state), context) with { Analysis = report.Analysis };
        return piece.ToldBy(Go(next), next.Run)
            .Event(new StoryAnalysed(next.Run, report.Analysis, next.Progress, next.UsageToTell));
    }

    private static Step<Generation> OnPlan(Generation state, ReportPlan report, RuleContext context)
    {
        if (Stale(state, report.Run) is { } refusal)
        {
            return refusal;
        }

        if (state.Plan.Count > 0)
        {
            return Go(state);
        }

        if (!Covers(report.Plan, state.Request))
        {
            return Refuse("plan-incomplete",
                $"The generator's plan is not {state.Request.NumScenes} parts, numbered from 1, "
                + "that make up the whole story in its order.");
        }

        var piece = new MadePiece(PieceKind.Plan, null, null, report.Receipt);
        var next = Progressed(piece.NotedIn(state), context) with { Plan = [.. report.Plan] };
        return piece.ToldBy(Go(next), next.Run)
            .Event(new ScenesPlanned(next.Run, next.Plan, next.Progress, next.UsageToTell));
    }

    private static bool Covers(IReadOnlyList<PlannedScene> plan, StartGeneration request)
    {
        var end = 0;
        for (var i = 0; i < plan.Count; i++)
        {
            if (plan[i].Number != i + 1 || plan[i].Start != end || plan[i].Length < 1)
            {
                return false;
            }

            end += plan[i].Length;
        }

        return plan.Count == request.NumScenes && end == request.StoryText.Length;
    }

    private static Step<Generation> OnText(Generation state, ReportText report, RuleContext context)
    {
        if (Stale(state, report.Run) is { } refusal)
        {
            return refusal;
        }

        if (!IsWanted(state, report.Number, report.Revision) || state.Draft?.Number == report.Number)
        {
            return Go(state);
        }

        var text = KeepEdits(report.Text, state.Find(report.Number));
        if (SceneRules.Check(text.Title, text.Description, text.ImagePrompt) is { } fault)
        {
            return Refuse("text-unusable",
                $"The generator's text for scene {report.Number} cannot be used: {fault.Message}");
        }

        var piece = new MadePiece(PieceKind.Text, report.Number, report.Revision, report.Receipt);
        var next = Progressed(piece.NotedIn(state), context) with
        {
            Draft = new SceneDraft(report.Number, report.Revision, text),
        };
        return piece.ToldBy(Go(next), next.Run)
            .Event(new ProgressMade(next.Run, report.Number, next.Progress, next.UsageToTell));
    }

    private static Step<Generation> OnPicture(Generation state, ReportPicture report, RuleContext context)
    {
        if (Stale(state, report.Run) is { } refusal)
        {
            return refusal;
        }

        var isDrafted = state.Draft is { } held && held.Number == report.Number && held.Revision == report.Revision;
        if (!isDrafted || !IsWanted(state, report.Number, report.Revision))
        {
            return Go(state);
        }

        var bytes = report.Picture.Bytes;
        if (bytes.IsEmpty || !report.Picture.MediaType.StartsWith("image/", StringComparison.Ordinal))
        {
            return Refuse("picture-unusable",
                $"The generator's picture for scene {report.Number} is empty or no image.");
        }

        var entry = state.PicturesStored + 1;
        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes.Span));
        var text = state.Draft!.Text;
        var scene = new Scene
        {
            Number = report.Number,
            Title = text.Title,
            Description = text.Description,
            ImagePrompt = text.ImagePrompt,
            Excerpt = state.ExcerptOf(report.Number),
            Picture = new ScenePicture(entry, report.Picture.MediaType, bytes.Length, digest),
            Edited = state.Find(report.Number)?.Edited ?? [],
            Revision = report.Revision,
        };
        // After a scene made anew nothing is missing, so the run goes on to its finish like any other.
        var piece = new MadePiece(PieceKind.Picture, report.Number, report.Revision, report.Receipt);
        var next = Progressed(piece.NotedIn(state), context).With(scene) with
        {
            Draft = null,
            PicturesStored = entry,
            Work = new Work(WorkKind.Storyboard),
        };
        return piece.ToldBy(Go(next), next.Run)
            .Append(PictureStream, bytes)
            .Event(new SceneMade(
                next.Run,
                scene.Number,
                scene.Revision,
                scene.Title,
                scene.Description,
                scene.ImagePrompt,
                scene.Picture,
                next.Progress,
                next.UsageToTell));
    }

    private static Step<Generation> OnFinished(Generation state, ReportFinished report, RuleContext context)
    {
        if (Stale(state, report.Run) is { } refusal)
        {
            return refusal;
        }

        if (state.Work is { What: WorkKind.Scene } || state.Missing.Any())
        {
            return Refuse("not-finished", "The run cannot be finished: scenes are still to be made.");
        }

        var scenes = state.Work is { What: WorkKind.Approval, Scenes: { } approved }
            ? [.. state.Scenes.Select(scene => scene with { IsApproved = approved.Contains(scene.Number) })]
            : state.Scenes;
        var next = Progressed(state, context) with
        {
            Status = GenerationStatus.Completed,
            Scenes = scenes,
            Work = null,
            EndedAt = context.Now,
        };
        return Go(next)
            .Event(new GenerationCompleted(
                next.Run, next.Scenes.Count, next.ApprovedScenes, next.Progress, next.UsageToTell));
    }

    private static Step<Generation> OnFailure(Generation state, ReportFailure report, RuleContext context) =>
        Stale(state, report.Run) is { } refusal ? refusal : Fail(
            state with { Usage = state.Usage.Plus(report.Receipt?.Usage ?? Usage.None) }, report.Reason, context);

    private static Refusal? Stale(Generation state, int run) => state.IsBusy && state.Run == run ? null : Refuse(
        StaleRun, $"The report belongs to run {run}; the generation is {Say(state.Status)} in run {state.Run}.");

    /// <summary>False for a scene that is finished in this revision, or that this run is not about.</summary>
    private static bool IsWanted(Generation state, int number, int revision) => state.Work switch
    {
        { What: WorkKind.Scene, Scenes: [var wanted] } =>
            wanted == number && state.Find(number)?.Revision == revision - 1,
        { What: WorkKind.Storyboard } => revision == 1 && number <= state.Plan.Count && state.Missing.Contains(number),
        _ => false,
    };

    private static SceneText KeepEdits(SceneText text, Scene? before) => before is null ? text : new SceneText(
        before.Edited.Contains(SceneField.Title) ? before.Title : text.Title,
        before.Edited.Contains(SceneField.Description) ? before.Description : text.Description,
        before.Edited.Contains(SceneField.ImagePrompt) ? before.ImagePrompt : text.ImagePrompt);
}
