using System.Diagnostics;
using System.Globalization;
using Sojourn.Kinds.Agents.Processes;
using Sojourn.Testing;

namespace Sojourn.Tests.Agents.Processes;

public sealed class MarkedProcessesTests
{
    [ChildFact]
    public async Task What_a_program_starts_is_found_wherever_it_went()
    {
        // In the background, in a session of its own, an orphan in a session of its own, without its environment.
        await using var child = ChildOf.OnPipes(ChildOf.Bash(
            "sleep 1001 & setsid sleep 1002 & (setsid sleep 1003 &) ; env -i sleep 1004 & echo up; wait"));
        await child.OutputUntilAsync("up");
        string[] expected = ["bash", "sleep", "sleep", "sleep", "sleep"];
        await ChildOf.UntilAsync(() =>
            Found(child.Program).Select(process => process.Name).Order().SequenceEqual(expected));

        var found = Found(child.Program);
        found.ShouldAllBe(process => process.Marker == child.Program.Marker);
        found.ShouldAllBe(process => process.StartTime >= child.StartTime);
        found.Single(process => process.Name == "bash").Pid.ShouldBe(child.Pid);
        await child.Program.SweepAsync();
        Found(child.Program).ShouldBeEmpty();
    }

    [ChildFact]
    public async Task Zombies_and_those_of_another_session_are_not()
    {
        await using var child = ChildOf.OnPipes(ChildOf.Bash("sleep 0 & echo up $!; exec sleep 1000"));
        var line = await child.OutputUntilAsync("\n");
        var zombie = int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
        await ChildOf.UntilAsync(() => ProcessTable.Find(zombie) is { IsZombie: true });

        Found(child.Program).ShouldHaveSingleItem().Pid.ShouldBe(child.Pid);
        MarkedProcesses.Find(marker => marker == child.Program.Marker with { Session = "another" }).ShouldBeEmpty();
    }

    [ChildFact]
    public async Task Survivors_of_a_killed_server_are_found_and_ended()
    {
        // The server is a process of its own here, which is killed with no chance to clear up.
        var marker = ChildOf.NewMarker();
        const string Script = "(trap '' TERM HUP; setsid sleep 1000 &); sleep 1000 & echo up; wait";
        var start = new ProcessStartInfo("bash", ["-c", Script])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            Environment =
            {
                [ProcessMarker.SessionVariable] = marker.Session,
                [ProcessMarker.InstanceVariable] = marker.Instance,
            },
        };
        using var server = Process.Start(start).ShouldNotBeNull();
        (await server.StandardOutput.ReadLineAsync()).ShouldBe("up");
        await ChildOf.UntilAsync(() =>
            MarkedProcesses.Find(marker.Equals).Count(process => process.Name == "sleep") == 2);
        server.Kill();
        await server.WaitForExitAsync().WaitAsync(ChildOf.Patience);

        MarkedProcesses.Find(found => found.Instance == marker.Instance).Count.ShouldBe(2);
        var told = new List<StopNote>();
        var clock = new ManualClock();
        var sweeping = new StopLadder(clock)
            .SweepAsync(found => found.Instance == marker.Instance, told.Add, ChildOf.Patience);
        await ChildOf.UntilAsync(() => MarkedProcesses.Find(marker.Equals).Count == 1);
        await clock.WhenAwaited(StopLadder.SweepPatience).WaitAsync(ChildOf.Patience);
        clock.Advance(StopLadder.SweepPatience);
        var (swept, left) = await sweeping.WaitAsync(ChildOf.Patience);
        swept.Select(process => process.Name).ShouldBe(["sleep", "sleep"]);
        left.ShouldBeEmpty();
        told.OfType<StopNote.Swept>().Count(note => note.Signal == ChildSignal.Kill).ShouldBe(1);
        MarkedProcesses.Find(marker.Equals).ShouldBeEmpty();
    }

    [ChildFact]
    public async Task A_number_that_was_used_again_is_not_hit()
    {
        await using var child = ChildOf.OnPipes(ChildOf.Program("sleep", "1000"));
        ProcessHandle.TryOpen(child.Pid, child.StartTime - 1, TimeProvider.System).ShouldBeNull();
        ProcessHandle.TryOpenByNumber(child.Pid, child.StartTime - 1, TimeProvider.System).ShouldBeNull();

        using var handle = ProcessHandle.TryOpen(child.Pid, child.StartTime, TimeProvider.System)
            .ShouldNotBeNull();
        using var number = ProcessHandle.TryOpenByNumber(child.Pid, child.StartTime, TimeProvider.System)
            .ShouldNotBeNull();
        number.Signal(ChildSignal.Terminate).ShouldBeTrue();
        await handle.EndedAsync(CancellationToken.None).WaitAsync(ChildOf.Patience);
        await number.EndedAsync(CancellationToken.None).WaitAsync(ChildOf.Patience);
        await child.ExitAsync();
        handle.Signal(ChildSignal.Kill).ShouldBeFalse();
        number.Signal(ChildSignal.Kill).ShouldBeFalse();
    }

    [Fact]
    public void A_marker_is_read_from_an_environment_only_if_both_halves_are_there()
    {
        ProcessMarker.Read("A=1\0SOJOURN_SESSION=a b=c\0SOJOURN_INSTANCE=\u00e9\0"u8)
            .ShouldBe(new ProcessMarker("a b=c", "é"));
        ProcessMarker.Read("SOJOURN_SESSION=a\0XSOJOURN_INSTANCE=b\0"u8).ShouldBeNull();
        ProcessMarker.Read(""u8).ShouldBeNull();
    }

    private static IReadOnlyList<MarkedProcess> Found(ChildProgram program) =>
        MarkedProcesses.Find(program.Marker.Equals);
}
