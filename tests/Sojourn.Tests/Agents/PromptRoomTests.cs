using System.Collections.Immutable;
using Sojourn.Kinds.Agents;
using Sojourn.Testing;

namespace Sojourn.Tests.Agents;

/// <summary>How many bytes of prompts may wait, and that the text of one that waits is kept.</summary>
public sealed class PromptRoomTests
{
    private static readonly AgentOptions Options = new()
    {
        Profiles = [new() { Name = "pair", Protocol = AgentProtocol.Claude, Command = "claude" }],
        MaxQueuedPrompts = 3,
        MaxQueuedPromptBytes = 1 << 20,
    };

    [Fact]
    public void Prompts_that_wait_have_so_many_bytes_and_no_more()
    {
        var agent = Begun().Send(About(600_000, "p1"));
        var frame = agent.Send(About(1, "p2")).State.Prompts[^1].Bytes - 1;
        var room = (int)(Options.MaxQueuedPromptBytes - agent.State.PromptBytes - frame);

        var over = Refused(agent.Send(About(room + 1, "p2")));
        over.Code.ShouldBe("queue-full");
        over.Message.ShouldContain("1,048,576 bytes");
        var full = agent.Send(About(room, "p2"));

        full.State.Prompts.Sum(prompt => prompt.Bytes).ShouldBe(Options.MaxQueuedPromptBytes);
        Refused(full.Send(new Prompt("Go on", "p3"))).Code.ShouldBe("queue-full");
        full.Send(new WithdrawPrompt("p1")).Send(new Prompt("Go on", "p3"))
            .State.Prompts.Select(prompt => prompt.Id).ShouldBe(["p2", "p3"]);
    }

    [Fact]
    public void The_text_of_a_prompt_that_was_cut_off_is_kept_until_somebody_decides_however_many_come_after_it()
    {
        var agent = Cut("p1");
        // Three may wait, and four times as many are kept.
        for (var i = 2; i <= 12; i++)
            agent = Done(agent, new Prompt("Go on", $"p{i}"));

        Refused(agent.Send(new Prompt("Go on", "p13"))).Message.ShouldContain("p1 waits for so long");
        agent.Send(new WithdrawPrompt("p1")).Send(new Prompt("Go on", "p13"))
            .State.Prompts.Single().Id.ShouldBe("p13");
    }

    [Fact]
    public void The_text_of_a_prompt_that_was_cut_off_is_kept_until_somebody_decides_however_long_others_are()
    {
        var agent = Cut("p1");
        for (var i = 2; i <= 5; i++)
            agent = Done(agent, About(1_000_000, $"p{i}"));

        Refused(agent.Send(About(500_000, "p6"))).Message.ShouldContain("p1 waits for so long");
        var again = agent.Send(new RunAgain("p1"));
        // It is the same text: it takes no more room.
        again.State.Prompts.Single().Entry.ShouldBe(1);
        again.State.PromptBytes.ShouldBe(agent.State.PromptBytes);
    }

    [Fact]
    public void The_store_keeps_as_much_as_the_rules_count_on()
    {
        var kept = Options.ToPolicy().Streams[AgentKind.PromptStream];

        kept.Entries.ShouldBe(12);
        kept.Bytes.ShouldBe(4 << 20);
    }

    private static Decided<Agent> Begun() => Rules.Of(new AgentKind(Options)).Start(new StartAgent("pair"));

    private static Prompt About(int length, string id) =>
        new("About this", id, Context: new DocumentContext(new string('x', length)));

    private static Decided<Agent> Cut(string id) => Tell(
        Tell(Begun(), new AgentNews.Started(7, 1), new AgentNews.Ready("c1")).Send(new Prompt("One", id)),
        new AgentNews.HandedOver(id), new AgentNews.TurnBegan(), new AgentNews.FoundDead("The server was gone."));

    private static Decided<Agent> Done(Decided<Agent> agent, Prompt prompt) =>
        agent.Send(prompt).Send(new WithdrawPrompt(prompt.Id!));

    private static Decided<Agent> Tell(Decided<Agent> agent, params ImmutableArray<AgentNews> news) =>
        agent.Send(new ReportNews(agent.State.Run, news));

    private static Refusal Refused(Decided<Agent> decided) => decided.Refusal.ShouldNotBeNull();
}
