using System.Net;
using System.Net.NetworkInformation;
using Sojourn.Mesh.Ports;

namespace Sojourn.Mesh.Nat;

/// <summary>
/// Finds out what a NAT does, by RFC 5780: how servers see one port, and whether what comes from where nobody was asked
/// gets in. Nothing waits for it: what is seen first is told at once.
/// </summary>
/// <param name="client">Asks from the port that matters.</param>
/// <param name="openPort">Opens a port that nobody was asked from yet.</param>
/// <param name="time">The clock to give up by.</param>
internal sealed class NatTest(StunClient client, Func<IUdpPort> openPort, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Asks all servers at once.</summary>
    /// <param name="servers">
    /// At least one. Those of a server with two ports, and better two addresses, tell more.
    /// </param>
    /// <param name="changesPort">
    /// Whether the first of them answers from another port if asked to, even if it has no other address.
    /// </param>
    /// <param name="stop">Gives up.</param>
    public async Task<NatFinding> RunAsync(
        IReadOnlyList<IPEndPoint> servers, bool changesPort = true, CancellationToken stop = default)
    {
        var first = servers[0];
        var elsewhere = AskAsync(first, StunChange.Address | StunChange.Port, isSure: false, stop);
        var otherPort = AskAsync(first, StunChange.Port, isSure: changesPort, stop);
        var asked = new List<Task<IPEndPoint?>>();
        foreach (var server in servers)
        {
            // One after the other leaves, so that ports that are given out in order show it.
            asked.Add(SeenAsync(server, stop));
        }

        var seen = await Task.WhenAll(asked);
        var answering = servers.Where((_, at) => seen[at] is not null).Select(server => server.Address).Distinct();
        return new NatFinding(
            LocalAddresses(), seen, answering.Count() > 1, await elsewhere, await otherPort);
    }

    /// <summary>The addresses of this machine.</summary>
    public static IReadOnlyCollection<IPAddress> LocalAddresses() =>
    [
        .. NetworkInterface.GetAllNetworkInterfaces()
            .Where(each => each.OperationalStatus == OperationalStatus.Up)
            .SelectMany(each => each.GetIPProperties().UnicastAddresses)
            .Select(each => each.Address),
    ];

    private async Task<IPEndPoint?> SeenAsync(IPEndPoint server, CancellationToken stop) =>
        (await client.AskAsync(server, StunChange.None, Patience, stop))?.Mapped;

    /// <summary>From a port of its own, that nobody else was asked from.</summary>
    /// <returns>Null if the server cannot do that, or does not answer at all.</returns>
    private async Task<bool?> AskAsync(IPEndPoint server, StunChange change, bool isSure, CancellationToken stop)
    {
        await using var port = openPort();
        var fresh = new StunClient(port, time);
        port.Receiver = (bytes, from) => fresh.TryTake(bytes, from);
        var plain = fresh.AskAsync(server, StunChange.None, Patience, stop);
        var changed = await fresh.AskAsync(server, change, Patience, stop);
        if (changed is not null)
            return true;
        // A server that has another address says so.
        return await plain is { } answer && (isSure || answer.Other is not null) ? false : null;
    }
}
