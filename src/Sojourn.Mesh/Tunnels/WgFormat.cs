using System.Globalization;
using System.Net;

namespace Sojourn.Mesh.Tunnels;

/// <summary>What the tools <c>ip</c> and <c>wg</c> are told for a tunnel of the kernel's, and what they say. Pure.
/// </summary>
internal static class WgFormat
{
    private const int PeerFields = 8, OwnFields = 4;

    /// <summary>For <c>ip</c>: makes the interface.</summary>
    public static string[] Make(string name) => ["link", "add", "dev", name, "type", "wireguard"];

    /// <summary>For <c>ip</c>: switches it on, and with that has it take a port.</summary>
    public static string[] Up(string name) => ["link", "set", "dev", name, "up"];

    /// <summary>For <c>wg</c>: sets its port, and its key, which comes over standard input: all of this machine can
    /// read arguments.</summary>
    public static string[] Begin(string name, int port) =>
        ["set", name, "listen-port", Text(port), "private-key", "/dev/stdin"];

    /// <summary>For <c>wg</c>: adds a peer, or changes what is not null of one.</summary>
    public static string[] Set(string name, TunnelPeer peer) =>
    [
        "set", name, "peer", peer.PublicKey,
        .. peer.EndPoint is { } place ? (string[])["endpoint", place.ToString()] : [],
        .. peer.KeepAlive is { } pause ? (string[])["persistent-keepalive", Text((int)pause.TotalSeconds)] : [],
        .. peer.Address is { } address ? (string[])["allowed-ips", $"{address}/32"] : [],
    ];

    /// <summary>For <c>wg</c>: forgets a peer.</summary>
    public static string[] Remove(string name, string publicKey) => ["set", name, "peer", publicKey, "remove"];

    /// <summary>For <c>wg</c>: asks how everything is. The answer has the private key in it.</summary>
    public static string[] Ask(string name) => ["show", name, "dump"];

    /// <summary>Whether <c>ip</c> means that this kernel knows no WireGuard.</summary>
    public static bool IsUnknown(string complaint) =>
        complaint.Contains("Unknown device type", StringComparison.OrdinalIgnoreCase)
        || complaint.Contains("not supported", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads what <c>wg</c> says when asked: a line of its own, and one for each peer.</summary>
    /// <exception cref="MeshException">It is none of that.</exception>
    public static (int Port, IReadOnlyList<TunnelPeerStatus> Peers) Read(string dump)
    {
        var lines = dump.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        // What is not understood is not shown: it may have the key in it.
        if (lines is not [var first, .. var others] || first.Split('\t') is not { Length: OwnFields } own
            || !int.TryParse(own[2], NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            throw new MeshException("'wg' answered something that is not understood.");
        }

        return (port, [.. others.Select(ReadPeer)]);
    }

    private static TunnelPeerStatus ReadPeer(string line)
    {
        if (line.Split('\t') is not { Length: PeerFields } fields || !TryNumber(fields[4], out var seconds)
            || !TryNumber(fields[5], out var received) || !TryNumber(fields[6], out var sent))
        {
            throw new MeshException("'wg' told of a peer something that is not understood.");
        }

        return new TunnelPeerStatus(
            fields[0], IPEndPoint.TryParse(fields[2], out var place) ? place : null,
            seconds > 0 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null, received, sent);
    }

    private static bool TryNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
