using System.Net;
using Microsoft.AspNetCore.Http;
using Sojourn.Server.Parties;

namespace Sojourn.Cli;

/// <summary>Where parties are served over UDP, unless the file of <c>--config</c> says it.</summary>
internal static class ServeParties
{
    /// <summary>
    /// Those whom others reach over HTTP are reached by UDP at the same address, from the same number on. On this
    /// machine alone nobody needs it.
    /// </summary>
    public static void Complete(PartyServerOptions parties, int? configuredPort, IReadOnlyList<string> urls)
    {
        if (configuredPort == 0)
        {
            parties.UdpAddresses = [];
            return;
        }

        var outward = urls.FirstOrDefault(
            url => !ServeAddresses.IsLoopback(url) && BindingAddress.Parse(url).Port != 0);
        if (configuredPort is { } port)
            parties.UdpPort = port;
        else if (outward is not null)
            parties.UdpPort = Math.Min(BindingAddress.Parse(outward).Port, 65536 - PartyServerOptions.Ports);
        if (parties.UdpAddresses.Count > 0 || outward is null)
            return;
        var host = BindingAddress.Parse(outward).Host.Trim('[', ']');
        parties.UdpAddresses = IPAddress.TryParse(host, out var address)
            && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? [address] : [IPAddress.Any];
    }
}
