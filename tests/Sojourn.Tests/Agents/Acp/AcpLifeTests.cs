using Sojourn.Kinds.Agents;
using Sojourn.Kinds.Agents.Acp;
using Sojourn.Kinds.Agents.Driving;
using Sojourn.Testing;

namespace Sojourn.Tests.Agents.Acp;

/// <summary>Greetings, and conversations that outlive their process.</summary>
public sealed class AcpLifeTests
{
    [ProgramTheory]
    [InlineData("none")]
    [InlineData("loads")]
    public async Task A_conversation_is_taken_up_and_nothing_of_it_is_told_twice(string behaviour)
    {
        await using var agent = await SpokenAgent.Acp(behaviour).ReadyAsync();
        await agent.AskAsync("say I am Ada");
        var conversation = agent.State.Conversation;
        await agent.CloseAsync();

        agent.Send(new Resume());
        await agent.ReadyAsync();
        await agent.AskAsync("history");
        agent.Texts.ShouldBe(["I am Ada", "say I am Ada"]);
        agent.State.Conversation.ShouldBe(conversation);
        agent.Events.OfType<TextWritten>().Select(each => each.Message).ShouldBeUnique();
    }

    [ProgramFact]
    public async Task An_agent_that_cannot_take_up_a_conversation_begins_anew_and_says_so()
    {
        await using var agent = await SpokenAgent.Acp("cannot-resume").ReadyAsync();
        await agent.AskAsync("say I am Ada");
        var conversation = agent.State.Conversation;
        await agent.CloseAsync();

        agent.Send(new Resume());
        await agent.ReadyAsync();
        agent.Events.OfType<Noticed>().Single().Text.ShouldStartWith("fake cannot take up a conversation");
        agent.State.Conversation.ShouldNotBe(conversation);
    }

    [ProgramFact]
    public async Task A_prompt_that_was_cut_is_not_sent_again_by_itself()
    {
        await using var agent = await SpokenAgent.Acp().ReadyAsync();
        agent.Send(new Prompt("wait", "p"));
        await agent.UntilAsync<TextDelta>();
        await agent.KillAsync();
        agent.Send(new Resume());
        await agent.ReadyAsync();
        await agent.AskAsync("say on");
        agent.Received.Select(each => each["text"]!.ToString()).ShouldBe(["wait", "say on"]);
        agent.State.Prompts.Single().State.ShouldBe(PromptState.Cut);
    }

    [ProgramFact]
    public async Task A_copy_is_made_by_agents_that_can()
    {
        await using var agent = await SpokenAgent.Acp().ReadyAsync();
        await agent.AskAsync("say I am Ada");
        var original = agent.State.Conversation!;
        await agent.CloseAsync();

        agent.BecomeForkOf(original);
        await agent.ReadyAsync();
        await agent.AskAsync("history");
        agent.Texts.ShouldBe(["say I am Ada"]);
        agent.State.Conversation.ShouldNotBe(original);
    }

    [ProgramFact]
    public async Task A_copy_is_refused_by_agents_that_cannot()
    {
        await using var agent = SpokenAgent.Acp("cannot-resume");
        agent.BecomeForkOf("some-conversation");
        await agent.StartAsync();
        (await agent.Speaking.ShouldThrowAsync<AgentProgramException>()).Message
            .ShouldBe("fake cannot copy a conversation.");
    }

    [ProgramFact]
    public async Task An_agent_that_wants_a_login_names_its_ways()
    {
        await using var agent = await SpokenAgent.Acp("needs-login").StartAsync();
        (await agent.Speaking.ShouldThrowAsync<AgentProgramException>()).Message.ShouldContain("key (A key)");
    }

    [ProgramFact]
    public async Task The_profile_says_how_to_log_in()
    {
        await using var agent = await SpokenAgent.Acp("needs-login", "key").ReadyAsync();
        (await agent.AskAsync("say Hello")).Outcome.ShouldBe(TurnOutcome.Completed);

        await using var wrong = await SpokenAgent.Acp("needs-login", "fingerprint").StartAsync();
        (await wrong.Speaking.ShouldThrowAsync<AgentProgramException>()).Message
            .ShouldStartWith("fake does not let us log in by 'fingerprint'");
    }

    [ProgramFact]
    public async Task Another_version_of_the_protocol_is_not_spoken()
    {
        await using var agent = await SpokenAgent.Acp("version-2").StartAsync();
        (await agent.Speaking.ShouldThrowAsync<AgentProgramException>()).Message
            .ShouldBe("fake speaks version 2 of the Agent Client Protocol, and this server 1.");
    }

    [ProgramFact]
    public async Task An_agent_that_says_nothing_is_given_up_after_a_while()
    {
        var clock = new ManualClock();
        await using var agent = await SpokenAgent.Acp("silent", clock: clock).StartAsync();
        await clock.WhenAwaited(AcpGreeting.Patience);
        clock.Advance(AcpGreeting.Patience);
        (await agent.Speaking.ShouldThrowAsync<AgentProgramException>()).Message.ShouldContain("'initialize'");
    }
}
