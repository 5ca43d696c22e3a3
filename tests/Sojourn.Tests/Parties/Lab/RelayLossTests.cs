using Sojourn.Mesh;
using Sojourn.NatLab;
using Sojourn.Parties;
using Xunit.Abstractions;

namespace Sojourn.Tests.Parties.Lab;

/// <summary>Several relays: the nearest is taken, and another when that is gone.</summary>
[Collection(Lane.Laboratory)]
public sealed class RelayLossTests(ITestOutputHelper output)
{
    [LabFact("wireguard-go", "ping")]
    public async Task The_nearest_relay_is_taken_another_when_it_is_killed_and_the_nearest_again_when_it_is_back()
    {
        await using var party = await PartyLab.BuildAsync();
        await party.Lab.DelayServerAsync(TimeSpan.FromMilliseconds(20));
        var machine = await party.Lab.AddAsync("relay", LabNat.Open);
        var near = await party.StartRelayAsync(machine);
        // Two that no guess brings together.
        var ann = await party.AddAsync("ann", LabNat.Symmetric);
        await ann.WaitAsync(_ => true, "it has joined");
        var ben = await party.AddAsync("ben", LabNat.Symmetric);
        await WaitAsync(ann, ben, "near");
        await WaitAsync(ben, ann, "near");
        await using var pings = new LabPings(ann, ben);
        await pings.WaitForAsync(10);

        await near.KillAsync();
        output.WriteLine($"a relay is killed: {await pings.WaitForAsync(20)}");
        await WaitAsync(ann, ben, "server");
        await WaitAsync(ben, ann, "server");
        // Each side notices for itself.
        await pings.WaitForAsync(20);
        await party.StartRelayAsync(machine);
        await WaitAsync(ann, ben, "near");
        await WaitAsync(ben, ann, "near");
        (await pings.WaitForAsync(20)).ShouldBeLessThan(TimeSpan.FromSeconds(0.5));

        // What is relayed by another goes on when the server is gone.
        await party.Server.KillAsync();
        await ann.WaitAsync(now => now.ServerLost is not null, "the server is missed");
        (await pings.WaitForAsync(20)).ShouldBeLessThan(TimeSpan.FromSeconds(0.5));
    }

    private static Task<PartyNodeView> WaitAsync(LabMember one, LabMember other, string relay) => one.WaitAsync(
        now => now.Party.Members.FirstOrDefault(each => each.Name == other.Name) is { } member
            && now.Paths.Any(path => path.To == member.Id && path.Via == PathVia.Relay && path.Detail == relay),
        $"it reaches {other.Name} through {relay}");
}
