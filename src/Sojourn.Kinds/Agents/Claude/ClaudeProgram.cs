using Sojourn.Kinds.Agents.Driving;
using Sojourn.Kinds.Agents.Lines;

namespace Sojourn.Kinds.Agents.Claude;

/// <summary>Speaks with Claude Code: lines of JSON both ways, in one process that lives over many turns.</summary>
/// <param name="session">Whose process it is.</param>
internal sealed class ClaudeProgram(SessionKey session) : IAgentProgram
{
    /// <summary>How long it may take to greet; with many plugins it was seen to take 22 seconds.</summary>
    public static readonly TimeSpan GreetingPatience = TimeSpan.FromMinutes(2);

    private readonly HashSet<string> _replied = [];
    private volatile ProgramInput? _input;
    private volatile ClaudeTalk? _talk;
    private string? _conversation;
    private int _interruptions, _requests;

    // The prompt that was interrupted before it was taken up.
    private string? _early;

    /// <inheritdoc />
    public ProgramStart StartOf(Agent agent)
    {
        _interruptions = agent.Interruptions;
        // Claude Code keeps nothing of a conversation without a turn, and refuses to take it up. And the name of one
        // that it does keep cannot be given again: a new attempt has a new name.
        var isTakenUp = agent is { Conversation: not null, Turns: > 0 };
        _conversation = agent.ForkOf is not null ? null : isTakenUp ? agent.Conversation : Guid.NewGuid().ToString();
        string[] which = agent.ForkOf is { } original ? ["--resume", original, "--fork-session"]
            : isTakenUp ? ["--resume", _conversation!]
            : ["--session-id", _conversation!];
        return new ProgramStart(false,
        [
            "-p", "--input-format", "stream-json", "--output-format", "stream-json", "--verbose",
            "--include-partial-messages", "--replay-user-messages", "--permission-prompt-tool", "stdio", .. which,
        ])
        {
            Environment = new Dictionary<string, string> { ["CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS"] = "1" },
            Conversation = isTakenUp && agent.ForkOf is null ? _conversation : null,
        };
    }

    /// <inheritdoc />
    public async Task SpeakAsync(ProgramLink link, CancellationToken stop)
    {
        var input = new ProgramInput(link);
        var talk = new ClaudeTalk(_conversation, input.Post);
        (_input, _talk) = (input, talk);
        await ProgramSpeech.RunAsync(link, input, talk.Take, over => GreetAsync(link, input, talk, over), stop);
    }

    /// <inheritdoc />
    public async Task ObeyAsync(Agent agent, ProgramLink link, CancellationToken stop)
    {
        if (_talk is not { } talk || _input is not { } input)
        {
            return;
        }

        await ReplyAsync(agent, link, (talk, input), stop);
        // Claude Code passes over an interruption before it has begun: that one is said again once it has.
        var isLate = agent.Turn is not null && _early is not null && agent.Prompts.Any(each => each.Id == _early);
        if (isLate || agent.Interruptions > _interruptions)
        {
            _interruptions = agent.Interruptions;
            _early = agent.Turn is null && agent.HasPromptInHand ? InHand(agent) : null;
            await InterruptAsync(talk, input, stop);
        }

        if (talk.Quiet.IsCompleted && await PromptHandover.NextAsync(agent, link, stop) is { } next)
        {
            var uuid = ClaudeLines.UuidOf(session, agent.Conversation ?? $"copy of {agent.ForkOf}", next.Of);
            talk.Expect(uuid, next.Id);
            await input.WriteAsync(ClaudeLines.Prompt(uuid, next.Text), stop);
        }
    }

    /// <inheritdoc />
    public async Task<bool> TryInterruptAsync(ProgramLink link, CancellationToken stop)
    {
        try
        {
            if (_talk is { } talk && _input is { } input && !talk.Quiet.IsCompleted)
            {
                await InterruptAsync(talk, input, stop);
                await talk.Quiet.WaitAsync(stop);
            }

            return true;
        }
        catch (AgentProgramException)
        {
            // It does not read what it is asked.
            return false;
        }
    }

    private async Task GreetAsync(ProgramLink link, ProgramInput input, ClaudeTalk talk, CancellationToken stop)
    {
        // It says nothing by itself before the first prompt.
        var id = NextRequest();
        var answered = talk.ExpectAnswer(id);
        if (!await input.WriteAsync(ClaudeLines.Request(id, "initialize"), stop))
        {
            return;
        }

        try
        {
            var error = await answered.WaitAsync(GreetingPatience, link.Time, stop);
            IReadOnlyList<AgentNews> news = error is null ? [] :
                [new AgentNews.Noticed(NoticeKind.Protocol, $"It does not know 'initialize': {error}")];
            await link.TellAsync([.. news, new AgentNews.Ready(_conversation)], stop);
        }
        catch (TimeoutException)
        {
            throw new AgentProgramException(
                $"It has not said a word of Claude Code's protocol within {GreetingPatience.TotalMinutes:0} minutes.");
        }
    }

    private async Task ReplyAsync(
        Agent agent, ProgramLink link, (ClaudeTalk Talk, ProgramInput Input) to, CancellationToken stop)
    {
        foreach (var reply in agent.Replies.Where(reply => _replied.Add(reply.Ask)))
        {
            if (to.Talk.TakeAsk(reply.Ask) is { } ask)
            {
                await to.Input.WriteAsync(ClaudeLines.Answer(ask, reply), stop);
            }

            List<AgentNews> news = [new AgentNews.Replied(reply.Ask)];
            to.Talk.Answered(news);
            await link.TellAsync(news, stop);
            // It may ask again by the same name.
            _replied.Remove(reply.Ask);
        }
    }

    private async Task InterruptAsync(ClaudeTalk talk, ProgramInput input, CancellationToken stop)
    {
        var id = NextRequest();
        // The turn's end is what counts; the answer says only that it was heard.
        _ = talk.ExpectAnswer(id, isInterruption: true);
        await input.WriteAsync(ClaudeLines.Request(id, "interrupt"), stop);
    }

    private static string InHand(Agent agent) => agent.Prompts.First(
        prompt => prompt.State is PromptState.HandedOver or PromptState.Acknowledged).Id;

    private string NextRequest() => $"sojourn-{Interlocked.Increment(ref _requests)}";
}
