using System.CommandLine;
using System.Text;
using System.Text.Json;

namespace Sojourn.Cli.Verbs;

using Sojourn.Client;

/// <summary>Durable streams and sessions' logs on the command line.</summary>
internal static class StreamVerbs
{
    private const int MostBytes = 16 << 20;

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) CreateTail()
    {
        var stream = Stream("The stream: streams/NAME, KIND/ID for a session's events, KIND/ID/streams/NAME, or a URL");
        var from = new Option<string?>("--from")
        {
            Description = "Show what lies after this offset; `now` for only what comes [the beginning]",
            HelpName = "OFFSET",
        };
        var verb = new Verb(
            "tail", "Shows a stream and what is appended to it, until it is closed; JSON a message on a line.",
            "sojourn tail streams/chat/42",
            "sojourn tail generation/my-story --from now") { stream, from };
        return (verb, RunAsync);

        async Task<int> RunAsync(Call call, CancellationToken stop)
        {
            var target = call.Parse.GetRequiredValue(stream);
            var last = call.Parse.GetValue(from);
            var decoder = Encoding.UTF8.GetDecoder();
            try
            {
                await foreach (var chunk in Find(call, target).FollowAsync(last, stop))
                {
                    last = chunk.Next;
                    await ShowAsync(call.Terminal.Out, chunk, decoder);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested && last is not null)
            {
                var goOn = call.Hint($"tail {target} --from {last}");
                await call.Terminal.Error.WriteLineAsync($"Go on reading: {goOn}");
                return ExitCodes.Detached;
            }

            return ExitCodes.Done;
        }
    }

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) CreateAppend()
    {
        var stream = Stream("The stream: streams/NAME or a URL");
        var text = new Argument<string?>("TEXT")
        {
            Description = "What to append [standard input]",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var create = new Option<string?>("--create")
        {
            Description = "Create the stream with this content type if it is not there",
            HelpName = "TYPE",
        };
        var close = new Option<bool>("--close") { Description = "Nothing follows: close the stream" };
        var verb = new Verb(
            "append", "Appends to a durable stream.",
            "sojourn append streams/chat/42 '{\"say\": \"hello\"}' --create application/json",
            "sojourn append streams/log --close < last.txt") { stream, text, create, close };
        return (verb, RunAsync);

        async Task<int> RunAsync(Call call, CancellationToken stop)
        {
            var target = Find(call, call.Parse.GetRequiredValue(stream));
            var standing = call.Parse.GetValue(create) is { } type
                ? await target.CreateAsync(type, giveUp: stop)
                : await target.DescribeAsync(stop);
            var bytes = call.Parse.GetValue(text) is { } given
                ? Encoding.UTF8.GetBytes(given)
                : await Input.ReadAsync(call.Terminal.OpenInput(), MostBytes, stop);
            var after = bytes.Length == 0 && call.Parse.GetValue(close)
                ? await target.CloseAsync(stop)
                : await target.AppendAsync(bytes, standing.ContentType!, call.Parse.GetValue(close), stop);
            if (call.Json)
                call.Document(new { next = after.Next, closed = after.IsClosed });
            else
                call.Say($"Appended; the stream reads on from {after.Next}.");
            return ExitCodes.Done;
        }
    }

    private static Argument<string> Stream(string says) => new("STREAM") { Description = says };

    /// <summary>As the paths of the API have it.</summary>
    private static StreamClient Find(Call call, string target)
    {
        var path = PathOf(call, target);
        var parts = path.Split('/');
        try
        {
            return parts switch
            {
                ["streams", _, ..] => call.Client.Stream(path["streams/".Length..]),
                [var kind, var id] => call.Client.Log(kind, id),
                [var kind, var id, "streams", var name] => call.Client.Log(kind, id, name),
                [var kind, var id, "events"] => call.Client.Log(kind, id),
                _ => throw new UsageException($"'{target}' is no stream; use streams/NAME, KIND/ID or a URL."),
            };
        }
        catch (ArgumentException fault)
        {
            throw new UsageException(fault.Message, fault);
        }
    }

    private static string PathOf(Call call, string target)
    {
        if (!Uri.TryCreate(target, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            return target;

        // The key is that server's, and nobody else's business.
        var server = call.Globals.Url(call.Parse, call.Terminal);
        var path = Uri.UnescapeDataString(url.AbsolutePath);
        return url.Authority == server.Authority && path.StartsWith("/v1/", StringComparison.Ordinal)
            ? path["/v1/".Length..]
            : throw new UsageException($"{url} is no stream of {server}; name that server with --url.");
    }

    private static async Task ShowAsync(TextWriter output, StreamChunk chunk, Decoder decoder)
    {
        if (chunk.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true)
        {
            using var messages = JsonDocument.Parse(chunk.Bytes);
            foreach (var message in messages.RootElement.EnumerateArray())
                await output.WriteLineAsync(JsonSerializer.Serialize(message));
        }
        else
        {
            // A character may be cut in two between one chunk and the next.
            var text = new char[decoder.GetCharCount(chunk.Bytes.Span, flush: false)];
            decoder.GetChars(chunk.Bytes.Span, text, flush: false);
            await output.WriteAsync(text);
        }

        await output.FlushAsync();
    }
}
