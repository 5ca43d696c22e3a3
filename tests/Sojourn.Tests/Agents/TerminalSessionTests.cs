using System.Net;
using Sojourn.Kinds.Agents.Processes;

namespace Sojourn.Tests.Agents;

public sealed class TerminalSessionTests
{
    [ProgramFact]
    public async Task A_shell_is_typed_into_and_two_who_look_see_the_same()
    {
        await using var server = await AgentServer.StartAsync();
        var shell = await server.NewAsync();
        await using var ada = server.Attach(shell.Id, "ada");
        await ada.WaitForAsync("ready>");

        await ada.TypeAsync("echo $((6*7)); tput setaf 1; echo red\r");
        await ada.WaitForAsync("42\nred\nready>");

        await using var bob = server.Attach(shell.Id, "bob");
        (await bob.WaitForAsync("42\nred\nready>")).ShouldBe(ada.Text);
        await bob.TypeAsync("echo from bob\r");
        await ada.WaitForAsync("\nfrom bob\nready>");
    }

    [ProgramFact]
    public async Task Who_left_comes_back_to_where_it_is()
    {
        await using var server = await AgentServer.StartAsync();
        var shell = await server.NewAsync();
        await using (var first = server.Attach(shell.Id))
        {
            await first.WaitForAsync("ready>");
            // A shell that still reads its own line takes what is typed too early in another way.
            await first.TypeAsync("cd /; export MARK=kept; echo; echo go on; cat\r");
            await first.WaitForAsync("\ngo on");
            await first.TypeAsync("a line\r");
            await first.WaitForAsync("a line\na line");
        }

        await using var again = server.Attach(shell.Id);
        await again.WaitForAsync("a line\na line");
        await again.TypeAsync("\u0003");
        await again.WaitForAsync("^C\nready>");
        await again.TypeAsync("echo $MARK at $PWD\r");
        await again.WaitForAsync("\nkept at /\nready>");
    }

    [ProgramFact]
    public async Task Full_screen_programs_are_drawn_and_leave_the_screen_as_it_was()
    {
        await using var server = await AgentServer.StartAsync();
        var shell = await server.NewAsync();
        await using var ada = server.Attach(shell.Id);
        await ada.WaitForAsync("ready>");
        await ada.TypeAsync("seq 1 200 | less\r");
        await ada.WaitForAsync("23\n:");

        await using var bob = server.Attach(shell.Id);
        await bob.WaitForAsync("23\n:");
        await bob.TypeAsync("G");
        await ada.WaitForAsync("200\n(END)");
        await bob.TypeAsync("q");

        var after = await ada.WaitForAsync("| less\nready>");
        after.ShouldNotContain("(END)");
    }

    [ProgramFact]
    public async Task A_size_reaches_the_program_and_is_in_the_log()
    {
        await using var server = await AgentServer.StartAsync();
        var shell = await server.NewAsync();
        await using var ada = server.Attach(shell.Id, "ada");
        await ada.WaitForAsync("ready>");
        await ada.TypeAsync("trap 'stty size' WINCH; sleep 600 & echo; echo it waits; wait\r");
        await ada.WaitForAsync("\nit waits");

        await server.Client.SendAsync("agent", shell.Id, "resize", new { columns = 132, rows = 50, by = "ada" });

        await ada.NextAsync("resized");
        await ada.WaitForAsync("50 132");
    }

    [ProgramFact]
    public async Task A_shell_that_exits_ends_its_session_and_resume_begins_another()
    {
        await using var server = await AgentServer.StartAsync();
        var shell = await server.NewAsync();
        await using var ada = server.Attach(shell.Id);
        await ada.WaitForAsync("ready>");

        await ada.TypeAsync("exit 3\r");

        var ended = await server.WaitForAsync(shell.Id, "ended");
        ended.GetProperty("exit").GetProperty("code").GetInt32().ShouldBe(3);
        (await server.Client.AgentScreenAsync(shell.Id)).Text.ShouldContain("exit 3");
        await server.Client.SendAsync("agent", shell.Id, "resume");
        await server.WaitForAsync(shell.Id, "idle");
        await ada.TypeAsync("echo again\r");
        await ada.WaitForAsync("\nagain\n");
    }

