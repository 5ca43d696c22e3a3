using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sojourn.Kinds.Generation;

namespace Sojourn.Models;

/// <summary>
/// Makes storyboards by models, over any server that speaks the OpenAI protocol. The text model reads the story, says
/// where scenes begin and writes them; the image model draws. One object serves all sessions, and holds together what
/// they may do at once. Safe from any thread.
/// </summary>
public sealed class ModelGenerator : IStoryboardGenerator, IDisposable
{
    private readonly ModelStudio _studio;

    /// <summary>Checks the options, and reads the key. Connects to nothing yet.</summary>
    /// <param name="options">Which models, and the limits; not to be changed afterwards.</param>
    /// <param name="time">Whose time timeouts and pauses are counted in; null for the system's.</param>
    /// <param name="log">Told of pauses, failures and fallbacks; never of the key or the story. Null for none.</param>
    /// <exception cref="SojournException">An option cannot be used; the message names all that cannot.</exception>
    public ModelGenerator(ModelOptions options, TimeProvider? time = null, ILogger<ModelGenerator>? log = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _studio = new ModelStudio(
            options, time ?? TimeProvider.System, log ?? NullLogger<ModelGenerator>.Instance);
    }

    /// <inheritdoc />
    public IStoryboardGenerator BilledTo(Bill bill) => new BilledGenerator(_studio, bill);

    /// <inheritdoc />
    public Task<StoryAnalysis> AnalyseAsync(StartGeneration request, CancellationToken stop) =>
        Unbilled().AnalyseAsync(request, stop);

    /// <inheritdoc />
    public Task<IReadOnlyList<PlannedScene>> PlanAsync(
        StartGeneration request, StoryAnalysis analysis, CancellationToken stop) =>
        Unbilled().PlanAsync(request, analysis, stop);

    /// <inheritdoc />
    public Task<SceneText> WriteAsync(SceneBrief brief, CancellationToken stop) => Unbilled().WriteAsync(brief, stop);

    /// <inheritdoc />
    public Task<DrawnPicture> DrawAsync(SceneBrief brief, SceneText text, CancellationToken stop) =>
        Unbilled().DrawAsync(brief, text, stop);

    /// <summary>Closes the connections. Pieces that are being made fail.</summary>
    public void Dispose() => _studio.Dispose();

    // Without a bill a budget is held against the one piece alone.
    private IStoryboardGenerator Unbilled() => BilledTo(new Bill(Usage.None));
}
