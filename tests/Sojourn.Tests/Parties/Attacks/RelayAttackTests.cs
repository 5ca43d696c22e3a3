using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Sojourn.Relays;
using Sojourn.Server.Parties.Relays;
using Sojourn.Testing;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Parties.Attacks;

/// <summary>Strangers, and members who want more than is theirs, at a relay's UDP ports.</summary>
public sealed class RelayAttackTests : IAsyncLifetime
{
    private const ulong Ann = 1, Ben = 2, Cid = 3;

    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    private readonly ManualClock _clock = new();
    private readonly Socket _anns = Open(), _bens = Open(), _strangers = Open();
    private RelayTable _table = null!;
    private RelayListener _relay = null!;
    private ulong _counter = 100;

    public async Task InitializeAsync()
    {
        _table = new RelayTable(Key, new RelayOptions(), _clock);
        _relay = RelayListener.Open(IPAddress.Loopback, 0, _table);
        (await BindAsync(_anns, Ann, Ben, 1)).Refusal.ShouldBe(RelayRefusal.None);
        (await BindAsync(_bens, Ben, Ann, 0)).IsOtherBound.ShouldBeTrue();
    }

    public async Task DisposeAsync()
    {
        await _relay.DisposeAsync();
        foreach (var socket in (Socket[])[_anns, _bens, _strangers])
            socket.Dispose();
    }

    [Fact]
    public async Task A_stranger_without_a_ticket_is_neither_answered_nor_passed_on()
    {
        var passed = _table.Passed;
        foreach (var slot in (int[])[0, 1, 63])
            await SendAsync(_strangers, slot, Packet(9));
        await SendAsync(_strangers, 1, RandomNumberGenerator.GetBytes(RelayFormat.BindLength));
        await SendAsync(_strangers, 1, []);
        await ShouldBeUndisturbedAsync(passed);
    }

    [Fact]
    public async Task A_forged_ticket_and_anothers_without_its_key_bind_nobody()
    {
        var passed = _table.Passed;
        var ticket = Ticket(Ann, Ben, 1).Write(Key);
        var own = RandomNumberGenerator.GetBytes(32);
        var forged = Ticket(Cid, Ben, 1).Write(own);
        foreach (var (shown, key) in ((byte[], byte[])[])[
            (forged, RelayTicket.KeyOf(forged, own)), (forged, RelayTicket.KeyOf(forged, Key)), (ticket, own),
            (ticket, new byte[32])])
            await SendAsync(_strangers, 1, RelayFormat.WriteBind(shown, key, ++_counter));
        // A good one, each of whose bits was turned by somebody on the way.
        var good = RelayFormat.WriteBind(ticket, RelayTicket.KeyOf(ticket, Key), ++_counter);
        for (var at = 0; at < good.Length; at++)
        {
            var bent = (byte[])good.Clone();
            bent[at] ^= 0x80;
            if (at is not (5 or 6 or 7))
                await SendAsync(_strangers, 1, bent);
        }

        await ShouldBeUndisturbedAsync(passed);
    }

    [Fact]
    public async Task A_bind_that_is_sent_again_with_an_old_counter_moves_nobody()
    {
        var ticket = Ticket(Ann, Ben, 1).Write(Key);
        var heard = RelayFormat.WriteBind(ticket, RelayTicket.KeyOf(ticket, Key), ++_counter);
        await SendAsync(_anns, 1, heard);
        (await AnswerAsync(_anns)).Refusal.ShouldBe(RelayRefusal.None);
        var passed = _table.Passed;
        await SendAsync(_strangers, 1, heard);
        var answer = await ReceiveAsync(_strangers);
        (RelayFormat.ReadAnswer(answer)!.Refusal, answer.Length < heard.Length).ShouldBe((RelayRefusal.Replayed, true));
        await ShouldBeUndisturbedAsync(passed);
    }

    [Fact]
    public async Task Who_is_bound_and_sends_what_is_not_WireGuards_is_not_passed_on()
    {
        var passed = _table.Passed;
        var chance = new Random(20261122);
        foreach (var length in (int[])[0, 1, 31, 33, 147, 149, 1400, 2048, 4000])
        {
            var rubbish = new byte[length];
            chance.NextBytes(rubbish);
            if (length > 0)
                rubbish[0] = 9;
            await SendAsync(_anns, 1, rubbish);
        }

        // A DNS question, a web request, and packets that are of WireGuard's but for their length.
        await SendAsync(_anns, 1, Convert.FromHexString("abcd01000001000000000000076578616d706c6503636f6d0000010001"));
        await SendAsync(_anns, 1, "GET / HTTP/1.1\r\nHost: victim\r\nPadding: xxxxxxxxxx\r\n\r\n"u8.ToArray());
        await SendAsync(_anns, 1, Packet(1).AsSpan(0, 31).ToArray());
        await SendAsync(_anns, 1, [1, 0, 0, 0, .. new byte[140]]);
        await ShouldBeUndisturbedAsync(passed);
    }

