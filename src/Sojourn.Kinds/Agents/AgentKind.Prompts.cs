using System.Collections.Immutable;

namespace Sojourn.Kinds.Agents;

public sealed partial class AgentKind
{
    private Step<Agent, PromptReply> OnPrompt(Agent state, Prompt prompt, RuleContext context)
    {
        if ((PromptFault(state, prompt) ?? NameFault(prompt.By)) is { } fault)
        {
            return fault;
        }

        var id = prompt.Id ?? NewId(context);
        // Of those that are done the newest are remembered; what waits, or was cut off, is known as long as it is
        // there.
        if (state.Accepted.Contains(Telling.MarkOf(id)) || state.Prompts.Any(each => each.Id == id))
        {
            return Again(state, id, context);
        }

        if (state.Status is AgentStatus.Ended)
        {
            return Refuse("ended", "This session has ended; resume it first.");
        }

        if (state.Status is AgentStatus.Stopping && state.StopFor == StopReason.Stop)
        {
            return Refuse("stopping", "This session is being stopped; resume it once it has ended.");
        }

        var telling = new Telling(state, context);
        telling.Queue(id, prompt);
        if (PromptRoom.Fault(telling.Agent, _options) is { } full)
        {
            return Refuse("queue-full", full);
        }

        telling.WakeUp();
        return StepOf(telling).Reply(new PromptReply(id, false, Before(telling.Agent, id)));
    }

    /// <summary>It was accepted before; if it waits for nothing but a program, that is started.</summary>
    private static Step<Agent, PromptReply> Again(Agent state, string id, RuleContext context)
    {
        var telling = new Telling(state, context);
        if (state.Prompts.Any(prompt => prompt.Id == id && prompt.State == PromptState.Queued))
        {
            telling.GoOnIfDecided();
        }

        return StepOf(telling).Reply(new PromptReply(id, true, Before(state, id)));
    }

    private static Step<Agent> OnWithdraw(Agent state, WithdrawPrompt withdraw, RuleContext context)
    {
        if (state.Prompts.FirstOrDefault(prompt => prompt.Id == withdraw.Prompt) is not { } found)
        {
            return Refuse("no-such-prompt", "No such prompt waits.");
        }

        if (found.State is PromptState.HandedOver or PromptState.Acknowledged)
        {
            return Refuse("handed-over", "The agent has it already; interrupt it to end the turn.");
        }

        var telling = new Telling(state with { Prompts = state.Prompts.Remove(found) }, context);
        telling.Add(new PromptWithdrawn(found.Id));
        if (found.State == PromptState.Cut)
        {
            telling.GoOnIfDecided();
        }

        return StepOf(telling);
    }

    private Step<Agent, PromptReply> OnRunAgain(Agent state, RunAgain again, RuleContext context)
    {
        if (NameFault(again.By) is { } fault)
        {
            return fault;
        }

        if (state.Prompts.FirstOrDefault(prompt => prompt.Id == again.Prompt) is not { State: PromptState.Cut } cut)
        {
            return Refuse("not-cut", "No such prompt was cut off.");
        }

        if (state.Status is AgentStatus.Ended)
        {
            return Refuse("ended", "This session has ended; resume it first.");
        }

        var id = NewId(context);
        var telling = new Telling(state with { Prompts = state.Prompts.Remove(cut) }, context);
        telling.Add(new PromptWithdrawn(cut.Id));
        telling.QueueAgain(id, cut, again.By);
        telling.WakeUp();
        return StepOf(telling).Reply(new PromptReply(id, false, Before(telling.Agent, id)));
    }

    private static Step<Agent> OnInterrupt(Agent state, Interrupt interrupt, RuleContext context)
    {
        if (!state.IsLive)
        {
            return Refuse("not-running", "There is nothing to interrupt: its program does not run.");
        }

        if (state is { Protocol: not AgentProtocol.Terminal, Turn: null, BackgroundTasks: 0, HasPromptInHand: false })
        {
            return Refuse("idle", "There is nothing to interrupt.");
        }

        return Go(state with { Interruptions = state.Interruptions + 1 })
            .Event(new InterruptAsked(state.Turn?.Number));
    }

    private static Step<Agent> OnAnswer(Agent state, AnswerAsk answer, RuleContext context)
    {
        if (NameFault(answer.By) is { } fault)
        {
            return fault;
        }

        if (state.Asks.FirstOrDefault(ask => ask.Id == answer.Ask) is not { } open)
        {
            return state.Answered.LastOrDefault(each => each.Id == answer.Ask) is { } done
                ? Refuse("already-answered", $"{done.By ?? "Somebody"} answered already: {done.Choice}.")
                : Refuse("no-such-ask", "Nothing such is asked, or it is no longer.");
        }

        if (open.Choices.FirstOrDefault(choice => choice.Id == answer.Choice) is not { } chosen)
        {
            return Invalid("choice", "unknown-choice",
                $"'choice' must be one of: {string.Join(", ", open.Choices.Select(choice => choice.Id))}.");
        }

        if (answer.Message?.Length > LongestAnswer
            || answer.Answers?.Any(each => each.Key.Length + each.Value.Length > LongestAnswer) == true
            || answer.Answers?.Count > MostQuestions)
        {
            return Invalid("message", "out-of-range", $"An answer has at most {LongestAnswer:N0} characters.");
        }

        if (chosen.Allows && open.Questions.FirstOrDefault(
            question => answer.Answers?.ContainsKey(question.Text) != true) is { } unanswered)
        {
            return Invalid("answers", "missing", $"'answers' lacks one to: {unanswered.Text}");
        }

        var telling = new Telling(state, context);
        telling.Answer(open, answer);
        return StepOf(telling);
    }

    private static Refusal? PromptFault(Agent state, Prompt prompt)
    {
        if (state.Protocol == AgentProtocol.Terminal)
        {
            return Refuse("terminal", "A terminal takes keystrokes, not prompts: attach to it, or send 'input'.");
        }

        if (string.IsNullOrWhiteSpace(prompt.Text) || prompt.Text.Length > LongestPrompt)
        {
            return Invalid("text", "out-of-range", $"'text' must be 1 to {LongestPrompt:N0} characters.");
        }

        if (prompt.Id is { } id && (id.Length is 0 or > LongestId || id.Any(c => c is < '!' or > '~')))
        {
            return Invalid("id", "out-of-range", $"'id' must be 1 to {LongestId} printable ASCII characters.");
        }

        return prompt.Context is { } context ? DocumentAddress.Fault(context) : null;
    }

    private static int Before(Agent state, string id)
    {
        var at = state.Prompts.Select((prompt, index) => (prompt.Id, index)).Where(each => each.Id == id)
            .Select(each => (int?)each.index).FirstOrDefault();
        return at is { } place
            ? state.Prompts.Take(place).Count(prompt => prompt.State is not PromptState.Cut) : 0;
    }

    private const int LongestAnswer = 20_000, MostQuestions = 20;
}
