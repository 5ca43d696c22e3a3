using Sojourn.Mesh.Keys;

namespace Sojourn.Mesh.Tunnels;

/// <summary>Begins the tunnel that a machine can have.</summary>
internal static class TunnelStart
{
    /// <summary>Begins a tunnel without peers: the kernel's own if there is one, since it is the fastest.</summary>
    /// <param name="options">Its name, key, port, and who is to drive it.</param>
    /// <param name="giveUp">Ends the waiting for it.</param>
    /// <exception cref="MeshException">There can be none here.</exception>
    public static async Task<ITunnel> BeginAsync(PartyNodeOptions options, CancellationToken giveUp)
    {
        // To ask a kernel that has none costs a twentieth of a second, which somebody waits for.
        var asksKernel = options.Driver == TunnelDriver.Kernel
            || (options.Driver == TunnelDriver.Auto
                && (KernelWireGuard.Knows() ?? !SystemTool.IsThere(WireGuardGo.Program)));
        if (asksKernel && await KernelWireGuard.TryBeginAsync(options.Interface, options.Key, options.Port) is { } own)
        {
            return own;
        }

        return options.Driver != TunnelDriver.Kernel
            ? await WireGuardGo.BeginAsync(options.Interface, options.Key, options.Port, giveUp)
            : throw new MeshException(
                "This kernel has no WireGuard, or the tool 'wg' is not installed. On Debian: apt install "
                + $"wireguard-tools. The setting 'tunnel' allows '{WireGuardGo.Program}' too, as it comes.");
    }
}
