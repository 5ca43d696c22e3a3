using System.Diagnostics;
using System.Globalization;
using Sojourn.Kinds.Agents.Processes;
using Sojourn.Testing;

namespace Sojourn.Tests.Agents.Processes;

/// <summary>What is left in this process, which other tests would change if they ran meanwhile.</summary>
[Collection(Alone.Name)]
public sealed class TracelessTests
{
    [ChildFact]
    public async Task Two_hundred_programs_leave_no_descriptor_and_no_thread()
    {
        await CycleAsync(0);
        var (descriptors, threads) = (Descriptors(), Threads());
        for (var round = 0; round < 200; round++)
        {
            await CycleAsync(round);
            Should.Throw<ChildStartException>(() => ChildOf.OnTerminal(ChildOf.Program("/proc/self/environ")));
        }

        // Fewer there may be: what earlier tests forgot is cleared away some time.
        Descriptors().Except(descriptors).ShouldBeEmpty();
        Threads().ShouldBeLessThanOrEqualTo(threads);
    }

    [ChildFact]
    public async Task Fifty_programs_that_are_stopped_in_the_middle_leave_nothing()
    {
        await CycleAsync(0);
        var (descriptors, threads) = (Descriptors(), Threads());
        const int Seed = 20260;
        var dice = new Random(Seed);
        var instance = ChildOf.NewMarker().Instance;
        var orders = Enumerable.Range(0, 50).Select(each =>
        {
            var program = ChildOf.Bash(Scripts[dice.Next(Scripts.Length)]);
            program = program with { Marker = new ProcessMarker($"{each}", instance) };
            var child = dice.Next(2) == 0 ? ChildOf.OnTerminal(program) : ChildOf.OnPipes(program);
            IReadOnlyList<StopStep> steps = [.. StopOrder.Gently.Where(_ => dice.Next(2) == 0)
                .Select(step => step with { Wait = TimeSpan.FromMilliseconds(dice.Next(50)) })];
            return new StopOrder(child, steps);
        }).ToList();
        Threads().ShouldBeLessThanOrEqualTo(threads, "A thread for each is one too many.");

        var readers = orders.Where(_ => dice.Next(2) == 0).Select(order => order.Child.AllBytesAsync()).ToList();
        var outcomes = await new StopLadder(TimeProvider.System).StopAllAsync(orders, ChildOf.Patience);
        outcomes.ShouldAllBe(outcome => outcome.Exit != null && outcome.Left.Count == 0, $"Seed {Seed}");
        await Task.WhenAll(readers);
        foreach (var order in orders)
        {
            await order.Child.DisposeAsync();
        }

        MarkedProcesses.Find(marker => marker.Instance == instance).ShouldBeEmpty();
        // Fewer there may be: what earlier tests forgot is cleared away some time.
        Descriptors().Except(descriptors).ShouldBeEmpty();
        Threads().ShouldBeLessThanOrEqualTo(threads);
    }

    [ChildFact]
    public async Task Orphans_are_adopted_and_their_ends_are_taken_note_of()
    {
        using var subreaper = Subreaper.TryBecome(TimeProvider.System).ShouldNotBeNull();
        await using var child = ChildOf.OnPipes(ChildOf.Bash("(sleep 1000 >&- & echo $!)"));
        var orphan = int.Parse(await child.AllOutputAsync(), CultureInfo.InvariantCulture);
        await child.ExitAsync();
        ProcessTable.Find(orphan).ShouldNotBeNull().Parent.ShouldBe(Environment.ProcessId);

        await child.Program.SweepAsync();
        await ChildOf.UntilAsync(() => ProcessTable.Find(orphan) is null);
    }

    [ChildFact]
    public async Task Orphans_that_lead_sessions_are_left_alone_until_it_is_sure_that_nobody_asks_for_them()
    {
        var clock = new ManualClock();
        using var subreaper = Subreaper.TryBecome(clock).ShouldNotBeNull();
        var first = await EndedLeaderAsync();
        clock.Advance(AdoptedZombies.Doubt / 2);
        var second = await EndedLeaderAsync();

        clock.Advance(AdoptedZombies.Doubt / 2);
        Reaper.Shared.Look();
        ProcessTable.Find(first).ShouldBeNull();
        ProcessTable.Find(second).ShouldNotBeNull().IsZombie.ShouldBeTrue();

        clock.Advance(AdoptedZombies.Doubt);
        ProcessTable.Find(second).ShouldBeNull();
    }

    [ChildFact]
    public async Task Programs_of_other_code_keep_their_exit_codes_while_orphans_are_adopted()
    {
        using var subreaper = Subreaper.TryBecome(TimeProvider.System).ShouldNotBeNull();
        var theirs = Enumerable.Range(0, 20).Select(async each =>
        {
            using var process = Process.Start("setsid", ["sh", "-c", $"(exit 1 &); exit {each}"]);
            await process.WaitForExitAsync().WaitAsync(ChildOf.Patience);
            return process.ExitCode;
        }).ToList();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(CycleAsync));
        (await Task.WhenAll(theirs)).ShouldBe(Enumerable.Range(0, 20));
    }

    private static readonly string[] Sorts = ["pipe:", "ptmx", "[pidfd]", "[eventpoll]"];

    private static readonly string[] Scripts =
    [
        "exit 0",
        "cat",
        "trap '' TERM INT HUP; while :; do sleep 0.02; done",
        "setsid sleep 1000 & wait",
        "(trap '' TERM; setsid sleep 1000 & ); cat",
        "yes & cat",
    ];

    /// <summary>
    /// An orphan that has ended, and that the reaper has seen so: the system's own word of it may come later than the
    /// test goes on, and then its doubt would begin later, too.
    /// </summary>
    private static async Task<int> EndedLeaderAsync()
    {
        await using var child = ChildOf.OnPipes(ChildOf.Bash("(setsid sleep 1000 >&- & echo $!)"));
        var orphan = int.Parse(await child.AllOutputAsync(), CultureInfo.InvariantCulture);
        await child.ExitAsync();
        await ChildOf.UntilAsync(() => ProcessTable.Find(orphan) is { } entry && entry.Session == orphan);
        await child.Program.SweepAsync();
        Reaper.Shared.Look();
        ProcessTable.Find(orphan).ShouldNotBeNull().IsZombie.ShouldBeTrue();
        return orphan;
    }

    private static async Task CycleAsync(int round)
    {
        var program = ChildOf.Bash("echo here; read line");
        await using var child = round % 2 == 0 ? ChildOf.OnTerminal(program) : ChildOf.OnPipes(program);
        await child.OutputUntilAsync("here");
        if (round % 3 != 0)
        {
            await child.TypeAsync("\n");
            await child.AllOutputAsync();
            await child.ExitAsync();
        }
    }

    /// <summary>Those of the sorts that children are connected by.</summary>
    private static List<string> Descriptors() => [.. new DirectoryInfo("/proc/self/fd").GetFiles()
        .Select(link => $"{link.Name} {link.LinkTarget}")
        .Where(link => Sorts.Any(sort => link.Contains(sort, StringComparison.Ordinal)))];

    /// <summary>How many there are, without the runtime's own, of which it has now more and now fewer.</summary>
    private static int Threads() => Directory.GetDirectories("/proc/self/task")
        .Count(task => !TryRead(Path.Combine(task, "comm")).StartsWith(".NET", StringComparison.Ordinal));

    private static string TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            // A thread that has ended meanwhile is one of those that do not count.
            return ".NET";
        }
    }
}
