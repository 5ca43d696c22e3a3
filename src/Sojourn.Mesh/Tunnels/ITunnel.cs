using System.Net;

namespace Sojourn.Mesh.Tunnels;

/// <summary>
/// An interface of WireGuard's on this machine, whoever drives it. Disposing takes it away, with all that came with it.
/// </summary>
internal interface ITunnel : IAsyncDisposable
{
    /// <summary>What the operating system calls it.</summary>
    string Interface { get; }

    /// <summary>The UDP port it sends from and receives at.</summary>
    int Port { get; }

    /// <summary>What drives it, for people: <c>kernel</c> or <c>wireguard-go</c>.</summary>
    string Driver { get; }

    /// <summary>Gives the interface its address and its route, and switches it on.</summary>
    /// <param name="address">Its own.</param>
    /// <param name="network">The addresses that are reached through it, as <c>10.66.0.0/24</c>.</param>
    /// <param name="mtu">The longest packet through it, in bytes.</param>
    /// <exception cref="MeshException">That was refused.</exception>
    Task UpAsync(IPAddress address, string network, int mtu);

    /// <summary>
    /// Begins it again after whatever drove it has died: with the same key, port, addresses and length, and without
    /// peers.
    /// </summary>
    /// <exception cref="MeshException">It cannot be.</exception>
    Task BeginAgainAsync(CancellationToken giveUp = default);

    /// <summary>Adds a peer, or changes what is not null of one.</summary>
    /// <exception cref="MeshException">The tunnel is gone, or refuses.</exception>
    Task SetAsync(TunnelPeer peer, CancellationToken giveUp = default);

    /// <summary>Forgets a peer; nothing happens if there is none.</summary>
    /// <exception cref="MeshException">The tunnel is gone.</exception>
    Task RemoveAsync(string publicKey, CancellationToken giveUp = default);

    /// <summary>How the peers do.</summary>
    /// <exception cref="MeshException">The tunnel is gone.</exception>
    Task<IReadOnlyList<TunnelPeerStatus>> AskAsync(CancellationToken giveUp = default);
}

/// <summary>A peer of a tunnel. What is null stays as it is.</summary>
/// <param name="PublicKey">In base64.</param>
/// <param name="Address">The only address of the network that it has.</param>
/// <param name="EndPoint">Where to send what is for it.</param>
/// <param name="KeepAlive">How often something is sent to it if nothing else is; zero for never. Whole seconds.</param>
/// <param name="Greets">Whether something is sent there at once: a tunnel follows what comes in, and if only the other
/// side had something to send, this one would be taken back to where that comes from. With a keep-alive only.</param>
internal sealed record TunnelPeer(
    string PublicKey, IPAddress? Address = null, IPEndPoint? EndPoint = null, TimeSpan? KeepAlive = null,
    bool Greets = false);

/// <summary>How a peer of a tunnel does.</summary>
/// <param name="PublicKey">In base64.</param>
/// <param name="EndPoint">Where what is for it is sent; null for nowhere yet.</param>
/// <param name="LastHandshake">When both sides last agreed upon a key; null for never.</param>
/// <param name="Received">Bytes from it.</param>
/// <param name="Sent">Bytes to it.</param>
internal sealed record TunnelPeerStatus(
    string PublicKey, IPEndPoint? EndPoint, DateTimeOffset? LastHandshake, long Received, long Sent);
