using System.CommandLine;

namespace Sojourn.Cli.Agents;

using Sojourn.Client.Agents;

internal static class SearchVerb
{
    private const int LongestText = 200, LargestPage = 100;

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) Create()
    {
        var text = new Argument<string>("TEXT") { Description = "What to look for, in whatever case" };
        text.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value.Length: 0 or > LongestText }])
                result.AddError($"TEXT: give 1 to {LongestText} characters.");
        });
        var session = new Option<string?>("--session")
        {
            Description = "Only in this agent, and all of it [all of them, at most five hits of each]",
            HelpName = "ID",
        };
        session.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var id }] && !SessionAddress.IsName(AgentNames.IdOf(id)))
                result.AddError($"--session: '{id}' names no agent; give its id.");
        });
        var limit = new Option<int>("--limit")
        {
            Description = "At most so many",
            HelpName = "N",
            DefaultValueFactory = _ => 20,
        };
        limit.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var number) && number < 1)
                result.AddError("--limit must be at least 1.");
        });
        var verb = new Verb(
            "search", "Finds words in what agents were asked, said and did, and on terminals.",
            "sojourn agent search \"slow tests\"", "sojourn agent search \"rm -r\" --session my-agent --json")
        {
            text, session, limit,
        };
        return (verb, RunAsync);

        async Task<int> RunAsync(Call call, CancellationToken stop)
        {
            var id = call.Parse.GetValue(session) is { } named ? AgentNames.IdOf(named) : null;
            var found = await FindAsync(
                call, call.Parse.GetRequiredValue(text), id, call.Parse.GetValue(limit), stop);
            if (call.Json)
                call.Document(found);
            else
                Show(call, found);
            return ExitCodes.Done;
        }
    }

    private static async Task<AgentSearchPage> FindAsync(
        Call call, string text, string? session, int most, CancellationToken stop)
    {
        var hits = new List<AgentSearchHit>();
        string? cursor = null;
        do
        {
            var limit = Math.Min(most - hits.Count, LargestPage);
            var page = await call.Client.AgentSearchAsync(text, session, limit, cursor, stop);
            hits.AddRange(page.Hits);
            cursor = page.Next;
        }
        while (cursor is not null && hits.Count < most);

        return new AgentSearchPage(hits, cursor is null, cursor);
    }

    private static void Show(Call call, AgentSearchPage found)
    {
        if (found.Hits.Count == 0)
            call.Say("It stands nowhere.");
        foreach (var session in found.Hits.GroupBy(hit => hit.Session, StringComparer.Ordinal))
        {
            var first = session.First();
            call.Say(first.Title is null ? $"{first.Session} ({first.Profile})"
                : $"{first.Session} ({first.Profile}): {first.Title}");
            foreach (var hit in session)
                call.Say($"  {SessionTables.Moment(hit.At)}  {hit.Type}  {hit.Excerpt}");
            if (session.Any(hit => hit.MoreInSession))
                call.Say("  There may be more in it: name it with --session.");
        }

        if (!found.Complete)
            call.Say("There may be more: raise --limit.");
    }
}
