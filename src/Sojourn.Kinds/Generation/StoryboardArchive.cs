using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Sojourn.Kinds.Generation;

/// <summary>
/// A storyboard as a ZIP: <c>story.txt</c>, <c>scenes.json</c>, <c>pictures/scene-01.svg</c> and so on, and
/// <c>storyboard.html </c>, which opens without a network. The same session in the same state gives the same entries
/// with the same times.
/// </summary>
public static class StoryboardArchive
{
    /// <summary>The version of the layout of <c>scenes.json</c>.</summary>
    public const string Version = "1.0";

    private static readonly JsonSerializerOptions Indented = new(SojournJson.Options) { WriteIndented = true };

    /// <summary>
    /// Writes the ZIP and leaves the stream open. Only finished scenes are in it; if some are missing, <c>scenes.json
    /// </c> and the
    /// page say so.
    /// </summary>
    /// <param name="source">The session and its pictures.</param>
    /// <param name="destination">Any stream that can be written to; it need not seek. Written to
    /// asynchronously.</param>
    /// <param name="stop">Gives up; what has been written is then no ZIP.</param>
    /// <exception cref="SojournException">The store does not have a picture that it should have.</exception>
    public static async Task WriteAsync(StoryboardSource source, Stream destination, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);

        // Built in memory, where it is small (20 panels), so that a slow reader is only ever written to asynchronously
        // and a missing picture is found before the first byte is sent.
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            await AddAsync(archive, "story.txt", Encoding.UTF8.GetBytes(source.Generation.Request.StoryText), source,
                stop);
            await AddAsync(archive, "scenes.json", ScenesJson(source), source, stop);
            foreach (var scene in source.Generation.Scenes)
            {
                await AddAsync(archive, NameOf(scene), await source.PictureOfAsync(scene, stop), source, stop);
            }

            var page = await StoryboardPage.RenderAsync(source, stop);
            await AddAsync(archive, "storyboard.html", Encoding.UTF8.GetBytes(page), source, stop);
        }

        zip.Position = 0;
        await zip.CopyToAsync(destination, stop);
    }

    /// <summary>Where a scene's picture lies in the ZIP: <c>pictures/scene-01.svg</c>.</summary>
    internal static string NameOf(Scene scene)
    {
        var extension = scene.Picture.MediaType switch
        {
            "image/svg+xml" => "svg",
            "image/png" => "png",
            "image/jpeg" => "jpg",
            "image/webp" => "webp",
            _ => "bin",
        };
        return string.Create(CultureInfo.InvariantCulture, $"pictures/scene-{scene.Number:00}.{extension}");
    }

    private static byte[] ScenesJson(StoryboardSource source)
    {
        var generation = source.Generation;
        return JsonSerializer.SerializeToUtf8Bytes(
            new ScenesFile(
                Version,
                source.Key.Id.ToString(),
                source.At,
                generation.Request.MediaType,
                generation.Request.NumScenes,
                source.Shortfall is null,
                source.Shortfall,
                generation.Analysis,
                [.. generation.Scenes.Select(scene => new SceneEntry(
                    scene.Number, scene.Title, scene.Description, scene.ImagePrompt, scene.Excerpt, NameOf(scene),
                    scene.Picture.Sha256, scene.IsApproved, scene.Revision))]),
            Indented);
    }

    private static async Task AddAsync(
        ZipArchive archive, string name, ReadOnlyMemory<byte> bytes, StoryboardSource source, CancellationToken stop)
    {
        var entry = archive.CreateEntry(name, CompressionLevel.Optimal);
        // A ZIP knows no time before 1980 or after 2107.
        var year = source.At.UtcDateTime.Year;
        entry.LastWriteTime = year is >= 1980 and <= 2107
            ? source.At.ToUniversalTime()
            : new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await using var content = await entry.OpenAsync(stop);
        await content.WriteAsync(bytes, stop);
    }

    private sealed record ScenesFile(
        string Version,
        string Session,
        DateTimeOffset GeneratedAt,
        MediaType MediaType,
        int TotalScenes,
        bool IsComplete,
        string? Notice,
        StoryAnalysis? Analysis,
        IReadOnlyList<SceneEntry> Scenes);

    private sealed record SceneEntry(
        int Number,
        string Title,
        string Description,
        string ImagePrompt,
        string Excerpt,
        string Picture,
        string Sha256,
        bool IsApproved,
        int Revision);
}
