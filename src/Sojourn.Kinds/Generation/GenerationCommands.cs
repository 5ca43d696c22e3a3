namespace Sojourn.Kinds.Generation;

/// <summary>Stops the work; finished scenes are kept. Refused if there is no work to stop.</summary>
public sealed record Cancel : ICommand;

/// <summary>Goes on after a failure or a cancellation with what is missing; finished scenes are kept.</summary>
public sealed record Retry : ICommand;

/// <summary>
/// Changes the words of a finished scene. Its picture stays as it is; after a new prompt it is marked stale until
/// <see cref="RegenerateScene"/> makes one that fits.
/// </summary>
/// <param name="Number">The scene, from 1.</param>
/// <param name="Title">1 to 200 characters; null leaves it.</param>
/// <param name="Description">10 to 4,000 characters; null leaves it.</param>
/// <param name="ImagePrompt">10 to 4,000 characters, none of the refused words; null leaves it.</param>
public sealed record EditScene(
    int Number,
    string? Title = null,
    string? Description = null,
    string? ImagePrompt = null) : ICommand<Scene>;

/// <summary>Makes one finished scene anew. What a person has edited stays; no other scene is touched.</summary>
/// <param name="Number">The scene, from 1.</param>
public sealed record RegenerateScene(int Number) : ICommand;

/// <summary>
/// Approves exactly these scenes, in place of those approved before. Each picture is read and checked before the
/// session is
/// completed.
/// </summary>
/// <param name="Scenes">Scene numbers, from 1: at least one, each once.</param>
public sealed record ApproveScenes(IReadOnlyList<int> Scenes) : ICommand;
