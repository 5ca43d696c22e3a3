namespace Sojourn.Kinds.Generation;

/// <summary>Where a generation stands.</summary>
public enum GenerationStatus
{
    /// <summary>Waits for its turn.</summary>
    Pending,

    /// <summary>Scenes are being made.</summary>
    Processing,

    /// <summary>Approved pictures are being checked for the download.</summary>
    Downloading,

    /// <summary>Every scene is there.</summary>
    Completed,

    /// <summary>Stopped by an error; finished scenes are kept and <see cref="Retry"/> goes on.</summary>
    Failed,

    /// <summary>Stopped by a person; finished scenes are kept and <see cref="Retry"/> goes on.</summary>
    Cancelled,
}

#pragma warning disable MA0049 // The kind's folder, namespace and state are all called what the thing is called.

/// <summary>How a story becomes a storyboard: the whole state of one session of the kind <c>generation</c>.</summary>
public sealed record Generation
#pragma warning restore MA0049
{
    /// <summary>What was asked for; the story is trimmed.</summary>
    public required StartGeneration Request { get; init; }

    /// <summary>Where it stands.</summary>
    public GenerationStatus Status { get; init; }

    /// <summary>
    /// Grows each time that work begins anew: 1 at the start, then with each retry, regeneration and approval.
    /// A driver's report that names an older run is refused.
    /// </summary>
    public int Run { get; init; } = 1;

    /// <summary>What is being worked on, or was when the work stopped; null once everything is done.</summary>
    public Work? Work { get; init; }

    /// <summary>What was found in the story; null until it has been read.</summary>
    public StoryAnalysis? Analysis { get; init; }

    /// <summary>Which part of the story each scene tells; empty until it is planned.</summary>
    public IReadOnlyList<PlannedScene> Plan { get; init; } = [];

    /// <summary>The text of the scene whose picture is still missing; null if there is none.</summary>
    public SceneDraft? Draft { get; init; }

    /// <summary>The finished scenes, in the order of their numbers.</summary>
    public IReadOnlyList<Scene> Scenes { get; init; } = [];

    /// <summary>Why it failed; null unless it did.</summary>
    public string? Error { get; init; }

    /// <summary>When the first run left the queue, UTC; null while it waits there.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended, UTC; null while it is busy.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When something was last achieved, UTC.</summary>
    public required DateTimeOffset LastProgressAt { get; init; }

    /// <summary>
    /// From when the time without progress is counted, UTC: later than the last progress after an outage.
    /// </summary>
    public required DateTimeOffset WatchedSince { get; init; }

    /// <summary>How many pictures the stream <c>pictures</c> holds, replaced ones included.</summary>
    public long PicturesStored { get; init; }

    /// <summary>
    /// What models were used for so far: failed attempts and replaced scenes included, over all runs.
    /// </summary>
    public Usage Usage { get; init; } = Usage.None;

    /// <summary>Which pieces a fallback has made, in the order of their making; those made anew give way.</summary>
    public IReadOnlyList<Fallback> Fallbacks { get; init; } = [];

    /// <summary>How far it is. Worked out from the rest, so that it cannot contradict it.</summary>
    public Progress Progress => Progress.Of(this);

    /// <summary>The numbers of the approved scenes, sorted.</summary>
    public IReadOnlyList<int> ApprovedScenes =>
        [.. Scenes.Where(scene => scene.IsApproved).Select(scene => scene.Number)];

    internal bool IsBusy =>
        Status is GenerationStatus.Pending or GenerationStatus.Processing or GenerationStatus.Downloading;

    /// <summary>For events, which say nothing of usage where no model was used.</summary>
    internal Usage? UsageToTell => Usage.Calls > 0 ? Usage : null;

    internal Scene? Find(int number) => Scenes.FirstOrDefault(scene => scene.Number == number);

    /// <summary>The numbers of the scenes that are still to be made, in order.</summary>
    internal IEnumerable<int> Missing =>
        Enumerable.Range(1, Request.NumScenes).Except(Scenes.Select(scene => scene.Number));

    internal string ExcerptOf(int number) =>
        Plan[number - 1] is var part ? Request.StoryText.Substring(part.Start, part.Length) : "";

    /// <summary>Puts a scene in its place by number; one of the same number gives way.</summary>
    internal Generation With(Scene scene) => this with
    {
        Scenes = [.. Scenes.Where(other => other.Number != scene.Number).Append(scene).OrderBy(other => other.Number)],
    };
}

