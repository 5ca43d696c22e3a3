using System.Collections.Immutable;
using System.Text.Json;

namespace Sojourn.Kinds.Agents;

/// <summary>One step being made: the agent as it comes to be, and what is told of it.</summary>
internal sealed class Telling(Agent agent, RuleContext context)
{
    private const int RememberedPrompts = 256, RememberedAnswers = 32, PreviewLength = 200;

    private readonly AgentStatus _before = agent.Status;
    private readonly List<object> _events = [];
    private readonly List<(string Stream, ReadOnlyMemory<byte> Entry)> _appends = [];

    public Agent Agent { get; set; } = agent;

    public DateTimeOffset Now => context.Now;

    public void Add(object happened) => _events.Add(happened);

    public void Append(string stream, ReadOnlyMemory<byte> entry) => _appends.Add((stream, entry));

    public void Queue(string id, Prompt prompt)
    {
        var stored = JsonSerializer.SerializeToUtf8Bytes(prompt, SojournJson.Stored);
        Append(AgentKind.PromptStream, stored);
        var entry = Agent.PromptEntries + 1;
        Agent = Agent with { PromptEntries = entry, PromptBytes = Agent.PromptBytes + stored.Length };
        var preview = Cut(prompt.Text, PreviewLength);
        Queue(new AgentPrompt(id, preview, entry, PromptState.Queued, Now, prompt.By, prompt.Context is not null)
        {
            Bytes = stored.Length,
            EndsAt = Agent.PromptBytes,
        });
        Add(new PromptQueued(id, prompt.Text, prompt.By, prompt.Context is not null, null));
    }

    public void QueueAgain(string id, AgentPrompt cut, string? by)
    {
        Queue(cut with { Id = id, State = PromptState.Queued, At = Now, By = by });
        Add(new PromptQueued(id, null, by, cut.HasContext, cut.Id));
    }

    /// <summary>The mark by which a prompt's id is remembered: FNV-1a, the same in every process.</summary>
    public static long MarkOf(string id)
    {
        var hash = 0xcbf29ce484222325;
        foreach (var c in id)
        {
            hash = (hash ^ c) * 0x100000001b3;
        }

        return unchecked((long)hash);
    }

    /// <summary>There is work: a program that sleeps is started.</summary>
    public void WakeUp()
    {
        if (Agent.Status is AgentStatus.Hibernated or AgentStatus.Interrupted or AgentStatus.Failed)
        {
            StartAgain();
        }
    }

    /// <summary>The next run begins; reports of earlier ones are refused from now on.</summary>
    public void StartAgain()
    {
        Agent = Agent with
        {
            Status = AgentStatus.Starting,
            Run = Agent.Run + 1,
            Process = null,
            StopFor = null,
            Error = null,
            Cut = null,
            WaitsFor = null,
        };
        Add(new Resumed(Agent.Run));
    }

    /// <summary>A program that was put to sleep, or was lost with nothing cut, is started for what waits.</summary>
    public void GoOnIfAsked()
    {
        if (Agent.Status == AgentStatus.Hibernated && Agent.Prompts.Any(prompt => prompt.State == PromptState.Queued))
        {
            StartAgain();
        }
    }

    /// <summary>Nothing of what was cut waits for a decision any more: what was asked after it is begun.</summary>
    public void GoOnIfDecided()
    {
        if (Agent.Prompts.Any(prompt => prompt.State == PromptState.Queued)
            && !Agent.Prompts.Any(prompt => prompt.State == PromptState.Cut))
        {
            WakeUp();
        }
    }

    public void BeginStop(StopReason reason)
    {
        Agent = Agent with { Status = AgentStatus.Stopping, StopFor = reason, WaitsFor = null };
        Add(new StopBegan(reason));
    }

    /// <summary>It was to hibernate, and goes on.</summary>
    public void StayAwake(string reason)
    {
        Agent = Agent with { Status = AgentStatus.Idle, StopFor = null };
        Add(new Noticed(NoticeKind.Info, reason));
        Settle();
    }

