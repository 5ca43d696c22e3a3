using System.Net;
using System.Net.Sockets;
using System.Text;
using Sojourn.Mesh.PortMapping;
using Sojourn.NatLab;

namespace Sojourn.Tests.Parties.Lab;

/// <summary>Routers as many have one at home, asked to open a port.</summary>
[Collection(Lane.Laboratory)]
public sealed class PortMappingTests
{
    private const int Port = 41_641;

    [LabTheory("miniupnpd")]
    [InlineData("PCP")]
    [InlineData("NAT-PMP")]
    [InlineData("UPnP")]
    public async Task What_a_stranger_sends_comes_in_while_the_port_is_open(string name)
    {
        await using var lab = await Laboratory.BuildAsync();
        var ann = await lab.AddAsync("ann", LabNat.Linux);
        var ben = await lab.AddAsync("ben", LabNat.Open);
        await using var router = await Miniupnpd.StartAsync(ann);
        using var port = await ListenAsync(ann);
        var protocol = PortMapper.Protocols(Opener(ann)).Single(each => each.Name == name);
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));

        var lease = await protocol.MapAsync(WishOf(ann), late.Token);

        lease.ShouldBe(new(new IPEndPoint(IPAddress.Parse(Miniupnpd.Says), Port), TimeSpan.FromHours(1)));
        (await HearAsync(ann, port, ben, late.Token)).ShouldBe("hello");
        (await protocol.MapAsync(WishOf(ann), late.Token))!.Outer.ShouldBe(lease!.Outer);

        await protocol.UnmapAsync(WishOf(ann), lease, late.Token);
        (await router.RulesAsync()).ShouldNotContain("dnat");
    }

    [LabFact("miniupnpd")]
    public async Task An_older_router_is_asked_by_what_it_knows_and_has_the_port_back_at_the_end()
    {
        await using var lab = await Laboratory.BuildAsync();
        var ann = await lab.AddAsync("ann", LabNat.Linux);
        await using var router = await Miniupnpd.StartAsync(ann, isNewest: false);
        var opened = new TaskCompletionSource<PortLease?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var mapper = new PortMapper(
            Port, () => WishOf(ann).Gateway, PortMapper.Protocols(Opener(ann)), TimeProvider.System)
        {
            Changed = lease => opened.TrySetResult(lease),
        };
        using var stop = new CancellationTokenSource();
        var running = mapper.RunAsync(stop.Token);

        (await opened.Task.WaitAsync(TimeSpan.FromSeconds(60)))!.Outer.Port.ShouldBe(Port);
        mapper.Now!.Value.Protocol.ShouldBe("UPnP");
        (await router.RulesAsync()).ShouldContain("dnat");

        await stop.CancelAsync();
        await running;
        (await router.RulesAsync()).ShouldNotContain("dnat");
    }

    [LabFact("miniupnpd")]
    public async Task A_port_that_another_machine_has_is_not_taken_from_it()
    {
        await using var lab = await Laboratory.BuildAsync();
        var ann = await lab.AddAsync("ann", LabNat.Linux);
        await ann.Machine.RunAsync("ip", "addr", "add", "192.168.1.3/24", "dev", "eth0");
        await using var router = await Miniupnpd.StartAsync(ann);
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var wish = WishOf(ann);
        var other = wish with { Gateway = wish.Gateway with { Own = IPAddress.Parse("192.168.1.3") } };

        foreach (var index in (int[])[0, 1, 2])
        {
            var first = PortMapper.Protocols(Opener(ann))[index];
            var second = PortMapper.Protocols(Opener(ann))[index];
            var theirs = (await first.MapAsync(wish, late.Token)).ShouldNotBeNull(first.Name);
            var ours = (await second.MapAsync(other, late.Token)).ShouldNotBeNull(first.Name);
            ours.Outer.Port.ShouldNotBe(theirs.Outer.Port, first.Name);
            await first.UnmapAsync(wish, theirs, late.Token);
            await second.UnmapAsync(other, ours, late.Token);
        }
    }

    [LabFact]
    public async Task A_router_that_knows_nothing_of_it_holds_nobody_up()
    {
        await using var lab = await Laboratory.BuildAsync();
        var ann = await lab.AddAsync("ann", LabNat.Linux);
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));

        foreach (var protocol in PortMapper.Protocols(Opener(ann)))
            (await protocol.MapAsync(WishOf(ann), late.Token)).ShouldBeNull(protocol.Name);
        late.IsCancellationRequested.ShouldBeFalse();
    }

    private static PortWish WishOf(LabHost host) => new(
        new(IPAddress.Parse("192.168.1.1"), IPAddress.Parse(host.Address)), Port, Port, TimeSpan.FromHours(1));

    /// <summary>Sockets of a machine's network.</summary>
    private static SocketOpener Opener(LabHost host) => type => host.Machine.DoAsync(() => new Socket(
        AddressFamily.InterNetwork, type, type == SocketType.Dgram ? ProtocolType.Udp : ProtocolType.Tcp));

    private static Task<Socket> ListenAsync(LabHost host) => host.Machine.DoAsync(() =>
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, Port));
        return socket;
    });

    /// <summary>What one hears when another, whom it has never sent to, sends to its router.</summary>
    private static async Task<string> HearAsync(LabHost host, Socket port, LabHost stranger, CancellationToken late)
    {
        using var from = await stranger.Machine.DoAsync(
            () => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        await from.SendToAsync("hello"u8.ToArray(), IPEndPoint.Parse($"{host.PublicAddress}:{Port}"), late);
        var bytes = new byte[64];
        var length = await port.ReceiveAsync(bytes.AsMemory(), late);
        return Encoding.ASCII.GetString(bytes, 0, length);
    }
}