/// <summary>What a run is about.</summary>
public enum WorkKind
{
    /// <summary>The whole storyboard: whatever is missing.</summary>
    Storyboard,

    /// <summary>One finished scene anew.</summary>
    Scene,

    /// <summary>Checking the pictures of approved scenes.</summary>
    Approval,
}

/// <summary>What a run is about, and for which scenes.</summary>
/// <param name="What">What is being done.</param>
/// <param name="Scenes">The scene that is made anew, or the scenes that are being approved; null for the
/// storyboard.</param>
public sealed record Work(WorkKind What, IReadOnlyList<int>? Scenes = null);

/// <summary>What was found in a story.</summary>
/// <param name="Words">How many words it has.</param>
/// <param name="Sentences">How many sentences.</param>
/// <param name="Paragraphs">How many paragraphs.</param>
/// <param name="Themes">What it is about, the strongest first; at most 5.</param>
/// <param name="Characters">Who is in it, the most important first; at most 10.</param>
/// <param name="Places">Where it happens, the most important first; at most 8.</param>
/// <param name="EstimatedScenes">How many scenes would suit it, 1 to 20.</param>
/// <param name="ReadingMinutes">How long it takes to read, in minutes to 0.1, at 200 words a minute.</param>
public sealed record StoryAnalysis(
    int Words,
    int Sentences,
    int Paragraphs,
    IReadOnlyList<string> Themes,
    IReadOnlyList<string> Characters,
    IReadOnlyList<string> Places,
    int EstimatedScenes,
    double ReadingMinutes);

/// <summary>
/// The part of the story that a scene tells. Together the parts are the story, without gap or overlap.
/// </summary>
/// <param name="Number">The scene, from 1.</param>
/// <param name="Start">The first character, from 0.</param>
/// <param name="Length">How many characters (UTF-16 code units).</param>
public sealed record PlannedScene(int Number, int Start, int Length);

/// <summary>The words of a scene.</summary>
/// <param name="Title">1 to 200 characters.</param>
/// <param name="Description">10 to 4,000 characters.</param>
/// <param name="ImagePrompt">What the picture is to show, 10 to 4,000 characters.</param>
public sealed record SceneText(string Title, string Description, string ImagePrompt);

/// <summary>A scene that has been written and is still to be drawn.</summary>
/// <param name="Number">The scene, from 1.</param>
/// <param name="Revision">Which version of the scene this is to be, from 1.</param>
/// <param name="Text">Its words.</param>
public sealed record SceneDraft(int Number, int Revision, SceneText Text);

/// <summary>One finished scene.</summary>
public sealed record Scene
{
    /// <summary>From 1, in the order of the story.</summary>
    public required int Number { get; init; }

    /// <summary>A short heading, different for each scene.</summary>
    public required string Title { get; init; }

    /// <summary>What happens, in one to three sentences.</summary>
    public required string Description { get; init; }

    /// <summary>What the picture is to show.</summary>
    public required string ImagePrompt { get; init; }

    /// <summary>The part of the story that the scene tells, word for word.</summary>
    public required string Excerpt { get; init; }

    /// <summary>Where the picture is kept, and how to tell that it is whole.</summary>
    public required ScenePicture Picture { get; init; }

    /// <summary>True if the prompt was edited after the picture was made.</summary>
    public bool PictureIsStale { get; init; }

    /// <summary>What a person has written; regenerating keeps it.</summary>
    public IReadOnlyList<SceneField> Edited { get; init; } = [];

    /// <summary>True once the scene was approved; an edit or a regeneration takes that back.</summary>
    public bool IsApproved { get; init; }

    /// <summary>1 when first made; grows each time the scene is made anew.</summary>
    public int Revision { get; init; } = 1;
}

/// <summary>What a person can edit of a scene.</summary>
public enum SceneField
{
    /// <summary>The heading.</summary>
    Title,

    /// <summary>What happens.</summary>
    Description,

    /// <summary>What the picture is to show.</summary>
    ImagePrompt,
}

/// <summary>Where a picture is kept, and how to tell that it is whole.</summary>
/// <param name="Entry">Its number in the session's stream <c>pictures</c>, from 1.</param>
/// <param name="MediaType">Its type, such as <c>image/svg+xml</c>.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its SHA-256, in lower-case hexadecimal digits.</param>
public sealed record ScenePicture(long Entry, string MediaType, int Bytes, string Sha256);
