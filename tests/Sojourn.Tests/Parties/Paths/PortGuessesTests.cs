using System.Net;
using System.Net.Sockets;
using Sojourn.Mesh.Nodes;
using Sojourn.Mesh.Paths;
using Sojourn.Mesh.Ports;
using Sojourn.Parties;

namespace Sojourn.Tests.Parties.Paths;

/// <summary>When ports are guessed, and how often.</summary>
public sealed class PortGuessesTests
{
    private static readonly NatReport Symmetric = new(NatKind.Symmetric), Restricted = new(NatKind.PortRestrictedCone);
    private static readonly IPEndPoint Seen = new(IPAddress.Parse("203.0.113.9"), 40_000);

    [Fact]
    public async Task What_is_not_found_is_tried_again_at_1_2_4_8_16_and_32_minutes_and_then_every_32()
    {
        await using var port = new CountingPort();
        SetsOf(port, TimeSpan.Zero, TimeSpan.FromHours(3)).ShouldBe([0, 1, 2, 4, 8, 16, 32, 64, 96, 128, 160]);
        port.Sent.ShouldBe(11 * PortGuess.Chances * PortGuess.Tries);
    }

    [Fact]
    public async Task A_side_that_has_begun_anew_still_tries_at_the_same_time_as_the_other()
    {
        await using var port = new CountingPort();
        var whole = SetsOf(port, TimeSpan.Zero, TimeSpan.FromHours(6));
        foreach (var minutes in new[] { 5.3, 33, 70, 129.9 })
        {
            var anew = SetsOf(port, TimeSpan.FromMinutes(minutes), TimeSpan.FromHours(6));
            anew.Intersect(whole).ShouldNotBeEmpty();
            anew.Intersect(whole).Min().ShouldBeLessThan(minutes + 33);
        }
    }

    [Fact]
    public async Task A_way_that_is_taken_ends_the_guessing_and_one_that_is_lost_begins_it_anew_after_10_seconds()
    {
        await using var port = new CountingPort();
        var guesses = new PortGuesses(port, () => default);
        var peer = PeerOf(Symmetric, Seen, port);
        var place = IPEndPoint.Parse("192.168.1.7:5");
        peer.Path.PingCame(place, 1, nominates: false, TimeSpan.Zero);
        peer.Path.PongCame(1, TimeSpan.Zero);
        peer.Path.Direct.ShouldNotBeNull();
        guesses.Tick(peer, Restricted, Fail, TimeSpan.FromSeconds(1)).ShouldBeNull();

        for (var now = TimeSpan.FromSeconds(1); peer.Path.Direct is not null; now += TimeSpan.FromSeconds(1))
            peer.Path.Tick(now);
        guesses.Tick(peer, Restricted, Fail, TimeSpan.FromSeconds(10)).ShouldBe(TimeSpan.FromSeconds(11));
        guesses.Tick(peer, Restricted, Fail, TimeSpan.FromSeconds(11)).ShouldBe(TimeSpan.FromSeconds(11.5));
        guesses.Tick(peer, Restricted, (_, send) => send(new byte[1]), TimeSpan.FromSeconds(11.5));
        port.Sent.ShouldBe(1);
    }

    [Fact]
    public async Task Of_a_row_the_next_256_ports_are_opened_and_no_others()
    {
        await using var port = new CountingPort();
        var guesses = new PortGuesses(port, () => default);
        var peer = PeerOf(Symmetric with { PortStep = 1 }, Seen, port);
        for (var now = TimeSpan.Zero; now < TimeSpan.FromSeconds(30);)
            now = guesses.Tick(peer, Restricted, (_, send) => send(new byte[1]), now) ?? TimeSpan.MaxValue;

        port.Places.ShouldBe(Enumerable.Range(40_001, 256).Select(each => new IPEndPoint(Seen.Address, each)));
    }

    [Fact]
    public async Task A_pair_that_needs_no_guessing_is_spared_it()
    {
        await using var port = new CountingPort();
        var guesses = new PortGuesses(port, () => default);
        guesses.Tick(PeerOf(Restricted, Seen, port), Restricted, Fail, TimeSpan.FromSeconds(5)).ShouldBeNull();
        guesses.Tick(PeerOf(Symmetric, Seen, port), Symmetric, Fail, TimeSpan.FromSeconds(5)).ShouldBeNull();
        guesses.Tick(PeerOf(Symmetric, seen: null, port), Restricted, Fail, TimeSpan.FromSeconds(5)).ShouldBeNull();
    }

