using System.Globalization;
using Sojourn.Kinds.Agents.Processes;
using Sojourn.Tests.EndToEnd;

namespace Sojourn.Tests.Agents;

using Sojourn.Client;

/// <summary>The real server, killed while programs run in it.</summary>
[Collection(Lane.SecondProcesses)]
public sealed class KilledAgentServerTests
{
    [ProgramFact]
    public async Task Three_clients_see_one_log_through_a_kill_and_no_process_is_left()
    {
        await using var server = await KillableServer.StartWithAsync(Config);
        var shell = await server.Client.CreateAsync("agent", new { profile = "shell" });
        await using var ada = new Attached(server.Client.AttachAgent(shell.Id, "ada"));
        await using var bob = new Attached(server.Client.AttachAgent(shell.Id, "bob"));
        await ada.WaitForAsync("ready>");
        await using (var carol = new Attached(server.Client.AttachAgent(shell.Id, "carol")))
        {
            await carol.WaitForAsync("ready>");
        }

        await ada.TypeAsync("setsid -f sleep 600; sleep 500 & while true; do echo at work; sleep 0.05; done\r");
        await bob.WaitForAsync("at work\nat work");
        await server.KillAsync();
        // The shell and its jobs go with their terminal, sooner or later; what has left that stays.
        Marked(shell.Id).ShouldContain(process => process.Name == "sleep");
        await server.StartAgainAsync();

        await using var back = new Attached(server.Client.AttachAgent(shell.Id, "carol"));
        await back.WaitForAsync("at work");
        foreach (var client in (Attached[])[ada, bob, back])
            (await ToAsync(client, "interrupted")).ShouldBe("The server was gone; its programs are ended.");
        Marked(shell.Id).ShouldBeEmpty();
        var all = await AllAsync(server, shell.Id);
        all.Select(NumberOf).ShouldBe(Enumerable.Range(1, all.Count).Select(number => (long)number));
        foreach (var client in (Attached[])[ada, bob, back])
            client.Events.Select(happened => (happened.Offset, happened.Type)).ShouldBe(
                all.Select(happened => (happened.Offset, happened.Type)).Where(each =>
                    string.CompareOrdinal(each.Offset, client.Events[0].Offset) >= 0).Take(client.Events.Count));
    }

    [ProgramFact]
    public async Task After_a_kill_the_shell_is_taken_up_anew_and_the_old_screen_is_still_there()
    {
        await using var server = await KillableServer.StartWithAsync(Config);
        var shell = await server.Client.CreateAsync("agent", new { profile = "shell" });
        await using var ada = new Attached(server.Client.AttachAgent(shell.Id, "ada"));
        await ada.WaitForAsync("ready>");
        await ada.TypeAsync("echo before the kill\r");
        await ada.WaitForAsync("\nbefore the kill\nready>");

        await server.KillAsync();
        await server.StartAgainAsync();
        await ToAsync(ada, "interrupted");
        (await server.Client.AgentScreenAsync(shell.Id)).Text.ShouldContain("before the kill");
        await server.Client.SendAsync("agent", shell.Id, "resume");
        await ToAsync(ada, "idle");

        await ada.TypeAsync("echo after it\r");
        await ada.WaitForAsync("\nafter it\n");
        await server.KillAsync();
        await server.StartAgainAsync();
        var text = (await server.Client.AgentScreenAsync(shell.Id)).Text;
        text.ShouldContain("\nafter it\n");
        text.ShouldNotContain("before the kill");
    }

    [ProgramFact]
    public async Task After_a_kill_the_screen_is_that_of_the_sizes_that_it_had()
    {
        await using var server = await KillableServer.StartWithAsync(Config);
        var shell = await server.Client.CreateAsync("agent", new { profile = "shell" });
        await using var ada = new Attached(server.Client.AttachAgent(shell.Id, "ada"));
        await ada.WaitForAsync("ready>");
        await ada.TypeAsync("printf '\\e[9;70Hfar a\\x77ay\\n'\r");
        await ada.WaitForAsync("far away\nready>");
        await server.Client.SendAsync("agent", shell.Id, "resize", new { columns = 40, rows = 20 });
        await ada.TypeAsync("until test \"$(stty size)\" = '20 40'; do sleep 0.05; done; echo la\\st\r");
        await ada.WaitForAsync("\nlast\nready>");
        var before = (await server.Client.AgentScreenAsync(shell.Id)).Text;

        await server.KillAsync();
        await server.StartAgainAsync();

        (await server.Client.AgentScreenAsync(shell.Id)).Text.ShouldBe(before);
    }

    private static string Config => $$"""
        { "Agents": { "UseDefaultProfiles": false, "MinFreeMemory": 0, "Profiles": {{AgentServer.Shell}} } }
        """;

    /// <summary>Completes once the session is in a status.</summary>
    /// <returns>What is wrong, as the exit tells it.</returns>
    private static async Task<string?> ToAsync(Attached client, string status)
    {
        string? error = null;
        while (true)
        {
            var (type, data) = await client.NextAsync("process-exited", "status-changed");
            if (type == "process-exited")
                error = data.TryGetProperty("error", out var text) ? text.GetString() : null;
            else if (data.GetProperty("to").GetString() == status)
                return error;
        }
    }

    private static async Task<List<SessionEvent>> AllAsync(KillableServer server, string id)
    {
        var page = await server.Client.EventsAsync("agent", id, limit: 1000);
        return [.. page.Events];
    }

    private static long NumberOf(SessionEvent happened) =>
        long.Parse(happened.Offset.Split('_')[1], CultureInfo.InvariantCulture);

    private static IReadOnlyList<MarkedProcess> Marked(string id) =>
        MarkedProcesses.Find(marker => marker.Session == $"local/{id}");
}
