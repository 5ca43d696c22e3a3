using System.Collections.Immutable;

namespace Sojourn.Kinds.Agents;

public sealed partial class AgentKind
{
    private const int LongestDetail = 8000, LongestNotice = 4000, LongestConversation = 256;

    private static Step<Agent> OnNews(Agent state, ReportNews report, RuleContext context)
    {
        if (report.Run != state.Run || !state.IsBusy)
        {
            return Refuse(StaleRun, "That run is over.");
        }

        var isSeen = report.News.Any(IsOfALivingOne);
        var telling = new Telling(isSeen ? state with { SeenAt = context.Now } : state, context);
        foreach (var news in report.News)
        {
            if (Take(telling, news) is { } refusal)
            {
                return refusal;
            }
        }

        return StepOf(telling);
    }

    /// <summary>Whether its program was seen alive by it; steps of a stop are the server's own.</summary>
    private static bool IsOfALivingOne(AgentNews news) => news is not (AgentNews.FoundDead or AgentNews.Exited
        or AgentNews.NotStarted or AgentNews.Noticed { Kind: NoticeKind.Stop });

    private static Refusal? Take(Telling telling, AgentNews news)
    {
        var agent = telling.Agent;
        switch (news)
        {
            case AgentNews.HandedOver(var id):
                return HandOver(telling, id);
            case AgentNews.Quiet when WorkOf(agent) is { } work:
                return Refuse("busy", $"It cannot hibernate: {work}");
            case AgentNews.Quiet:
                telling.BeginStop(StopReason.Hibernate);
                return null;
            case AgentNews.Kept when agent.StopFor != StopReason.Hibernate:
                return Refuse("stopping", "It is to be stopped, and not to hibernate.");
            case AgentNews.Kept(var reason):
                telling.StayAwake(reason);
                return null;
            case AgentNews.PlaceAwaited or AgentNews.Started or AgentNews.Ready or AgentNews.NotStarted
                or AgentNews.Exited or AgentNews.FoundDead:
                TakeLife(telling, news);
                return null;
            case AgentNews.Drawn or AgentNews.Pictured or AgentNews.ForegroundChanged:
                TakeTerminal(telling, news);
                return null;
            default:
                TakeWork(telling, news);
                return null;
        }
    }

    private static void TakeLife(Telling telling, AgentNews news)
    {
        var agent = telling.Agent;
        switch (news)
        {
            case AgentNews.PlaceAwaited(var reason):
                telling.Agent = agent with { WaitsFor = reason };
                telling.Add(new PlaceAwaited(agent.Run, reason));
                break;
            case AgentNews.Started(var pid, var startTime):
                telling.Agent = agent with
                {
                    Process = new AgentProcess(pid, startTime, telling.Now),
                    Exit = null,
                    WaitsFor = null,
                    CostBefore = agent.Usage.CostUsd ?? 0,
                };
                telling.Add(new ProcessStarted(agent.Run, pid));
                break;
            case AgentNews.Ready(var conversation):
                var isTooLong = conversation?.Length > LongestConversation;
                if (isTooLong)
                {
                    // It stands in the state, and on the next program's command line.
                    telling.Add(new Noticed(NoticeKind.Protocol, "It names its conversation by more than "
                        + $"{LongestConversation} characters: that is not kept, and the next program begins anew."));
                }

                telling.Agent = agent with
                {
                    Conversation = isTooLong ? null : conversation ?? agent.Conversation,
                    ForkOf = conversation is null ? agent.ForkOf : null,
                    Status = agent.Status == AgentStatus.Starting ? AgentStatus.Idle : agent.Status,
                    QuietSince = telling.Now,
                };
                telling.Settle();
                break;
            case AgentNews.NotStarted(var reason):
                telling.Fail(reason);
                break;
            case AgentNews.Exited exited:
                TakeExit(telling, exited);
                break;
            case AgentNews.FoundDead(var why):
                TakeExit(telling, new AgentNews.Exited(null, null, why, ExitCause.Server));
                break;
            default:
                throw new InvalidOperationException($"There is no news such as {news.GetType().Name}.");
        }
    }