    [ProgramFact]
    public async Task What_is_typed_right_after_the_start_waits_for_the_program()
    {
        await using var server = await AgentServer.StartAsync();
        var shell = await server.NewAsync();

        (await TypeAsync("echo early; exit\r")).ShouldBe(HttpStatusCode.NoContent);

        await server.WaitForAsync(shell.Id, "ended");
        (await server.Client.AgentScreenAsync(shell.Id)).Text.ShouldContain("\nearly\n");
        (await TypeAsync("late")).ShouldBe(HttpStatusCode.Conflict);

        async Task<HttpStatusCode> TypeAsync(string keys)
        {
            using var content = new StringContent(keys);
            using var answer = await server.Serve.Http.PostAsync($"/v1/agent/{shell.Id}/input", content);
            return answer.StatusCode;
        }
    }

    [ProgramTheory]
    [InlineData("terminal", "ended")]
    [InlineData("acp", "failed")]
    public async Task A_program_that_says_goodbye_before_it_ends_has_its_own_exit_code(string protocol, string status)
    {
        await using var server = await AgentServer.StartAsync($$"""
            [ { "Name": "brief", "Protocol": "{{protocol}}", "Command": "/bin/sh",
                "Arguments": ["-c", "exec </dev/null >/dev/null 2>&1; sleep 0.2; exit 7"] } ]
            """);
        var brief = await server.NewAsync("brief");

        var state = await server.WaitForAsync(brief.Id, status);
        state.GetProperty("exit").GetProperty("code").GetInt32().ShouldBe(7);
        (state.TryGetProperty("error", out var error) ? error.GetString() : null).ShouldBe(
            protocol == "terminal" ? null : "Its program ended with exit code 7.");
    }

    [ProgramFact]
    public async Task Stopped_it_leaves_no_process_behind()
    {
        await using var server = await AgentServer.StartAsync();
        var shell = await server.NewAsync();
        await using var ada = server.Attach(shell.Id);
        await ada.WaitForAsync("ready>");
        // Written at once: the prompt, which does not wait for it, comes before or after.
        await ada.TypeAsync("setsid -f sh -c 'trap \"\" HUP TERM; printf \"\\nit runs\\n\"; sleep 600'\r");
        await ada.WaitForAsync("\nit runs");
        Marked(shell.Id).ShouldNotBeEmpty();

        await server.Client.SendAsync("agent", shell.Id, "stop");

        await server.WaitForAsync(shell.Id, "ended");
        Marked(shell.Id).ShouldBeEmpty();
        ada.Events.ShouldContain(happened => happened.Type == "noticed"
            && happened.Data!.Value.GetProperty("text").GetString()!.Contains("left behind"));
    }

    [ProgramFact]
    public async Task A_server_that_stops_ends_its_programs_and_says_so_afterwards()
    {
        await using var server = await AgentServer.StartAsync();
        var shell = await server.NewAsync();
        await using (var ada = server.Attach(shell.Id))
        {
            await ada.WaitForAsync("ready>");
        }

        await server.StopAsync();
        Marked(shell.Id).ShouldBeEmpty();
        await server.StartAgainAsync();

        var state = await server.WaitForAsync(shell.Id, "interrupted");
        state.GetProperty("error").GetString().ShouldBe("The server was stopped.");
        (await server.Client.AgentScreenAsync(shell.Id)).Text.ShouldContain("ready>");
    }

    private static IReadOnlyList<MarkedProcess> Marked(string id) =>
        MarkedProcesses.Find(marker => marker.Session == $"local/{id}");
}
