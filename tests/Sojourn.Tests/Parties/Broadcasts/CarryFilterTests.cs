using Sojourn.Mesh.Broadcasts;
using Sojourn.Mesh.Ports;
using Sojourn.Mesh.Settings;

namespace Sojourn.Tests.Parties.Broadcasts;

/// <summary>What the kernel hands over, of all that a machine sends and receives.</summary>
public sealed class CarryFilterTests
{
    private static readonly PortSet Ports = PortSet.Parse("6112,2300-2400,27960-27963,65535");

    private static readonly FilterStep[] Program = CarryFilter.Build(Ports, Packets.Networks);

    [Fact]
    public void What_leaves_for_many_at_a_games_port_passes_and_nothing_else_does()
    {
        string[] addresses =
        [
            "255.255.255.255", "192.168.1.255", "172.23.255.255", "10.66.0.255", "224.0.0.1", "239.255.255.255",
            "192.168.1.7", "192.168.2.255", "172.20.255.255", "223.255.255.255", "240.0.0.0", "198.51.100.9", "0.0.0.0",
        ];
        int[] ports = [1, 2299, 2300, 2350, 2400, 2401, 6111, 6112, 6113, 27960, 27963, 27964, 65534, 65535];
        var passed = 0;
        foreach (var (address, port, options) in
            from address in addresses from port in ports from options in (int[])[0, 8] select (address, port, options))
        {
            var packet = Packets.Udp("192.168.1.2:6112", $"{address}:{port}", options: options);
            var isWanted = Array.IndexOf(addresses, address) < 6 && Ports.Contains(port);
            new FilterMachine().Passes(Program, packet).ShouldBe(isWanted, $"{address}:{port}");
            passed += isWanted ? 1 : 0;
        }

        passed.ShouldBe(6 * 7 * 2);
    }

    [Theory]
    // To this machine, to all, to a group, to others, and what it sent to itself.
    [InlineData(0, 0x800, 1)]
    [InlineData(1, 0x800, 1)]
    [InlineData(2, 0x800, 1)]
    [InlineData(3, 0x800, 1)]
    [InlineData(5, 0x800, 1)]
    // IPv6.
    [InlineData(4, 0x86DD, 1)]
    // The interface of this machine alone.
    [InlineData(4, 0x800, 772)]
    public void What_comes_in_or_stays_here_does_not_pass(uint direction, uint protocol, uint hardware)
    {
        var packet = Packets.Udp("192.168.1.2:6112", "255.255.255.255:6112");

        new FilterMachine().Passes(Program, packet).ShouldBeTrue();
        new FilterMachine(direction, protocol, hardware).Passes(Program, packet).ShouldBeFalse();
    }

    [Fact]
    public void Of_a_datagram_in_parts_the_first_alone_passes_and_of_other_protocols_nothing()
    {
        var machine = new FilterMachine();
        machine.Passes(Program, Packets.Udp("192.168.1.2:6112", "255.255.255.255:6112", parts: 0x2000)).ShouldBeTrue();
        machine.Passes(Program, Packets.Udp("192.168.1.2:6112", "255.255.255.255:6112", parts: 0x2001)).ShouldBeFalse();
        machine.Passes(Program, Packets.Udp("192.168.1.2:6112", "255.255.255.255:6112", parts: 1)).ShouldBeFalse();
        var tcp = Packets.Udp("192.168.1.2:6112", "255.255.255.255:6112");
        tcp[9] = 6;
        machine.Passes(Program, tcp).ShouldBeFalse();
        machine.Passes(Program, tcp[..8]).ShouldBeFalse();
    }

    [Fact]
    public void With_more_ports_than_a_filter_has_room_for_all_between_them_pass()
    {
        var every = PortSet.Join(
            Enumerable.Range(1, CarryFilter.MostRanges + 1).Select(i => PortSet.Parse($"{i * 10}")));
        var program = CarryFilter.Build(every, Packets.Networks);

        every.Ranges.Count.ShouldBe(CarryFilter.MostRanges + 1);
        program.Length.ShouldBeLessThan(100);
        Passes(10).ShouldBeTrue();
        Passes(15).ShouldBeTrue();
        Passes(9).ShouldBeFalse();
        Passes(1291).ShouldBeFalse();

        bool Passes(int port) =>
            new FilterMachine().Passes(program, Packets.Udp("192.168.1.2:6112", $"255.255.255.255:{port}"));
    }
}
