using System.CommandLine;

namespace Sojourn.Cli.Verbs;

internal static class CountVerb
{
    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) Create()
    {
        var kind = Arguments.OptionalKind();
        var filters = new FilterOptions();
        var atMost = new Option<int?>("--at-most")
        {
            Description = "Where counting stops, 1 to 1000000 [10000]",
            HelpName = "N",
        };
        var verb = new Verb(
            "count", "Counts sessions.", "sojourn count generation --status failed", "sojourn count") { kind };
        filters.AddTo(verb);
        verb.Add(atMost);
        return (verb, RunAsync);

        async Task<int> RunAsync(Call call, CancellationToken stop)
        {
            var filter = filters.Read(call.Parse, call.Terminal.Clock.GetUtcNow());
            var count = await call.Client.CountAsync(
                filter, call.Parse.GetValue(kind), call.Parse.GetValue(atMost), stop);
            if (call.Json)
                call.Document(count);
            else
                call.Say(count.ToString());
            return ExitCodes.Done;
        }
    }
}
