using Sojourn.Kinds.Generation;

namespace Sojourn.Models;

/// <summary>Tells by their first bytes which pictures can be shown everywhere.</summary>
internal static class PictureForm
{
    /// <param name="bytes">The picture, or what somebody takes for one.</param>
    /// <param name="maxBytes">The most that it may have.</param>
    /// <exception cref="ModelException">It is too large, or no PNG, JPEG or WebP.</exception>
    public static DrawnPicture Read(ReadOnlyMemory<byte> bytes, int maxBytes)
    {
        if (bytes.Length > maxBytes)
        {
            throw new ModelException(
                $"The picture has {StoryRules.Figure(bytes.Length)} bytes; {StoryRules.Figure(maxBytes)} are allowed. "
                + $"Configure a smaller {nameof(ModelOptions.ImageSize)}, or raise "
                + $"{nameof(ModelOptions.MaxPictureBytes)}, and retry.");
        }

        return MediaTypeOf(bytes.Span) is { } mediaType
            ? new DrawnPicture(mediaType, bytes)
            : throw new ModelException(
                "What the model has drawn is no PNG, JPEG or WebP picture. Configure another ImageModel, and retry.");
    }

    private static string? MediaTypeOf(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => "image/png",
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] =>
            "image/webp",
        _ => null,
    };
}
