using System.CommandLine;
using System.Text;

namespace Sojourn.Cli.Agents;

using Sojourn.Client;

internal static class PromptVerb
{
    private const int LongestPrompt = 800_000;

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) Create()
    {
        var id = AgentNames.Argument();
        var text = new Argument<string>("TEXT")
        {
            Description = "What it is to do, or - to read it from standard input",
        };
        var name = AgentNames.Name();
        var key = new Option<string?>("--id")
        {
            Description = "Names the prompt: the same one again is accepted once [one is made]",
            HelpName = "NAME",
        };
        var wait = new Option<bool>("--wait") { Description = "Show what it does until it is done with this" };
        var verb = new Verb(
            "prompt", "Asks an agent to do something, after what it was asked before.",
            "sojourn prompt my-agent \"And now the docs\"", "git diff | sojourn prompt my-agent - --wait")
        {
            id, text, name, key, wait,
        };
        return (verb, RunAsync);

        async Task<int> RunAsync(Call call, CancellationToken stop)
        {
            var agent = AgentNames.IdOf(call.Parse.GetRequiredValue(id));
            var words = call.Parse.GetRequiredValue(text);
            if (words == "-")
            {
                var bytes = await Input.ReadAsync(call.Terminal.OpenInput(), LongestPrompt, stop);
                words = Encoding.UTF8.GetString(Input.WithoutMark(bytes).Span);
            }

            var prompt = call.Parse.GetValue(key) ?? $"cli-{Guid.NewGuid():N}";
            var by = AgentNames.NameOr(call.Parse.GetValue(name), call.Terminal);
            if (call.Parse.GetValue(wait))
                return await new Chat(call, agent, by).AskAsync(words, prompt, stop);
            var answer = await call.Client.SendAsync(
                AgentNames.Kind, agent, "prompt", new { text = words, id = prompt, by }, giveUp: stop);
            if (call.Json)
                call.Document(answer);
            else
                Tell(call, agent, answer);
            return ExitCodes.Done;
        }
    }

    private static void Tell(Call call, string agent, CommandAnswer answer)
    {
        var before = answer.Reply?.GetProperty("before").GetInt32() ?? 0;
        var isRepeated = answer.Reply?.GetProperty("isRepeated").GetBoolean() == true;
        call.Say(isRepeated ? "It has that already." : before == 0 ? "Asked." : $"Asked; {before} before it.");
        call.Say($"Watch it: {call.Hint($"attach {agent}")}");
    }
}
