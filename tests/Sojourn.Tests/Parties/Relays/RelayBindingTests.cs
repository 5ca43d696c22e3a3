using System.Net;
using Sojourn.Mesh.Relays;
using Sojourn.Relays;

namespace Sojourn.Tests.Parties.Relays;

/// <summary>How a member stays bound at a relay.</summary>
public sealed class RelayBindingTests
{
    private static readonly string Pass = Convert.ToBase64String(new byte[RelayTicket.Length + 32]);

    private readonly RelayBinding _binding = new(new IPEndPoint(IPAddress.Loopback, 1), 1000);

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

    private void Answer(TimeSpan now, RelayRefusal refusal)
    {
        var asked = _binding.Tick(isUsed: true, now).ShouldNotBeNull();
        var counter = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(asked.AsSpan(8));
        _binding.Take(new RelayAnswer(counter, null, refusal == RelayRefusal.None, refusal), now).ShouldBeTrue();
    }
}
