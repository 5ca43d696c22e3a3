using Sojourn.Kinds.Agents;

namespace Sojourn.Tests.Agents.Acp;

/// <summary>The Agent Client Protocol against a real process that speaks it.</summary>
public sealed class AcpSpeechTests
{
    [ProgramFact]
    public async Task A_prompt_is_a_turn_until_it_is_answered()
    {
        await using var agent = await SpokenAgent.Acp().ReadyAsync();
        var ended = await agent.AskAsync("say Hello, world");

        ended.Outcome.ShouldBe(TurnOutcome.Completed);
        ended.Usage.ShouldBe(new TurnUsage(10, 7));
        var names = agent.Events.Select(each => each.GetType()).ToList();
        Type[] order = [typeof(PromptHandedOver), typeof(TurnBegan), typeof(PromptAcknowledged), typeof(TextDelta),
            typeof(TextWritten), typeof(TurnEnded)];
        order.Select(each => names.IndexOf(each)).ShouldBeInOrder();
        var whole = agent.Events.OfType<TextWritten>().ShouldHaveSingleItem();
        whole.Text.ShouldBe("Hello, world");
        agent.Events.OfType<TextDelta>().ShouldAllBe(piece => piece.Message == whole.Message);
    }

    [ProgramFact]
    public async Task A_text_ends_where_something_else_begins()
    {
        await using var agent = await SpokenAgent.Acp().ReadyAsync();
        await agent.AskAsync("tool ls -l");
        await agent.AskAsync("think forty-two");

        agent.Events.OfType<TextWritten>().Select(each => (each.Text, each.IsThought)).ShouldBe(
            [("first", false), ("then", false), ("Hm, forty-two", true), ("forty-two", false)]);
        agent.Events.OfType<TextWritten>().Select(each => each.Message).ShouldBeUnique();
        agent.Events.OfType<ToolUsed>().ShouldBe(
        [
            new ToolUsed("call_1", "execute", "Run ls -l", "pending", """{"command":"ls -l"}"""),
            new ToolUsed("call_1", null, null, "completed", "ran ls -l"),
        ]);
    }

    [ProgramTheory]
    [InlineData("yes", true)]
    [InlineData("always", true)]
    [InlineData("no", false)]
    public async Task A_permission_is_answered_in_the_agents_own_words(string choice, bool allows)
    {
        await using var agent = await SpokenAgent.Acp().ReadyAsync();
        agent.Send(new Prompt("ask rm it"));

        var ask = (await agent.UntilAsync<AskOpened>()).Ask;
        (ask.Tool, ask.Title, ask.Detail).ShouldBe(("execute", "Run rm it", """{"command":"rm it"}"""));
        ask.Choices.Single(each => each.Id == choice).Allows.ShouldBe(allows);
        agent.Send(new AnswerAsk(ask.Id, choice));
        await agent.UntilAsync<TurnEnded>();
        agent.Texts.ShouldBe([choice]);
        agent.State.Replies.ShouldBeEmpty();
    }

    [ProgramFact]
    public async Task A_permission_that_the_agent_takes_back_is_open_no_more()
    {
        await using var agent = await SpokenAgent.Acp().ReadyAsync();
        await agent.AskAsync("withdraw rm it");
        agent.Events.OfType<AskWithdrawn>().Single().Ask.ShouldBe(agent.Events.OfType<AskOpened>().Single().Ask.Id);
        agent.Texts.ShouldBe(["error -32800"]);
    }

    [ProgramFact]
    public async Task An_interruption_cancels_the_turn_and_what_was_asked_in_it()
    {
        await using var agent = await SpokenAgent.Acp().ReadyAsync();
        agent.Send(new Prompt("ask rm it"));
        var ask = (await agent.UntilAsync<AskOpened>()).Ask;

        agent.Send(new Interrupt());
        (await agent.UntilAsync<TurnEnded>()).Outcome.ShouldBe(TurnOutcome.Interrupted);
        agent.Texts.ShouldBe(["cancelled"]);
        agent.Events.OfType<AskWithdrawn>().Single().Ask.ShouldBe(ask.Id);
        (await agent.AskAsync("say more")).Outcome.ShouldBe(TurnOutcome.Completed);
    }

    [ProgramTheory]
    [InlineData("limit", TurnOutcome.Limited, "It stopped: max_tokens.")]
    [InlineData("refuse", TurnOutcome.Refused, null)]
    [InlineData("fail No model", TurnOutcome.Failed, "No model")]
    public async Task A_turn_that_went_wrong_says_how(string prompt, TurnOutcome outcome, string? error)
    {
        await using var agent = await SpokenAgent.Acp().ReadyAsync();
        var ended = await agent.AskAsync(prompt);
        (ended.Outcome, ended.Error).ShouldBe((outcome, error));
    }

    [ProgramFact]
    public async Task Plans_modes_and_costs_are_shown()
    {
        await using var agent = await SpokenAgent.Acp().ReadyAsync();
        await agent.AskAsync("plan Tidy up");
        var ended = await agent.AskAsync("mode careful");
        agent.Events.OfType<PlanMade>().Single().Steps.ShouldBe([new PlanStep("Tidy up", "pending")]);
        agent.Events.OfType<Noticed>().Select(each => each.Text).ShouldBe(["Mode: careful."]);
        ended.Usage.TotalCostUsd.ShouldBe(0.5m);
    }

    [ProgramFact]
    public async Task Files_and_terminals_are_not_offered_and_say_so()
    {
        await using var agent = await SpokenAgent.Acp().ReadyAsync();
        await agent.AskAsync("files /etc/passwd");
        agent.Texts.ShouldBe(["-32601: This client offers no files: fs/read_text_file."]);
    }

    [ProgramFact]
    public async Task Work_after_the_end_of_a_turn_is_a_turn_of_its_own()
    {
        await using var agent = await SpokenAgent.Acp().ReadyAsync();
        await agent.AskAsync("late");
        var late = await agent.UntilAsync<TurnEnded>(ended => ended.Turn == 2);
        late.Prompts.ShouldBeEmpty();
        await agent.UntilAsync(_ => string.Concat(agent.Texts).EndsWith("thing", StringComparison.Ordinal));
        agent.State.Status.ShouldBe(AgentStatus.Idle);
        (await agent.AskAsync("say on")).Outcome.ShouldBe(TurnOutcome.Completed);
    }
}
