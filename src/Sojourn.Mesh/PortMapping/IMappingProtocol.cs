using System.Net;
using System.Net.Sockets;

namespace Sojourn.Mesh.PortMapping;

/// <summary>A way to ask a router to open a UDP port.</summary>
internal interface IMappingProtocol
{
    /// <summary>What people call it.</summary>
    string Name { get; }

    /// <summary>Asks for a port, or for the same one for longer.</summary>
    /// <param name="wish">Which.</param>
    /// <param name="giveUp">When to stop waiting.</param>
    /// <returns>What was opened; null if the router says no, or nothing.</returns>
    Task<PortLease?> MapAsync(PortWish wish, CancellationToken giveUp);

    /// <summary>Gives it back, as far as that can be done before giving up.</summary>
    Task UnmapAsync(PortWish wish, PortLease lease, CancellationToken giveUp);
}

/// <summary>What is to be opened.</summary>
/// <param name="Gateway">Whom to ask.</param>
/// <param name="Port">The port of this machine.</param>
/// <param name="Outer">The one outside that is liked best.</param>
/// <param name="For">For how long; whole seconds.</param>
internal sealed record PortWish(Gateway Gateway, int Port, int Outer, TimeSpan For);

/// <summary>What a router has opened.</summary>
/// <param name="Outer">The address and port outside.</param>
/// <param name="For">For how long from its answer on; <see cref="TimeSpan.MaxValue"/> for ever.</param>
internal sealed record PortLease(IPEndPoint Outer, TimeSpan For);

/// <summary>Opens sockets for talking with a router.</summary>
internal delegate Task<Socket> SocketOpener(SocketType type);