    [Fact]
    public async Task A_ticket_that_has_expired_or_is_for_another_port_is_refused_and_says_so()
    {
        var passed = _table.Passed;
        (await BindAsync(_strangers, Cid, Ben, 1, TimeSpan.Zero)).Refusal.ShouldBe(RelayRefusal.Expired);
        (await BindAsync(_strangers, Cid, Ben, 1, TimeSpan.FromDays(-9999))).Refusal.ShouldBe(RelayRefusal.Expired);
        var ticket = Ticket(Cid, Ben, 1).Write(Key);
        await SendAsync(_strangers, 2, RelayFormat.WriteBind(ticket, RelayTicket.KeyOf(ticket, Key), ++_counter));
        (await AnswerAsync(_strangers)).Refusal.ShouldBe(RelayRefusal.WrongPort);
        await ShouldBeUndisturbedAsync(passed);

        _clock.Advance(TimeSpan.FromHours(1));
        ticket = Ticket(Cid, Ben, 1, TimeSpan.FromSeconds(1)).Write(Key);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await SendAsync(_strangers, 1, RelayFormat.WriteBind(ticket, RelayTicket.KeyOf(ticket, Key), ++_counter));
        (await AnswerAsync(_strangers)).Refusal.ShouldBe(RelayRefusal.Expired);
    }

    [Fact]
    public async Task A_good_ticket_of_one_pair_does_not_reach_into_another()
    {
        var passed = _table.Passed;
        (await BindAsync(_strangers, Cid, Ben, 1)).IsOtherBound.ShouldBeFalse();
        await SendAsync(_strangers, 1, Packet(5));
        await SendAsync(_strangers, 0, Packet(5));
        await ShouldBeUndisturbedAsync(passed, bound: 3);
    }

    /// <summary>
    /// Ann and Ben still reach each other, and nothing else had arrived at them or was answered to the stranger: what
    /// is sent to one port of this machine is taken in its order.
    /// </summary>
    private async Task ShouldBeUndisturbedAsync(long passed, int bound = 2)
    {
        await SendAsync(_anns, 1, Packet(7));
        (await ReceiveAsync(_bens)).ShouldBe(Packet(7));
        await SendAsync(_bens, 0, Packet(8));
        (await ReceiveAsync(_anns)).ShouldBe(Packet(8));
        _table.Passed.ShouldBe(passed + (2 * Packet(7).Length));
        _table.Count.ShouldBe(bound);
        foreach (var slot in (int[])[0, 1, 2, 63])
        {
            var ticket = Ticket(Cid, Ann, slot, TimeSpan.Zero).Write(Key);
            var counter = ++_counter;
            await SendAsync(_strangers, slot, RelayFormat.WriteBind(ticket, RelayTicket.KeyOf(ticket, Key), counter));
            (await AnswerAsync(_strangers)).Counter.ShouldBe(counter);
        }
    }

    private static byte[] Packet(byte content) => [4, 0, 0, 0, .. Enumerable.Repeat(content, 60)];

    private RelayTicket Ticket(ulong from, ulong to, int slot, TimeSpan? validFor = null) =>
        new(_clock.GetUtcNow() + (validFor ?? TimeSpan.FromHours(1)), 1, 7, from, to, slot);

    private async Task<RelayAnswer> BindAsync(
        Socket socket, ulong from, ulong to, int slot, TimeSpan? validFor = null)
    {
        var ticket = Ticket(from, to, slot, validFor).Write(Key);
        await SendAsync(socket, slot, RelayFormat.WriteBind(ticket, RelayTicket.KeyOf(ticket, Key), ++_counter));
        return await AnswerAsync(socket);
    }

    private static async Task<RelayAnswer> AnswerAsync(Socket socket) =>
        RelayFormat.ReadAnswer(await ReceiveAsync(socket)).ShouldNotBeNull();

    private static Socket Open()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private async Task SendAsync(Socket socket, int slot, byte[] bytes) =>
        await socket.SendToAsync(bytes, SocketFlags.None, _relay.PlaceOf(slot));

    private static async Task<byte[]> ReceiveAsync(Socket socket)
    {
        using var late = new CancellationTokenSource(ServerUnderTest.Patience);
        var bytes = new byte[2048];
        return bytes[..await socket.ReceiveAsync(bytes, SocketFlags.None, late.Token)];
    }
}
