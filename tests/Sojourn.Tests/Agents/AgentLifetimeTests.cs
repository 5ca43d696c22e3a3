using System.Globalization;
using Sojourn.Kinds.Agents;
using Sojourn.Kinds.Agents.Processes;

namespace Sojourn.Tests.Agents;

/// <summary>A program is stopped while there is nothing to do, and only then; its conversation goes on.</summary>
public sealed class AgentLifetimeTests
{
    [ProgramTheory]
    [InlineData(AgentProtocol.Claude)]
    [InlineData(AgentProtocol.Acp)]
    public async Task A_quiet_agent_is_hibernated_and_the_next_prompt_takes_up_its_conversation(AgentProtocol protocol)
    {
        await using var agents = await AgentEngine.StartAsync(protocol);
        await agents.AskAsync("say I am Ada");
        var before = await agents.StateAsync();

        var asleep = await agents.HibernatesAsync();
        (asleep.Process, asleep.Exit!.Code, asleep.Error, asleep.Cut).ShouldBe((null, 0, null, null));
        MarkedOf(agents).ShouldBeEmpty();

        (await agents.AskAsync("history")).ShouldBe("say I am Ada");
        var after = await agents.StateAsync();
        (after.Run, after.Conversation).ShouldBe((2, before.Conversation));
        after.Process!.Pid.ShouldNotBe(before.Process!.Pid);
        if (protocol == AgentProtocol.Claude)
            ArgumentsOf(after.Process.Pid).ShouldContain($"\0--resume\0{before.Conversation}\0");
        FakeAgents.Received(agents.Memory).Select(prompt => prompt["conversation"]!.ToString())
            .ShouldAllBe(conversation => conversation == before.Conversation);
    }

    [ProgramTheory]
    [InlineData("wait", AgentStatus.Running)]
    [InlineData("ask ls", AgentStatus.Waiting)]
    [InlineData("background endless", AgentStatus.Background)]
    public async Task One_that_has_something_to_do_is_left_alone(string prompt, AgentStatus status)
    {
        await using var agents = await AgentEngine.StartAsync(AgentProtocol.Claude);
        await agents.SendAsync(new Prompt(prompt));
        await agents.UntilAsync(agent => agent.Status == status);

        await StaysAsync(agents, status);

        if (status == AgentStatus.Background)
            return;
        await agents.SendAsync(new Interrupt());
        await agents.UntilAsync(agent => agent.Status == AgentStatus.Idle);
        await agents.HibernatesAsync();
    }

    [ProgramTheory]
    [InlineData(AgentProtocol.Claude)]
    [InlineData(AgentProtocol.Acp)]
    public async Task One_that_was_given_a_prompt_and_says_nothing_is_left_alone(AgentProtocol protocol)
    {
        await using var agents = await AgentEngine.StartAsync(protocol, "mute");
        await agents.SendAsync(new Prompt("say hello"));
        await agents.UntilToldAsync(happened =>
            happened.Type == "noticed" && happened.Data<Noticed>().Text == "taken");
        await agents.UntilAsync(agent => agent.Status == AgentStatus.Running);

        await StaysAsync(agents, AgentStatus.Running);
        (await agents.StateAsync()).Prompts.ShouldHaveSingleItem().State.ShouldBe(PromptState.HandedOver);
        await agents.SendAsync(new Interrupt());
    }

    [ProgramFact]
    public async Task One_that_left_a_process_behind_is_left_alone_until_that_has_ended()
    {
        await using var agents = await AgentEngine.StartAsync(AgentProtocol.Claude);
        var left = int.Parse((await agents.AskAsync("grandchild")).Split(' ')[1], CultureInfo.InvariantCulture);
        await agents.UntilAsync(agent => agent.Status == AgentStatus.Idle);
        await agents.SeenQuietAsync();

        await StaysAsync(agents, AgentStatus.Idle);
        await agents.UntilToldAsync(happened => IsAbout(happened, left));

        await KillAsync(left);
        await agents.HibernatesAsync();
    }

