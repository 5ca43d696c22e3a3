using System.CommandLine;

namespace Sojourn.Cli.Verbs;

internal static class SendVerb
{
    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) Create()
    {
        var id = Arguments.Session();
        var command = Arguments.Name("COMMAND", "The command's name");
        var parameters = Arguments.Parameters("Its parameters");
        var ifMatch = new Option<long?>("--if-match")
        {
            Description = "Only if the session is at this version",
            HelpName = "VERSION",
        };
        var operation = new Option<string?>("--idempotency-key")
        {
            Description = "Names the one effect: sent again under the same name, it has no second one [one is made]",
            HelpName = "NAME",
        };
        operation.Validators.Add(result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : null;
            if (text is not null && (text.Length is 0 or > 128 || text.Any(c => c is < ' ' or > '~')))
                result.AddError("--idempotency-key takes 1 to 128 printable ASCII characters.");
        });
        var verb = new Verb(
            "send", "Sends a command to a session.",
            """sojourn send generation/my-story edit-scene '{"number": 2, "title": "The gate"}' --if-match 7""",
            "sojourn send generation/my-story cancel") { id, command, parameters, ifMatch, operation };
        return (verb, RunAsync);

        async Task<int> RunAsync(Call call, CancellationToken stop)
        {
            var address = call.Parse.GetRequiredValue(id);
            var body = await JsonParameters.ReadAsync(call.Parse.GetValue(parameters), call.Terminal, stop);
            var answer = await call.Client.SendAsync(
                address.Kind, address.Id, call.Parse.GetRequiredValue(command), body,
                call.Parse.GetValue(ifMatch), call.Parse.GetValue(operation), stop);
            if (call.Json)
                call.Document(answer);
            else
                Show(call, answer);
            return ExitCodes.Done;
        }
    }

    private static void Show(Call call, Sojourn.Client.CommandAnswer answer)
    {
        call.Say($"Done; the session is at version {answer.Version}"
            + (answer.Replayed ? " (this had been done before)." : "."));
        foreach (var news in answer.Events)
            call.Say(EventLines.Line(news));
        if (answer.Reply is { } reply)
            call.Say(reply);
    }
}
