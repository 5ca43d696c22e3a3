using Microsoft.Extensions.Logging;

namespace Sojourn.Models;

internal static partial class ModelLog
{
    [LoggerMessage(1, LogLevel.Information,
        "Storyboards are made by {TextModel} and {ImageModel} at {BaseUrl}, with {Key}.")]
    public static partial void InUse(
        this ILogger log, string textModel, string imageModel, string baseUrl, string key);

    [LoggerMessage(2, LogLevel.Warning,
        "The key for {BaseUrl} travels over plain HTTP: whoever sees the traffic sees it. Use HTTPS.")]
    public static partial void KeyInTheOpen(this ILogger log, string baseUrl);

    [LoggerMessage(3, LogLevel.Information, "A call is tried again in {Pause}: {Why}")]
    public static partial void Paused(this ILogger log, TimeSpan pause, string why);

    [LoggerMessage(4, LogLevel.Warning, "The model has not made {Piece}, so the embedded generator makes it: {Why}")]
    public static partial void FellBack(this ILogger log, string piece, string why);

    [LoggerMessage(5, LogLevel.Warning, "The model has not made {Piece}, so the generation fails: {Why}")]
    public static partial void NotMade(this ILogger log, string piece, string why);
}
