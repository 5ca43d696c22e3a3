using System.Globalization;
using System.Net;
using System.Text.Json;
using Sojourn.NatLab;

namespace Sojourn.Bench.Parties;

/// <summary>Two members of a party. Each time it is a new party, and their homes are empty.</summary>
internal sealed class SojournPair(
    (string Name, IReadOnlyList<string> Program) what, SojournServer server, (LabHost One, LabHost Other) hosts,
    string directory, bool isRelayed = false) : NetworkSystem(what.Name, hosts.One, hosts.Other)
{
    private string _invitation = "";
    private int _round;

    // Who comes first has the first; which of both that is shows only then.
    public override IReadOnlyList<IPAddress> Places { get; } =
        [IPAddress.Parse("10.66.0.1"), IPAddress.Parse("10.66.0.2")];

    public override async Task PrepareAsync(CancellationToken stop)
    {
        await base.PrepareAsync(stop);
        _round++;
        foreach (var host in (LabHost[])[One, Other])
        {
            Directory.CreateDirectory(HomeOf(host));
            if (isRelayed)
                await LabProgram.RunAsync(host.Machine, stop,
                    [.. what.Program, "party", "settings", "relay-only", "true", "--home", HomeOf(host)]);
        }

        _invitation = await server.CreatePartyAsync(stop);
    }

    public override LabProgram Begin(LabHost host) => LabProgram.Start(host.Machine,
        [.. what.Program, "party", "join", _invitation, "--name", host.Name, "--home", HomeOf(host), "--json"]);

    public override async Task<IPAddress> FindOtherAsync(
        LabProgram ones, TimeSpan patience, CancellationToken stop)
    {
        var first = await ones.WaitForAsync(line => line.StartsWith('{'), patience, stop);
        var own = JsonElement.Parse(first.Line).GetProperty("address").GetString();
        return Places.First(place => place.ToString() != own);
    }

    public override async Task<long?> FindDirectAsync(
        LabProgram ones, LabProgram others, TimeSpan patience, CancellationToken stop)
    {
        if (isRelayed)
            return null;
        var direct = await Task.WhenAll(
            ones.WaitForAsync(IsDirect, patience, stop), others.WaitForAsync(IsDirect, patience, stop));
        return Math.Max(direct[0].At, direct[1].At);
    }

    private static bool IsDirect(string line) => line.StartsWith('{')
        && JsonElement.Parse(line).GetProperty("paths").EnumerateArray()
            .Any(path => path.GetProperty("via").GetString() == "direct");

    private string HomeOf(LabHost host) => Path.Combine(
        directory, string.Create(CultureInfo.InvariantCulture, $"{host.Name}-{_round}"));
}
