using System.Net;
using System.Text;
using System.Xml;
using Sojourn.Mesh.PortMapping;

namespace Sojourn.Tests.Parties.PortMapping;

/// <summary>What routers are told, and what they say, byte by byte.</summary>
public sealed class MappingFormatTests
{
    private static readonly PortWish Wish = new(
        new(IPAddress.Parse("192.168.1.1"), IPAddress.Parse("192.168.1.2")), 51820, 51820, TimeSpan.FromHours(1));

    private static readonly byte[] Nonce = Convert.FromHexString("23703662cc8af073f0605e89");

    /// <summary>What miniupnpd 2.3.1 answered to the request of these tests.</summary>
    private static readonly byte[] PcpAnswer = Convert.FromHexString(
        "0281000000000e100000000300000000000000000000000023703662cc8af073f0605e8911000000ca6cca6c"
        + "00000000000000000000ffff08080808");

    private static readonly byte[] PmpAnswer = Convert.FromHexString("0081000000000003ca6cca6d00000e10");

    [Fact]
    public void A_port_is_asked_for_by_PCP_as_the_standard_draws_it()
    {
        Convert.ToHexStringLower(PcpFormat.Write(Wish, Nonce)).ShouldBe(
            "0201000000000e10" + "00000000000000000000ffffc0a80102" + "23703662cc8af073f0605e89" + "11000000ca6cca6c"
            + "00000000000000000000ffff00000000");
        Convert.ToHexStringLower(PcpFormat.Write(Wish with { For = TimeSpan.Zero }, Nonce)).ShouldBe(
            "0201000000000000" + "00000000000000000000ffffc0a80102" + "23703662cc8af073f0605e89" + "11000000ca6c0000"
            + "00000000000000000000ffff00000000");
    }

    [Fact]
    public void What_a_router_opens_by_PCP_is_read()
    {
        PcpFormat.Read(PcpAnswer, Wish, Nonce)!.Opened
            .ShouldBe(new(IPEndPoint.Parse("8.8.8.8:51820"), TimeSpan.FromHours(1)));
    }

    [Theory]
    // Result: not authorized.
    [InlineData(3, 2)]
    // No time, no port, no address.
    [InlineData(6, 0, 0)]
    [InlineData(42, 0, 0)]
    [InlineData(56, 0, 0, 0, 0)]
    // NAT-PMP's version, from a router that knows that alone.
    [InlineData(0, 0, 0x81, 0, 1)]
    public void A_router_that_says_no_is_understood(int at, params int[] bytes)
    {
        PcpFormat.Read(Changed(PcpAnswer, at, bytes), Wish, Nonce)!.Opened.ShouldBeNull();
    }

    [Theory]
    [InlineData(1, 0x01)]
    [InlineData(24, 0x24)]
    [InlineData(36, 6)]
    [InlineData(40, 0xCA, 0x6D)]
    public void Answers_to_somebody_else_are_none(int at, params int[] bytes)
    {
        PcpFormat.Read(Changed(PcpAnswer, at, bytes), Wish, Nonce).ShouldBeNull();
    }

    [Fact]
    public void Whatever_is_cut_off_is_no_answer()
    {
        for (var length = 0; length < PcpAnswer.Length; length++)
            PcpFormat.Read(PcpAnswer.AsSpan(0, length), Wish, Nonce).ShouldBeNull();
        for (var length = 0; length < PmpAnswer.Length; length++)
            NatPmpFormat.ReadMap(PmpAnswer.AsSpan(0, length), Wish, IPAddress.Loopback)?.Opened.ShouldBeNull();
    }

