using System.CommandLine;
using Sojourn.Cli.Generate;

namespace Sojourn.Cli.Verbs;

using Sojourn.Client;

internal static class WatchVerb
{
    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) Create()
    {
        var id = Arguments.Session();
        var from = new Option<string?>("--from")
        {
            Description = "Show the events after this offset; `now` for only what comes [the beginning]",
            HelpName = "OFFSET",
        };
        var verb = new Verb(
            "watch", "Shows what happens to a session until it is removed, or until a generation's run ends.",
            "sojourn watch generation/my-story",
            "sojourn watch generation/my-story --from 12 --json") { id, from };
        return (verb, RunAsync);

        async Task<int> RunAsync(Call call, CancellationToken stop)
        {
            var address = call.Parse.GetRequiredValue(id);
            var after = call.Parse.GetValue(from);
            // Watching itself would wait for ever for a server that is not there.
            var session = await call.Client.GetAsync(address.Kind, address.Id, stop);
            return address.Kind == "generation" && after is null && !call.Json
                ? await GenerationScreen.WatchAsync(call, session, stop)
                : await ShowEventsAsync(call, address, after, stop);
        }
    }

    private static async Task<int> ShowEventsAsync(
        Call call, SessionAddress address, string? after, CancellationToken stop)
    {
        var catchUp = new CatchUp(call.Client, address, call.Say);
        var last = after;
        try
        {
            await foreach (var news in call.Client.WatchAsync(address.Kind, address.Id, after, stop))
            {
                last = news is SessionEvent e ? e.Offset : last;
                if (call.Json)
                {
                    call.JsonLine(EventLines.Json(news));
                    continue;
                }

                Show(call, news);
                await catchUp.NoteAsync(news, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !call.Json)
        {
            call.Say("");
            call.Say($"Go on watching: {call.Hint($"watch {address}{(last is null ? "" : " --from " + last)}")}");
            return ExitCodes.Detached;
        }

        return ExitCodes.Done;
    }

    private static void Show(Call call, SessionNews news)
    {
        switch (news)
        {
            case SessionEvent e:
                call.Say(EventLines.Line(e));
                break;
            case SessionSnapshot { Session: var session }:
                call.Say($"Earlier events are no longer kept; status {session.Status}, version {session.Version}.");
                break;
            case SessionRemoved removed:
                call.Say($"The session is gone: {removed.Reason}.");
                break;
            default:
                // Notices about the connection are the catch-up's to tell.
                break;
        }
    }
}
