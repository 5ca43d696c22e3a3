using System.Globalization;
using System.Text;

namespace Sojourn.Bench;

/// <summary>
/// How fast a program's output goes through: from before the command is typed until a mark that follows the output has
/// come to whoever watches.
/// </summary>
internal static class TerminalFlood
{
    private const int Rounds = 3;
    private const string Line = "The lighthouse keeper counts the ships that pass, and writes each of them down.\n";

    public static async Task RunAsync(List<TerminalHost> hosts, string directory, bool isQuick)
    {
        var bytes = isQuick ? 10_000_000 : 100_000_000;
        // So short are its lines that each byte takes the system itself ten times as long.
        var yes = bytes / 5;
        var text = TextFile(directory, bytes);
        var terminals = new Dictionary<TerminalHost, BenchTerminal>();
        foreach (var host in hosts)
        {
            terminals[host] = await host.OpenAsync(BenchProgram.Shell);
            // In its first moments a server is busy with being compiled.
            await terminals[host].RunAsync(Invariant($"head -c {bytes / 5} {text}"));
            await terminals[host].RunAsync(Invariant($"yes | head -c {yes / 5}"));
        }

        await CompareAsync("`cat` of a text", bytes, terminals, $"cat {text}");
        await CompareAsync("`yes`", yes, terminals, Invariant($"yes | head -c {yes}"));
        foreach (var terminal in terminals.Values)
        {
            await terminal.DisposeAsync();
        }
    }

    /// <summary>A file of lines that fill a terminal's width but for one column.</summary>
    public static string TextFile(string directory, int bytes)
    {
        var path = Path.Combine(directory, "text");
        using var file = File.Create(path);
        var line = Encoding.ASCII.GetBytes(Line);
        for (var left = bytes; left > 0; left -= line.Length)
        {
            file.Write(line.AsSpan(0, Math.Min(left, line.Length)));
        }

        return path;
    }

    private static async Task CompareAsync(
        string what, int bytes, Dictionary<TerminalHost, BenchTerminal> terminals, string command)
    {
        var took = terminals.Keys.ToDictionary(host => host, _ => new List<double>());
        var before = terminals.ToDictionary(each => each.Key, each => (each.Value.Bytes, each.Value.Pictures));
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (host, terminal) in terminals)
            {
                took[host].Add(await terminal.RunAsync(command));
            }
        }

        Console.WriteLine(Invariant($"{what}, {bytes / 1e6:N0} MB, until its end has come; median of {Rounds}"));
        var limit = AgentTerminals.Rank(took.First().Value, 0.5);
        foreach (var (host, all) in took)
        {
            var median = AgentTerminals.Rank(all, 0.5);
            var came = (terminals[host].Bytes - before[host].Bytes) / 1e6 / Rounds;
            var pictures = (terminals[host].Pictures - before[host].Pictures) / (double)Rounds;
            Console.WriteLine(Invariant($"  {host.Name,-42} {bytes / 1e3 / median,7:N1} MB/s {median / limit,7:0.00}x")
                + Invariant($"   {came,6:N1} MB came{(pictures > 0 ? Invariant($", {pictures:N1} pictures") : "")}"));
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