    private static void TakeExit(Telling telling, AgentNews.Exited exited)
    {
        var before = telling.Agent;
        var why = exited.Error ?? (exited.Signal is { } signal ? $"Signal {signal} ended its program."
            : $"Its program ended with exit code {exited.Code}.");
        telling.Add(new ProcessExited(before.Run, exited.Code, exited.Signal, exited.Error));
        var isCut = telling.CutWork(why);
        telling.Agent = telling.Agent with
        {
            Process = null,
            IsInForeground = false,
            // Whoever had the size may never come back; the next who shows the terminal decides anew.
            SizeOwner = null,
            StopFor = null,
            Exit = new AgentExit(exited.Code, exited.Signal, telling.Now),
            Status = StatusAfter(before, exited, isCut),
            Error = before.StopFor is null && before.Protocol != AgentProtocol.Terminal || exited.Error is not null
                ? Telling.Cut(why, 2000) : null,
        };
        if (before.StopFor == StopReason.Hibernate || exited.Cause == ExitCause.Server)
        {
            // Asked in the last moment, and never given to the program that is gone.
            telling.GoOnIfAsked();
        }
    }

    private static AgentStatus StatusAfter(Agent before, AgentNews.Exited exited, bool isCut) => before switch
    {
        { StopFor: StopReason.Stop } => AgentStatus.Ended,
        { StopFor: StopReason.Hibernate } => isCut ? AgentStatus.Interrupted : AgentStatus.Hibernated,
        // It never could be spoken with: trying again would give the same.
        { Status: AgentStatus.Starting } when exited.Cause != ExitCause.Server => AgentStatus.Failed,
        { Protocol: AgentProtocol.Terminal } => exited.Error is null ? AgentStatus.Ended : AgentStatus.Interrupted,
        _ => isCut ? AgentStatus.Interrupted : AgentStatus.Hibernated,
    };

    private static void TakeTerminal(Telling telling, AgentNews news)
    {
        var agent = telling.Agent;
        switch (news)
        {
            case AgentNews.Drawn(var bytes):
                telling.Agent = agent with
                {
                    OutputBytes = agent.OutputBytes + bytes.Length,
                    OutputEntries = agent.OutputEntries + 1,
                };
                telling.Append(OutputStream, bytes);
                break;
            case AgentNews.Pictured(var picture, var size):
                telling.Agent = agent with
                {
                    Screen = new StoredScreen((agent.Screen?.Entry ?? 0) + 1, agent.OutputEntries, size),
                };
                telling.Append(ScreenStream, picture);
                break;
            case AgentNews.ForegroundChanged(var isBusy):
                telling.Agent = agent with { IsInForeground = isBusy };
                telling.Settle();
                break;
            default:
                throw new InvalidOperationException($"There is no news such as {news.GetType().Name}.");
        }
    }

    private static void TakeWork(Telling telling, AgentNews news)
    {
        var agent = telling.Agent;
        switch (news)
        {
            case AgentNews.Acknowledged(var id):
                Acknowledge(telling, id);
                break;
            case AgentNews.TurnBegan:
                BeginTurn(telling);
                break;
            case AgentNews.Delta(var message, var text, var isThought):
                BeginTurn(telling);
                telling.Add(new TextDelta(message, text, isThought));
                break;
            case AgentNews.Said(var message, var text, var isThought):
                BeginTurn(telling);
                telling.Add(new TextWritten(message, text, isThought));
                break;
            case AgentNews.Tool(var call, var name, var title, var state, var detail):
                BeginTurn(telling);
                telling.Add(new ToolUsed(call, name, title, state, Shortened(detail, LongestDetail)));
                break;
            case AgentNews.Planned(var steps):
                telling.Add(new PlanMade(steps));
                break;
            case AgentNews.Asked(var ask):
                BeginTurn(telling);
                telling.Agent = telling.Agent with { Asks = telling.Agent.Asks.Add(ask with { At = telling.Now }) };
                telling.Add(new AskOpened(telling.Agent.Asks[^1]));
                telling.Settle();
                break;
            case AgentNews.AskWithdrawn(var id, var why)
                when agent.Asks.FirstOrDefault(ask => ask.Id == id) is { } open:
                telling.Agent = agent with { Asks = agent.Asks.Remove(open) };
                telling.Add(new AskWithdrawn(id, why));
                telling.Settle();
                break;
            case AgentNews.Replied(var id):
                telling.Replied(id);
                break;
            case AgentNews.TurnEnded ended:
                EndTurn(telling, ended);
                break;
            case AgentNews.BackgroundChanged(var tasks) when tasks != agent.BackgroundTasks:
                telling.Agent = agent with { BackgroundTasks = tasks };
                telling.Add(new BackgroundChanged(tasks));
                telling.Settle();
                break;
            case AgentNews.AskWithdrawn or AgentNews.BackgroundChanged:
                // It was answered in the same moment; or there are as many as before.
                break;
            case AgentNews.Noticed(var kind, var text):
                telling.Add(new Noticed(kind, Telling.Cut(text, LongestNotice)));
                break;
            default:
                throw new InvalidOperationException($"There is no news such as {news.GetType().Name}.");
        }
    }

