using System.Globalization;
using System.Text;

namespace Sojourn.Bench;

/// <summary>
/// How long a key takes from before it is typed until it is shown: one after another at one terminal, alone and beside
/// others that get a key now and then.
/// </summary>
internal static class KeyEcho
{
    private const int Others = 49, WarmUp = 300;

    // None of these occurs in what tmux draws beside them.
    private const string Keys = "vwyz";

    private static readonly TimeSpan OtherEvery = TimeSpan.FromMilliseconds(10);

    public static async Task RunAsync(List<TerminalHost> hosts, bool isQuick)
    {
        var count = isQuick ? 200 : 1000;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"A key until it is shown, {count:N0} keys one after another; milliseconds"));
        foreach (var host in hosts)
        {
            await using var typed = await host.OpenAsync(BenchProgram.Cat);
            _ = await TypeAsync(typed, WarmUp);
            Tell(host.Name + ", 1 session", await TypeAsync(typed, count));
        }

        foreach (var host in hosts)
        {
            var others = new List<BenchTerminal>();
            for (var i = 0; i < Others; i++)
            {
                others.Add(await host.OpenAsync(BenchProgram.Cat));
            }

            await using var typed = await host.OpenAsync(BenchProgram.Cat);
            using var enough = new CancellationTokenSource();
            var typing = TypeNowAndThenAsync(others, enough.Token);
            _ = await TypeAsync(typed, WarmUp);
            var took = await TypeAsync(typed, count);
            await enough.CancelAsync();
            await typing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Tell(host.Name + ", 50 sessions", took);
            foreach (var other in others)
            {
                await other.DisposeAsync();
            }
        }
    }

    private static async Task<List<double>> TypeAsync(BenchTerminal terminal, int count)
    {
        var took = new List<double>(count);
        for (var i = 0; i < count; i++)
        {
            var key = Keys[i % Keys.Length].ToString();
            took.Add(await terminal.TypeUntilAsync(key, key));
        }

        // A line that is never ended takes no more keys at some point.
        _ = await terminal.TypeUntilAsync("\r", "\n");
        return took;
    }

    private static async Task TypeNowAndThenAsync(List<BenchTerminal> terminals, CancellationToken enough)
    {
        using var timer = new PeriodicTimer(OtherEvery);
        for (var i = 0; await timer.WaitForNextTickAsync(enough); i++)
        {
            await terminals[i % terminals.Count].TypeAsync(Encoding.ASCII.GetBytes("k"));
        }
    }

    private static void Tell(string what, List<double> took) => Console.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"  {what,-52} p50 {AgentTerminals.Rank(took, 0.5),7:0.000}"
            + $"   p99 {AgentTerminals.Rank(took, 0.99),7:0.000}   slowest {took.Max(),7:0.00}"));
}
