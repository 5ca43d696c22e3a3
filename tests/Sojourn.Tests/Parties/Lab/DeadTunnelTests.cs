using System.Diagnostics;
using System.Globalization;
using Sojourn.NatLab;
using Sojourn.Parties;
using Sojourn.Tests.EndToEnd;
using Xunit.Abstractions;

namespace Sojourn.Tests.Parties.Lab;

/// <summary>The program that drives a member's tunnel dies, and the member does not.</summary>
[Collection(Lane.Laboratory)]
public sealed class DeadTunnelTests(ITestOutputHelper output)
{
    private const string Program = "wireguard-go";

    [LabFact(Program, "ping")]
    public async Task A_tunnel_whose_program_was_killed_is_there_again_within_seconds_whichever_side_it_is()
    {
        await using var party = await PartyLab.BuildAsync();
        var (ann, ben) = await PairAsync(party);
        foreach (var one in (LabMember[])[ann, ben])
        {
            var (id, link) = (await FindAsync(one), await LinkAsync(one));
            await using var pings = new LabPings(ann, ben);
            await pings.WaitForAsync(10);
            await KillAsync(one, id!);
            await FindOtherAsync(one, id);
            var pause = await pings.WaitForAsync(30);
            output.WriteLine($"{one.Name}'s program was killed: {pause}");
            pause.ShouldBeLessThan(TimeSpan.FromSeconds(10));
            (await LinkAsync(one)).ShouldBe(link);
        }
    }

    [LabFact(Program, "ping")]
    public async Task A_tunnel_whose_program_dies_again_and_again_ends_the_member_with_a_clear_word()
    {
        await using var party = await PartyLab.BuildAsync();
        var (ann, ben) = await PairAsync(party);
        var id = await FindAsync(ann);
        for (var count = 0; count < 5; count++)
        {
            await KillAsync(ann, id!);
            // By then there is time to see it.
            if (count == 4)
                await ann.WaitAsync(ben, PathVia.None);
            id = await FindOtherAsync(ann, id);
        }

        await ann.WaitAsync(ben, PathVia.Direct);
        await KillAsync(ann, id!);
        (await ann.ExitAsync()).ShouldNotBe(0);
        ann.Error.ShouldContain("The tunnel was begun again 5 times within 60 s, and died each time.");
        (await ann.Host.Machine.RunAsync("ip", "-br", "link")).ShouldNotContain("sojourn0");
    }

    private static async Task<(LabMember Ann, LabMember Ben)> PairAsync(PartyLab party)
    {
        var ann = await party.AddAsync("ann", LabNat.PortRestricted);
        await ann.WaitAsync(_ => true, "it has joined");
        var ben = await party.AddAsync("ben", LabNat.Linux);
        await ann.WaitAsync(ben, PathVia.Direct);
        await ben.WaitAsync(ann, PathVia.Direct);
        return (ann, ben);
    }

    /// <summary>Its port, length and addresses; not its number, which is another each time.</summary>
    private static async Task<string> LinkAsync(LabMember member)
    {
        var link = await member.Host.Machine.RunAsync("ip", "-br", "addr", "show", "dev", "sojourn0");
        var details = await member.Host.Machine.RunAsync("cat", "/sys/class/net/sojourn0/mtu");
        var port = await member.Host.Machine.RunAsync("wg", "show", "sojourn0", "listen-port");
        return $"{link.Split("fe80")[0].Trim()} {details.Trim()} {port.Trim()}";
    }

    /// <summary>The program's id: of those of its name, the one in the member's network.</summary>
    private static async Task<string?> FindAsync(LabMember member)
    {
        const string find = """
            for id in $(ip netns pids "$0"); do
                if [ "$(cat "/proc/$id/comm" 2>/dev/null)" = "$1" ]; then echo "$id"; fi
            done
            """;
        var ids = await member.Host.Machine.RunAsync("sh", "-c", find, member.Host.Machine.Name, Program);
        return ids.Split('\n', StringSplitOptions.RemoveEmptyEntries).SingleOrDefault();
    }

    /// <summary>Completes once there is another one.</summary>
    private static async Task<string> FindOtherAsync(LabMember member, string? before)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            if (await FindAsync(member) is { } id && id != before)
                return id;
            Stopwatch.GetElapsedTime(began).ShouldBeLessThan(SojournProcess.Patience);
        }
    }

    private static async Task KillAsync(LabMember member, string id)
    {
        int.Parse(id, CultureInfo.InvariantCulture).ShouldBeGreaterThan(1);
        await member.Host.Machine.RunAsync("kill", "-s", "KILL", id);
    }
}
