using System.Net;
using System.Net.Sockets;

namespace Sojourn.Mesh.Ports;

/// <summary>
/// The port of a tunnel, used beside it by raw sockets: what leaves has the tunnel's port, and so the same way through
/// a NAT; what is not WireGuard's own is received. Needs the capability CAP_NET_RAW, and Linux.
/// </summary>
internal sealed class SharedPort : IUdpPort
{
    private readonly RawUdp _four;
    private readonly RawUdp? _six;

    private SharedPort(int number)
    {
        Number = number;
        _four = RawUdp.Open(AddressFamily.InterNetwork, number, Take);
        try
        {
            _six = RawUdp.Open(AddressFamily.InterNetworkV6, number, Take);
        }
        catch (SocketException)
        {
            // A kernel without IPv6.
        }
    }

    public int Number { get; }

    public bool HasIpv6 => _six is not null;

    public UdpReceiver? Receiver { get; set; }

    /// <summary>Opens the port beside whoever has it.</summary>
    /// <exception cref="MeshException">That is not allowed here.</exception>
    public static SharedPort Open(int number)
    {
        try
        {
            return new SharedPort(number);
        }
        catch (SocketException forbidden)
        {
            throw new MeshException("Sharing the tunnel's port needs the capability CAP_NET_RAW, that is, root, and "
                + $"Linux: {forbidden.Message}.", forbidden);
        }
    }

    public void Send(ReadOnlySpan<byte> bytes, IPEndPoint to, int hops = 0) =>
        (to.AddressFamily == AddressFamily.InterNetwork ? _four : _six)?.Send(bytes, to, hops);

    public async ValueTask DisposeAsync()
    {
        await _four.DisposeAsync();
        if (_six is not null)
            await _six.DisposeAsync();
    }

    private void Take(ReadOnlySpan<byte> bytes, IPEndPoint from) => Receiver?.Invoke(bytes, from);
}
