using System.Net;

namespace Sojourn.Mesh.Ports;

/// <summary>
/// A UDP port that datagrams of ours are sent from and received at. A tunnel may have the same port at the same time.
/// </summary>
internal interface IUdpPort : IAsyncDisposable
{
    /// <summary>Its number.</summary>
    int Number { get; }

    /// <summary>Whether it also sends and receives by IPv6.</summary>
    bool HasIpv6 { get; }

    /// <summary>
    /// Takes what is received, one datagram after another, on a thread of the port's. Set once, before the first is
    /// sent; what comes earlier is dropped. It must not throw, nor keep the bytes.
    /// </summary>
    UdpReceiver? Receiver { get; set; }

    /// <summary>Sends a datagram; one that cannot be sent is lost, as on the way.</summary>
    /// <param name="bytes">What it holds.</param>
    /// <param name="to">Where to.</param>
    /// <param name="hops">How many routers it may pass; 0 for as many as there are.</param>
    void Send(ReadOnlySpan<byte> bytes, IPEndPoint to, int hops = 0);
}

/// <summary>Takes a datagram.</summary>
/// <param name="bytes">What it holds.</param>
/// <param name="from">Where it comes from.</param>
internal delegate void UdpReceiver(ReadOnlySpan<byte> bytes, IPEndPoint from);
