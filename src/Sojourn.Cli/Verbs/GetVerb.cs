using Sojourn.Cli.Generate;

namespace Sojourn.Cli.Verbs;

internal static class GetVerb
{
    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) Create()
    {
        var id = Arguments.Session();
        var verb = new Verb(
            "get", "Shows a session with its state.",
            "sojourn get generation/my-story", "sojourn get generation/my-story --json | jq .state.scenes") { id };
        return (verb, RunAsync);

        async Task<int> RunAsync(Call call, CancellationToken stop)
        {
            var address = call.Parse.GetRequiredValue(id);
            var session = await call.Client.GetAsync(address.Kind, address.Id, stop);
            if (call.Json)
            {
                call.Document(session);
                return ExitCodes.Done;
            }

            call.Draw(SessionTables.Details(session));
            MadeWith.Tell(call, session);
            if (session.State is { } state)
                call.Say(state);
            return ExitCodes.Done;
        }
    }
}
