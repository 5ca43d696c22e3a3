namespace Sojourn.Kinds.Agents;

public sealed partial class AgentKind
{
    private static Step<Agent> OnStop(Agent state, Stop stop, RuleContext context)
    {
        if (state.Status is AgentStatus.Ended || state.StopFor == StopReason.Stop)
        {
            return Go(state);
        }

        var telling = new Telling(state, context);
        if (state.IsBusy)
        {
            telling.BeginStop(StopReason.Stop);
        }
        else
        {
            telling.Agent = state with { Status = AgentStatus.Ended };
        }

        return StepOf(telling);
    }

    private static Step<Agent> OnResume(Agent state, Resume resume, RuleContext context)
    {
        if (state.Status == AgentStatus.Stopping)
        {
            return Refuse("stopping", "Its program is being stopped; resume it once that is done.");
        }

        if (state.IsBusy)
        {
            return Go(state);
        }

        var telling = new Telling(state, context);
        telling.StartAgain();
        return StepOf(telling);
    }

    private static Step<Agent> OnHibernate(Agent state, Hibernate hibernate, RuleContext context)
    {
        if (state.Status is AgentStatus.Hibernated || state.StopFor == StopReason.Hibernate)
        {
            return Go(state);
        }

        if (WorkOf(state) is { } work)
        {
            return Refuse("busy", $"It cannot hibernate: {work}");
        }

        var telling = new Telling(state, context);
        telling.BeginStop(StopReason.Hibernate);
        return StepOf(telling);
    }

    /// <summary>What speaks against stopping its program for a while; null if nothing does.</summary>
    private static string? WorkOf(Agent state) => state switch
    {
        { IsLive: false } => "its program does not run.",
        { Turn: not null } => "a turn is under way.",
        { IsInForeground: true } => "a program is in the foreground.",
        { Asks.Length: > 0 } => "it waits for an answer.",
        { BackgroundTasks: > 0 } => "tasks go on in the background.",
        _ when state.Prompts.Any(prompt => prompt.State is not PromptState.Cut) => "a prompt waits.",
        _ => null,
    };
}
