using System.Globalization;

namespace Sojourn.Cli;

using Sojourn.Client;

/// <summary>Events as lines, for people and for programs.</summary>
internal static class EventLines
{
    private const int LongestData = 400;

    public static string Line(SessionEvent news)
    {
        var time = news.At.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        return $"{time}  {news.Offset}  {news.Type}  {PlainText.Line(news.Data?.ToString(), LongestData)}";
    }

    /// <summary>What stands on a line of <c>--json</c>; every one has a <c>type</c>.</summary>
    public static object Json(SessionNews news) => news switch
    {
        SessionEvent e => e,
        SessionSnapshot snapshot => new { type = "session-snapshot", snapshot.Offset, snapshot.Session },
        SessionRemoved removed => new { type = "session-removed", removed.Reason },
        ConnectionLost lost => new
        {
            type = "connection-lost",
            lost.Reason,
            lost.Attempt,
            retryInSeconds = Math.Round(lost.RetryIn.TotalSeconds, 3),
        },
        ConnectionRestored restored => new { type = "connection-restored", restored.Attempts },
        _ => throw new InvalidOperationException($"There is no news such as {news.GetType().Name}."),
    };
}
