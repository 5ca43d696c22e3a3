using System.Net;
using System.Threading.Channels;
using Sojourn.Mesh.Nodes;
using Sojourn.Mesh.Ports;
using Sojourn.Mesh.Relays;
using Sojourn.Mesh.Tunnels;
using Sojourn.Parties;

namespace Sojourn.Tests.Parties.Paths;

/// <summary>What a node tells its tunnel of the other members.</summary>
public sealed class NodeLoopTests
{
    private const string Self = "00000000000000a0", Early = "00000000000000b0", Late = "00000000000000c0";

    [Fact]
    public async Task Whom_this_side_begins_with_the_tunnel_knows_only_together_with_a_place()
    {
        await using var port = new PlainPort(PlainPort.OpenSocket());
        await using var web = new WebRelay(
            _ => throw new InvalidOperationException(), port.Number, TimeProvider.System);
        await using var tunnel = new ToldTunnel();
        var loop = new NodeLoop(
            new(Self, "key b"), port, tunnel, new NodeRelays(port, web, TimeProvider.System), TimeProvider.System);
        using var stop = new CancellationTokenSource();
        loop.Take(PartyOf(MemberOf(Late, "key c", 1), MemberOf(Early, "key a", 2)));
        var running = loop.RunAsync(stop.Token);

        // A game that sends to the first already would begin a handshake that leads nowhere.
        var first = await tunnel.NextAsync();
        (first.PublicKey, first.Address, first.EndPoint).ShouldBe(("key a", IPAddress.Parse("10.66.0.3"), null));
        await stop.CancelAsync();
        await running;
        tunnel.HasMore.ShouldBeFalse();
    }

    private static PartyView PartyOf(params MemberView[] members) => new(
        "party", "Friday", 1, Self, "10.66.0.0/24", 4, false, false, default, false, [.. members], null);

    private static MemberView MemberOf(string id, string key, int slot) => new(
        id, id, key, $"10.66.0.{slot + 1}", slot, default, default, new(NatKind.Unknown), [], []);

    /// <summary>Keeps what it is told.</summary>
    private sealed class ToldTunnel : ITunnel
    {
        private readonly Channel<TunnelPeer> _told = Channel.CreateUnbounded<TunnelPeer>();

        public string Interface => "told0";

        public int Port => 1;

        public string Driver => "none";

        public bool HasMore => _told.Reader.TryPeek(out _);

        public Task<TunnelPeer> NextAsync() =>
            _told.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));

        public Task UpAsync(IPAddress address, string network, int mtu) => Task.CompletedTask;

        public Task BeginAgainAsync(CancellationToken giveUp = default) => Task.CompletedTask;

        public Task SetAsync(TunnelPeer peer, CancellationToken giveUp = default) =>
            _told.Writer.WriteAsync(peer, giveUp).AsTask();

        public Task RemoveAsync(string publicKey, CancellationToken giveUp = default) => Task.CompletedTask;

        public Task<IReadOnlyList<TunnelPeerStatus>> AskAsync(CancellationToken giveUp = default) =>
            Task.FromResult<IReadOnlyList<TunnelPeerStatus>>([]);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
