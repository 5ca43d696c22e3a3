using System.Net;
using Sojourn.Mesh.Broadcasts;
using Sojourn.Mesh.Ports;
using Sojourn.Mesh.Settings;
using Sojourn.Testing;

namespace Sojourn.Tests.Parties.Broadcasts;

/// <summary>Which broadcasts are carried to the others.</summary>
public sealed class CarryRulesTests
{
    private const int Mtu = 1380, HeadsLength = 28;

    private readonly ManualClock _clock = new();
    private readonly CarryRules _rules;

    public CarryRulesTests() => _rules = new CarryRules(PortSet.Parse("6112"), Mtu, _clock);

    [Theory]
    [InlineData("192.168.1.2:6112", "255.255.255.255:6112", nameof(CarryVerdict.Carry))]
    [InlineData("192.168.1.2:50000", "192.168.1.255:6112", nameof(CarryVerdict.Carry))]
    [InlineData("10.66.0.1:6112", "10.66.0.255:6112", nameof(CarryVerdict.Carry))]
    [InlineData("192.168.1.2:6112", "224.0.2.60:6112", nameof(CarryVerdict.Carry))]
    [InlineData("192.168.1.2:6112", "255.255.255.255:6113", nameof(CarryVerdict.NotForUs))]
    [InlineData("192.168.1.2:6112", "192.168.1.7:6112", nameof(CarryVerdict.NotForUs))]
    // A network of others, whose address for all is somebody's here.
    [InlineData("192.168.1.2:6112", "172.20.255.255:6112", nameof(CarryVerdict.NotForUs))]
    // Another machine's, that this one hands on; and a member's, as it came through the tunnel.
    [InlineData("172.20.3.5:6112", "172.23.255.255:6112", nameof(CarryVerdict.NotForUs))]
    [InlineData("10.66.0.2:6112", "255.255.255.255:6112", nameof(CarryVerdict.NotForUs))]
    public void Carried_is_what_this_machine_sends_to_many_at_a_games_port(string from, string to, string verdict)
    {
        Judge(Packets.Udp(from, to)).ToString().ShouldBe(verdict);
    }

    [Fact]
    public void It_is_read_as_it_was_sent()
    {
        _rules.Judge(
            Packets.Udp("192.168.1.2:50000", "255.255.255.255:6112", options: 4), 1, Packets.Networks, 1, out var read);

        (read.SourcePort, read.Port, read.Length, read.IsFirstPart).ShouldBe((50000, 6112, HeadsLength + 5, false));
        read.Bytes.ToArray().ShouldBe([1, 2, 3, 4, 5]);
    }

    [Fact]
    public void What_fills_a_packet_of_the_tunnel_is_carried_and_a_byte_more_is_not()
    {
        Judge(ToAll(Mtu - HeadsLength)).ShouldBe(CarryVerdict.Carry);
        Judge(ToAll(Mtu - HeadsLength + 1)).ShouldBe(CarryVerdict.TooLong);
        Judge(Packets.Udp("192.168.1.2:6112", "255.255.255.255:6112", parts: 0x2000)).ShouldBe(CarryVerdict.TooLong);
        Judge(ToAll(3000)[..2048]).ShouldBe(CarryVerdict.TooLong);
    }

    [Fact]
    public void A_packet_that_is_none_is_nothing()
    {
        var packet = ToAll(5);
        for (var length = 0; length < HeadsLength; length++)
            Judge(packet[..length]).ShouldBe(CarryVerdict.NotForUs);
        packet[25] = 7;
        Judge(packet).ShouldBe(CarryVerdict.NotForUs);
    }

    [Fact]
    public void The_same_through_another_interface_is_a_copy_and_through_the_same_one_is_not()
    {
        Judge(ToAll(5), device: 2).ShouldBe(CarryVerdict.Carry);
        Judge(ToAll(5), device: 3).ShouldBe(CarryVerdict.NotForUs);
        Judge(Packets.Udp("10.66.0.1:6112", "10.66.0.255:6112"), device: 4).ShouldBe(CarryVerdict.NotForUs);
        Judge(ToAll(5), device: 2).ShouldBe(CarryVerdict.Carry);
        Judge(ToAll(6), device: 3).ShouldBe(CarryVerdict.Carry);
        _clock.Advance(RecentlySent.For);
        Judge(ToAll(5), device: 3).ShouldBe(CarryVerdict.Carry);
    }

    [Fact]
    public void A_hundred_go_at_once_and_one_more_each_hundredth_of_a_second()
    {
        Send(101).ShouldBe(CarryLimit.DatagramsPerSecond);
        _clock.Advance(TimeSpan.FromMilliseconds(9));
        Send(1).ShouldBe(0);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Send(2).ShouldBe(1);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Send(101).ShouldBe(CarryLimit.DatagramsPerSecond);

        int Send(int count) => Enumerable.Range(0, count).Count(_ => Judge(ToAll(5)) == CarryVerdict.Carry);
    }

    [Fact]
    public void Bytes_count_for_all_copies_together()
    {
        // 10,000 bytes each: 25 a second.
        Enumerable.Range(0, 30).Count(_ => Judge(ToAll(1000 - HeadsLength), others: 10) == CarryVerdict.Carry)
            .ShouldBe(25);
        Judge(ToAll(5), others: 1).ShouldBe(CarryVerdict.OverLimit);
        _clock.Advance(TimeSpan.FromMilliseconds(40));
        Judge(ToAll(1000 - HeadsLength), others: 10).ShouldBe(CarryVerdict.Carry);
        Judge(ToAll(5), others: 1).ShouldBe(CarryVerdict.OverLimit);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Judge(ToAll(1000), others: 300).ShouldBe(CarryVerdict.Carry);
        Judge(ToAll(5), others: 1).ShouldBe(CarryVerdict.OverLimit);
    }

    [Fact]
    public void What_has_nobody_to_go_to_takes_nothing_from_the_limit()
    {
        for (var i = 0; i < 1000; i++)
            Judge(ToAll(5), others: 0).ShouldBe(CarryVerdict.NotForUs);
        Judge(ToAll(5)).ShouldBe(CarryVerdict.Carry);
    }

    [Fact]
    public void What_is_built_for_the_others_is_a_datagram_with_the_right_sum()
    {
        byte[] packet = new byte[64];
        var length = UdpPacket.Write(
            packet, [0xAB, 0xCD, 0xEF], IPEndPoint.Parse("10.66.0.1:50000"), IPEndPoint.Parse("10.66.0.2:6112"));

        // The sum was reckoned by another program: RFC 768 over both addresses, 17, 11, and what is here without it.
        Convert.ToHexStringLower(packet.AsSpan(0, length)).ShouldBe("c35017e0000b" + "7552" + "abcdef");
    }

    private static byte[] ToAll(int bytes) => Packets.Udp("192.168.1.2:6112", "255.255.255.255:6112", bytes);

    private CarryVerdict Judge(byte[] packet, int device = 1, int others = 1) =>
        _rules.Judge(packet, device, Packets.Networks, others, out _);
}
