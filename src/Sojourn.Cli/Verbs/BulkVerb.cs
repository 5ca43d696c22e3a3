using System.CommandLine;

namespace Sojourn.Cli.Verbs;

using Sojourn.Client;

internal static class BulkVerb
{
    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) Create()
    {
        var words = new Words();
        var verb = new Verb(
            "bulk", "Sends one command to many sessions of a kind, or removes them.",
            "sojourn bulk generation cancel --status processing --idle-for 1h",
            "sojourn bulk counter increment '{\"by\": 5}' --ids a b c",
            "sojourn bulk generation --remove --final --status-for 30d")
        {
            words.Kind, words.Command, words.Parameters, words.Remove, words.Ids, words.All, words.Operation,
        };
        words.Filters.AddTo(verb);
        verb.Validators.Add(result =>
        {
            var isRemoval = result.GetValue(words.Remove);
            if (isRemoval == result.GetValue(words.Command) is not null)
                result.AddError("Give either a COMMAND or --remove.");
        });
        return (verb, (call, stop) => RunAsync(call, words, stop));
    }

    private static async Task<int> RunAsync(Call call, Words words, CancellationToken stop)
    {
        var parse = call.Parse;
        var body = await JsonParameters.ReadAsync(parse.GetValue(words.Parameters), call.Terminal, stop);
        var run = new BulkRun(call);
        foreach (var which in words.Select(call))
        {
            await run.TakeAsync(parse.GetValue(words.Command) is { } command
                ? call.Client.SendManyAsync(
                    parse.GetRequiredValue(words.Kind), which, command, body, parse.GetValue(words.Operation), stop)
                : call.Client.RemoveManyAsync(parse.GetRequiredValue(words.Kind), which, stop));
        }

        return run.End();
    }

    /// <summary>What can be said after the verb.</summary>
    private sealed class Words
    {
        public Argument<string> Kind { get; } = Arguments.Name("KIND", "The sessions' kind");

        public Argument<string?> Command { get; } =
            new("COMMAND") { Description = "The command's name", Arity = ArgumentArity.ZeroOrOne };

        public Argument<string?> Parameters { get; } = Arguments.Parameters("Its parameters, the same for all");

        public Option<bool> Remove { get; } = new("--remove") { Description = "Remove them, instead of a command" };

        public Option<string[]> Ids { get; } = new("--ids")
        {
            Description = "These sessions",
            HelpName = "ID",
            AllowMultipleArgumentsPerToken = true,
        };

        public Option<bool> All { get; } = new("--all") { Description = "All your sessions of the kind" };

        public Option<string?> Operation { get; } = new("--idempotency-key")
        {
            Description = "Names the one effect on each session: sent again under the same name, it has no second one",
            HelpName = "NAME",
        };

        public FilterOptions Filters { get; } = new();

        /// <summary>The sessions, in as many requests as it takes.</summary>
        public IReadOnlyList<Selection> Select(Call call)
        {
            var parse = call.Parse;
            var ids = parse.GetValue(Ids) ?? [];
            var ways = (ids.Length > 0 ? 1 : 0) + (parse.GetValue(All) ? 1 : 0) + (Filters.AreGiven(parse) ? 1 : 0);
            if (ways != 1)
            {
                throw new UsageException(
                    "Say which sessions are meant: with --ids, with filters such as --status, or with --all.");
            }

            if (parse.GetValue(All))
                return [Selection.All];
            return ids.Length > 0
                ? [.. ids.Distinct(StringComparer.Ordinal).Chunk(Selection.MaxIds).Select(part => Selection.Of(part))]
                : [Selection.Where(Filters.Read(parse, call.Terminal.Clock.GetUtcNow()))];
        }
    }
}
