using Sojourn.Cli;
using Sojourn.NatLab;
using Sojourn.Parties;

namespace Sojourn.Tests.Parties.Lab;

/// <summary>A party that the machine of a friend serves, and no server on the Internet.</summary>
[Collection(Lane.Laboratory)]
public sealed class LocalPartyTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sojourn-local-");

    public void Dispose() => _directory.Delete(recursive: true);

    [LabFact("wireguard-go", "ping")]
    public async Task Two_in_one_network_have_a_party_without_a_server_and_again_after_its_machine_was_killed()
    {
        await using var lab = await Laboratory.BuildAsync();
        var host = await lab.AddAsync("ann", LabNat.Linux);
        await using var ann = new LabMember(host, PathOf("ann"), "party", "local", "Friday");
        ann.Begin();
        await ann.WaitAsync(_ => true, "it has joined itself");
        var code = CodeOf(ann);
        await using var ben = new LabMember(await host.AddBesideAsync("ben"), PathOf("ben"), "party", "join", code);
        ben.Begin();
        await ReachAsync(ann, ben);
        ben.Before.GetProperty("found").GetString().ShouldBe("Friday");
        ben.Before.GetProperty("url").GetString().ShouldBe("http://192.168.1.2:7707/");
        var addresses = (ann.Now.Address, ben.Now.Address);

        await ann.KillAsync();
        await ann.WaitUntilGoneAsync();
        await ben.WaitAsync(now => now.ServerLost is not null, "its server is missed");
        ann.Begin();
        await ben.WaitAsync(now => now.ServerLost is null, "its server is back");
        await ReachAsync(ann, ben);
        CodeOf(ann).ShouldBe(code);
        (ann.Now.Address, ben.Now.Address).ShouldBe(addresses);

        await ben.StopAsync();
        ben.Begin();
        await ReachAsync(ann, ben);
        (ann.Now.Address, ben.Now.Address).ShouldBe(addresses);

        (await ann.StopAsync()).ShouldBe(ExitCodes.Detached);
        (await ann.Host.Machine.RunAsync("ip", "-br", "link")).ShouldNotContain("sojourn0");
        // Another evening, with another port: as with another address, the others look for it, and sit where they sat.
        await ben.StopAsync();
        await using var again = new LabMember(host, PathOf("ann"), "party", "local", "Friday", "--port", "7800");
        again.Begin();
        await again.WaitAsync(now => now.Party.Members.Length == 2, "the party is there again");
        CodeOf(again).ShouldBe(code);
        ben.Begin();
        await ReachAsync(again, ben);
        ben.Before.GetProperty("url").GetString().ShouldBe("http://192.168.1.2:7800/");
        (again.Now.Address, ben.Now.Address).ShouldBe(addresses);
        await ben.WaitAsync(
            now => now.Party.Members.Single(each => each.Name == "ann").Paths.Any(path => path.Via == PathVia.Direct),
            "it is told how its host reaches it");
    }

    private static async Task ReachAsync(LabMember one, LabMember other)
    {
        await one.WaitAsync(other, PathVia.Direct);
        await other.WaitAsync(one, PathVia.Direct);
        await using var pings = new LabPings(other, one);
        await pings.WaitForAsync(10);
    }

    private static string CodeOf(LabMember host) => host.Before.GetProperty("invitation").GetString()!;

    private string PathOf(string name) => Path.Combine(_directory.FullName, name);
}
