using Sojourn.Kinds.Agents;
using Sojourn.Kinds.Agents.Claude;
using Sojourn.Kinds.Agents.Driving;
using Sojourn.Kinds.Agents.Processes;
using Sojourn.Testing;

namespace Sojourn.Tests.Agents.Claude;

/// <summary>Programs that do what none should.</summary>
public sealed class ClaudeHostileTests
{
    [ProgramFact]
    public async Task A_line_of_five_megabytes_is_read_and_told_in_parts_that_the_log_takes()
    {
        await using var agent = await SpokenAgent.Claude().ReadyAsync();
        await agent.AskAsync("huge 5000000");
        string.Concat(agent.Texts).ShouldBe(new string('x', 5_000_000));
        agent.Texts.ShouldAllBe(text => text.Length <= 500_000);
    }

    [ProgramFact]
    public async Task Lines_that_are_no_JSON_are_notices_and_cost_nothing_else()
    {
        await using var agent = await SpokenAgent.Claude().ReadyAsync();
        (await agent.AskAsync("garbage")).Outcome.ShouldBe(TurnOutcome.Completed);
        var notices = agent.Events.OfType<Noticed>().Where(each => each.Kind == NoticeKind.Protocol).ToList();
        notices.Count.ShouldBe(4);
        notices[0].Text.ShouldBe("It wrote a line that is not of its protocol: this is no JSON");
        agent.Texts.ShouldBe(["sorry"]);
    }

    [ProgramFact]
    public async Task Half_a_line_of_a_program_that_died_is_a_notice_and_the_work_is_cut()
    {
        await using var agent = await SpokenAgent.Claude().ReadyAsync();
        agent.Send(new Prompt("crash", "p"));
        await agent.ExitAsync();
        agent.State.Exit!.Signal.ShouldBe((int)ChildSignal.Kill);
        agent.State.Prompts.Single().State.ShouldBe(PromptState.Cut);
        agent.Events.OfType<Noticed>().ShouldContain(
            new Noticed(
                NoticeKind.Protocol, "It wrote a line that is not of its protocol: {\"type\":\"assistant\",\"mess"));
        string.Concat(agent.Events.OfType<TextDelta>().Select(each => each.Text)).ShouldBe("half a sen");
    }

    [ProgramFact]
    public async Task A_program_that_ends_at_once_leaves_its_last_words()
    {
        await using var agent = await SpokenAgent.Claude("exit").StartAsync();
        await agent.ExitAsync();
        await agent.Speaking;
        agent.State.Status.ShouldBe(AgentStatus.Failed);
        agent.State.Exit!.Code.ShouldBe(3);
        agent.Events.OfType<Noticed>().ShouldContain(new Noticed(NoticeKind.Stderr, "It has no wish to live."));
    }

    [ProgramFact]
    public async Task A_program_that_says_nothing_is_given_up_after_a_while()
    {
        var clock = new ManualClock();
        await using var agent = await SpokenAgent.Claude("silent", clock).StartAsync();
        await clock.WhenAwaited(ClaudeProgram.GreetingPatience);
        agent.Speaking.IsCompleted.ShouldBeFalse();
        clock.Advance(ClaudeProgram.GreetingPatience);
        (await agent.Speaking.ShouldThrowAsync<AgentProgramException>()).Message.ShouldContain("within 2 minutes");
    }

    [ProgramFact]
    public async Task An_answer_reaches_it_though_it_asked_by_that_name_before()
    {
        await using var agent = await SpokenAgent.Claude("same-asks").ReadyAsync();
        foreach (var choice in (string[])["allow", "deny", "allow"])
        {
            var prompt = agent.Send(new Prompt("ask rm it")).Id;
            await agent.UntilAsync(state => state.Asks.Length == 1);
            agent.Send(new AnswerAsk("ask-1", choice, "no"));
            await agent.UntilAsync<TurnEnded>(ended => ended.Prompts.Contains(prompt));
        }

        agent.Texts.ShouldBe(["allowed rm it once", "denied: no", "allowed rm it once"]);
    }

    [ProgramFact]
    public async Task A_flood_of_pieces_is_told_in_few_steps()
    {
        await using var agent = await SpokenAgent.Claude().ReadyAsync();
        await agent.AskAsync("flood 20000");
        var pieces = agent.Events.OfType<TextDelta>()
            .Where(each => each.Text.Contains('y', StringComparison.Ordinal)).ToList();
        string.Concat(pieces.Select(each => each.Text)).ShouldStartWith(new string('y', 100_000));
        pieces.Count.ShouldBeLessThan(5000);
    }

    [ProgramFact]
    public async Task A_second_end_of_a_turn_ends_no_other_one()
    {
        await using var agent = await SpokenAgent.Claude("stateless").ReadyAsync();
        await agent.AskAsync("twice");
        await agent.AskAsync("say more");
        agent.State.Turns.ShouldBe(2);
        agent.Events.OfType<TurnEnded>().Count().ShouldBe(2);
    }

    [ProgramFact]
    public async Task What_is_unknown_is_passed_over_and_what_asks_is_answered()
    {
        await using var agent = await SpokenAgent.Claude().ReadyAsync();
        await agent.AskAsync("unknown");
        agent.Texts.ShouldBe(["still here"]);
        agent.Events.OfType<Noticed>().ShouldBeEmpty();
    }

    [ProgramFact]
    public async Task Error_output_is_told_in_lines_that_came_together()
    {
        await using var agent = await SpokenAgent.Claude().ReadyAsync();
        await agent.AskAsync("errors 3");
        await agent.CloseAsync();
        var errors = agent.Events.OfType<Noticed>()
            .Where(each => each.Kind == NoticeKind.Stderr).Select(each => each.Text);
        string.Join('\n', errors).ShouldBe("error 1\nerror 2\nerror 3");
    }

    [ProgramFact]
    public async Task A_deaf_program_that_leaves_a_grandchild_is_ended_with_it()
    {
        await using var agent = await SpokenAgent.Claude("deaf").ReadyAsync();
        await agent.AskAsync("grandchild");
        var left = int.Parse(agent.Texts.Single()["left ".Length..], System.Globalization.CultureInfo.InvariantCulture);
        ProcessTable.Find(left).ShouldNotBeNull();

        var brief = TimeSpan.FromMilliseconds(50);
        var report = await new StopLadder(TimeProvider.System).StopAllAsync(
            [new StopOrder(agent.Child, [.. StopOrder.Gently.Select(step => step with { Wait = brief })])],
            TimeSpan.FromSeconds(30));
        report[0].After.ShouldBe(StopBy.Killing);
        report[0].Swept.Select(each => each.Pid).ShouldContain(left);
        report[0].Left.ShouldBeEmpty();
        await agent.ExitAsync();
    }
}
