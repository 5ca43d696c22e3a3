using System.Globalization;
using System.Net;
using Sojourn.NatLab;

namespace Sojourn.Bench.Parties;

/// <summary>
/// <c>wireguard-go</c> alone: keys and endpoints are known on both sides beforehand. A NAT that gives out ports by
/// chance could not be told so, hence <see cref="LabNat.Linux"/>.
/// </summary>
internal sealed class WireGuardPair : NetworkSystem
{
    private const int Port = 51820;

    // The socket takes some milliseconds to be there; the program itself stays what was started, so that its end is
    // the tunnel's.
    private const string Launcher = """
        (
            for try in $(seq 500); do [ -S /run/wireguard/wg0.sock ] && break; sleep 0.005; done
            wg setconf wg0 "$0"; ip address add "$1" dev wg0; ip link set wg0 up
        ) &
        exec wireguard-go --foreground wg0
        """;

    private readonly string _directory;

    private WireGuardPair(LabHost one, LabHost other, string directory) : base("wireguard-go alone", one, other) =>
        _directory = directory;

    public override IReadOnlyList<IPAddress> Places { get; } = [IPAddress.Parse("10.77.0.2")];

    public static async Task<WireGuardPair> MakeAsync(LabHost one, LabHost other, string directory)
    {
        var made = new WireGuardPair(one, other, Directory.CreateDirectory(directory).FullName);
        var (onesKey, othersKey) = (await KeyAsync(one), await KeyAsync(other));
        await made.ConfigureAsync(one, onesKey.Secret, othersKey.Public, other);
        await made.ConfigureAsync(other, othersKey.Secret, onesKey.Public, one);
        return made;
    }

    public override LabProgram Begin(LabHost host) => LabProgram.Start(
        host.Machine, "sh", "-c", Launcher, ConfigOf(host), $"{AddressOf(host)}/24");

    private string ConfigOf(LabHost host) => Path.Combine(_directory, host.Name);

    private string AddressOf(LabHost host) => host == One ? "10.77.0.1" : "10.77.0.2";

    private static async Task<(string Secret, string Public)> KeyAsync(LabHost host)
    {
        var keys = await host.Machine.RunAsync("sh", "-c", "k=$(wg genkey); echo $k; echo $k | wg pubkey");
        var lines = keys.Split('\n');
        return (lines[0], lines[1]);
    }

    private Task ConfigureAsync(LabHost host, string secret, string peer, LabHost to) =>
        File.WriteAllTextAsync(ConfigOf(host), string.Create(CultureInfo.InvariantCulture, $"""
            [Interface]
            PrivateKey = {secret}
            ListenPort = {Port}
            [Peer]
            PublicKey = {peer}
            AllowedIPs = {AddressOf(to)}/32
            Endpoint = {to.PublicAddress}:{Port}
            PersistentKeepalive = 25

            """));
}
