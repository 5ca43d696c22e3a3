using System.CommandLine;
using Sojourn.Cli.Doctor;
using Sojourn.Client;
using Sojourn.Mesh;
using Sojourn.Parties;

namespace Sojourn.Cli.Parties;

internal static class PartyDoctorVerb
{
    private static readonly (NatKind Kind, string Name)[] Others =
    [
        (NatKind.Open, "an open machine"),
        .. new[]
        {
            NatKind.FullCone, NatKind.RestrictedCone, NatKind.PortRestrictedCone, NatKind.Firewall, NatKind.Symmetric,
            NatKind.Blocked,
        }.Select(kind => (kind, NatPairs.Words(kind))),
    ];

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) Create()
    {
        var invitation = new Argument<string?>("INVITATION")
        {
            Description = "Whose server to ask how this machine is seen [--url]",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var verb = new Verb(
            "doctor", "Looks for what keeps this machine from a party's network, and tells its NAT and what to expect.",
            "sojourn party doctor", "sojourn party doctor http://play.example.org:7707/#9f2k-… --json") { invitation };
        return (verb, RunAsync);

        async Task<int> RunAsync(Call call, CancellationToken stop)
        {
            var given = call.Globals.Url(call.Parse, call.Terminal);
            var url = call.Parse.GetValue(invitation) is { } text ? Invitation.Parse(text, given).Url : given;
            var findings = MeshDoctor.LookAtRights().Select(ToFinding).ToList();
            var nat = await LookAsync(call, url, findings, stop);
            if (call.Json)
            {
                call.Document(new
                {
                    checks = findings,
                    nat,
                    expect = Others.ToDictionary(each => each.Kind, each => NatPairs.Between(nat.Kind, each.Kind)),
                });
            }
            else
                Tell(call, findings, nat);
            return findings.Find(finding => finding.Result == "fail")?.ExitCode ?? ExitCodes.Done;
        }
    }

    private static async Task<NatReport> LookAsync(
        Call call, Uri url, List<Finding> findings, CancellationToken stop)
    {
        try
        {
            var options = new SojournClientOptions
            {
                Url = url,
                RetryFor = TimeSpan.FromSeconds(3),
                TimeProvider = call.Terminal.Clock,
            };
            call.Terminal.Tune(options);
            var servers = await MeshDoctor.FindServersAsync(options, stop);
            findings.Add(Finding.Ok("server", $"It answers at {url}."));
            if (servers.IsEmpty)
            {
                findings.Add(Finding.Warn(
                    "stun", "The server does not answer STUN, so nobody sees how this machine is seen.",
                    "Give it UDP ports: `Parties:UdpAddresses` in its file of --config."));
                return new(NatKind.Unknown);
            }

            var nat = await MeshDoctor.LookAtNatAsync(servers, 0, call.Terminal.Clock, stop);
            findings.Add(nat.Kind == NatKind.Blocked
                ? Finding.Warn(
                    "udp", "UDP does not get to the server: everybody is reached over a WebSocket, which is slower.",
                    "Ask whoever runs this network to let UDP out.")
                : Finding.Ok("udp", "UDP gets to the server and back."));
            return nat;
        }
        catch (SojournClientException lost)
        {
            findings.Add(ToFinding(new("server", false, lost.Message, "Name it with --url, or give the invitation.")));
            return new(NatKind.Unknown);
        }
    }

    private static void Tell(Call call, List<Finding> findings, NatReport nat)
    {
        foreach (var finding in findings)
        {
            call.Say($"{finding.Result,-5} {finding.Check,-13} {finding.Message}");
            if (finding.Advice is { } advice)
                call.Say($"{"",-19} {advice}");
        }

        if (nat.Kind == NatKind.Unknown)
            return;
        call.Say("");
        call.Say($"NAT: {PartyTable.NameOf(nat.Kind)} ({nat.Evidence}).");
        call.Say("What to expect:");
        foreach (var (kind, name) in Others)
            call.Say($"  with {name,-23} {NatPairs.Explain(nat.Kind, kind)}");
    }

    private static Finding ToFinding(MeshFinding found) => found.IsGood
        ? Finding.Ok(found.Check, found.Message)
        : Finding.Fail(found.Check, ExitCodes.Usage, found.Message, found.Advice);
}
