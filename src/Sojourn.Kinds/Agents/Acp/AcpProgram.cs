using Sojourn.Kinds.Agents.Driving;
using Sojourn.Kinds.Agents.Lines;

namespace Sojourn.Kinds.Agents.Acp;

/// <summary>Speaks version 1 of the Agent Client Protocol, as many agents do, by themselves or by an adapter.</summary>
internal sealed class AcpProgram(AgentProfile profile) : IAgentProgram
{
    private readonly HashSet<string> _replied = [];
    private Agent? _began;
    private volatile Speech? _speech;
    private int _interruptions;

    /// <inheritdoc />
    public ProgramStart StartOf(Agent agent)
    {
        (_began, _interruptions) = (agent, agent.Interruptions);
        var isTakenUp = agent is { ForkOf: null, Turns: > 0 };
        return new ProgramStart(false, []) { Conversation = isTakenUp ? agent.Conversation : null };
    }

    /// <inheritdoc />
    public async Task SpeakAsync(ProgramLink link, CancellationToken stop)
    {
        var agent = _began ?? throw new InvalidOperationException("It speaks before it was asked how it starts.");
        var input = new ProgramInput(link);
        var talk = new AcpTalk(agent.Run, input.Post);
        await ProgramSpeech.RunAsync(link, input, talk.Take, GreetAsync, stop);

        async Task GreetAsync(CancellationToken over)
        {
            if (await new AcpGreeting(link, input, talk, profile.Login).RunAsync(agent, over) is { } session)
            {
                talk.Open(session);
                _speech = new Speech(input, talk, session);
                await link.TellAsync(new AgentNews.Ready(session), over);
            }
        }
    }

    /// <inheritdoc />
    public async Task ObeyAsync(Agent agent, ProgramLink link, CancellationToken stop)
    {
        if (_speech is not { } speech)
        {
            return;
        }

        await ReplyAsync(agent, link, speech, stop);
        if (agent.Interruptions > _interruptions)
        {
            _interruptions = agent.Interruptions;
            await CancelAsync(link, speech, stop);
        }

        if (speech.Talk.Quiet.IsCompleted && await PromptHandover.NextAsync(agent, link, stop) is { } next)
        {
            var id = speech.Talk.OpenPromptOf(next.Id);
            await link.TellAsync(new AgentNews.TurnBegan(), stop);
            await speech.Input.WriteAsync(PromptOf(id, speech.Session, next.Text), stop);
        }
    }

    /// <inheritdoc />
    public async Task<bool> TryInterruptAsync(ProgramLink link, CancellationToken stop)
    {
        if (_speech is not { } speech)
        {
            return false;
        }

        try
        {
            if (!speech.Talk.Quiet.IsCompleted)
            {
                await CancelAsync(link, speech, stop);
                await speech.Talk.Quiet.WaitAsync(stop);
            }

            return true;
        }
        catch (AgentProgramException)
        {
            // It does not read what it is asked.
            return false;
        }
    }

    private async Task ReplyAsync(Agent agent, ProgramLink link, Speech speech, CancellationToken stop)
    {
        foreach (var reply in agent.Replies.Where(reply => _replied.Add(reply.Ask)))
        {
            if (speech.Talk.TakeAsk(reply.Ask) is { } id)
            {
                await speech.Input.WriteAsync(AcpAsks.Selected(id, reply.Choice), stop);
            }

            await link.TellAsync(new AgentNews.Replied(reply.Ask), stop);
            // It may ask again by the same name: some count their requests from the same number in each turn.
            _replied.Remove(reply.Ask);
        }
    }

    /// <summary>Ends the turn: what is asked in it is answered by that.</summary>
    private static async Task CancelAsync(ProgramLink link, Speech speech, CancellationToken stop)
    {
        var line = RpcLines.Notification(
            "session/cancel", parameters => parameters.WriteString("sessionId", speech.Session));
        await speech.Input.WriteAsync(line, stop);
        foreach (var (name, id) in speech.Talk.TakeAllAsks())
        {
            await speech.Input.WriteAsync(AcpAsks.Cancelled(id), stop);
            await link.TellAsync(new AgentNews.AskWithdrawn(name, "cancelled"), stop);
        }
    }

    private static byte[] PromptOf(long id, string session, string text) =>
        RpcLines.Request(id, "session/prompt", line =>
    {
        line.WriteString("sessionId", session);
        line.WriteStartArray("prompt");
        line.WriteStartObject();
        line.WriteString("type", "text");
        line.WriteString("text", text);
        line.WriteEndObject();
        line.WriteEndArray();
    });

    /// <summary>What is there once the session is open.</summary>
    private sealed record Speech(ProgramInput Input, AcpTalk Talk, string Session);
}
