using System.Diagnostics;
using System.Globalization;

namespace Sojourn.Bench;

/// <summary>
/// How long it takes to attach to a session that has drawn much, from before the connection until what draws its screen
/// has come.
/// </summary>
internal static class AttachTimes
{
    private const int Rounds = 20;
    private const string Mark = "all-of-it-was-drawn";

    public static async Task RunAsync(string directory, bool isQuick)
    {
        var bytes = isQuick ? 5_000_000 : 50_000_000;
        var text = TerminalFlood.TextFile(directory, bytes);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Attaching to a session with {bytes / 1e6:N0} MB of history, {Rounds} times; milliseconds"));
        await using (var tmux = TmuxTerminals.TryMake(Path.Combine(directory, "history-tmux"), bytes / 80))
        {
            if (tmux is not null)
            {
                await using var shell = await tmux.OpenAsync(BenchProgram.Shell);
                await shell.RunAsync($"cat {text}; echo {Mark}");
                await MeasureAsync("tmux, which sends the screen alone", () => tmux.Attach(Mark));
            }
        }

        var settings = new Dictionary<string, long>(AgentTerminals.Unpaced) { ["MaxOutputBytes"] = 256 << 20 };
        await using var sojourn = await SojournTerminals.StartAsync(
            "history", Path.Combine(directory, "history"), settings);
        await using var attached = (AttachedTerminal)await sojourn.OpenAsync(BenchProgram.Shell);
        await attached.RunAsync($"cat {text}; echo {Mark}");
        await MeasureAsync("Sojourn, with 1,000 lines above the screen", () => sojourn.Attach(attached.Id, Mark));
        await sojourn.Client.SendAsync("agent", attached.Id, "stop");
        while ((await sojourn.Client.GetAsync("agent", attached.Id)).Status != "ended")
        {
            await Task.Delay(50);
        }

        await MeasureAsync("the same, once its program has ended", () => sojourn.Attach(attached.Id, Mark));
    }

    private static async Task MeasureAsync(string what, Func<BenchTerminal> attach)
    {
        var took = new List<double>();
        var bytes = 0L;
        // The first is for the compiler.
        for (var round = -1; round < Rounds; round++)
        {
            var began = Stopwatch.GetTimestamp();
            await using var terminal = attach();
            await terminal.Ready;
            if (round >= 0)
            {
                took.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }

            bytes = terminal.Bytes;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {what,-52} p50 {AgentTerminals.Rank(took, 0.5),7:0.0}   slowest {took.Max(),7:0.0}"
            + $"   {bytes / 1024.0,7:N1} KiB sent"));
    }
}
