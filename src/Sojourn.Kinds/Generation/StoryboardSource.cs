namespace Sojourn.Kinds.Generation;

/// <summary>Reads an entry of a session's stream <c>pictures</c>; null if there is none of that number.</summary>
/// <param name="entry">From 1.</param>
/// <param name="stop">Gives up.</param>
public delegate ValueTask<ReadOnlyMemory<byte>?> PictureReader(long entry, CancellationToken stop);

/// <summary>What a storyboard is made from.</summary>
/// <param name="Key">The session.</param>
/// <param name="Generation">How it stands; it need not be complete.</param>
/// <param name="ReadPicture">Reads the pictures.</param>
public sealed record StoryboardSource(
    SessionKey Key,
    Generation Generation,
    PictureReader ReadPicture)
{
    /// <summary>When the work stood as it does: the time of its end, or of its last progress.</summary>
    internal DateTimeOffset At => Generation.EndedAt ?? Generation.LastProgressAt;

    /// <summary>The picture of a scene.</summary>
    /// <exception cref="SojournException">The store does not have it.</exception>
    internal async ValueTask<ReadOnlyMemory<byte>> PictureOfAsync(Scene scene, CancellationToken stop) =>
        await ReadPicture(scene.Picture.Entry, stop) ?? throw new SojournException(
            $"The picture of scene {scene.Number} of {Key} is missing from the store. Regenerate the scene.");

    /// <summary>Says what is missing of an unfinished storyboard; null for a whole one.</summary>
    internal string? Shortfall => Generation.Scenes.Count == Generation.Request.NumScenes ? null
        : "This storyboard is not finished: "
            + $"{Generation.Scenes.Count} of {Generation.Request.NumScenes} scenes are here.";
}
