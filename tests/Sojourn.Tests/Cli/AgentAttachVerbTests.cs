using Sojourn.Cli;
using Sojourn.Tests.Agents;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Cli;

/// <summary>`sojourn attach`, the real program on a real terminal, on a shell of the server's.</summary>
public sealed class AgentAttachVerbTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [TerminalFact]
    public async Task One_types_into_a_shell_leaves_it_and_finds_it_as_it_was()
    {
        await using var server = await AgentServer.StartAsync();
        var shell = await server.NewAsync();
        await using (var first = Attach(server, shell.Id))
        {
            await first.WaitForWrittenAsync("ready>");
            await first.PressAsync("MARK=ke$((3+4))pt; echo $MARK\r");
            await first.WaitForWrittenAsync("ke7pt");
            await first.PressAsync("\u001c");
            (await first.ExitAsync()).ShouldBe(ExitCodes.Done);
            first.Written.ShouldContain($"Left; it goes on. Come back: sojourn attach {shell.Id}");
        }

        await using var second = Attach(server, shell.Id);
        await second.WaitForWrittenAsync("ke7pt");
        await second.PressAsync("echo still $MARK\r");
        await second.WaitForWrittenAsync("still ke7pt");
        // As wide as this terminal.
        await second.PressAsync("stty size\r");
        await second.WaitForWrittenAsync("50 100");
        await second.PressAsync("exit 3\r");
        (await second.ExitAsync()).ShouldBe(ExitCodes.Done);
        second.Written.ShouldContain("It has ended. Its exit code was 3.");
    }

    [TerminalFact]
    public async Task Who_attaches_to_what_waits_for_a_place_is_told_so()
    {
        await using var server = await AgentServer.StartAsync(settings: "\"MaxProcesses\": 1,");
        var first = await server.NewAsync();
        await server.WaitForAsync(first.Id, "idle");
        var second = await server.NewAsync();
        await using var terminal = Attach(server, second.Id);

        await terminal.WaitForWrittenAsync("It waits for a place:");
        await server.Client.SendAsync("agent", first.Id, "stop");

        await terminal.WaitForWrittenAsync("ready>");
    }

    private RealTerminal Attach(AgentServer server, string id) => RealTerminal.Start(
        _scratch.Path, ["attach", id, "--url", server.Serve.Url.OriginalString,
            "--key", server.Serve.Http.DefaultRequestHeaders.Authorization!.Parameter!]);
}