    public void Answer(Ask ask, AnswerAsk answer)
    {
        var answered = Agent.Answered.Add(new AnsweredAsk(ask.Id, answer.By, answer.Choice));
        Agent = Agent with
        {
            Asks = Agent.Asks.Remove(ask),
            Answered = answered.Length > RememberedAnswers ? answered[^RememberedAnswers..] : answered,
            Replies = Agent.Replies.Add(answer),
        };
        Add(new AskAnswered(ask.Id, answer.Choice, answer.By, answer.Message));
        Settle();
    }

    /// <summary>
    /// The agent has the answer. The first of the name alone: it may have asked again by it, with another on its way.
    /// </summary>
    public void Replied(string ask)
    {
        if (Agent.Replies.FirstOrDefault(reply => reply.Ask == ask) is { } given)
        {
            Agent = Agent with { Replies = Agent.Replies.Remove(given) };
        }
    }

    public void CloseAsks(string why)
    {
        foreach (var ask in Agent.Asks)
        {
            Add(new AskWithdrawn(ask.Id, why));
        }

        Agent = Agent with { Asks = [], Replies = [] };
    }

    public void Fail(string reason)
    {
        CutWork(reason);
        Agent = Agent with { Status = AgentStatus.Failed, Error = Cut(reason, 2000), Process = null, WaitsFor = null };
    }

    /// <summary>
    /// The program is gone: what it was at is told as cut, and nothing of it is done again by
    /// itself.
    /// </summary>
    /// <returns>True if something was cut.</returns>
    public bool CutWork(string why)
    {
        CloseAsks("cut");
        var given = Agent.Prompts
            .Where(prompt => prompt.State is PromptState.HandedOver or PromptState.Acknowledged).ToList();
        var isCut = Agent.Turn is not null || given.Count > 0 || Agent.BackgroundTasks > 0;
        if (isCut)
        {
            Agent = Agent with { Cut = new Cut(Now, LastSeen, Cut(why, 500)) };
            Add(new WorkCut(
                Agent.Run, LastSeen, Agent.Cut.Why, Agent.Turn?.Number, [.. given.Select(each => each.Id)]));
        }

        Agent = Agent with
        {
            Turn = null,
            BackgroundTasks = 0,
            Prompts = [.. Agent.Prompts.Select(prompt => given.Contains(prompt)
                ? prompt with { State = PromptState.Cut } : prompt)],
        };
        return isCut;
    }

    /// <summary>What a living agent is doing follows from what it has.</summary>
    public void Settle()
    {
        if (!Agent.IsLive)
        {
            return;
        }

        var status = Agent.Asks.Length > 0 ? AgentStatus.Waiting
            : Agent.Turn is not null || Agent.IsInForeground || Agent.HasPromptInHand ? AgentStatus.Running
            : Agent.BackgroundTasks > 0 ? AgentStatus.Background
            : AgentStatus.Idle;
        Agent = Agent with
        {
            Status = status,
            QuietSince = status == AgentStatus.Idle && Agent.Status != AgentStatus.Idle ? Now : Agent.QuietSince,
        };
    }

    /// <summary>Ends the telling.</summary>
    public IReadOnlyList<object> Finish()
    {
        if (Agent.Status != _before)
        {
            Add(new StatusChanged(_before, Agent.Status));
        }

        return _events;
    }

    public IReadOnlyList<(string Stream, ReadOnlyMemory<byte> Entry)> Appends => _appends;

    public static string Cut(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        // Not in the middle of a pair.
        return text[..(char.IsHighSurrogate(text[length - 2]) ? length - 2 : length - 1)] + "…";
    }

    /// <summary>The last step before this one that the program can have been behind.</summary>
    private DateTimeOffset LastSeen => Agent.SeenAt ?? Agent.Process?.Since ?? Now;

    private void Queue(AgentPrompt prompt)
    {
        var accepted = Agent.Accepted.Add(MarkOf(prompt.Id));
        Agent = Agent with
        {
            Prompts = Agent.Prompts.Add(prompt),
            Accepted = accepted.Length > RememberedPrompts ? accepted[^RememberedPrompts..] : accepted,
        };
    }
}
