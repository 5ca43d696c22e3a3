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
    public async Task What_is_not_found_is_tried_again_after_one_two_four_eight_and_sixteen_minutes_and_then_every_32()
    {
        await using var port = new CountingPort();
        var guesses = new PortGuesses(port);
        var peer = PeerOf(Symmetric, Seen, port);
        var sets = new List<double>();
        var last = -1e9;
        for (var now = TimeSpan.Zero; now < TimeSpan.FromHours(3);)
        {
            var before = port.Sent;
            var next = guesses.Tick(peer, Restricted, (_, send) => send(new byte[1]), now).ShouldNotBeNull();
            // Within a set it is never silent for as long as between two.
            if (port.Sent > before && now.TotalSeconds - last > 25)
                sets.Add(Math.Round(now.TotalMinutes, 1));
            if (port.Sent > before)
                last = now.TotalSeconds;
            next.ShouldBeGreaterThan(now);
            now = next;
        }

        sets.ShouldBe([0, 1, 3, 7, 15, 31, 63, 95, 127, 159]);
        port.Sent.ShouldBe(sets.Count * PortGuess.Chances * PortGuess.Tries);
    }

    [Fact]
    public async Task Of_a_row_the_next_256_ports_are_opened_and_no_others()
    {
        await using var port = new CountingPort();
        var guesses = new PortGuesses(port);
        var peer = PeerOf(Symmetric with { PortStep = 1 }, Seen, port);
        for (var now = TimeSpan.Zero; now < TimeSpan.FromSeconds(30);)
            now = guesses.Tick(peer, Restricted, (_, send) => send(new byte[1]), now) ?? TimeSpan.MaxValue;

        port.Places.ShouldBe(Enumerable.Range(40_001, 256).Select(each => new IPEndPoint(Seen.Address, each)));
    }

    [Fact]
    public async Task A_pair_that_needs_no_guessing_is_spared_it()
    {
        await using var port = new CountingPort();
        var guesses = new PortGuesses(port);
        guesses.Tick(PeerOf(Restricted, Seen, port), Restricted, Fail, TimeSpan.FromSeconds(5)).ShouldBeNull();
        guesses.Tick(PeerOf(Symmetric, Seen, port), Symmetric, Fail, TimeSpan.FromSeconds(5)).ShouldBeNull();
        guesses.Tick(PeerOf(Symmetric, seen: null, port), Restricted, Fail, TimeSpan.FromSeconds(5)).ShouldBeNull();

        static void Fail(PeerLink peer, Action<ReadOnlySpan<byte>> send) =>
            throw new InvalidOperationException("Nothing is to be sent.");
    }

    [Fact]
    public async Task Who_is_guessed_sends_from_256_ports_and_one_that_is_found_passes_on_to_the_tunnel_and_back()
    {
        using var other = OpenSocket();
        using var tunnel = OpenSocket();
        await using var port = new CountingPort { Number = ((IPEndPoint)tunnel.LocalEndPoint!).Port };
        var peer = PeerOf(Restricted, (IPEndPoint)other.LocalEndPoint!, port);
        var guesses = new PortGuesses(port);
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
        begins: true, port, () => 1);

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
