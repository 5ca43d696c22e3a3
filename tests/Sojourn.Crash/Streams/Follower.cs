using System.Text;
using System.Text.Json;
using Sojourn.Client;

namespace Sojourn.Crash.Streams;

/// <summary>Follows a stream from its beginning to its end, through as many servers as that takes.</summary>
internal sealed class Follower(Share share, bool polls, Way way)
{
    private readonly List<Message> _seen = [];
    private string _offset = "-1";

    /// <summary>The stream.</summary>
    public Share Share => share;

    /// <summary>All that it was given, in order. Whole once it has come to the end.</summary>
    public IReadOnlyList<Message> Seen => _seen;

    /// <summary>How often a connection broke.</summary>
    public int Breaks { get; private set; }

    public override string ToString() => $"The follower of {share.Stream} by {(polls ? "long-poll" : "SSE")}";

    /// <summary>Returns when the stream has ended.</summary>
    public Task RunAsync(CancellationToken stop) => polls ? PollAsync(stop) : ListenAsync(stop);

    /// <summary>With the client, which comes again by itself.</summary>
    private async Task PollAsync(CancellationToken stop)
    {
        using var client = new SojournClient(new SojournClientOptions
        {
            Url = Way.Url,
            Key = StreamServer.Key,
            HttpMessageHandler = way.Handler,
            FirstRetryDelay = TimeSpan.FromMilliseconds(20),
            MaxRetryDelay = TimeSpan.FromMilliseconds(500),
        });
        await foreach (var chunk in client.Stream(share.Stream).FollowAsync("-1", stop))
        {
            _seen.AddRange(Messages.Read(share.Type, chunk.Bytes.Span));
        }
    }

    /// <summary>By hand, as any program that knows server-sent events would.</summary>
    private async Task ListenAsync(CancellationToken stop)
    {
        var isClosed = false;
        while (!isClosed)
        {
            try
            {
                using var answer = await way.Http.GetAsync(
                    $"{share.Path}?offset={_offset}&live=sse", HttpCompletionOption.ResponseHeadersRead, stop);
                Promise.Expect(answer.IsSuccessStatusCode, $"{this} was answered {(int)answer.StatusCode}");
                using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(stop));
                isClosed = await ListenAsync(reader, answer.Headers.Contains("Stream-SSE-Data-Encoding"), stop);
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException)
            {
                Breaks++;
            }
        }
    }

    /// <returns>True at the stream's end; false if the answer ended before.</returns>
    private async Task<bool> ListenAsync(StreamReader reader, bool isBase64, CancellationToken stop)
    {
        var (kind, data) = ("", new StringBuilder());
        var unconfirmed = new List<Message>();
        while (await reader.ReadLineAsync(stop) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                kind = line[7..];
            }
            else if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                data.Append(line.AsSpan(5));
            }
            else if (line.Length == 0 && data.Length > 0)
            {
                var text = data.ToString();
                data.Clear();
                if (kind == "data")
                {
                    var bytes = isBase64 ? Convert.FromBase64String(text) : Encoding.UTF8.GetBytes(text);
                    unconfirmed.AddRange(Messages.Read(share.Type, bytes));
                    continue;
                }

                // Only now it is known from where to go on: what came without this comes again.
                var control = JsonElement.Parse(text);
                _seen.AddRange(unconfirmed);
                unconfirmed.Clear();
                _offset = control.GetProperty("streamNextOffset").GetString()!;
                if (control.TryGetProperty("streamClosed", out _))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
