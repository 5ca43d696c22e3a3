using System.Text.Json;
using Sojourn.Kinds.Agents.Driving;
using Sojourn.Kinds.Agents.Lines;

namespace Sojourn.Kinds.Agents.Acp;

/// <summary>All that comes before the first prompt.</summary>
/// <param name="link">The program.</param>
/// <param name="input">Its input.</param>
/// <param name="talk">What it says.</param>
/// <param name="login">How to log in; null for not at all.</param>
internal sealed class AcpGreeting(ProgramLink link, ProgramInput input, AcpTalk talk, string? login)
{
    /// <summary>How long each answer may take; adapters start a program of their own first.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private const int Version = 1;

    /// <summary>Greets, and opens the session.</summary>
    /// <returns>What the agent calls it; null if the program has ended.</returns>
    /// <exception cref="AgentProgramException">It cannot do what is needed.</exception>
    public async Task<string?> RunAsync(Agent agent, CancellationToken stop)
    {
        if (await AskAsync("initialize", Introduce, stop) is not { } greeting)
        {
            return null;
        }

        Require(greeting, "greet");
        var can = AcpAbilities.Read(greeting.Result);
        if (can.Version != Version)
        {
            throw new AgentProgramException(
                $"{can.Name} speaks version {can.Version} of the Agent Client Protocol, and this server {Version}.");
        }

        if (login is not null)
        {
            await LogInAsync(can, login, stop);
        }

        return await OpenAsync(agent, can, stop);
    }

    private async Task LogInAsync(AcpAbilities can, string method, CancellationToken stop)
    {
        var answer = await AskAsync("authenticate", line => line.WriteString("methodId", method), stop);
        if (answer?.Error is { } error)
        {
            throw new AgentProgramException(
                $"{can.Name} does not let us log in by '{method}': {error} Its ways: {WaysOf(can)}.");
        }
    }

    private async Task<string?> OpenAsync(Agent agent, AcpAbilities can, CancellationToken stop)
    {
        // A conversation without a turn is nothing that an agent would keep.
        var known = agent.Turns > 0 ? agent.Conversation : null;
        var (method, of) = (agent.ForkOf, known) switch
        {
            ({ } original, _) when can.Forks => ("session/fork", original),
            ({ }, _) => throw new AgentProgramException($"{can.Name} cannot copy a conversation."),
            (_, { }) when can.Resumes => ("session/resume", known),
            (_, { }) when can.Loads => ("session/load", known),
            _ => ("session/new", null),
        };
        if (known is not null && of is null)
        {
            await link.TellAsync(new AgentNews.Noticed(NoticeKind.Info,
                $"{can.Name} cannot take up a conversation: it begins a new one, and knows nothing of this one."),
                stop);
        }

        if (await AskAsync(method, line => Describe(line, of), stop) is not { } answer)
        {
            return null;
        }

        Require(answer, method, can);
        return answer.Result.Text("sessionId") ?? (method is "session/resume" or "session/load" ? of
            : throw new AgentProgramException($"{can.Name} did not name its session."));
    }

    private void Describe(Utf8JsonWriter line, string? session)
    {
        if (session is not null)
        {
            line.WriteString("sessionId", session);
        }

        line.WriteString("cwd", link.Child.Program.Directory);
        line.WriteStartArray("mcpServers");
        line.WriteEndArray();
    }

    private static void Introduce(Utf8JsonWriter line)
    {
        line.WriteNumber("protocolVersion", Version);
        line.WriteStartObject("clientCapabilities");
        line.WriteStartObject("fs");
        line.WriteBoolean("readTextFile", false);
        line.WriteBoolean("writeTextFile", false);
        line.WriteEndObject();
        line.WriteBoolean("terminal", false);
        line.WriteEndObject();
        line.WriteStartObject("clientInfo");
        line.WriteString("name", "sojourn");
        line.WriteString("version", typeof(AcpGreeting).Assembly.GetName().Version?.ToString(3) ?? "0");
        line.WriteEndObject();
    }

    private async Task<RpcAnswer?> AskAsync(string method, Action<Utf8JsonWriter> parameters, CancellationToken stop)
    {
        var (id, answered) = talk.Expect();
        if (!await input.WriteAsync(RpcLines.Request(id, method, parameters), stop))
        {
            return null;
        }

        try
        {
            return await answered.WaitAsync(Patience, link.Time, stop);
        }
        catch (TimeoutException)
        {
            throw new AgentProgramException(
                $"It has not answered '{method}' of the Agent Client Protocol within "
                + $"{Patience.TotalMinutes:0} minutes.");
        }
    }

    private static void Require(RpcAnswer answer, string what, AcpAbilities? can = null)
    {
        if (answer.Error is not { } error)
        {
            return;
        }

        throw new AgentProgramException(answer.Code == RpcLines.NeedsLogin && can is not null
            ? $"{can.Name} wants to be logged in to first: {error} Log in with its own program, or name one of its "
                + $"in the profile: {WaysOf(can)}."
            : $"{can?.Name ?? "The agent"} refuses '{what}': {error}");
    }

    private static string WaysOf(AcpAbilities can) => can.Logins.Length > 0 ? can.Logins : "it names none";
}
