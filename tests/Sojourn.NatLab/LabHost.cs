using System.Diagnostics;
using System.Globalization;

namespace Sojourn.NatLab;

/// <summary>A machine in a laboratory, and the router it is behind.</summary>
public sealed class LabHost
{
    private readonly Laboratory _lab;
    private readonly NetNamespace _router;
    private readonly int _link;
    private readonly List<LabHost> _beside = [];
    private int _wan;

    internal LabHost(
        Laboratory lab, string name, LabNat nat, (NetNamespace Machine, NetNamespace Router) networks, int link)
    {
        (_lab, Name, Nat, _link, _wan) = (lab, name, nat, link, link);
        (Machine, _router) = networks;
    }

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>What its router does.</summary>
    public LabNat Nat { get; }

    /// <summary>Its network.</summary>
    public NetNamespace Machine { get; }

    /// <summary>The address that its router has on the Internet; for an open one or one with a firewall, its own is
    /// another.</summary>
    public string PublicAddress => HasPublicAddress ? Inner(2) : Outer(_wan, 2);

    /// <summary>The address of its own.</summary>
    public string Address => HasPublicAddress ? Inner(2) : Text($"192.168.1.{Place}");

    private bool HasPublicAddress => Nat is LabNat.Open or LabNat.Firewall;

    /// <summary>Its router's network, whose two sides are called <c>wan</c> and <c>lan</c>.</summary>
    public NetNamespace Router => _router;

    internal int Link => _link;

    /// <summary>Its number in the router's network.</summary>
    internal int Place { get; private init; } = 2;

    /// <summary>Adds a machine behind the same router, in the same network of its own.</summary>
    /// <param name="name">1 to 8 of a-z and 0-9.</param>
    public async Task<LabHost> AddBesideAsync(string name)
    {
        if (HasPublicAddress)
            throw new InvalidOperationException("A machine with a public address of its own has nobody beside it.");

        var beside = new LabHost(_lab, name, Nat, (await _lab.MakeAsync(name), _router), _link)
        {
            Place = 3 + _beside.Count,
        };
        if (_beside.Count == 0)
            await BridgeAsync();
        _beside.Add(beside);
        var port = Text($"lan{beside.Place}");
        await Tool.RunAsync("", "ip", "link", "add", port, "netns", _router.Name,
            "type", "veth", "peer", "name", "eth0", "netns", beside.Machine.Name);
        await _router.IpAsync($"link set {port} master lan", $"link set {port} up");
        await beside.Machine.IpAsync(
            "link set eth0 up", $"addr add {beside.Address}/24 dev eth0", "route add default via 192.168.1.1");
        return beside;
    }

    // What was the router's one port becomes the first of a switch, which has its name from then on.
    private Task BridgeAsync() => _router.IpAsync(
        "link set lan down", "link set lan name lan2", "addr flush dev lan2", "link add lan type bridge",
        "link set lan2 master lan", "link set lan2 up", "addr add 192.168.1.1/24 dev lan", "link set lan up");

    /// <summary>
    /// Gives it an address of IPv6 too, behind a router that changes none and lets in what was asked for.
    /// </summary>
    public async Task AddIpv6Async()
    {
        var (outer, inner) = (Text($"2001:db8:0:{_link}::"), Text($"2001:db8:1:{_link}::"));
        await _lab.Internet.SetAsync("net.ipv6.conf.all.forwarding=1");
        await _router.SetAsync("net.ipv6.conf.all.forwarding=1");
        await LetIpv6Async("ct state established,related accept; iifname \"lan\" accept;");
        await _router.IpAsync(
            $"addr add {outer}2/64 dev wan nodad", $"addr add {inner}1/64 dev lan nodad",
            $"route add default via {outer}1");
        await _lab.Internet.IpAsync(
            Text($"addr add {outer}1/64 dev w{_link} nodad"), $"route add {inner}/64 via {outer}2");
        await Machine.IpAsync($"addr add {inner}2/64 dev eth0 nodad", $"route add default via {inner}1");
    }

