using System.Globalization;

namespace Sojourn.NatLab;

/// <summary>
/// Networks to try the ways between machines in: an Internet, a server with two addresses, and machines behind routers
/// of all kinds, each of them a network namespace of this machine. Needs root, <c>ip</c>, <c>nft</c>,
/// <c>conntrack</c> and <c>iptables</c>; leaves nothing behind.
/// </summary>
public sealed class Laboratory : IAsyncDisposable
{
    /// <summary>The server's two addresses.</summary>
    public const string ServerAddress = "203.0.113.2", OtherServerAddress = "203.0.113.130";

    private static readonly string[] Tools = ["ip", "nft", "conntrack", "iptables-restore"],
        Places = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    private const int ServerLink = 0;

    private static int _count;

    private readonly string _prefix = string.Create(
        CultureInfo.InvariantCulture, $"sjl{Environment.ProcessId}x{Interlocked.Increment(ref _count)}");

    private readonly List<NetNamespace> _networks = [];
    private readonly Dictionary<int, (TimeSpan Delay, int Loss)> _lines = [];
    private DelayQueue? _delays;
    private int _links;

    private Laboratory()
    {
    }

    /// <summary>What all machines are connected through.</summary>
    public NetNamespace Internet { get; private set; } = null!;

    /// <summary>The machine with <see cref="ServerAddress"/> and <see cref="OtherServerAddress"/>.</summary>
    public NetNamespace Server { get; private set; } = null!;

    /// <summary>Why there can be no laboratory here; null if there can.</summary>
    public static string? WhyNot() => !OperatingSystem.IsLinux() || Environment.UserName != "root"
        ? "Network namespaces need root on Linux."
        : !MayMakeNetworks() ? "This root may not make network namespaces (CAP_SYS_ADMIN, CAP_NET_ADMIN)."
        : Tools.FirstOrDefault(tool => !IsThere(tool)) is { } missing
            ? $"The tool '{missing}' is not installed."
            : null;

    /// <summary>Makes an Internet with a server.</summary>
    public static async Task<Laboratory> BuildAsync()
    {
        var lab = new Laboratory();
        try
        {
            lab.Internet = await lab.MakeAsync("net");
            lab.Server = await lab.MakeAsync("srv");
            await Tool.RunAsync("", "ip", "link", "add", "w0", "netns", lab.Internet.Name,
                "type", "veth", "peer", "name", "eth0", "netns", lab.Server.Name);
            await lab.Internet.SetAsync("net.ipv4.ip_forward=1");
            await lab.Internet.IpAsync(
                "link set w0 up", "addr add 203.0.113.1/30 dev w0",
                $"route add {OtherServerAddress}/32 via {ServerAddress}");
            await lab.Server.IpAsync(
                "link set eth0 up", $"addr add {ServerAddress}/30 dev eth0", $"addr add {OtherServerAddress}/32 dev lo",
                "route add default via 203.0.113.1");
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <summary>Adds a machine behind a router of its own.</summary>
    /// <param name="name">1 to 8 of a-z and 0-9.</param>
    /// <param name="nat">What the router does.</param>
    public async Task<LabHost> AddAsync(string name, LabNat nat)
    {
        var host = new LabHost(this, name, nat, (await MakeAsync(name), await MakeAsync($"{name}r")), NextLink());
        await host.ConnectAsync();
        return host;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_delays is not null)
            await _delays.DisposeAsync();
        foreach (var network in _networks.AsEnumerable().Reverse())
            await network.DisposeAsync();
        _networks.Clear();
    }

    /// <summary>Every packet between the server and the Internet takes this much longer, each way.</summary>
    public Task DelayServerAsync(TimeSpan oneWay) => DelayAsync(ServerLink, oneWay);

    internal int NextLink() => ++_links;

    internal async Task DelayAsync(int link, TimeSpan oneWay)
    {
        _lines[link] = _lines.GetValueOrDefault(link) with { Delay = oneWay };
        _delays ??= await DelayQueue.OpenAsync(Internet);
        _delays.Set(link, oneWay);
        await RuleAsync();
    }

    internal async Task LoseAsync(LabHost host, int percent)
    {
        _lines[host.Link] = _lines.GetValueOrDefault(host.Link) with { Loss = percent };
        await RuleAsync();
    }

    private async Task RuleAsync()
    {
        string Losses(string direction) => string.Join('\n', _lines.Where(line => line.Value.Loss > 0).Select(line =>
            $"{direction} \"w{line.Key}\" "
            + (line.Value.Loss < 100 ? $"numgen random mod 100 < {line.Value.Loss} drop" : "drop")));
        string Delays(string direction) => string.Concat(_lines.Where(line => line.Value.Delay > TimeSpan.Zero).Select(
            line => $"-A {direction} w{line.Key} -j NFQUEUE --queue-num {line.Key}\n"));

        await Internet.NftAsync($$"""
            table ip lines
            delete table ip lines
            table ip lines {
                chain entering {
                    type filter hook prerouting priority 0;
                    {{Losses("iifname")}}
                }
                chain leaving {
                    type filter hook postrouting priority 0;
                    {{Losses("oifname")}}
                }
            }
            """);
        if (_delays is not null)
        {
            // Not every kernel has the queue of nftables' own.
            await Internet.TellAsync(
                $"*mangle\n{Delays("PREROUTING -i")}{Delays("POSTROUTING -o")}COMMIT\n", "iptables-restore");
        }
    }

    internal async Task<NetNamespace> MakeAsync(string name)
    {
        var made = await NetNamespace.MakeAsync($"{_prefix}-{name}");
        _networks.Add(made);
        return made;
    }

    private static bool MayMakeNetworks()
    {
        const string name = "CapEff:";
        const ulong needed = (1UL << 12) | (1UL << 21);
        var line = File.ReadLines("/proc/self/status").First(each => each.StartsWith(name, StringComparison.Ordinal));
        var rights = ulong.Parse(
            line.AsSpan(name.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (rights & needed) == needed;
    }

    private static bool IsThere(string tool) =>
        Places.Any(directory => File.Exists(Path.Combine(directory, tool)));
}
