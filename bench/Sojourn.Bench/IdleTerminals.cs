using System.Diagnostics;
using System.Globalization;

namespace Sojourn.Bench;

/// <summary>What a session with an idle shell costs its server in memory; the shells' own is not counted.</summary>
internal static class IdleTerminals
{
    private const int Most = 50;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static async Task RunAsync(string directory, bool isQuick)
    {
        _ = isQuick;
        await using var sojourn = await SojournTerminals.StartAsync("idle", Path.Combine(directory, "idle"));
        // What the first sessions bring into memory for good is no session's.
        await OpenAsync(sojourn, 5, FillAsync);
        await sojourn.RestAsync();
        var (heap, all) = (await sojourn.RestAsync(), sojourn.WorkingSet);
        var idle = await OpenAsync(sojourn, Most, _ => Task.CompletedTask);
        var (idleHeap, idleAll) = (await sojourn.RestAsync(), sojourn.WorkingSet);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Memory of the server a session, {idle} idle shells that nobody watches; KiB"));
        Tell("Sojourn, a shell that has greeted", idle, idleAll - all, idleHeap - heap);
        var full = await OpenAsync(sojourn, Most, FillAsync);
        var (fullHeap, fullAll) = (await sojourn.RestAsync(), sojourn.WorkingSet);
        Tell("Sojourn, each with 1,000 full lines above the screen", full, fullAll - idleAll, fullHeap - idleHeap);
        await TmuxAsync(directory);
    }

    private static async Task TmuxAsync(string directory)
    {
        await using var tmux = TmuxTerminals.TryMake(Path.Combine(directory, "idle-tmux"), history: 1000);
        if (tmux is null)
        {
            return;
        }

        var terminals = new List<BenchTerminal> { await tmux.OpenAsync(BenchProgram.Shell) };
        await FillAsync(terminals[0]);
        var before = tmux.WorkingSet();
        await OpenAsync(tmux, Most, Keep);
        var greeted = tmux.WorkingSet();
        Tell("tmux, a shell that has greeted", Most, greeted - before, null);
        foreach (var terminal in terminals.Skip(1))
        {
            await FillAsync(terminal);
        }

        Tell("tmux, each with 1,000 full lines above the screen", Most, tmux.WorkingSet() - before, null);
        foreach (var terminal in terminals)
        {
            await terminal.DisposeAsync();
        }

        Task Keep(BenchTerminal terminal)
        {
            terminals.Add(terminal);
            return Task.CompletedTask;
        }
    }

    private static Task FillAsync(BenchTerminal terminal) =>
        terminal.RunAsync("for i in {1..1100}; do printf '%079d\\n' $i; done");

    /// <returns>How many there were time for.</returns>
    private static async Task<int> OpenAsync(TerminalHost host, int most, Func<BenchTerminal, Task> use)
    {
        var began = Stopwatch.GetTimestamp();
        var count = 0;
        for (; count < most && Stopwatch.GetElapsedTime(began) < Patience; count++)
        {
            var terminal = await host.OpenAsync(BenchProgram.Shell);
            await use(terminal);
            if (terminal is AttachedTerminal)
            {
                // Its session stays.
                await terminal.DisposeAsync();
            }
        }

        return count;
    }

    private static void Tell(string what, int count, long all, long? heap)
    {
        string PerSession(long bytes) => (bytes / 1024.0 / count).ToString("N1", CultureInfo.InvariantCulture);
        var managed = heap is { } known ? $"   managed heap {PerSession(known),8}" : "";
        Console.WriteLine($"  {what,-52} working set {PerSession(all),8}{managed}");
    }
}
