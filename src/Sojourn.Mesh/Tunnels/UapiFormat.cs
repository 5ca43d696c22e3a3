using System.Globalization;
using System.Net;
using System.Text;

namespace Sojourn.Mesh.Tunnels;

/// <summary>The words in which programs of WireGuard's are told what to do, over a socket of theirs. Pure.</summary>
internal static class UapiFormat
{
    /// <summary>Asks how everything is.</summary>
    public const string Ask = "get=1\n\n";

    /// <summary>Sets the tunnel's own key and port, and forgets all peers.</summary>
    /// <param name="privateKey">In hexadecimal.</param>
    /// <param name="port">0 for any.</param>
    public static string Begin(string privateKey, int port) => string.Create(CultureInfo.InvariantCulture,
        $"set=1\nprivate_key={privateKey}\nlisten_port={port}\nreplace_peers=true\n\n");

    public static string Set(TunnelPeer peer)
    {
        var text = new StringBuilder("set=1\n").Append("public_key=").Append(Hex(peer.PublicKey)).Append('\n');
        if (peer.EndPoint is not null)
            text.Append("endpoint=").Append(peer.EndPoint).Append('\n');
        if (peer.KeepAlive is { } pause)
        {
            // Switched on, and not changed, it is sent at once.
            if (peer.Greets)
                text.Append("persistent_keepalive_interval=0\n");
            text.Append(CultureInfo.InvariantCulture,
                $"persistent_keepalive_interval={(int)pause.TotalSeconds}\n");
        }

        if (peer.Address is not null)
            text.Append(CultureInfo.InvariantCulture, $"replace_allowed_ips=true\nallowed_ip={peer.Address}/32\n");
        return text.Append('\n').ToString();
    }

    public static string Remove(string publicKey) => $"set=1\npublic_key={Hex(publicKey)}\nremove=true\n\n";

    /// <summary>Reads an answer.</summary>
    /// <param name="answer">All lines of it.</param>
    /// <returns>The tunnel's port and its peers.</returns>
    /// <exception cref="MeshException">It says no, or is none.</exception>
    public static (int Port, IReadOnlyList<TunnelPeerStatus> Peers) Read(string answer)
    {
        var (port, peers) = (0, new List<TunnelPeerStatus>());
        long seconds = 0;
        string? error = null;
        foreach (var line in answer.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split('=', 2) is not [var name, var value])
                throw new MeshException($"WireGuard's program answered '{line}', which is not understood.");
            switch (name)
            {
                case "errno":
                    error = value;
                    break;
                case "listen_port":
                    port = (int)Number(value);
                    break;
                case "public_key":
                    seconds = 0;
                    peers.Add(new(Convert.ToBase64String(Convert.FromHexString(value)), null, null, 0, 0));
                    break;
                case "endpoint":
                    peers[^1] = peers[^1] with { EndPoint = IPEndPoint.TryParse(value, out var end) ? end : null };
                    break;
                case "last_handshake_time_sec":
                    seconds = Number(value);
                    break;
                case "last_handshake_time_nsec" when seconds > 0:
                    peers[^1] = peers[^1] with
                    {
                        LastHandshake = DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(Number(value) / 100),
                    };
                    break;
                case "rx_bytes":
                    peers[^1] = peers[^1] with { Received = Number(value) };
                    break;
                case "tx_bytes":
                    peers[^1] = peers[^1] with { Sent = Number(value) };
                    break;
                default:
                    // Newer programs tell more.
                    break;
            }
        }

        return error switch
        {
            "0" => (port, peers),
            null => throw new MeshException("WireGuard's program broke off in the middle of its answer."),
            _ => throw new MeshException($"WireGuard's program refuses (error {error})."),
        };
    }

    private static string Hex(string key) => Convert.ToHexStringLower(Convert.FromBase64String(key));

    private static long Number(string text) => long.Parse(text, NumberStyles.Integer, CultureInfo.InvariantCulture);
}
