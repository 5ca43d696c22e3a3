using Sojourn.NatLab;
using Sojourn.Parties;

namespace Sojourn.Tests.Parties.Lab;

/// <summary>Games that look for each other by broadcasts find each other in a party.</summary>
[Collection(Lane.Laboratory)]
public sealed class BroadcastTests
{
    private const int Port = 6112, OtherPort = 6200;

    [LabFact("wireguard-go")]
    public async Task A_game_that_calls_all_is_heard_once_by_each_member_and_answered()
    {
        await using var party = await PartyLab.BuildAsync();
        var (ann, ben, cid) = await ThreeAsync(party);
        using var atAnn = await GameSocket.OpenAsync(ann, Port);
        using var atBen = await GameSocket.OpenAsync(ben, Port);
        using var atCid = await GameSocket.OpenAsync(cid, Port);

        string[] all = ["255.255.255.255", "192.168.1.255", "10.66.0.255", "224.0.2.60"];
        foreach (var address in all)
            await atAnn.SendAsync($"who is at {address}?", $"{address}:{Port}");
        foreach (var address in all)
        {
            (await atBen.ReceiveAsync()).ShouldBe($"{ann.Now.Address}:{Port}: who is at {address}?");
            (await atCid.ReceiveAsync()).ShouldBe($"{ann.Now.Address}:{Port}: who is at {address}?");
        }

        await atBen.SendAsync("I am", $"{ann.Now.Address}:{Port}");
        (await atAnn.ReceiveAsync()).ShouldBe($"{ben.Now.Address}:{Port}: I am");

        // Whatever somebody had handed on would have come before what they say after it.
        await atBen.SendAsync("I am Ben", $"255.255.255.255:{Port}");
        (await atAnn.ReceiveAsync()).ShouldBe($"{ben.Now.Address}:{Port}: I am Ben");
        (await atCid.ReceiveAsync()).ShouldBe($"{ben.Now.Address}:{Port}: I am Ben");
        await atCid.SendAsync("I am Cid", $"255.255.255.255:{Port}");
        (await atAnn.ReceiveAsync()).ShouldBe($"{cid.Now.Address}:{Port}: I am Cid");
        (await atBen.ReceiveAsync()).ShouldBe($"{cid.Now.Address}:{Port}: I am Cid");
        await ann.WaitAsync(now => now.Broadcasts is { Carried: 4, OverLimit: 0 }, "it has told what it carried");
        await ben.WaitAsync(now => now.Broadcasts is { Carried: 1 }, "it has told what it carried");
        await cid.WaitAsync(now => now.Broadcasts is { Carried: 1 }, "it has told what it carried");
    }

    [LabFact("wireguard-go")]
    public async Task A_port_of_no_profile_and_a_datagram_that_is_too_long_are_not_carried()
    {
        await using var party = await PartyLab.BuildAsync();
        var (ann, ben) = (await AddAsync(party, "ann"), await AddAsync(party, "ben"));
        await ann.WaitAsync(ben, PathVia.Direct);
        await ben.WaitAsync(ann, PathVia.Direct);
        using var atAnn = await GameSocket.OpenAsync(ann, Port);
        using var atBen = await GameSocket.OpenAsync(ben, Port);
        using var other = await GameSocket.OpenAsync(ben, OtherPort);

        await atAnn.SendAsync("not for you", $"255.255.255.255:{OtherPort}");
        await atAnn.SendAsync(new string('a', 1353), $"255.255.255.255:{Port}");
        await atAnn.SendAsync(new string('b', 2000), $"255.255.255.255:{Port}");
        await atAnn.SendAsync(new string('c', 1352), $"255.255.255.255:{Port}");
        (await atBen.ReceiveAsync()).ShouldBe($"{ann.Now.Address}:{Port}: {new string('c', 1352)}");
        await atAnn.SendAsync("for you", $"{ben.Now.Address}:{OtherPort}");
        (await other.ReceiveAsync()).ShouldBe($"{ann.Now.Address}:{Port}: for you");
        await ann.WaitAsync(
            now => now.Broadcasts is { Carried: 1, OverLimit: 0, TooLong: 2 }, "it has told what it carried");
    }

    private static async Task<LabMember> AddAsync(PartyLab party, string name)
    {
        var member = await party.AddAsync(name, LabNat.Linux, "--game", "warcraft-3");
        await member.WaitAsync(_ => true, "it has joined");
        return member;
    }

    private static async Task<(LabMember Ann, LabMember Ben, LabMember Cid)> ThreeAsync(PartyLab party)
    {
        LabMember[] all = [await AddAsync(party, "ann"), await AddAsync(party, "ben"), await AddAsync(party, "cid")];
        foreach (var (one, other) in from one in all from other in all where one != other select (one, other))
            await one.WaitAsync(other, PathVia.Direct);
        return (all[0], all[1], all[2]);
    }
}
