using Sojourn.Kinds.Agents;
using Sojourn.Kinds.Agents.Claude;

namespace Sojourn.Tests.Agents.Claude;

/// <summary>Conversations that outlive their process.</summary>
public sealed class ClaudeLifeTests
{
    [ProgramFact]
    public async Task A_conversation_is_taken_up_by_the_next_program()
    {
        await using var agent = await SpokenAgent.Claude().ReadyAsync();
        await agent.AskAsync("say I am Ada");
        var conversation = agent.State.Conversation;
        await agent.CloseAsync();

        agent.Send(new Resume());
        await agent.ReadyAsync();
        await agent.AskAsync("history");
        agent.Texts[^1].ShouldBe("say I am Ada");
        agent.State.Conversation.ShouldBe(conversation);
    }

    [ProgramFact]
    public async Task A_program_that_was_never_asked_anything_leaves_nothing_to_take_up()
    {
        await using var agent = await SpokenAgent.Claude().ReadyAsync();
        await agent.CloseAsync();

        agent.Send(new Resume());
        await agent.ReadyAsync();
        (await agent.AskAsync("say Here I am")).Outcome.ShouldBe(TurnOutcome.Completed);
    }

    [ProgramFact]
    public async Task What_was_cut_is_run_again_only_when_somebody_says_so()
    {
        await using var agent = await SpokenAgent.Claude().ReadyAsync();
        agent.Send(new Prompt("wait", "p"));
        await agent.UntilAsync<TextWritten>();
        await agent.KillAsync();
        agent.State.Status.ShouldBe(AgentStatus.Interrupted);
        agent.Events.OfType<WorkCut>().Single().Prompts.ShouldBe(["p"]);

        agent.Send(new Resume());
        await agent.ReadyAsync();
        agent.Received.Count.ShouldBe(1);

        agent.Send(new RunAgain("p"));
        await agent.UntilAsync<TurnBegan>(began => began.Turn == 2);
        await agent.UntilAsync(state => state.Prompts is [{ State: PromptState.Acknowledged }]);
        // Under another name: by its own it would not be run a second time.
        agent.Received.Select(each => each["uuid"]!.ToString()).Distinct().Count().ShouldBe(2);
        agent.Received.ShouldAllBe(each => (bool)each["ran"]!);
    }

    [ProgramFact]
    public async Task A_copy_has_the_history_and_a_name_of_its_own()
    {
        await using var agent = await SpokenAgent.Claude().ReadyAsync();
        await agent.AskAsync("say I am Ada");
        var original = agent.State.Conversation!;
        await agent.CloseAsync();

        agent.BecomeForkOf(original);
        await agent.ReadyAsync();
        agent.State.ForkOf.ShouldBe(original);
        await agent.AskAsync("history");
        agent.Texts.ShouldBe(["say I am Ada"]);
        agent.State.Conversation.ShouldNotBe(original);
        agent.State.ForkOf.ShouldBeNull();
    }

    [Fact]
    public void A_prompt_has_one_name_for_ever_and_no_other_prompt_has_it()
    {
        var session = new SessionKey("agent", OwnerId.Local, "a");
        AgentPrompt prompt = new("p1", "", 1, PromptState.Queued, default, null, false);
        Guid Of(AgentPrompt each) => ClaudeLines.UuidOf(session, "talk", each);

        Of(prompt).ShouldBe(Guid.Parse("81f06faa-c13c-8ad5-a9dc-45897478093d"));
        Of(prompt with { State = PromptState.HandedOver, By = "ada" }).ShouldBe(Of(prompt));
        new[] { prompt, prompt with { Id = "p2" }, prompt with { Entry = 2 } }.Select(Of)
            .Append(ClaudeLines.UuidOf(session, "copy of talk", prompt))
            .Append(ClaudeLines.UuidOf(new SessionKey("agent", OwnerId.Local, "b"), "talk", prompt)).ShouldBeUnique();
    }
}