    [Fact]
    public void NAT_PMP_is_spoken_as_the_standard_draws_it()
    {
        NatPmpFormat.WriteAddress().ShouldBe([0, 0]);
        Convert.ToHexStringLower(NatPmpFormat.WriteMap(Wish)).ShouldBe("00010000ca6cca6c00000e10");
        Convert.ToHexStringLower(NatPmpFormat.WriteMap(Wish with { For = TimeSpan.Zero }))
            .ShouldBe("00010000ca6c000000000000");

        NatPmpFormat.ReadAddress(Convert.FromHexString("008000000000000308080808"))!.Address
            .ShouldBe(IPAddress.Parse("8.8.8.8"));
        NatPmpFormat.ReadAddress(Convert.FromHexString("008000030000000308080808"))!.Address.ShouldBeNull();
        NatPmpFormat.ReadAddress(PmpAnswer).ShouldBeNull();
        NatPmpFormat.ReadMap(PmpAnswer, Wish, IPAddress.Parse("8.8.8.8"))!.Opened
            .ShouldBe(new(IPEndPoint.Parse("8.8.8.8:51821"), TimeSpan.FromHours(1)));
        NatPmpFormat.ReadMap(Changed(PmpAnswer, 3, 2), Wish, IPAddress.Loopback)!.Opened.ShouldBeNull();
        NatPmpFormat.ReadMap(PmpAnswer, Wish with { Port = 7 }, IPAddress.Loopback).ShouldBeNull();
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nLocation: http://192.168.1.1:38111/root.xml\r\n\r\n", true)]
    [InlineData("HTTP/1.1 404 No\r\nLOCATION: http://192.168.1.1:38111/root.xml\r\n\r\n", false)]
    [InlineData("HTTP/1.1 200 OK\r\nLOCATION: http://192.0.2.7/root.xml\r\n\r\n", false)]
    [InlineData("HTTP/1.1 200 OK\r\nLOCATION: file:///etc/passwd\r\n\r\n", false)]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", false)]
    [InlineData("", false)]
    public void A_router_speaks_for_itself_alone(string answer, bool isTaken)
    {
        var location = UpnpFormat.ReadLocation(Encoding.ASCII.GetBytes(answer), Wish.Gateway.Router);

        location.ShouldBe(isTaken ? new Uri("http://192.168.1.1:38111/root.xml") : null);
    }

    [Fact]
    public void The_service_that_opens_ports_is_found_in_a_description()
    {
        var location = new Uri("http://192.168.1.1:38111/root.xml");
        const string type = "urn:schemas-upnp-org:service:WANIPConnection:1";

        UpnpFormat.ReadService(Description(type, "/ctl/IPConn"), location)
            .ShouldBe(new(type, new Uri("http://192.168.1.1:38111/ctl/IPConn")));
        UpnpFormat.ReadService(Description(type, "http://192.0.2.7/steal"), location).ShouldBeNull();
        UpnpFormat.ReadService(Description("urn:other", "/ctl"), location).ShouldBeNull();
        Should.Throw<XmlException>(() => UpnpFormat.ReadService("no xml", location));
        Should.Throw<XmlException>(() => UpnpFormat.ReadService(
            "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>", location));
    }

    [Fact]
    public void A_call_says_what_is_to_be_done_and_what_it_says_is_escaped()
    {
        var service = new UpnpService("urn:service", new Uri("http://192.168.1.1/ctl"));

        var call = UpnpFormat.WriteCall(service, "AddPortMapping", ("NewExternalPort", "7"), ("NewText", "<&>"));

        call.ShouldContain("<u:AddPortMapping xmlns:u=\"urn:service\"><NewExternalPort>7</NewExternalPort>");
        UpnpFormat.ReadValue(call, "NewText").ShouldBe("<&>");
        UpnpFormat.ReadValue(call, "NewOther").ShouldBeNull();
    }

    private static string Description(string type, string control) => $"""
        <?xml version="1.0"?>
        <root xmlns="urn:schemas-upnp-org:device-1-0"><device><serviceList>
        <service><serviceType>urn:schemas-upnp-org:service:Layer3Forwarding:1</serviceType>
        <controlURL>/ctl/L3F</controlURL></service>
        <service><serviceType>{type}</serviceType><controlURL>{control}</controlURL></service>
        </serviceList></device></root>
        """;

    private static byte[] Changed(byte[] bytes, int at, params int[] to)
    {
        var changed = (byte[])bytes.Clone();
        for (var i = 0; i < to.Length; i++)
            changed[at + i] = (byte)to[i];
        return changed;
    }
}
