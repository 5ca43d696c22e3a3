using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;

namespace Sojourn.Server.Streams;

/// <summary>What a reader asks for.</summary>
/// <param name="Offset">As it was given; null for the beginning.</param>
/// <param name="Live">How it follows; null if it does not.</param>
/// <param name="Cursor">The last cursor that it was given; null for none.</param>
internal sealed record StreamQuery(string? Offset, string? Live, string? Cursor)
{
    public const string Beginning = "-1", Now = "now", Sse = "sse", LongPoll = "long-poll";

    /// <summary>How long it waits at most, by the header <c>Prefer: wait</c>; null if it does not say.</summary>
    public TimeSpan? Wait { get; private init; }

    public static bool TryRead(HttpRequest request, out StreamQuery query, out HttpProblem? problem)
    {
        query = new(null, null, null);
        if (!Query.TryRead(request, "offset", out var offset, out problem)
            || !Query.TryRead(request, "live", out var live, out problem)
            || !Query.TryRead(request, "cursor", out var cursor, out problem))
        {
            return false;
        }

        query = new(offset, live, cursor) { Wait = ReadWait(request) };
        problem = live is not (null or Sse or LongPoll)
            ? HttpProblem.BadParameter("live", $"'live' must be {Sse} or {LongPoll}.")
            : live is not null && offset is null
                ? HttpProblem.BadParameter("offset", "Whoever follows says from which offset; -1 is the beginning.")
            : offset is null or Beginning or Now || EventOffset.TryParse(offset, out _)
                ? null
            : HttpProblem.BadParameter("offset", "'offset' must be as the stream gave it, or -1, or now.");
        return problem is null;
    }

    /// <summary>How long it waits: no longer than so much.</summary>
    public TimeSpan WaitOr(TimeSpan most) => Wait < most ? Wait.Value : most;

    /// <summary>The entry after which to read; a problem if the offset is none of this log.</summary>
    public HttpProblem? Find(LogState state, out long after)
    {
        after = 0;
        if (Offset is null or Beginning)
        {
            return null;
        }

        if (Offset == Now)
        {
            after = state.Last;
            return null;
        }

        _ = EventOffset.TryParse(Offset, out var offset);
        var isOurs = state.Map.TryFind(offset, out after);
        return isOurs && after <= state.Last ? null
            : !isOurs && state.Map.IsAfter(offset)
                ? new(HttpProblemTypes.Gone,
                    "This offset is not of this stream, which began after it was given. Read from -1, the beginning.")
                { Code = "other-stream", Field = "offset" }
            : HttpProblem.BadParameter("offset", "This offset is of another stream, or not yet reached.");
    }

    private static TimeSpan? ReadWait(HttpRequest request)
    {
        foreach (var preference in string.Join(',', request.Headers["Prefer"].ToArray()).Split(','))
        {
            var said = preference.AsSpan().Trim();
            if (said.StartsWith("wait=", StringComparison.OrdinalIgnoreCase)
                && int.TryParse(said[5..], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            {
                return TimeSpan.FromSeconds(seconds);
            }
        }

        return null;
    }
}