    private static Refusal? HandOver(Telling telling, string id)
    {
        var agent = telling.Agent;
        if (!agent.IsLive)
        {
            return Refuse("stopping", "Its program is not there for it.");
        }

        if (agent.Prompts.FirstOrDefault(prompt => prompt.Id == id) is not { State: PromptState.Queued } queued)
        {
            return Refuse("no-such-prompt", "That prompt does not wait any more.");
        }

        telling.Agent = agent with
        {
            Prompts = agent.Prompts.Replace(queued, queued with { State = PromptState.HandedOver }),
        };
        telling.Add(new PromptHandedOver(id));
        telling.Settle();
        return null;
    }

    private static void Acknowledge(Telling telling, string id)
    {
        var agent = telling.Agent;
        if (agent.Prompts.FirstOrDefault(prompt => prompt.Id == id) is not { State: PromptState.HandedOver } given)
        {
            return;
        }

        telling.Agent = agent with
        {
            Prompts = agent.Prompts.Replace(given, given with { State = PromptState.Acknowledged }),
        };
        telling.Add(new PromptAcknowledged(id));
    }

    /// <summary>A turn may begin by itself, when a task in the background has ended.</summary>
    private static void BeginTurn(Telling telling)
    {
        if (telling.Agent.Turn is not null)
        {
            return;
        }

        var number = telling.Agent.Turns + 1;
        telling.Agent = telling.Agent with { Turn = new Turn(number, telling.Now), Turns = number };
        telling.Add(new TurnBegan(number));
        telling.Settle();
    }

    private static void EndTurn(Telling telling, AgentNews.TurnEnded ended)
    {
        BeginTurn(telling);
        var agent = telling.Agent;
        var done = agent.Prompts.Where(prompt => prompt.State == PromptState.Acknowledged).ToList();
        foreach (var asked in done.Where(prompt => prompt.HasContext && ended.Outcome == TurnOutcome.Completed))
        {
            if (DocumentReply.Parse(ended.LastText) is { } reply)
            {
                telling.Add(new DocumentReplied(asked.Id, reply.Message, reply.Update, reply.Range));
            }
        }

        telling.CloseAsks("turn-ended");
        agent = telling.Agent;
        telling.Add(new TurnEnded(
            agent.Turn!.Number, ended.Outcome, Shortened(ended.Error, LongestNotice),
            [.. done.Select(prompt => prompt.Id)], ended.Usage));
        telling.Agent = agent with
        {
            Turn = null,
            Prompts = [.. agent.Prompts.Except(done)],
            Usage = Add(agent, ended.Usage),
        };
        telling.Settle();
    }

    private static AgentUsage Add(Agent agent, TurnUsage used) => new()
    {
        InputTokens = agent.Usage.InputTokens + used.InputTokens,
        OutputTokens = agent.Usage.OutputTokens + used.OutputTokens,
        // Within a run agents tell the sum; each run begins from nothing.
        CostUsd = used.TotalCostUsd is { } cost ? agent.CostBefore + cost : agent.Usage.CostUsd,
    };

    private static string? Shortened(string? text, int length) => text is null ? null : Telling.Cut(text, length);
}
