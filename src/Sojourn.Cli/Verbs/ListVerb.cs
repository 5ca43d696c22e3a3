using System.CommandLine;

namespace Sojourn.Cli.Verbs;

using Sojourn.Client;

internal static class ListVerb
{
    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) Create()
    {
        var kind = Arguments.OptionalKind();
        var filters = new FilterOptions();
        var limit = new Option<int>("--limit")
        {
            Description = "At most so many",
            HelpName = "N",
            DefaultValueFactory = _ => 100,
        };
        limit.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var number) && number < 1)
                result.AddError("--limit must be at least 1.");
        });
        var all = new Option<bool>("--all") { Description = "All of them, however many" };
        var verb = new Verb(
            "ls", "Lists sessions, newest first.",
            "sojourn ls generation --status processing", "sojourn ls --idle-for 30d --label team:blue") { kind };
        filters.AddTo(verb);
        verb.Add(limit);
        verb.Add(all);
        return (verb, RunAsync);

        async Task<int> RunAsync(Call call, CancellationToken stop)
        {
            var most = call.Parse.GetValue(all) ? int.MaxValue : call.Parse.GetValue(limit);
            var filter = filters.Read(call.Parse, call.Terminal.Clock.GetUtcNow());
            var list = await ReadAsync(call.Client, filter, call.Parse.GetValue(kind), most, stop);
            if (call.Json)
                call.Document(list);
            else
                Show(call, list, isOfAllKinds: call.Parse.GetValue(kind) is null);
            return ExitCodes.Done;
        }
    }

    private static async Task<SessionPage> ReadAsync(
        SojournClient client, SessionFilter filter, string? kind, int most, CancellationToken stop)
    {
        const int LargestPage = 500;
        var sessions = new List<Session>();
        string? cursor = null;
        do
        {
            var limit = Math.Min(most - sessions.Count, LargestPage);
            var page = await client.ListPageAsync(filter, kind, limit, cursor, stop);
            sessions.AddRange(page.Sessions);
            cursor = page.Next;
        }
        while (cursor is not null && sessions.Count < most);

        return new SessionPage(sessions, cursor);
    }

    private static void Show(Call call, SessionPage list, bool isOfAllKinds)
    {
        if (list.Sessions.Count == 0)
        {
            call.Say("There are none.");
            return;
        }

        call.Draw(SessionTables.List(list.Sessions, call.Terminal.Clock.GetUtcNow(), isOfAllKinds));
        if (list.Next is not null)
            call.Say("There are more: raise --limit, or use --all.");
    }
}
