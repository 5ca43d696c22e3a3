namespace Sojourn.Bench;

/// <summary>
/// Terminals of agents' sessions, beside a pseudo-terminal that is read and no more, and beside tmux. Each server has a
/// process of its own on the same processors; whoever watches is in this one.
/// </summary>
internal static class AgentTerminals
{
    public static async Task RunAsync(double seconds)
    {
        var isQuick = seconds < 1;
        var directory = Directory.CreateTempSubdirectory("sojourn-bench-").FullName;
        try
        {
            await FloodAndTypeAsync(directory, isQuick);
            await AttachTimes.RunAsync(directory, isQuick);
            await IdleTerminals.RunAsync(directory, isQuick);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>The most that can be set: nothing is held up.</summary>
    public static IReadOnlyDictionary<string, long> Unpaced { get; } =
        new Dictionary<string, long> { ["OutputBytesPerSecond"] = 1 << 30 };

    public static double Rank(List<double> all, double share) => all.Order().ElementAt((int)((all.Count - 1) * share));

    private static async Task FloodAndTypeAsync(string directory, bool isQuick)
    {
        string In(string folder) => Path.Combine(directory, folder);
        await using var bare = new BareTerminals();
        await using var tmux = TmuxTerminals.TryMake(In("tmux"), history: 1000);
        await using var sojourn = await SojournTerminals.StartAsync("Sojourn", In("plain"));
        await using var unpaced = await SojournTerminals.StartAsync(
            "Sojourn, raised to 1 GiB/s", In("unpaced"), Unpaced);
        await TerminalFlood.RunAsync(Present(bare, tmux, sojourn, unpaced), directory, isQuick);
        await KeyEcho.RunAsync(Present(bare, tmux, sojourn), isQuick);
    }

    private static List<TerminalHost> Present(params TerminalHost?[] hosts) => [.. hosts.OfType<TerminalHost>()];
}
