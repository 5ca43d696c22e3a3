using System.Net;
using Sojourn.Mesh;
using Sojourn.Mesh.Tunnels;

namespace Sojourn.Tests.Parties.Tunnels;

/// <summary>What the tool <c>wg</c> is told for a tunnel, and what it says.</summary>
public sealed class WgFormatTests
{
    private const string Ann = "BH9Km7bBiBBnoszR0cBSRX80qmNoOHeFkT7ROhtJ7CM=",
        Ben = "aYRl6I9UQ506sF2smxGs9VOyKr58HvPh1NruujzlwXQ=", Private = "kM4f8SpDXxwTzl42YYwYU7i1JayXSTXEJZy9P3Mke2Y=";

    private const string Own = $"{Private}\tlhU+6wiB+RXIwkvADGQMM+68GQuOOzpmcQFHcoWxYFk=\t46872\toff\n";

    [Fact]
    public void The_private_key_is_in_no_argument()
    {
        string.Join(' ', WgFormat.Make("sojourn0")).ShouldBe("link add dev sojourn0 type wireguard");
        string.Join(' ', WgFormat.Begin("sojourn0", 51820)).ShouldBe(
            "set sojourn0 listen-port 51820 private-key /dev/stdin");
    }

    [Fact]
    public void Of_a_peer_only_what_is_told_is_changed()
    {
        string.Join(' ', WgFormat.Set("sojourn0", new TunnelPeer(Ann))).ShouldBe($"set sojourn0 peer {Ann}");
        string.Join(' ', WgFormat.Set("sojourn0", new TunnelPeer(
            Ann, IPAddress.Parse("10.66.0.2"), IPEndPoint.Parse("192.0.2.7:4000"), TimeSpan.FromSeconds(25))))
            .ShouldBe($"set sojourn0 peer {Ann} endpoint 192.0.2.7:4000 persistent-keepalive 25 "
                + "allowed-ips 10.66.0.2/32");
        string.Join(' ', WgFormat.Set("sojourn0", new TunnelPeer(
            Ann, EndPoint: IPEndPoint.Parse("[2001:db8::1]:5"), KeepAlive: TimeSpan.Zero)))
            .ShouldBe($"set sojourn0 peer {Ann} endpoint [2001:db8::1]:5 persistent-keepalive 0");
        string.Join(' ', WgFormat.Remove("sojourn0", Ann)).ShouldBe($"set sojourn0 peer {Ann} remove");
    }

    [Fact]
    public void What_wg_tells_of_peers_is_read()
    {
        var (port, peers) = WgFormat.Read(
            Own + $"{Ann}\t(none)\t192.0.2.7:4000\t10.66.0.2/32\t1795000000\t180\t92\t25\n"
            + $"{Ben}\t(none)\t(none)\t10.66.0.3/32,10.66.0.4/32\t0\t0\t0\toff\n");
        port.ShouldBe(46872);
        peers.ShouldBe(
        [
            new(Ann, IPEndPoint.Parse("192.0.2.7:4000"), DateTimeOffset.FromUnixTimeSeconds(1795000000), 180, 92),
            new(Ben, null, null, 0, 0),
        ]);
        WgFormat.Read(Own + $"{Ben}\t(none)\t[2001:db8::1]:5\t(none)\t0\t0\t0\toff").Peers.Single().EndPoint
            .ShouldBe(IPEndPoint.Parse("[2001:db8::1]:5"));
        WgFormat.Read(Own).Peers.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData($"{Private}\t46872\toff")]
    [InlineData($"{Private}\t{Ann}\tmany\toff")]
    [InlineData($"{Own}{Ben}\t(none)\t(none)\t(none)\t0\t0\toff")]
    [InlineData($"{Own}{Ben}\t(none)\t(none)\t(none)\tnever\t0\t0\toff")]
    public void What_is_not_understood_is_said_without_the_key(string dump) =>
        Should.Throw<MeshException>(() => WgFormat.Read(dump)).Message.ShouldNotContain(Private);

    [Theory]
    [InlineData("'ip' failed: Error: Unknown device type.", true)]
    [InlineData("'ip' failed: RTNETLINK answers: Operation not supported", true)]
    [InlineData("'ip' failed: RTNETLINK answers: Operation not permitted", false)]
    [InlineData("'ip' failed: RTNETLINK answers: File exists", false)]
    public void A_kernel_without_WireGuard_is_told_from_one_that_refuses(string complaint, bool isUnknown) =>
        WgFormat.IsUnknown(complaint).ShouldBe(isUnknown);
}
