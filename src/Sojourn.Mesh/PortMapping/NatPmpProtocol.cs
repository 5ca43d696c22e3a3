using System.Net;

namespace Sojourn.Mesh.PortMapping;

/// <summary>NAT-PMP: what came before PCP.</summary>
internal sealed class NatPmpProtocol(SocketOpener open) : IMappingProtocol
{
    public string Name => "NAT-PMP";

    public async Task<PortLease?> MapAsync(PortWish wish, CancellationToken giveUp)
    {
        var outer = await RouterTalk.AskAsync(
            open, wish.Gateway, NatPmpFormat.WriteAddress(), bytes => NatPmpFormat.ReadAddress(bytes), giveUp);
        return outer?.Address is not { } address ? null : (await RouterTalk.AskAsync(
            open, wish.Gateway, NatPmpFormat.WriteMap(wish), bytes => NatPmpFormat.ReadMap(bytes, wish, address),
            giveUp))?.Opened;
    }

    public Task UnmapAsync(PortWish wish, PortLease lease, CancellationToken giveUp)
    {
        var none = wish with { For = TimeSpan.Zero };
        return RouterTalk.AskAsync(
            open, wish.Gateway, NatPmpFormat.WriteMap(none),
            bytes => NatPmpFormat.ReadMap(bytes, none, IPAddress.Any), giveUp);
    }
}
