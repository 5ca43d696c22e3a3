using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace Sojourn.Server.Guarding;

/// <summary>
/// The hosts that the server answers to. A web page of a stranger can point its own name at this machine; its requests
/// then carry that name, and are refused for it.
/// </summary>
internal sealed class HostList
{
    private static readonly string[] Loopback = ["localhost", "127.0.0.1", "[::1]"];

    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _hosts;
    private readonly bool _listensEverywhere;

    /// <param name="allowed">Names and addresses without port.</param>
    /// <param name="listening">Addresses as the server lists them, such as <c>http://10.0.0.7:80</c>.</param>
    public HostList(IEnumerable<string> allowed, IEnumerable<string> listening)
    {
        var bound = listening.Select(address => BindingAddress.Parse(address).Host).ToList();
        _hosts = Loopback.Concat(allowed).Concat(bound).Select(Bracketed)
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
        _listensEverywhere = bound.Exists(IsWildcard);
    }

    /// <summary>True if the request names a host of ours.</summary>
    public bool Accepts(HttpContext context)
    {
        var host = HostOf(context.Request.Headers.Host.ToString(), out _);
        return !host.IsEmpty && (_hosts.Contains(host) || IsWhereItArrived(context.Connection, host));
    }

    /// <summary>
    /// True if the request's origin is one of our hosts, on the port that the request names. Pages of other origins
    /// have no business here; nor has <c>null</c>, the origin of sandboxes and files.
    /// </summary>
    public bool AcceptsOrigin(HttpContext context, string origin)
    {
        var isSecure = origin.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        if (!isSecure && !origin.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var host = HostOf(origin.AsSpan(isSecure ? 8 : 7), out var port);
        HostOf(context.Request.Headers.Host.ToString(), out var ours);
        var standard = isSecure ? 443 : 80;
        return port >= 0 && (port == 0 ? standard : port) == (ours == 0 ? standard : ours)
            && !host.IsEmpty && (_hosts.Contains(host) || IsWhereItArrived(context.Connection, host));
    }

    // Listening on all addresses says nothing of their names. An address is safe to accept where a name is not: nobody
    // can point somebody else's address at this machine.
    private bool IsWhereItArrived(ConnectionInfo connection, ReadOnlySpan<char> host) => _listensEverywhere
        && IPAddress.TryParse(host.Trim("[]"), out var address)
        && connection.LocalIpAddress is { } local
        && (local.IsIPv4MappedToIPv6 ? local.MapToIPv4() : local).Equals(address);

    /// <summary>The host; port 0 if there is none, -1 (and no host) if the text is no host with a port.</summary>
    private static ReadOnlySpan<char> HostOf(ReadOnlySpan<char> text, out int port)
    {
        port = 0;
        var end = text.StartsWith("[") ? text.IndexOf(']') + 1 : text.IndexOf(':');
        if (end < 0 || end == text.Length)
        {
            return text;
        }

        if (text[end] == ':' && ushort.TryParse(
            text[(end + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
        {
            port = number;
            return text[..end];
        }

        port = -1;
        return default;
    }

    private static bool IsWildcard(string host) =>
        host is "*" or "+" || (IPAddress.TryParse(host.Trim('[', ']'), out var address)
            && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)));

    private static string Bracketed(string host) => host.Contains(':', StringComparison.Ordinal) && host[0] != '['
        ? $"[{host}]" : host;
}
