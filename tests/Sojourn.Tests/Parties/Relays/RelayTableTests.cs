using System.Net;
using Sojourn.Relays;
using Sojourn.Server.Parties.Relays;
using Sojourn.Testing;

namespace Sojourn.Tests.Parties.Relays;

public sealed class RelayTableTests
{
    private const ulong Party = 7, Ann = 1, Ben = 2, Cid = 3;

    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(each => (byte)each)];
    private static readonly IPEndPoint Anns = IPEndPoint.Parse("198.51.100.1:1001");
    private static readonly IPEndPoint Bens = IPEndPoint.Parse("198.51.100.2:1002");
    private static readonly byte[] Packet = [4, 0, 0, 0, .. new byte[60]];

    private readonly ManualClock _clock = new();
    private ulong _counter = 1;

    [Fact]
    public void What_one_sends_arrives_at_the_other_as_it_is_and_from_the_port_that_leads_back()
    {
        var relay = Open();
        Bind(relay, 1, Anns, Ann, Ben).IsOtherBound.ShouldBeFalse();
        relay.Take(1, Anns, Packet).ShouldBeNull();
        var bound = Bind(relay, 0, Bens, Ben, Ann);
        (bound.IsOtherBound, bound.Seen).ShouldBe((true, Bens));
        relay.Take(1, Anns, Packet).ShouldBe((null, 0, Bens));
        relay.Take(0, Bens, Packet).ShouldBe((null, 1, Anns));
        relay.Passed.ShouldBe(2 * Packet.Length);
    }

    [Fact]
    public void Nothing_but_packets_of_WireGuards_from_those_who_are_bound_is_passed_on()
    {
        var relay = Both();
        relay.Take(1, Bens, Packet).ShouldBeNull();
        relay.Take(2, Anns, Packet).ShouldBeNull();
        relay.Take(1, IPEndPoint.Parse("203.0.113.9:5"), Packet).ShouldBeNull();
        foreach (var bad in (byte[][])[
            [], [4, 0, 0, 0], [5, 0, 0, 0, .. new byte[60]], [4, 0, 0, 1, .. new byte[60]],
            [4, 0, 0, 0, .. new byte[27]], [1, 0, 0, 0, .. new byte[143]], "GET / HTTP/1.1\r\n\r\n"u8.ToArray(),
            new byte[2000]])
            relay.Take(1, Anns, bad).ShouldBeNull();
        // The last but one is a full packet of a tunnel whose MTU is no multiple of 16, as ours is.
        foreach (var (type, length) in
            (ReadOnlySpan<(byte, int)>)[(1, 148), (2, 92), (3, 64), (4, 32), (4, 1412), (4, 1440)])
            relay.Take(1, Anns, [type, 0, 0, 0, .. new byte[length - 4]]).ShouldNotBeNull();
    }

    [Fact]
    public void A_stranger_a_forged_ticket_and_one_for_another_port_open_nothing()
    {
        var relay = Open();
        var ticket = TicketOf(Ann, Ben, 1);
        var good = RelayFormat.WriteBind(ticket.Write(Key), RelayTicket.KeyOf(ticket.Write(Key), Key), 1);
        for (var at = 0; at < good.Length; at++)
        {
            // Nobody looks at what stands there for nothing.
            if (at is 5 or 6 or 7)
                continue;
            var forged = (byte[])good.Clone();
            forged[at] ^= 1;
            relay.Take(1, Anns, forged).ShouldBeNull($"byte {at}");
        }

        var stranger = RelayFormat.WriteBind(ticket.Write(new byte[32]), new byte[32], 1);
        relay.Take(1, Anns, stranger).ShouldBeNull();
        // Who has seen a ticket go by has not seen what is told with it.
        relay.Take(1, Anns, RelayFormat.WriteBind(ticket.Write(Key), new byte[32], 1)).ShouldBeNull();
        Answer(relay.Take(2, Anns, good)).Refusal.ShouldBe(RelayRefusal.WrongPort);
        relay.Count.ShouldBe(0);
        Answer(relay.Take(1, Anns, good)).Refusal.ShouldBe(RelayRefusal.None);
    }

    [Fact]
    public void A_request_that_is_sent_again_by_another_moves_nobody()
    {
        var relay = Both();
        var ticket = TicketOf(Ann, Ben, 1).Write(Key);
        var request = RelayFormat.WriteBind(ticket, RelayTicket.KeyOf(ticket, Key), ++_counter);
        Answer(relay.Take(1, Anns, request)).Refusal.ShouldBe(RelayRefusal.None);
        var thief = IPEndPoint.Parse("203.0.113.9:5");
        Answer(relay.Take(1, thief, request)).Refusal.ShouldBe(RelayRefusal.Replayed);
        relay.Take(0, Bens, Packet)!.Value.To.ShouldBe(Anns);
    }

    [Fact]
    public void Whose_address_changes_binds_again_and_is_reached_there()
    {
        var relay = Both();
        var moved = IPEndPoint.Parse("198.51.100.77:9");
        Bind(relay, 1, moved, Ann, Ben);
        relay.Take(0, Bens, Packet)!.Value.To.ShouldBe(moved);
        relay.Count.ShouldBe(2);
    }

    [Fact]
    public void What_comes_from_where_a_member_was_bound_before_passes_until_that_binding_is_over()
    {
        var relay = Both();
        var (second, third) = (IPEndPoint.Parse("198.51.100.77:9"), IPEndPoint.Parse("198.51.100.78:9"));
        _clock.Advance(TimeSpan.FromSeconds(20));
        Bind(relay, 0, Bens, Ben, Ann);
        Bind(relay, 1, second, Ann, Ben);
        relay.Take(1, Anns, Packet).ShouldBe((null, 0, Bens));
        relay.Take(1, second, Packet).ShouldBe((null, 0, Bens));
        _clock.Advance(TimeSpan.FromSeconds(10));
        relay.Take(1, Anns, Packet).ShouldBeNull();

        // Back and forth: both stay good; but of three, the oldest goes.
        Bind(relay, 1, Anns, Ann, Ben);
        Bind(relay, 1, second, Ann, Ben);
        Bind(relay, 1, Anns, Ann, Ben);
        relay.Take(1, Anns, Packet).ShouldNotBeNull();
        relay.Take(1, second, Packet).ShouldNotBeNull();
        Bind(relay, 1, third, Ann, Ben);
        relay.Take(1, second, Packet).ShouldBeNull();
        relay.Take(1, Anns, Packet).ShouldNotBeNull();
        relay.Take(0, Bens, Packet)!.Value.To.ShouldBe(third);
        relay.Count.ShouldBe(2);
    }

    [Fact]
    public void Whose_earlier_address_another_has_now_moves_on_without_displacing_it()
    {
        var relay = Both();
        var (second, third) = (IPEndPoint.Parse("198.51.100.77:9"), IPEndPoint.Parse("198.51.100.78:9"));
        Bind(relay, 1, second, Ann, Ben);
        // Of another party, behind the same router, which has given out the port anew.
        Bind(relay, 1, Anns, Ann, Ben, party: 8);
        Bind(relay, 0, third, Ben, Ann, party: 8);
        Bind(relay, 1, third, Ann, Ben);
        relay.Take(1, Anns, Packet).ShouldBe((null, 0, third));
        relay.Take(1, third, Packet).ShouldBe((null, 0, Bens));
        relay.Count.ShouldBe(4);
    }

    [Fact]
    public void Tickets_end_and_so_do_bindings_that_nobody_renews()
    {
        var relay = Both();
        _clock.Advance(TimeSpan.FromSeconds(30) - TimeSpan.FromTicks(1));
        relay.Take(1, Anns, Packet).ShouldNotBeNull();
        _clock.Advance(TimeSpan.FromTicks(1));
        relay.Take(1, Anns, Packet).ShouldBeNull();
        Bind(relay, 1, Anns, Ann, Ben).IsOtherBound.ShouldBeFalse();
        relay.Count.ShouldBe(1);

        _clock.Advance(TimeSpan.FromHours(2));
        Bind(relay, 1, Anns, Ann, Ben, validFor: TimeSpan.Zero).Refusal.ShouldBe(RelayRefusal.Expired);
    }

    [Fact]
    public void An_owner_sends_as_much_as_it_may_and_others_are_not_kept_from_theirs()
    {
        var relay = Open(new RelayOptions { BytesPerSecond = 10 * Packet.Length });
        Bind(relay, 1, Anns, Ann, Ben);
        Bind(relay, 0, Bens, Ben, Ann);
        for (var number = 0; number < 10; number++)
            relay.Take(1, Anns, Packet).ShouldNotBeNull();
        relay.Take(1, Anns, Packet).ShouldBeNull();
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        relay.Take(1, Anns, Packet).ShouldNotBeNull();
        relay.Take(1, Anns, Packet).ShouldBeNull();

        var (others, place) = (IPEndPoint.Parse("198.51.100.8:1"), IPEndPoint.Parse("198.51.100.9:1"));
        Bind(relay, 1, others, Ann, Cid, party: 8, owner: 2);
        Bind(relay, 0, place, Cid, Ann, party: 8, owner: 2);
        relay.Take(1, others, Packet).ShouldNotBeNull();
    }

    [Fact]
    public void As_many_are_bound_as_may_be_and_no_more()
    {
        var relay = Open(new RelayOptions { MaxBindings = 2 });
        Bind(relay, 1, Anns, Ann, Ben);
        Bind(relay, 0, Bens, Ben, Ann);
        Bind(relay, 2, Anns, Ann, Cid).Refusal.ShouldBe(RelayRefusal.Full);
        Bind(relay, 1, Anns, Ann, Ben).Refusal.ShouldBe(RelayRefusal.None);
    }

    private RelayTable Open(RelayOptions? options = null) => new(Key, options ?? new RelayOptions(), _clock);

    private RelayTable Both()
    {
        var relay = Open();
        Bind(relay, 1, Anns, Ann, Ben);
        Bind(relay, 0, Bens, Ben, Ann);
        return relay;
    }

    private RelayTicket TicketOf(
        ulong from, ulong to, int slot, ulong party = Party, ulong owner = 1, TimeSpan? validFor = null) =>
        new(_clock.GetUtcNow() + (validFor ?? TimeSpan.FromHours(1)), owner, party, from, to, slot);

    private RelayAnswer Bind(
        RelayTable relay, int slot, IPEndPoint place, ulong from, ulong to, ulong party = Party, ulong owner = 1,
        TimeSpan? validFor = null)
    {
        var ticket = TicketOf(from, to, slot, party, owner, validFor).Write(Key);
        return Answer(relay.Take(
            slot, place, RelayFormat.WriteBind(ticket, RelayTicket.KeyOf(ticket, Key), ++_counter)));
    }

    private static RelayAnswer Answer((byte[]? Bytes, int Slot, IPEndPoint To)? sent) =>
        RelayFormat.ReadAnswer(sent!.Value.Bytes)!;
}
