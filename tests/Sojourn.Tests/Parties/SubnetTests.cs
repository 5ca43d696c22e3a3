using System.Text.Json;
using Sojourn.Kinds.Parties;

namespace Sojourn.Tests.Parties;

public sealed class SubnetTests
{
    [Theory]
    [InlineData("10.66.0.0/24", 254, "10.66.0.1", "10.66.0.254")]
    [InlineData("10.66.0.0/16", 65_534, "10.66.0.1", "10.66.255.254")]
    [InlineData("192.168.7.4/30", 2, "192.168.7.5", "192.168.7.6")]
    [InlineData("172.31.0.0/16", 65_534, "172.31.0.1", "172.31.255.254")]
    [InlineData("100.64.0.0/16", 65_534, "100.64.0.1", "100.64.255.254")]
    public void A_subnet_counts_its_places(string text, int places, string first, string last)
    {
        Subnet.TryParse(text, out var subnet).ShouldBeTrue();
        (subnet.Places, subnet.AddressAt(1), subnet.AddressAt(places), subnet.ToString())
            .ShouldBe((places, first, last, text));
        (subnet.Holds(first), subnet.Holds(last)).ShouldBe((true, true));
        JsonSerializer.Deserialize<Subnet>(JsonSerializer.Serialize(subnet)).ShouldBe(subnet);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("10.66.0.0")]
    [InlineData("10.66.0.1/24")]
    [InlineData("10.66.0.0/15")]
    [InlineData("10.66.0.0/31")]
    [InlineData("10.66.0.0/+24")]
    [InlineData("8.8.8.0/24")]
    [InlineData("172.32.0.0/16")]
    [InlineData("100.128.0.0/16")]
    [InlineData("127.0.0.0/16")]
    [InlineData("fd00::/24")]
    [InlineData("010.66.0.0/24")]
    [InlineData("10.66.0.0/24/1")]
    public void What_is_no_private_subnet_is_refused(string? text) => Subnet.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("10.66.0.0")]
    [InlineData("10.66.0.255")]
    [InlineData("10.66.1.1")]
    [InlineData("10.65.255.255")]
    [InlineData("10.66.1")]
    [InlineData("0x0a420001")]
    [InlineData("::1")]
    [InlineData(null)]
    public void Its_ends_and_what_is_outside_are_nobodys(string? address)
    {
        Subnet.TryParse("10.66.0.0/24", out var subnet).ShouldBeTrue();
        subnet.Holds(address).ShouldBeFalse();
    }
}
