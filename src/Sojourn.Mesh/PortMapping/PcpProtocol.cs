using System.Security.Cryptography;

namespace Sojourn.Mesh.PortMapping;

/// <summary>PCP: the newest of them, which routers of this decade speak.</summary>
internal sealed class PcpProtocol(SocketOpener open) : IMappingProtocol
{
    // Only who knows it may change what was opened with it.
    private readonly byte[] _nonce = RandomNumberGenerator.GetBytes(PcpFormat.NonceLength);

    public string Name => "PCP";

    public async Task<PortLease?> MapAsync(PortWish wish, CancellationToken giveUp) =>
        (await RouterTalk.AskAsync(
            open, wish.Gateway, PcpFormat.Write(wish, _nonce), bytes => PcpFormat.Read(bytes, wish, _nonce), giveUp))
            ?.Opened;

    public Task UnmapAsync(PortWish wish, PortLease lease, CancellationToken giveUp) =>
        MapAsync(wish with { For = TimeSpan.Zero }, giveUp);
}
