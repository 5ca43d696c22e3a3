using System.Globalization;
using System.Net;
using Sojourn.NatLab;

namespace Sojourn.Bench.Parties;

/// <summary>Nebula: a lighthouse where Sojourn's server is, and a certificate for each.</summary>
internal sealed class NebulaPair : NetworkSystem
{
    // Its place in the network.
    private const int Lighthouse = 9;

    private readonly Laboratory _lab;
    private readonly string _directory;
    private readonly bool _isRelayed;
    private LabProgram? _lighthouse;

    private NebulaPair(Laboratory lab, (LabHost One, LabHost Other) hosts, string directory, bool isRelayed)
        : base(isRelayed ? "nebula, relayed" : "nebula", hosts.One, hosts.Other) =>
        (_lab, _directory, _isRelayed) = (lab, directory, isRelayed);

    public override IReadOnlyList<IPAddress> Places => [IPAddress.Parse(AddressOf(2))];

    /// <param name="lab">The laboratory.</param>
    /// <param name="hosts">The two.</param>
    /// <param name="directory">For certificates and configurations.</param>
    /// <param name="isRelayed">Whether the lighthouse passes on all that they send.</param>
    public static async Task<NebulaPair> MakeAsync(
        Laboratory lab, (LabHost One, LabHost Other) hosts, string directory, bool isRelayed = false)
    {
        var made = new NebulaPair(lab, hosts, Directory.CreateDirectory(directory).FullName, isRelayed);
        await lab.Server.RunAsync(
            "nebula-cert", "ca", "-name", "laboratory", "-out-crt", made.PathOf("ca.crt"),
            "-out-key", made.PathOf("ca.key"));
        await made.EquipAsync("lighthouse", Lighthouse, isLighthouse: true);
        await made.EquipAsync(hosts.One.Name, 1, isLighthouse: false);
        await made.EquipAsync(hosts.Other.Name, 2, isLighthouse: false);
        return made;
    }

    public override async Task PrepareAsync(CancellationToken stop)
    {
        await base.PrepareAsync(stop);
        if (_lighthouse is not null)
            await _lighthouse.DisposeAsync();
        _lighthouse = LabProgram.Start(_lab.Server, "nebula", "-config", PathOf("lighthouse.yml"));
        await _lighthouse.WaitForAsync(
            line => line.Contains("Nebula interface is active", StringComparison.Ordinal), TimeSpan.FromSeconds(10),
            stop);
    }

    public override LabProgram Begin(LabHost host) =>
        LabProgram.Start(host.Machine, "nebula", "-config", PathOf($"{host.Name}.yml"));

    public override async ValueTask DisposeAsync()
    {
        if (_lighthouse is not null)
            await _lighthouse.DisposeAsync();
        await base.DisposeAsync();
    }

    private string PathOf(string name) => Path.Combine(_directory, name);

    private string AddressOf(int place) => string.Create(
        CultureInfo.InvariantCulture, $"10.{(_isRelayed ? 89 : 88)}.0.{place}");

    private async Task EquipAsync(string name, int place, bool isLighthouse)
    {
        await _lab.Server.RunAsync(
            "nebula-cert", "sign", "-name", name, "-ip", $"{AddressOf(place)}/24",
            "-ca-crt", PathOf("ca.crt"), "-ca-key", PathOf("ca.key"),
            "-out-crt", PathOf($"{name}.crt"), "-out-key", PathOf($"{name}.key"));
        await File.WriteAllTextAsync(PathOf($"{name}.yml"), $$"""
            pki: { ca: {{PathOf("ca.crt")}}, cert: {{PathOf($"{name}.crt")}}, key: {{PathOf($"{name}.key")}} }
            static_host_map: { "{{AddressOf(Lighthouse)}}": ["{{Laboratory.ServerAddress}}:{{Port}}"] }
            lighthouse:
              am_lighthouse: {{Spell(isLighthouse)}}
              interval: 10
              hosts: [{{(isLighthouse ? "" : $"\"{AddressOf(Lighthouse)}\"")}}]
            {{RemoteAllowed(isLighthouse)}}
            listen: { host: 0.0.0.0, port: {{(isLighthouse ? Port : 0)}} }
            punchy: { punch: true, respond: true }
            relay:
              am_relay: {{Spell(isLighthouse && _isRelayed)}}
              use_relays: {{Spell(_isRelayed)}}
              relays: [{{(_isRelayed && !isLighthouse ? $"\"{AddressOf(Lighthouse)}\"" : "")}}]
            tun: { dev: nebula{{(_isRelayed ? 2 : 1)}}, mtu: 1300 }
            logging: { level: info, format: text }
            firewall:
              outbound: [{ port: any, proto: any, host: any }]
              inbound: [{ port: any, proto: any, host: any }]

            """);
    }

    // Another port, network and interface each, since both may have a lighthouse on the same machine.
    private int Port => _isRelayed ? 4243 : 4242;

    /// <summary>Who is to be relayed is not let use the others' own addresses.</summary>
    private string RemoteAllowed(bool isLighthouse) => _isRelayed && !isLighthouse
        ? $"  remote_allow_list: {{ \"0.0.0.0/0\": false, \"{Laboratory.ServerAddress}/32\": true }}" : "";

    private static string Spell(bool value) => value ? "true" : "false";
}
