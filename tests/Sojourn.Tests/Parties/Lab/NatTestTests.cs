using System.Net;
using Sojourn.Mesh.Nat;
using Sojourn.Mesh.Ports;
using Sojourn.NatLab;
using Sojourn.Parties;
using Sojourn.Server.Parties.Stun;

namespace Sojourn.Tests.Parties.Lab;

/// <summary>What a machine finds out about its NAT, in real networks.</summary>
[Collection(Lane.Laboratory)]
public sealed class NatTestTests
{
    private static readonly IPAddress[] Addresses =
        [IPAddress.Parse(Laboratory.ServerAddress), IPAddress.Parse(Laboratory.OtherServerAddress)];

    [LabTheory]
    [InlineData(LabNat.Open, NatKind.Open)]
    [InlineData(LabNat.Firewall, NatKind.Firewall)]
    [InlineData(LabNat.FullCone, NatKind.FullCone)]
    [InlineData(LabNat.Restricted, NatKind.RestrictedCone)]
    [InlineData(LabNat.PortRestricted, NatKind.PortRestrictedCone)]
    [InlineData(LabNat.Linux, NatKind.PortRestrictedCone)]
    [InlineData(LabNat.Symmetric, NatKind.Symmetric)]
    [InlineData(LabNat.Sequential, NatKind.Symmetric)]
    [InlineData(LabNat.BlockedUdp, NatKind.Blocked)]
    public async Task Each_kind_is_named_right_with_the_evidence(LabNat nat, NatKind kind)
    {
        await using var lab = await Laboratory.BuildAsync();
        var ann = await lab.AddAsync("ann", nat);
        await using var server = await lab.Server.DoAsync(
            () => StunListener.Open(Addresses, 0, 0, TimeProvider.System));

        var finding = await FindAsync(ann, [
            new(Addresses[0], server.First.Port), new(Addresses[1], server.First.Port),
            new(Addresses[1], server.Second.Port)]);

        var report = finding.ToReport();
        report.Kind.ShouldBe(kind, report.Evidence);
        report.PortStep.ShouldBe(nat == LabNat.Sequential ? 1 : null);
        if (nat != LabNat.BlockedUdp)
            finding.Mapped!.Address.ToString().ShouldBe(ann.PublicAddress);
    }

    [LabTheory]
    [InlineData(LabNat.PortRestricted, NatKind.PortRestrictedCone)]
    [InlineData(LabNat.FullCone, NatKind.RestrictedCone)]
    [InlineData(LabNat.Symmetric, NatKind.Symmetric)]
    [InlineData(LabNat.Open, NatKind.Open)]
    public async Task A_server_of_one_address_promises_no_more_than_it_can_see(LabNat nat, NatKind kind)
    {
        await using var lab = await Laboratory.BuildAsync();
        var ann = await lab.AddAsync("ann", nat);
        await using var server = await lab.Server.DoAsync(
            () => StunListener.Open([Addresses[0]], 0, 0, TimeProvider.System));

        var report = (await FindAsync(ann, [server.First, server.Second])).ToReport();

        report.Kind.ShouldBe(kind, report.Evidence);
    }

    [LabTheory("turnserver")]
    [InlineData(LabNat.FullCone, NatKind.FullCone)]
    [InlineData(LabNat.Restricted, NatKind.RestrictedCone)]
    public async Task A_server_that_is_not_ours_is_understood_too(LabNat nat, NatKind kind)
    {
        await using var lab = await Laboratory.BuildAsync();
        var ann = await lab.AddAsync("ann", nat);
        await using var coturn = new Coturn(lab);
        await coturn.Ready();

        var report = (await FindAsync(ann, [new(Addresses[0], 3478), new(Addresses[1], 3478)])).ToReport();

        report.Kind.ShouldBe(kind, report.Evidence);
    }

    private static Task<NatFinding> FindAsync(LabHost host, IPEndPoint[] servers)
    {
        // On the thread that has entered the host's network, so that its sockets and its addresses are the host's.
        return host.Machine.DoAsync(() =>
        {
            var sockets = new Queue<System.Net.Sockets.Socket>(
                [PlainPort.OpenSocket(), PlainPort.OpenSocket(), PlainPort.OpenSocket()]);
            var local = NatTest.LocalAddresses();
            return (sockets, local);
        }).ContinueWith(async opened =>
        {
            var (sockets, local) = await opened;
            await using var port = new PlainPort(sockets.Dequeue());
            var client = new StunClient(port, TimeProvider.System);
            port.Receiver = (bytes, from) => client.TryTake(bytes, from);
            var test = new NatTest(client, () => new PlainPort(sockets.Dequeue()), TimeProvider.System);
            return await test.RunAsync(servers) with { Local = local };
        }, TaskScheduler.Default).Unwrap();
    }
}
