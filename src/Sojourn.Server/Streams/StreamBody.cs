using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;

namespace Sojourn.Server.Streams;

/// <summary>Reads a body as it is: copied once, from the connection into what is stored.</summary>
internal static class StreamBody
{
    /// <returns>The body, empty if there is none; or a problem.</returns>
    public static async ValueTask<(byte[] Bytes, HttpProblem? Problem)> ReadAsync(HttpRequest request, int most)
    {
        if (!RequestBody.IsThere(request))
        {
            return ([], null);
        }

        if (request.ContentLength > most)
        {
            return ([], TooLarge(most));
        }

        var length = request.HttpContext.Features.Get<BodyLength>();
        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync();
            var bytes = read.Buffer;
            length?.Bytes = bytes.Length;
            if (bytes.Length > most)
            {
                // What follows is for the web server to drain; it gives up after a while.
                reader.AdvanceTo(bytes.End);
                return ([], TooLarge(most));
            }

            if (read.IsCompleted)
            {
                var whole = bytes.ToArray();
                reader.AdvanceTo(bytes.End);
                return (whole, null);
            }

            reader.AdvanceTo(bytes.Start, bytes.End);
        }
    }

    /// <summary>The entries of a body; null if it has to be JSON and is not, or holds too many messages.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>>? Split(
        byte[] body, bool isJson, int mostMessages, out HttpProblem? problem)
    {
        problem = null;
        if (body.Length == 0)
        {
            return [];
        }

        if (!isJson)
        {
            return [body];
        }

        problem = !JsonMessages.TrySplit(body, mostMessages, out var messages)
            ? new(HttpProblemTypes.Malformed, "The stream holds JSON, and the body is none.")
            : messages.Count > mostMessages
                ? new(ProblemTypes.TooLarge,
                    $"The body holds more than {mostMessages:N0} messages, the most that one request takes.")
                : null;
        return problem is null ? messages : null;
    }

    private static HttpProblem TooLarge(int most) =>
        new(ProblemTypes.TooLarge, $"The body is larger than {most:N0} bytes, the most that a stream takes at once.");
}
