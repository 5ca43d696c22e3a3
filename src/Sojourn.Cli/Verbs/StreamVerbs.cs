using System.CommandLine;
using System.Text;

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
            await using var printer = new StreamPrinter(call.Terminal);
            try
            {
                await foreach (var chunk in Find(call, target).FollowAsync(last, stop))
                {
                    last = chunk.Next;
                    await printer.ShowAsync(chunk);
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
            var (name, type) = (call.Parse.GetRequiredValue(stream), call.Parse.GetValue(create));
            var target = Find(call, name);
            if (await StandingAsync(target, type, stop) is not { } standing)
            {
                var missing = Failure.Local("not-found", "Not found", $"There is no stream '{name}'.");
                new Failure(ExitCodes.NotFound, missing, "Create it with --create TYPE, such as text/plain.")
                    .Tell(call.Terminal, call.Json);
                return ExitCodes.NotFound;
            }

            var bytes = call.Parse.GetValue(text) is { } given
                ? Encoding.UTF8.GetBytes(given)
                : await Input.ReadAsync(call.Terminal.OpenInput(), MostBytes, stop);
            var closes = call.Parse.GetValue(close);
            var after = bytes.Length > 0 ? await target.AppendAsync(bytes, standing.ContentType!, closes, stop)
                : closes ? await target.CloseAsync(stop)
                : type is not null ? standing
                : throw new UsageException("There is nothing to append: give TEXT, or standard input.");
            if (call.Json)
                call.Document(new { next = after.Next, closed = after.IsClosed });
            else
                call.Say($"{(bytes.Length > 0 ? "Appended" : closes ? "Closed" : "It is there")}; "
                    + $"the stream reads on from {after.Next}.");
            return ExitCodes.Done;
        }
    }

    /// <summary>How the stream stands that is to be appended to; null if there is none.</summary>
    private static async Task<StreamStanding?> StandingAsync(StreamClient stream, string? type, CancellationToken stop)
    {
        try
        {
            return type is null ? await stream.DescribeAsync(stop) : await stream.CreateAsync(type, giveUp: stop);
        }
        catch (SojournProblemException no) when (no.Problem.Status == 404)
        {
            return null;
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
}
