using System.Net.Sockets;

namespace Sojourn.Mesh.Ports;

/// <summary>Has a socket send what passes few routers only, as long as it lasts. Not for several senders at once.
/// </summary>
internal readonly ref struct FewHops
{
    private readonly Socket? _socket;
    private readonly short _before;

    /// <param name="socket">The socket.</param>
    /// <param name="hops">How many; 0 for as many as there are.</param>
    public FewHops(Socket socket, int hops)
    {
        if (hops == 0)
            return;
        (_socket, _before) = (socket, socket.Ttl);
        socket.Ttl = (short)hops;
    }

    public void Dispose() => _socket?.Ttl = _before;
}
