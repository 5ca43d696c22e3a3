using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Sojourn.Client;
using Sojourn.Client.Parties;
using Sojourn.Mesh.Nat;
using Sojourn.Mesh.Ports;
using Sojourn.Mesh.Tunnels;
using Sojourn.Parties;

namespace Sojourn.Mesh;

/// <summary>What a look at this machine's network has shown.</summary>
/// <param name="Check">What was looked at, in a word.</param>
/// <param name="IsGood">Whether it is as a party needs it.</param>
/// <param name="Message">What was found, as a sentence.</param>
/// <param name="Advice">What helps; null if nothing has to.</param>
public sealed record MeshFinding(string Check, bool IsGood, string Message, string? Advice = null);

/// <summary>Looks for what keeps this machine from a party's network, and for what its NAT does.</summary>
public static class MeshDoctor
{
    private const int NetAdmin = 12, NetRaw = 13;

    /// <summary>Whether this program may and can make a tunnel.</summary>
    public static ImmutableArray<MeshFinding> LookAtRights()
    {
        if (!OperatingSystem.IsLinux())
        {
            return [new("system", false, "Networks of parties need Linux.",
                "Join with --no-tunnel to hold a seat without a network.")];
        }

        var rights = ReadRights();
        return
        [
            Right(rights, NetAdmin, "CAP_NET_ADMIN", "make the network's interface"),
            Right(rights, NetRaw, "CAP_NET_RAW", "look for ways from the tunnel's own port"),
            .. LookAtDriver(),
            Program("ip", "iproute2"),
        ];
    }

    private static ImmutableArray<MeshFinding> LookAtDriver() =>
        KernelWireGuard.Knows() == true && SystemTool.IsThere(KernelWireGuard.Tool)
        ?
        [
            new("wireguard", true, "This kernel has WireGuard, and the program wg is there."),
        ]
        :
        [
            File.Exists("/dev/net/tun")
                ? new("tun", true, "There is /dev/net/tun.")
                : new("tun", false, "There is no /dev/net/tun, which tunnels need.", "Load it: sudo modprobe tun"),
            Program(WireGuardGo.Program, "wireguard-go"),
        ];

    /// <summary>What servers see of this machine.</summary>
    /// <param name="servers">STUN servers, <c>host:port</c>.</param>
    /// <param name="port">From which UDP port; 0 for any.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<NatReport> LookAtNatAsync(
        IEnumerable<string> servers, int port, TimeProvider time, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(servers);
        var places = (await Task.WhenAll(servers.Select(each => PlaceNames.FindAsync(each, stop))))
            .OfType<IPEndPoint>().ToList();
        if (places.Count == 0)
            return new(NatKind.Unknown, "there is no STUN server to ask");
        await using var own = new PlainPort(PlainPort.OpenSocket(port));
        var client = new StunClient(own, time);
        own.Receiver = (bytes, from) => client.TryTake(bytes, from);
        var test = new NatTest(client, () => new PlainPort(PlainPort.OpenSocket()), time);
        return (await test.RunAsync(places, stop: stop)).ToReport();
    }

    /// <summary>Where a party's server answers STUN.</summary>
    /// <exception cref="SojournClientException">It says no, or does not answer.</exception>
    public static Task<ImmutableArray<string>> FindServersAsync(
        SojournClientOptions options, CancellationToken giveUp = default) => PartySeat.StunAsync(options, giveUp);

    private static MeshFinding Right(ulong rights, int bit, string name, string use) => (rights >> bit & 1) == 1
        ? new(name, true, $"This program may {use}.")
        : new(name, false, $"This program may not {use}: it lacks the capability {name}.",
            "Run it as root (sudo), or join with --no-tunnel to hold a seat without a network.");

    private static MeshFinding Program(string name, string package) =>
        SystemTool.IsThere(name)
            ? new(name, true, $"The program {name} is there.")
            : new(name, false, $"The program {name} is not installed.", $"On Debian: sudo apt install {package}");

    private static ulong ReadRights()
    {
        const string name = "CapEff:";
        var line = File.ReadLines("/proc/self/status").First(each => each.StartsWith(name, StringComparison.Ordinal));
        return ulong.Parse(line.AsSpan(name.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
