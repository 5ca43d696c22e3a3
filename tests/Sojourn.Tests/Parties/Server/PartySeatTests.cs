using Sojourn.Client;
using Sojourn.Client.Parties;
using Sojourn.Parties;
using static Sojourn.Tests.Parties.Server.PartyUnderTest;

namespace Sojourn.Tests.Parties.Server;

/// <summary>The client of members.</summary>
public sealed class PartySeatTests
{
    [Fact]
    public async Task A_member_follows_its_party_sends_and_receives_and_is_told_that_it_has_to_go()
    {
        await using var party = await StartAsync();
        var (ann, ben) = (await TakeAsync(party, "Ann"), await TakeAsync(party, "Ben"));
        await using var news = ann.FollowAsync().GetAsyncEnumerator();
        (await NextAsync<PartyNow>(news)).Party.Members.Length.ShouldBe(2);

        await ben.SendAsync("send-signal", new { to = Friends.IdOf("Ann"), sequence = 1, data = "psst" });
        (await NextAsync<SignalsCame>(news)).Signals.Single().Data.ShouldBe("psst");
        var beating = ann.AskAsync<Pulse>("heartbeat", new { signalsUpTo = 1 });
        await ben.SendAsync("report", new { nat = new NatReport(NatKind.FullCone, "seen") });
        (await NextAsync<PartyNow>(news)).Party.Members[1].Nat.Kind.ShouldBe(NatKind.FullCone);
        (await beating).Signals.ShouldBeEmpty();

        var kicking = ann.SendAsync("hand-over", new { member = Friends.IdOf("Ben") });
        (await NextAsync<PartyNow>(news)).Party.Host.ShouldBe(Friends.IdOf("Ben"));
        await kicking;
        await ben.SendAsync("kick", new { member = Friends.IdOf("Ann") });
        (await NextAsync<SeatGone>(news)).Why.ShouldBe("removed");
        (await Should.ThrowAsync<SojournProblemException>(() => ann.AskAsync<Pulse>("heartbeat")))
            .Problem.Status.ShouldBe(401);
    }

    [Fact]
    public async Task What_the_server_refuses_is_told_as_it_says_it()
    {
        await using var party = await StartAsync();
        await TakeAsync(party, "Ann");
        var ben = await TakeAsync(party, "Ben");
        (await Should.ThrowAsync<SojournProblemException>(
            () => ben.SendAsync("kick", new { member = Friends.IdOf("Ann") }))).Problem.Code.ShouldBe("host-only");
        (await ben.NetworkAsync()).PairKeys.Keys.ShouldBe([Friends.IdOf("Ann")]);
    }

    private static async Task<PartySeat> TakeAsync(PartyUnderTest party, string name)
    {
        var options = new SojournClientOptions { Url = party.Server.Url };
        var taken = await PartySeat.TakeAsync(
            options, new TakeSeat(party.Invitation, name, Friends.KeyOf(name), SecretOf(name)));
        return new PartySeat(options, taken.Seat, SecretOf(name));
    }

    private static async Task<T> NextAsync<T>(IAsyncEnumerator<SeatNews> news)
        where T : SeatNews
    {
        while (await news.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60)))
        {
            if (news.Current is T wanted)
                return wanted;
        }

        throw new InvalidOperationException("There is no more news.");
    }
}
