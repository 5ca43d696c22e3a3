using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Sojourn.Mesh.PortMapping;

/// <summary>The router of this machine's network, and the address by which that knows this machine.</summary>
internal sealed record Gateway(IPAddress Router, IPAddress Own)
{
    /// <summary>The first that there is; null for none.</summary>
    /// <param name="tunnel">The interface that is the tunnel's own; it leads nowhere.</param>
    public static Gateway? Find(string? tunnel)
    {
        foreach (var device in NetworkInterface.GetAllNetworkInterfaces().Where(each =>
            each.OperationalStatus == OperationalStatus.Up && each.Name != tunnel
            && each.NetworkInterfaceType is not (NetworkInterfaceType.Loopback or NetworkInterfaceType.Tunnel)))
        {
            var properties = device.GetIPProperties();
            var router = properties.GatewayAddresses.Select(each => each.Address).FirstOrDefault(each =>
                each.AddressFamily == AddressFamily.InterNetwork && !each.Equals(IPAddress.Any));
            var own = properties.UnicastAddresses.Select(each => each.Address)
                .FirstOrDefault(each => each.AddressFamily == AddressFamily.InterNetwork);
            if (router is not null && own is not null)
                return new(router, own);
        }

        return null;
    }
}