    [ProgramFact]
    public async Task Nobody_has_it_hibernate_while_that_would_end_what_it_left_behind()
    {
        await using var agents = await AgentEngine.StartAsync(AgentProtocol.Claude);
        var left = int.Parse((await agents.AskAsync("grandchild")).Split(' ')[1], CultureInfo.InvariantCulture);
        await agents.UntilAsync(agent => agent.Status == AgentStatus.Idle);

        await agents.SendAsync(new Hibernate());
        await agents.UntilToldAsync(happened => IsAbout(happened, left));
        var kept = await agents.UntilAsync(agent => agent.Status == AgentStatus.Idle);
        (kept.Run, kept.StopFor).ShouldBe((1, null));
        ProcessTable.Find(left).ShouldNotBeNull();
        (await agents.AskAsync("say still here")).ShouldBe("still here");

        await KillAsync(left);
        await agents.UntilAsync(agent => agent.Status == AgentStatus.Idle);
        await agents.SendAsync(new Hibernate());
        await agents.UntilAsync(agent => agent.Status == AgentStatus.Hibernated);
    }

    [ProgramFact]
    public async Task One_that_is_wrapped_in_another_program_hibernates_as_any()
    {
        await using var agents = await AgentEngine.StartAsync(AgentProtocol.Claude, "wrapped");
        await agents.AskAsync("say hello");
        await agents.HibernatesAsync();
        MarkedOf(agents).ShouldBeEmpty();

        (await agents.AskAsync("history")).ShouldBe("say hello");
        await agents.HibernatesAsync();
    }

    [ProgramFact]
    public async Task A_stop_does_not_wait_for_a_program_that_does_not_read_its_prompt()
    {
        await using var agents = await AgentEngine.StartAsync(AgentProtocol.Claude, "unread");
        // More than the pipe between them holds.
        await agents.SendAsync(new Prompt(new string('x', 200_000), "p"));
        await agents.UntilAsync(agent => agent.Status == AgentStatus.Running);

        await agents.SendAsync(new Stop());
        // Its input is closed; it does not see that, and is ended by the next step.
        await agents.PassAsync(TimeSpan.FromSeconds(3));
        var ended = await agents.UntilAsync(agent => agent.Status == AgentStatus.Ended);
        ended.Prompts.ShouldHaveSingleItem().State.ShouldBe(PromptState.Cut);
    }

    [ProgramFact]
    public async Task Whoever_asks_for_it_has_it_hibernate_at_once_unless_it_has_work()
    {
        await using var agents = await AgentEngine.StartAsync(AgentProtocol.Claude);
        await agents.SendAsync(new Prompt("wait"));
        await agents.UntilAsync(agent => agent.Status == AgentStatus.Running);
        (await agents.RefusedAsync(new Hibernate())).ShouldBe("busy");

        await agents.SendAsync(new Interrupt());
        await agents.UntilAsync(agent => agent.Status == AgentStatus.Idle);
        await agents.SendAsync(new Hibernate());
        await agents.UntilAsync(agent => agent.Status == AgentStatus.Hibernated);
        MarkedOf(agents).ShouldBeEmpty();
    }

    private static async Task StaysAsync(AgentEngine agents, AgentStatus status)
    {
        for (var i = 0; i < 3; i++)
        {
            await agents.PassAsync();
            var agent = await agents.StateAsync();
            (agent.Status, agent.Run).ShouldBe((status, 1));
        }
    }

    private static bool IsAbout(SessionEvent happened, int process) => happened.Type == "noticed"
        && happened.Data<Noticed>().Text.Contains($"(process {process})", StringComparison.Ordinal);

    private static async Task KillAsync(int pid)
    {
        using var handle = ProcessHandle.TryOpen(pid, ProcessTable.Find(pid)!.Value.StartTime, TimeProvider.System)!;
        handle.Signal(ChildSignal.Kill);
        await handle.EndedAsync(default);
    }

    private static IReadOnlyList<MarkedProcess> MarkedOf(AgentEngine agents) =>
        MarkedProcesses.Find(marker => marker.Session == $"{agents.Key.Owner}/{agents.Key.Id}");

    private static string ArgumentsOf(int pid) =>
        File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cmdline"));
}
