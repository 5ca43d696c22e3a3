using System.Globalization;
using Sojourn.Kinds.Agents;
using Sojourn.Kinds.Agents.Processes;

namespace Sojourn.Tests.Agents.Acp;

/// <summary>Agents that do what none should.</summary>
public sealed class AcpHostileTests
{
    [ProgramFact]
    public async Task A_line_of_five_megabytes_is_read_and_told_in_parts_that_the_log_takes()
    {
        await using var agent = await SpokenAgent.Acp().ReadyAsync();
        await agent.AskAsync("huge 5000000");
        string.Concat(agent.Texts).ShouldBe(new string('x', 5_000_000));
        agent.Texts.ShouldAllBe(text => text.Length <= 500_000);
    }

    [ProgramFact]
    public async Task Lines_that_are_no_JSON_are_notices_and_cost_nothing_else()
    {
        await using var agent = await SpokenAgent.Acp().ReadyAsync();
        (await agent.AskAsync("garbage")).Outcome.ShouldBe(TurnOutcome.Completed);
        agent.Events.OfType<Noticed>().Select(each => each.Text).ShouldContain(
            "It wrote a line that is not of its protocol: Loading model...");
        agent.Texts.ShouldBe(["sorry"]);
    }

    [ProgramFact]
    public async Task Half_a_line_of_an_agent_that_died_is_a_notice_and_the_work_is_cut()
    {
        await using var agent = await SpokenAgent.Acp().ReadyAsync();
        agent.Send(new Prompt("crash", "p"));
        await agent.ExitAsync();
        agent.State.Prompts.Single().State.ShouldBe(PromptState.Cut);
        agent.Events.OfType<Noticed>().ShouldContain(each => each.Kind == NoticeKind.Protocol);
    }

    [ProgramFact]
    public async Task An_agent_that_ends_at_once_leaves_its_last_words()
    {
        await using var agent = await SpokenAgent.Acp("exit").StartAsync();
        await agent.ExitAsync();
        await agent.Speaking;
        agent.State.Status.ShouldBe(AgentStatus.Failed);
        agent.Events.OfType<Noticed>().ShouldContain(new Noticed(NoticeKind.Stderr, "It has no wish to live."));
    }

    [ProgramFact]
    public async Task A_flood_of_pieces_is_told_in_few_steps()
    {
        await using var agent = await SpokenAgent.Acp().ReadyAsync();
        await agent.AskAsync("flood 20000");
        agent.Texts.ShouldBe([new string('y', 100_000)]);
        agent.Events.OfType<TextDelta>().Count().ShouldBeLessThan(5000);
    }

    [ProgramFact]
    public async Task What_is_unknown_is_passed_over_and_what_asks_is_answered()
    {
        await using var agent = await SpokenAgent.Acp().ReadyAsync();
        await agent.AskAsync("unknown");
        agent.Texts.ShouldBe(["-32601"]);
        agent.Events.OfType<Noticed>().ShouldBeEmpty();
    }

    [ProgramFact]
    public async Task A_deaf_agent_that_leaves_a_grandchild_is_ended_with_it()
    {
        await using var agent = await SpokenAgent.Acp("deaf").ReadyAsync();
        await agent.AskAsync("grandchild");
        var left = int.Parse(agent.Texts.Single()["left ".Length..], CultureInfo.InvariantCulture);

        var brief = TimeSpan.FromMilliseconds(50);
        var report = await new StopLadder(TimeProvider.System).StopAllAsync(
            [new StopOrder(agent.Child, [.. StopOrder.Gently.Select(step => step with { Wait = brief })])],
            TimeSpan.FromSeconds(30));
        report[0].After.ShouldBe(StopBy.Killing);
        report[0].Swept.Select(each => each.Pid).ShouldContain(left);
        await agent.ExitAsync();
    }
}
