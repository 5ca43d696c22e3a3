using System.Globalization;

namespace Sojourn.NatLab;

/// <summary>A router's rules, for nftables. Its two sides are called <c>wan</c> and <c>lan</c>.</summary>
internal static class NatRules
{
    private const int FirstSequential = 40_000, SequentialPorts = 2_000;

    // What was learned of a port is remembered as long as routers remember it: five minutes.
    private const string Learning = """
            map outer { type ipv4_addr . inet_service : inet_service; flags dynamic,timeout; size 65535; timeout 5m; }
            map inner { type inet_service : ipv4_addr . inet_service; flags dynamic,timeout; size 65535; timeout 5m; }
            set known { type ipv4_addr . inet_service . ipv4_addr; flags dynamic,timeout; size 65535; timeout 5m; }
            chain learning {
                type filter hook postrouting priority 200;
                oifname != "wan" return
                meta l4proto udp update @outer { ct original ip saddr . ct original proto-src : udp sport }
                meta l4proto udp update @inner { udp sport : ct original ip saddr . ct original proto-src }
                meta l4proto udp update @known { ct original ip saddr . ct original proto-src . ip daddr }
            }
        """;

    private const string NothingUnasked = """
            chain incoming {
                type filter hook input priority 0;
                iifname "wan" ct state new drop
            }
        """;

    private const string LetIn = """
            chain letting_in {
                type nat hook prerouting priority dstnat;
                iifname "wan" meta l4proto udp dnat to udp dport map @inner
            }
        """;

    /// <summary>The rules of a kind; empty for none.</summary>
    /// <param name="nat">The kind.</param>
    /// <param name="wan">The router's outer address.</param>
    public static string Of(LabNat nat, string wan) => nat switch
    {
        LabNat.Open => "",
        LabNat.Firewall => Table(Forwarding("")),
        LabNat.FullCone => Cone(wan, LetIn, Forwarding("ct status dnat accept"), NothingUnasked),
        LabNat.Restricted => Cone(
            wan, LetIn, Forwarding("""iifname "wan" ip daddr . udp dport . ip saddr @known accept"""), NothingUnasked),
        LabNat.PortRestricted => Cone(wan, Forwarding(""), NothingUnasked),
        LabNat.Leaky => Cone(wan, Forwarding("")),
        LabNat.Linux => Table(Leaving(""), Forwarding(""), NothingUnasked),
        LabNat.Symmetric => Table(
            Leaving($"meta l4proto udp snat to {wan}:20000-60000 fully-random"), Forwarding(""), NothingUnasked),
        LabNat.Sequential => Table(
            Leaving($"meta l4proto udp snat to {wan} : numgen inc mod {SequentialPorts} map {{ {Sequence()} }}"),
            Forwarding(""), NothingUnasked),
        _ => Table(Leaving(""), Forwarding("", """iifname "lan" meta l4proto udp drop"""), NothingUnasked),
    };

    private static string Cone(string wan, params ReadOnlySpan<string> more) => Table(
        [
            Learning,
            Leaving(
                $"meta l4proto udp snat to {wan} : ip saddr . udp sport map @outer",
                $"meta l4proto udp snat to {wan}:20000-60000 fully-random"),
            .. more,
        ]);

    private static string Table(params ReadOnlySpan<string> parts) =>
        $"table ip lab {{\n{string.Join('\n', parts.ToArray())}\n}}\n";

    private static string Leaving(params ReadOnlySpan<string> rules) => $$"""
            chain leaving {
                type nat hook postrouting priority srcnat;
                oifname != "wan" return
        {{string.Join('\n', rules.ToArray())}}
                masquerade
            }
        """;

    private static string Forwarding(string last, string first = "") => $$"""
            chain forwarding {
                type filter hook forward priority 0; policy drop;
                {{first}}
                ct state established,related accept
                iifname "lan" accept
                {{last}}
            }
        """;

    // By a table: a bare counter would be taken for a port with its two bytes swapped.
    private static string Sequence() => string.Join(", ", Enumerable.Range(0, SequentialPorts).Select(
        number => string.Create(CultureInfo.InvariantCulture, $"{number} : {FirstSequential + number}")));
}
