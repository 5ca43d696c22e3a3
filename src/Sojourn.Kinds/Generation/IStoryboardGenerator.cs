namespace Sojourn.Kinds.Generation;

/// <summary>
/// Makes a storyboard, a piece at a time. The driver asks for one piece, has it stored, and asks for the next; after a
/// crash it goes on with the first piece that is missing. One object serves many sessions at once. An exception
/// fails the session, with its message as the reason.
/// </summary>
public interface IStoryboardGenerator
{
    /// <summary>
    /// The generator for one piece, which adds to this bill what the piece uses. Asked before each piece. A generator
    /// that costs nothing need not have this; by default it is the generator itself.
    /// </summary>
    IStoryboardGenerator BilledTo(Bill bill) => this;

    /// <summary>Reads the story.</summary>
    Task<StoryAnalysis> AnalyseAsync(StartGeneration request, CancellationToken stop);

    /// <summary>
    /// Cuts the story into exactly as many parts as scenes were asked for, in its order; together they must be the
    /// whole
    /// story.
    /// </summary>
    Task<IReadOnlyList<PlannedScene>> PlanAsync(StartGeneration request, StoryAnalysis analysis,
        CancellationToken stop);

    /// <summary>Writes a scene's title, description and image prompt.</summary>
    Task<SceneText> WriteAsync(SceneBrief brief, CancellationToken stop);

    /// <summary>Draws a scene from its text, of which a person may have edited parts.</summary>
    Task<DrawnPicture> DrawAsync(SceneBrief brief, SceneText text, CancellationToken stop);
}

/// <summary>All that there is to know for making one scene.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Analysis">What was found in the story.</param>
/// <param name="Plan">Which part of the story each scene tells.</param>
/// <param name="Number">The scene, from 1.</param>
/// <param name="Revision">1 at first; grows each time the scene is made anew, and then asks for a different
/// picture.</param>
public sealed record SceneBrief(
    StartGeneration Request,
    StoryAnalysis Analysis,
    IReadOnlyList<PlannedScene> Plan,
    int Number,
    int Revision)
{
    /// <summary>The part of the story that a scene tells.</summary>
    /// <param name="number">From 1.</param>
    public string ExcerptOf(int number) => Request.StoryText.Substring(Plan[number - 1].Start, Plan[number - 1].Length);
}

/// <summary>A picture as a generator gives it.</summary>
/// <param name="MediaType">Its type, such as <c>image/svg+xml</c> or <c>image/png</c>.</param>
/// <param name="Bytes">The picture, at most 4 MiB.</param>
public sealed record DrawnPicture(string MediaType, ReadOnlyMemory<byte> Bytes);