    [Fact]
    public async Task Who_is_guessed_sends_from_256_ports_and_one_that_is_found_passes_on_to_the_tunnel_and_back()
    {
        using var other = OpenSocket();
        using var tunnel = OpenSocket();
        await using var port = new CountingPort { Number = ((IPEndPoint)tunnel.LocalEndPoint!).Port };
        var peer = PeerOf(Restricted, (IPEndPoint)other.LocalEndPoint!, port);
        var guesses = new PortGuesses(port, () => default);
        var probe = new byte[Probe.Length];
        new Probe(false, false, 1, 2, 3).Write(probe, new byte[32]);
        _ = guesses.Tick(peer, Symmetric, (_, send) => send(probe), TimeSpan.Zero);
        _ = guesses.Tick(peer, Symmetric, (_, send) => send(probe), TimeSpan.FromMilliseconds(500));
        var ports = new HashSet<IPEndPoint>();
        while (ports.Count < ManyPorts.Count)
            ports.Add((await TakeAsync(other)).From);

        var found = ports.First();
        await other.SendToAsync(probe, found);
        var (bytes, inner) = await TakeAsync(tunnel);
        bytes.ShouldBe(probe);
        await tunnel.SendToAsync("what the tunnel has for the other"u8.ToArray(), inner);
        (await TakeAsync(other)).ShouldSatisfyAllConditions(
            taken => taken.From.ShouldBe(found),
            taken => taken.Bytes.ShouldBe("what the tunnel has for the other"u8.ToArray()));
        guesses.Forget();
    }

    private static void Fail(PeerLink peer, Action<ReadOnlySpan<byte>> send) =>
        throw new InvalidOperationException("Nothing is to be sent.");

    /// <summary>When ports are guessed, in minutes.</summary>
    private static List<double> SetsOf(CountingPort port, TimeSpan from, TimeSpan until)
    {
        var now = from;
        var guesses = new PortGuesses(port, () => DateTimeOffset.UnixEpoch + now);
        var peer = PeerOf(Symmetric, Seen, port);
        var sets = new List<double>();
        var last = TimeSpan.MinValue;
        while (now < until)
        {
            var before = port.Sent;
            var next = guesses.Tick(peer, Restricted, (_, send) => send(new byte[1]), now).ShouldNotBeNull();
            if (port.Sent > before)
            {
                // Within a set it is never silent for as long as between two.
                if (last == TimeSpan.MinValue || now - last > TimeSpan.FromSeconds(25))
                    sets.Add(Math.Round(now.TotalMinutes, 1));
                last = now;
            }

            next.ShouldBeGreaterThan(now);
            now = next;
        }

        return sets;
    }

    private static Socket OpenSocket()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
        {
            ReceiveBufferSize = 1 << 20,
        };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static async Task<(byte[] Bytes, IPEndPoint From)> TakeAsync(Socket socket)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var bytes = new byte[1500];
        var received = await socket.ReceiveFromAsync(bytes, new IPEndPoint(IPAddress.Any, 0), patience.Token);
        return (bytes[..received.ReceivedBytes], (IPEndPoint)received.RemoteEndPoint);
    }

    private static PeerLink PeerOf(NatReport nat, IPEndPoint? seen, IUdpPort port) => new(
        new(
            "00000000000000b0", "anna", "key", "10.66.0.2", 1, default, default, nat,
            seen is null ? [] : [new(seen.ToString(), CandidateSource.Reflexive)], []),
        begins: true, port, (() => 1, () => default));

    /// <summary>Counts what is sent, and sends nothing.</summary>
    private sealed class CountingPort : IUdpPort
    {
        public List<IPEndPoint> Places { get; } = [];

        public int Sent => Places.Count;

        public int Number { get; init; } = 1;

        public bool HasIpv6 => false;

        public UdpReceiver? Receiver { get; set; }

        public void Send(ReadOnlySpan<byte> bytes, IPEndPoint to, int hops = 0) => Places.Add(to);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
