using System.Net;
using Sojourn.Mesh.Keys;

namespace Sojourn.Mesh.Tunnels;

/// <summary>
/// A tunnel that the kernel drives, told what to do by the tool <c>wg</c>. It outlives a process that is killed; the
/// next one of the same name replaces it.
/// </summary>
internal sealed class KernelWireGuard : ITunnel
{
    /// <summary>The tool.</summary>
    public const string Tool = "wg";

    private readonly FileStream? _lock;
    private readonly WireGuardKey _key;
    private readonly ToolRunner _run;
    private (IPAddress Address, string Network, int Mtu)? _up;

    /// <param name="name">The interface, which is there.</param>
    /// <param name="key">Its own key.</param>
    /// <param name="run">Runs tools.</param>
    /// <param name="lock">Given back at the end; null for none.</param>
    internal KernelWireGuard(string name, WireGuardKey key, ToolRunner run, FileStream? @lock = null) =>
        (Interface, _key, _run, _lock) = (name, key, run, @lock);

    public string Interface { get; }

    public int Port { get; private set; }

    public string Driver => "kernel";

    /// <summary>Whether this kernel has WireGuard, or this machine a module that it loads once asked for one; null
    /// if it cannot be seen which there are, as in a container.</summary>
    public static bool? Knows()
    {
        if (!OperatingSystem.IsLinux())
            return false;
        if (Directory.Exists("/sys/module/wireguard"))
            return true;
        var modules = Path.Combine("/lib/modules", File.ReadAllText("/proc/sys/kernel/osrelease").Trim());
        return Directory.Exists(modules) ? Lists("modules.dep") || Lists("modules.builtin") : null;

        bool Lists(string file) => File.Exists(Path.Combine(modules, file)) && File.ReadLines(
            Path.Combine(modules, file)).Any(line => line.Contains("/wireguard.ko", StringComparison.Ordinal));
    }

    /// <summary>Begins a tunnel without peers.</summary>
    /// <param name="name">What its interface is called. One of that name that nobody has any more is replaced.</param>
    /// <param name="key">Its own key.</param>
    /// <param name="port">Its port; 0 for any.</param>
    /// <returns>Null if this kernel has no WireGuard, or the tool is not there.</returns>
    /// <exception cref="MeshException">It may not be made.</exception>
    public static async Task<KernelWireGuard?> TryBeginAsync(string name, WireGuardKey key, int port)
    {
        if (!SystemTool.IsThere(Tool))
            return null;
        var made = new KernelWireGuard(name, key, SystemTool.RunAsync, InterfaceLock.Take(name)) { Port = port };
        try
        {
            if (await made.TryMakeAsync())
            {
                await made.ConfigureAsync(port);
                return made;
            }

            await made._lock!.DisposeAsync();
            return null;
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }
    }

    public async Task BeginAgainAsync(CancellationToken giveUp = default)
    {
        if (!await TryMakeAsync())
            throw new MeshException("This kernel knows WireGuard no longer.");
        await ConfigureAsync(Port);
        if (_up is var (address, network, mtu))
            await UpAsync(address, network, mtu);
    }

    public Task UpAsync(IPAddress address, string network, int mtu)
    {
        _up = (address, network, mtu);
        return new NetDevice(Interface).UpAsync(address, network, mtu);
    }

    public async Task SetAsync(TunnelPeer peer, CancellationToken giveUp = default)
    {
        // Switched on, and not changed, it is sent at once.
        if (peer.Greets)
            await _run(Tool, WgFormat.Set(Interface, peer with { KeepAlive = TimeSpan.Zero }), null);
        await _run(Tool, WgFormat.Set(Interface, peer), null);
    }

    public Task RemoveAsync(string publicKey, CancellationToken giveUp = default) =>
        _run(Tool, WgFormat.Remove(Interface, publicKey), null);

    public async Task<IReadOnlyList<TunnelPeerStatus>> AskAsync(CancellationToken giveUp = default) =>
        WgFormat.Read(await _run(Tool, WgFormat.Ask(Interface), null)).Peers;

    public async ValueTask DisposeAsync()
    {
        await new NetDevice(Interface).RemoveAsync();
        if (_lock is not null)
            await _lock.DisposeAsync();
    }

    /// <summary>Gives the interface its key and a port, and switches it on: without that it has no port yet.</summary>
    internal async Task ConfigureAsync(int port)
    {
        await _run(Tool, WgFormat.Begin(Interface, port), $"{_key.ToSecretText()}\n");
        await _run("ip", WgFormat.Up(Interface), null);
        Port = WgFormat.Read(await _run(Tool, WgFormat.Ask(Interface), null)).Port;
    }

    /// <returns>False if this kernel has no WireGuard.</returns>
    private async Task<bool> TryMakeAsync()
    {
        try
        {
            // Whoever had it has no lock any more, and so is gone; its peers are not ours.
            await new NetDevice(Interface).RemoveAsync();
            await _run("ip", WgFormat.Make(Interface), null);
            return true;
        }
        catch (MeshException unknown) when (WgFormat.IsUnknown(unknown.Message))
        {
            return false;
        }
    }
}

/// <summary>Runs a tool to its end.</summary>
/// <param name="tool">Its name.</param>
/// <param name="arguments">What it is told.</param>
/// <param name="input">What it reads from standard input; null for nothing.</param>
/// <returns>What it said.</returns>
internal delegate Task<string> ToolRunner(string tool, IEnumerable<string> arguments, string? input);
