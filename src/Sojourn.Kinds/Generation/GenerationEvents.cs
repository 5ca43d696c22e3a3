namespace Sojourn.Kinds.Generation;

// What happened, for whoever watches. An event that moved the bar carries the progress, so that a watcher can draw it
// from events alone. One that a model may have been paid for carries what the session has used so far.

/// <summary>A story was accepted and waits for its turn.</summary>
public sealed record GenerationRequested(MediaType MediaType, int NumScenes, int Words, Progress Progress);

/// <summary>Work has begun.</summary>
public sealed record GenerationStarted(int Run, Progress Progress);

/// <summary>The story was read.</summary>
public sealed record StoryAnalysed(int Run, StoryAnalysis Analysis, Progress Progress, Usage? Usage = null);

/// <summary>The story was cut into scenes.</summary>
public sealed record ScenesPlanned(
    int Run, IReadOnlyList<PlannedScene> Plan, Progress Progress, Usage? Usage = null);

/// <summary>A part of a step was done: a scene is written, and is now being drawn.</summary>
public sealed record ProgressMade(int Run, int Scene, Progress Progress, Usage? Usage = null);

/// <summary>A scene is finished, for the first time or anew.</summary>
public sealed record SceneMade(
    int Run,
    int Number,
    int Revision,
    string Title,
    string Description,
    string ImagePrompt,
    ScenePicture Picture,
    Progress Progress,
    Usage? Usage = null);

/// <summary>
/// The generator that was asked for could not make a piece, and the fallback made it. The event of the piece itself
/// follows.
/// </summary>
public sealed record PieceFellBack(int Run, PieceKind Piece, int? Scene, int? Revision, string Reason);

/// <summary>A person changed the words of a scene. Only the changed ones are given.</summary>
public sealed record SceneEdited(
    int Number,
    string? Title,
    string? Description,
    string? ImagePrompt,
    bool PictureIsStale);

/// <summary>A scene is to be made anew.</summary>
public sealed record SceneRegenerationStarted(int Run, int Number, int Revision, Progress Progress);

/// <summary>Scenes were approved; their pictures are now checked.</summary>
public sealed record ScenesApproved(int Run, IReadOnlyList<int> Scenes, Progress Progress);

/// <summary>Everything is done.</summary>
public sealed record GenerationCompleted(
    int Run,
    int TotalScenes,
    IReadOnlyList<int> ApprovedScenes,
    Progress Progress,
    Usage? Usage = null);

/// <summary>Work stopped with an error; finished scenes are kept.</summary>
public sealed record GenerationFailed(
    int Run, string Error, int FinishedScenes, Progress Progress, Usage? Usage = null);

/// <summary>A person stopped the work; finished scenes are kept.</summary>
public sealed record GenerationCancelled(int Run, int FinishedScenes, Progress Progress);

/// <summary>Work goes on after a failure or a cancellation.</summary>
public sealed record GenerationRetried(int Run, int MissingScenes, Progress Progress);
