using System.Globalization;

namespace Sojourn.Bench;

/// <summary>What this program does for its benchmarks as a process of its own.</summary>
internal static class OwnProcesses
{
    /// <returns>False if the arguments ask for nothing of that kind.</returns>
    public static async Task<bool> TryRunAsync(string[] args)
    {
        Task? running = args switch
        {
            [Attacker.Verb, var port, var key] => Attacker.RunAsync(int.Parse(port, CultureInfo.InvariantCulture), key),
            [StreamServer.Verb, var what, var directory] => StreamServer.RunAsync(what, directory),
            [AgentServer.Verb, var directory, var config] => AgentServer.RunAsync(directory, config),
            [PartyServer.Verb, var directory, var parties] =>
                PartyServer.RunAsync(directory, int.Parse(parties, CultureInfo.InvariantCulture)),
            [PartyBeats.Verb, var directory, var way, var seconds] =>
                PartyBeats.RunAsync(directory, way, double.Parse(seconds, CultureInfo.InvariantCulture)),
            _ => null,
        };
        if (running is not null)
            await running;
        return running is not null;
    }
}
