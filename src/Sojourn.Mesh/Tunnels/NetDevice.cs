using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;

namespace Sojourn.Mesh.Tunnels;

/// <summary>A network interface of this machine's, by the tool <c>ip</c>.</summary>
/// <param name="name">What it is called.</param>
internal sealed partial class NetDevice(string name)
{
    /// <summary>Gives it its address and its route, and switches it on.</summary>
    /// <param name="address">Its own.</param>
    /// <param name="network">The addresses that are reached through it, as <c>10.66.0.0/24</c>.</param>
    /// <param name="mtu">The longest packet through it, in bytes.</param>
    /// <exception cref="MeshException">That was refused.</exception>
    public Task UpAsync(IPAddress address, string network, int mtu)
    {
        var bits = network[(network.IndexOf('/', StringComparison.Ordinal) + 1)..];
        // One program for all: each costs as much as a way across a city.
        return SystemTool.RunAsync("ip", ["-batch", "-"], string.Create(CultureInfo.InvariantCulture, $"""
            address replace {address}/{bits} dev {name}
            link set dev {name} mtu {mtu} up

            """));
    }

    /// <summary>Takes it away, if it is there.</summary>
    public async Task RemoveAsync()
    {
        if (!Exists)
            return;
        try
        {
            await SystemTool.RunAsync("ip", ["link", "delete", "dev", name]);
        }
        catch (MeshException) when (!Exists)
        {
            // It went by itself meanwhile.
        }
    }

    /// <summary>Whether it is there.</summary>
    public bool Exists => IndexOf(name) != 0;

    [LibraryImport("libc", EntryPoint = "if_nametoindex", StringMarshalling = StringMarshalling.Utf8)]
    private static partial uint IndexOf(string name);
}
