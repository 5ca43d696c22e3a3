using System.CommandLine;

namespace Sojourn.Cli.Agents;

internal static class AttachVerb
{
    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) Create()
    {
        var id = AgentNames.Argument();
        var name = AgentNames.Name();
        var verb = new Verb(
            "attach", "Attaches to an agent: a terminal as if it were here, an agent as a chat. Leaving stops nothing.",
            "sojourn attach my-agent") { id, name };
        return (verb, RunAsync);

        Task<int> RunAsync(Call call, CancellationToken stop)
        {
            if (call.Json)
                throw new UsageException("`attach` has no --json; `sojourn watch agent/ID --json` tells what happens.");
            return AttachAsync(
                call, AgentNames.IdOf(call.Parse.GetRequiredValue(id)),
                AgentNames.NameOr(call.Parse.GetValue(name), call.Terminal), stop);
        }
    }

    /// <summary>True if there is a keyboard and a screen.</summary>
    public static bool CanAttach(Terminal terminal) => terminal.Keys is not null && terminal.IsScreen;

    public static async Task<int> AttachAsync(Call call, string id, string name, CancellationToken stop)
    {
        var session = await call.Client.GetAsync(AgentNames.Kind, id, stop);
        var isTerminal = session.State?.GetProperty("protocol").GetString() == "terminal";
        if (!isTerminal)
            return await new Chat(call, id, name).TalkAsync(stop);
        if (!CanAttach(call.Terminal) || RawTerminal.TryEnter() is not { } raw)
            throw new UsageException(
                "There is no terminal here to attach with; `sojourn get agent/ID` shows how it is.");
        using (raw)
            return await new TerminalAttach(call, id, name).RunAsync(stop);
    }
}
