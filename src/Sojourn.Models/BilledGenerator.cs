using Sojourn.Kinds.Generation;

namespace Sojourn.Models;

/// <summary>Makes one piece by a model, on one bill.</summary>
internal sealed class BilledGenerator(ModelStudio studio, Bill bill) : IStoryboardGenerator
{
    // A model that answers wrong three times does not know how to, and each answer is paid.
    private const int MostAnswers = 3;

    private readonly EmbeddedGenerator _embedded = new();

    public Task<StoryAnalysis> AnalyseAsync(StartGeneration request, CancellationToken stop) => MakeAsync(
        "the analysis",
        async () =>
        {
            var counted = await _embedded.AnalyseAsync(request, stop);
            return await AskAsync<AnalysisAnswer, StoryAnalysis>(
                Question.OfAnalysis(request), answer => answer.InTo(counted), stop);
        },
        () => _embedded.AnalyseAsync(request, stop));

    public Task<IReadOnlyList<PlannedScene>> PlanAsync(
        StartGeneration request, StoryAnalysis analysis, CancellationToken stop)
    {
        var scenes = request.NumScenes;
        var pieces = StoryPieces.Of(request.StoryText, scenes);
        if (scenes == 1 || scenes == pieces.Count)
        {
            // There is one way only, and no model is paid to find it.
            return Task.FromResult(pieces.Cut(Enumerable.Range(1, scenes), scenes)!);
        }

        return MakeAsync(
            "the plan",
            () => AskAsync<PlanAnswer, IReadOnlyList<PlannedScene>>(
                Question.OfPlan(request, pieces), answer => Cut(answer, pieces, scenes), stop),
            () => _embedded.PlanAsync(request, analysis, stop));
    }

    public Task<SceneText> WriteAsync(SceneBrief brief, CancellationToken stop) => MakeAsync(
        $"the text of scene {brief.Number}",
        () => AskAsync<SceneText, SceneText>(Question.OfScene(brief), Answers.Check, stop),
        () => _embedded.WriteAsync(brief, stop));

    public Task<DrawnPicture> DrawAsync(SceneBrief brief, SceneText text, CancellationToken stop) => MakeAsync(
        $"the picture of scene {brief.Number}",
        () => AgainAsync(_ => PaintAsync(text.ImagePrompt, stop)),
        () => _embedded.DrawAsync(brief, text, stop));

    private static IReadOnlyList<PlannedScene> Cut(PlanAnswer answer, StoryPieces pieces, int scenes) =>
        pieces.Cut(answer.Starts, scenes) ?? throw new ModelException(
            $"It does not say where {scenes} scenes begin, by numbers from 1 to {pieces.Count}.", Cure.AskAgain);

    private Task<T> AskAsync<TAnswer, T>(Question question, Func<TAnswer, T> check, CancellationToken stop) =>
        AgainAsync(async complaint =>
        {
            var said = await studio.Caller.CallAsync(
                giveUp => studio.Api.AskAsync(question, complaint, bill, giveUp), stop);
            return check(Answers.Read<TAnswer>(said));
        });

    private async Task<DrawnPicture> PaintAsync(string prompt, CancellationToken stop)
    {
        var image = await studio.Caller.CallAsync(giveUp => studio.Api.DrawAsync(prompt, bill, giveUp), stop);
        if (image.ImageBytes is { } bytes)
        {
            return PictureForm.Read(bytes.ToMemory(), studio.Options.MaxPictureBytes);
        }

        // Fetched in calls of its own: a download that fails must not have the picture drawn and paid again.
        return image.ImageUri is { } address
            ? await studio.Caller.CallAsync(giveUp => studio.Download.GetAsync(address, giveUp), stop)
            : throw new ModelException("The answer holds neither a picture nor an address.", Cure.AskAgain);
    }

    /// <summary>Asks again while the answers cannot be used, telling the model why.</summary>
    private static async Task<T> AgainAsync<T>(Func<string?, Task<T>> ask)
    {
        string? complaint = null;
        for (var answers = 1; ; answers++)
        {
            try
            {
                return await ask(complaint);
            }
            catch (ModelException unusable) when (unusable.Cure == Cure.AskAgain)
            {
                complaint = answers < MostAnswers ? unusable.Message : throw new ModelException(
                    $"The model has answered {MostAnswers} times in a way that cannot be used. {unusable.Message} "
                    + "Retry, or configure another model.");
            }
        }
    }

    private async Task<T> MakeAsync<T>(string piece, Func<Task<T>> byModel, Func<Task<T>> byFallback)
    {
        try
        {
            return await byModel();
        }
        catch (ModelException failure) when (studio.Options.Fallback == ModelFallback.Embedded)
        {
            studio.Log.FellBack(piece, failure.Message);
            bill.FellBack(failure.Message);
            return await byFallback();
        }
        catch (ModelException failure)
        {
            studio.Log.NotMade(piece, failure.Message);
            throw new SojournException(failure.Message, failure);
        }
    }
}
