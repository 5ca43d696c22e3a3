using System.Text;
using Sojourn.Kinds.Generation.Panels;
using Sojourn.Kinds.Generation.Text;

namespace Sojourn.Kinds.Generation;

/// <summary>
/// Makes storyboards without any model or network: it reads the story by rules of its own and draws each scene as an
/// SVG
/// storyboard panel. The same story always gives the same storyboard. It understands English best.
/// </summary>
/// <param name="options">Its pace: <see cref="GenerationOptions.SceneDelay"/>. Null for the defaults.</param>
/// <param name="time">Whose time the pace is counted in; null for the system's.</param>
public sealed class EmbeddedGenerator(GenerationOptions? options = null, TimeProvider? time = null)
    : IStoryboardGenerator
{
    private readonly TimeSpan _delay = options?.SceneDelay ?? TimeSpan.Zero;
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <inheritdoc />
    public Task<StoryAnalysis> AnalyseAsync(StartGeneration request, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(request);
        stop.ThrowIfCancellationRequested();
        return Task.FromResult(StoryReading.Of(request.StoryText).ToAnalysis());
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<PlannedScene>> PlanAsync(
        StartGeneration request, StoryAnalysis analysis, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(request);
        stop.ThrowIfCancellationRequested();
        IReadOnlyList<PlannedScene> plan =
            [.. Segmenter.Split(request.StoryText, request.NumScenes)
                .Select((part, i) => new PlannedScene(i + 1, part.Start, part.Length))];
        return Task.FromResult(plan);
    }

    /// <inheritdoc />
    public async Task<SceneText> WriteAsync(SceneBrief brief, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(brief);
        if (_delay > TimeSpan.Zero)
        {
            await Task.Delay(_delay, _time, stop);
        }

        stop.ThrowIfCancellationRequested();
        return SceneWriter.Write(brief);
    }

    /// <inheritdoc />
    public Task<DrawnPicture> DrawAsync(SceneBrief brief, SceneText text, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(brief);
        ArgumentNullException.ThrowIfNull(text);
        stop.ThrowIfCancellationRequested();
        var svg = Panel.Draw(PanelBrief.Read(brief, text));
        return Task.FromResult(new DrawnPicture("image/svg+xml", Encoding.UTF8.GetBytes(svg)));
    }
}
