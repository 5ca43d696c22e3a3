using System.Text.Json;
using Sojourn.NatLab;
using Sojourn.Tests.EndToEnd;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Parties.Lab;

/// <summary>What the doctor of parties says in each kind of network.</summary>
[Collection(Lane.Laboratory)]
public sealed class PartyDoctorTests
{
    [LabFact("wireguard-go")]
    public async Task The_doctor_names_each_kind_of_network_and_says_what_to_expect_in_it()
    {
        (LabNat Nat, string Name)[] kinds =
        [
            (LabNat.Open, "open"), (LabNat.Firewall, "firewall"), (LabNat.FullCone, "fullCone"),
            (LabNat.Restricted, "restrictedCone"), (LabNat.PortRestricted, "portRestrictedCone"),
            (LabNat.Leaky, "portRestrictedCone"), (LabNat.Linux, "portRestrictedCone"),
            (LabNat.Symmetric, "symmetric"), (LabNat.Sequential, "symmetric"), (LabNat.BlockedUdp, "blocked"),
        ];
        await using var party = await PartyLab.BuildAsync();
        var named = new List<(LabNat, string?)>();
        foreach (var (nat, _) in kinds)
        {
            var host = await party.Lab.AddAsync($"m{named.Count}", nat);
            await using var doctor = SojournProcess.StartIn(
                host.Machine.Entering(), "party", "doctor", party.Invitation, "--json");
            (await doctor.ExitAsync()).ShouldBe(0, doctor.Error);
            var said = JsonDocument.Parse(doctor.Output).RootElement;
            named.Add((nat, said.GetProperty("nat").GetProperty("kind").GetString()));
            said.GetProperty("expect").GetProperty("blocked").GetString().ShouldBe("webSocket");
        }

        named.ShouldBe(kinds.Select(kind => (kind.Nat, (string?)kind.Name)));
    }

    [LabFact]
    public async Task Without_rights_it_says_which_is_lacking_and_what_to_do()
    {
        await using var party = await PartyLab.BuildAsync();
        var host = await party.Lab.AddAsync("ann", LabNat.Linux);
        await using var doctor = SojournProcess.StartIn(
            [.. host.Machine.Entering(), "setpriv", "--bounding-set=-all", "--inh-caps=-all", "--reuid=65534"],
            "party", "doctor", party.Invitation);
        (await doctor.ExitAsync()).ShouldNotBe(0);
        doctor.Output.ShouldContain("it lacks the capability CAP_NET_ADMIN");
        doctor.Output.ShouldContain("it lacks the capability CAP_NET_RAW");
        doctor.Output.ShouldContain("--no-tunnel");
        doctor.Output.ShouldContain("NAT: port-restricted cone");
    }

    [LabFact]
    public async Task Without_rights_a_seat_is_held_and_ways_are_found_without_a_network()
    {
        await using var party = await PartyLab.BuildAsync();
        var (ann, ben) = (await party.Lab.AddAsync("ann", LabNat.Linux), await party.Lab.AddAsync("ben", LabNat.Linux));
        string[] join = ["party", "join", party.Invitation, "--no-tunnel", "--home"];
        using var scratch = new ScratchDirectory();
        await using var one = SojournProcess.StartIn(
            ann.Machine.Entering(), [.. join, Path.Combine(scratch.Path, "ann"), "--name", "ann"]);
        await one.WaitForLineAsync("through no tunnel");
        await using var other = SojournProcess.StartIn(
            ben.Machine.Entering(), [.. join, Path.Combine(scratch.Path, "ben"), "--name", "ben"]);
        await one.WaitForLineAsync("ben: direct");
        await other.WaitForLineAsync("ann: direct");
    }
}
