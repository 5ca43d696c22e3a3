using System.Globalization;
using Sojourn.Kinds.Agents;
using Sojourn.Kinds.Agents.Driving;
using Sojourn.Kinds.Agents.Processes;
using Sojourn.Tests.Agents.Processes;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Agents;

/// <summary>Which programs a server that starts takes for its own, left by one that is no more.</summary>
public sealed class SurvivorTests : IDisposable
{
    private static readonly SessionKey Key = new("agent", OwnerId.Local, SessionId.Parse("left-behind"));

    private readonly ScratchDirectory _scratch = new();

    [ProgramFact]
    public async Task What_a_crashed_server_left_is_found_when_its_directory_was_moved_or_is_reached_by_a_link()
    {
        var (first, moved, link) = (At("first"), At("moved"), At("link"));
        await using var before = Left(first);
        Directory.Move(first, moved);
        await SweepAsync(moved);
        (await before.ExitAsync()).Signal.ShouldBe(15);

        await using var then = Left(moved);
        Directory.CreateSymbolicLink(link, moved);
        await SweepAsync(link);
        (await then.ExitAsync()).Signal.ShouldBe(15);
    }

    [ProgramFact]
    public async Task What_another_server_runs_is_left_alone()
    {
        await using var theirs = Left(At("theirs"));

        await SweepAsync(At("ours"));

        ProcessTable.Find(theirs.Pid)!.Value.IsZombie.ShouldBeFalse();
        await theirs.Program.SweepAsync();
    }

    [ProgramFact]
    public async Task A_server_on_a_copy_of_the_directory_keeps_its_programs_while_it_lives()
    {
        const string Store = "0123456789abcdef", Ours = Store + ".1.1.ours";
        await using var server = ChildOf.OnPipes(ChildOf.Program("sleep", "1000"));
        var (alive, another) = (InstanceOf(server.StartTime), InstanceOf(server.StartTime + 1));

        ServerInstance.IsLeftBehind(alive, Store, Ours).ShouldBeFalse();
        // Its number was used again.
        ServerInstance.IsLeftBehind(another, Store, Ours).ShouldBeTrue();
        ServerInstance.IsLeftBehind(another, "another", Ours).ShouldBeFalse();
        ServerInstance.IsLeftBehind(Ours, Store, Ours).ShouldBeFalse();
        server.Signal(ChildSignal.Kill);
        await server.ExitAsync();
        ServerInstance.IsLeftBehind(alive, Store, Ours).ShouldBeTrue();

        string InstanceOf(ulong startTime) =>
            string.Create(CultureInfo.InvariantCulture, $"{Store}.{server.Pid}.{startTime}.theirs");
    }

    [Fact]
    public void Two_that_start_at_once_agree_on_the_stores_name_and_a_spoilt_one_is_told()
    {
        var directory = At("shared");
        var names = new string[16];
        Parallel.For(0, names.Length, i => names[i] = StoreName.In(directory));
        names.ShouldAllBe(name => name == names[0]);
        Directory.EnumerateFiles(directory).ShouldHaveSingleItem();

        File.WriteAllText(Path.Combine(directory, "store"), "");
        Should.Throw<SojournException>(() => StoreName.In(directory)).Message.ShouldContain("holds no name");
    }

    public void Dispose() => _scratch.Dispose();

    private string At(string name) => Path.Combine(_scratch.Path, name);

    private static AgentHost HostOf(string directory) => new(new AgentOptions(), directory, TimeProvider.System);

    /// <summary>A program of a server that has ended without a chance to end it.</summary>
    private static ChildProcess Left(string directory)
    {
        using var host = HostOf(directory);
        return ChildOf.OnPipes(ChildOf.Program("sleep", "1000") with { Marker = host.MarkerOf(Key) });
    }

    private static async Task SweepAsync(string directory)
    {
        using var host = HostOf(directory);
        await host.SweepAsync().WaitAsync(ChildOf.Patience);
    }
}
