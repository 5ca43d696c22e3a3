using System.Net;
using Sojourn.Mesh.Relays;
using Sojourn.Relays;

namespace Sojourn.Tests.Parties.Relays;

/// <summary>How a member stays bound at a relay.</summary>
public sealed class RelayBindingTests
{
    private static readonly string Pass = Convert.ToBase64String(new byte[RelayTicket.Length + 32]);

    private readonly RelayBinding _binding;
    private ulong _counter = 1000;

    public RelayBindingTests() => _binding = new(new IPEndPoint(IPAddress.Loopback, 1), () => ++_counter);

    [Fact]
    public void A_ticket_that_is_good_no_more_is_asked_for_again_until_there_is_another()
    {
        _binding.TryTake(Pass, TimeSpan.Zero).ShouldBeTrue();
        Answer(TimeSpan.Zero, RelayRefusal.Expired);
        _binding.NeedsTicket.ShouldBeTrue();

        _binding.Tick(isUsed: true, TimeSpan.FromSeconds(9.9)).ShouldBeNull();
        Answer(TimeSpan.FromSeconds(10), RelayRefusal.Expired);
        _binding.NeedsTicket.ShouldBeTrue();

        _binding.TryTake(Pass, TimeSpan.FromSeconds(11)).ShouldBeTrue();
        Answer(TimeSpan.FromSeconds(11), RelayRefusal.None);
        (_binding.NeedsTicket, _binding.IsReady).ShouldBe((false, true));
    }

    [Fact]
    public void A_relay_in_use_that_falls_silent_is_left_after_two_questions()
    {
        _binding.TryTake(Pass, TimeSpan.Zero).ShouldBeTrue();
        Answer(TimeSpan.Zero, RelayRefusal.None);
        _binding.Tick(isUsed: true, TimeSpan.FromSeconds(1)).ShouldNotBeNull();
        _binding.Tick(isUsed: true, TimeSpan.FromSeconds(2)).ShouldNotBeNull();
        _binding.IsReady.ShouldBeTrue();
        _binding.Tick(isUsed: true, TimeSpan.FromSeconds(2.5));
        _binding.IsReady.ShouldBeFalse();
    }

    [Fact]
    public void A_relay_that_refuses_every_ticket_is_asked_no_faster_for_a_new_one()
    {
        _binding.TryTake(Pass, TimeSpan.Zero).ShouldBeTrue();
        Answer(TimeSpan.Zero, RelayRefusal.Expired);
        _binding.TryTake(Pass, TimeSpan.FromSeconds(1)).ShouldBeTrue();
        Answer(TimeSpan.FromSeconds(1), RelayRefusal.Expired);
        for (var second = 2; second < 11; second++)
        {
            _binding.TryTake(Pass, TimeSpan.FromSeconds(second)).ShouldBeTrue();
            while (_binding.Tick(isUsed: true, TimeSpan.FromSeconds(second)) is { } asked)
                Answer(asked, TimeSpan.FromSeconds(second), RelayRefusal.Expired);
        }

        (_counter - 1000).ShouldBeLessThan(14UL);
    }

    [Fact]
    public void Who_is_bound_stays_so_while_its_ticket_runs_out()
    {
        _binding.TryTake(Pass, TimeSpan.Zero).ShouldBeTrue();
        Answer(TimeSpan.Zero, RelayRefusal.None);
        Answer(TimeSpan.FromSeconds(1), RelayRefusal.Expired);
        (_binding.NeedsTicket, _binding.IsReady).ShouldBe((true, true));
    }

    [Fact]
    public void A_relay_that_has_been_silent_for_long_is_asked_seldom()
    {
        _binding.TryTake(Pass, TimeSpan.Zero).ShouldBeTrue();
        for (var now = TimeSpan.Zero; now < TimeSpan.FromMinutes(10); now += TimeSpan.FromMilliseconds(10))
            _binding.Tick(isUsed: true, now);
        (_counter - 1000).ShouldBeInRange(80UL, 100UL);
    }

    private void Answer(TimeSpan now, RelayRefusal refusal)
    {
        Answer(_binding.Tick(isUsed: true, now).ShouldNotBeNull(), now, refusal);
    }

    private void Answer(byte[] asked, TimeSpan now, RelayRefusal refusal)
    {
        var counter = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(asked.AsSpan(8));
        _binding.Take(new RelayAnswer(counter, null, refusal == RelayRefusal.None, refusal), now).ShouldBeTrue();
    }
}