    /// <summary>Nothing of IPv6 passes its router any more.</summary>
    public Task CutIpv6Async() => LetIpv6Async("");

    private Task LetIpv6Async(string rules) => _router.NftAsync($$"""
        table ip6 firewall
        delete table ip6 firewall
        table ip6 firewall {
            chain passing { type filter hook forward priority 0; policy drop; {{rules}} }
        }
        """);

    /// <summary>Every packet between its router and the Internet takes this much longer, each way.</summary>
    public Task DelayAsync(TimeSpan oneWay) => _lab.DelayAsync(_link, oneWay);

    /// <summary>So many of a hundred packets are lost, each way.</summary>
    public Task LoseAsync(int percent) => _lab.LoseAsync(this, percent);

    /// <summary>Nothing passes between its router and the Internet any more, and nobody is told.</summary>
    public Task CutAsync() => LoseAsync(100);

    /// <summary>It passes again.</summary>
    public Task HealAsync() => LoseAsync(0);

    /// <summary>Its router forgets everything, and gives out other ports from then on.</summary>
    public Task RebootRouterAsync() => ReloadAsync();

    /// <summary>Its router gets another address on the Internet, and forgets everything.</summary>
    public async Task MoveAsync()
    {
        if (HasPublicAddress)
            throw new InvalidOperationException("A machine with a public address of its own does not move here.");

        var old = _wan;
        _wan = _lab.NextLink();
        await _lab.Internet.IpAsync(
            Text($"addr add {Outer(_wan, 1)}/30 dev w{_link}"));
        await _router.IpAsync(
            Text($"addr add {Outer(_wan, 2)}/30 dev wan"),
            Text($"route replace default via {Outer(_wan, 1)}"),
            Text($"addr del {Outer(old, 2)}/30 dev wan"));
        await _lab.Internet.IpAsync(Text($"addr del {Outer(old, 1)}/30 dev w{_link}"));
        await ReloadAsync();
    }

    internal static string Outer(int link, int place) => Text($"198.18.{link / 64}.{(link % 64 * 4) + place}");

    internal async Task ConnectAsync()
    {
        await Tool.RunAsync("", "ip", "link", "add", Text($"w{_link}"), "netns", _lab.Internet.Name,
            "type", "veth", "peer", "name", "wan", "netns", _router.Name);
        await Tool.RunAsync("", "ip", "link", "add", "lan", "netns", _router.Name,
            "type", "veth", "peer", "name", "eth0", "netns", Machine.Name);
        var (gateway, length) = HasPublicAddress ? (Inner(1), 30) : ("192.168.1.1", 24);
        List<string> outside = [Text($"link set w{_link} up"), Text($"addr add {Outer(_link, 1)}/30 dev w{_link}")];
        if (HasPublicAddress)
            outside.Add(Text($"route add {Inner(0)}/30 via {Outer(_link, 2)}"));
        await _lab.Internet.IpAsync(outside);
        await _router.IpAsync(
            "link set wan up", "link set lan up",
            Text($"addr add {Outer(_link, 2)}/30 dev wan"), Text($"addr add {gateway}/{length} dev lan"),
            Text($"route add default via {Outer(_link, 1)}"));
        await Machine.IpAsync(
            "link set eth0 up", Text($"addr add {Address}/{length} dev eth0"),
            Text($"route add default via {gateway}"));
        await _router.SetAsync("net.ipv4.ip_forward=1");
        await ReloadAsync();
    }

    private async Task ReloadAsync()
    {
        // In this order: a packet that comes between would teach the new rules the old port.
        await _router.NftAsync("""
            table ip lab
            delete table ip lab
            table ip lab {
                chain closed { type filter hook forward priority 0; policy drop; }
            }
            """);
        await _router.RunAsync("conntrack", "--flush");
        await _router.NftAsync($"delete table ip lab\n{NatRules.Of(Nat, Outer(_wan, 2))}");
    }

    private string Inner(int place) => Text($"198.19.{_link / 64}.{(_link % 64 * 4) + place}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
