using System.Diagnostics;
using System.Net;
using Sojourn.Mesh;
using Sojourn.Mesh.Keys;
using Sojourn.Mesh.Tunnels;
using Sojourn.NatLab;
using Sojourn.Tests.EndToEnd;

namespace Sojourn.Tests.Parties.Lab;

/// <summary>A tunnel that is told what to do by the tool <c>wg</c>, as the kernel's own is.</summary>
[Collection(Lane.Laboratory)]
public sealed class KernelTunnelTests
{
    private const string Interface = "sjkernel0", Program = "wireguard-go";

    [LabFact(Program, "wg", "ping")]
    public async Task Two_machines_whose_tunnels_are_told_by_wg_ping_each_other_and_it_tells_how_that_goes()
    {
        await using var lab = await Laboratory.BuildAsync();
        var (one, other) = (await lab.AddAsync("one", LabNat.Open), await lab.AddAsync("other", LabNat.Open));
        var (oneKey, otherKey) = (WireGuardKey.New(), WireGuardKey.New());
        using var oneDriver = await DriveAsync(one);
        using var otherDriver = await DriveAsync(other);
        try
        {
            await using var oneTunnel = await BeginAsync(one, oneKey, "10.66.0.1");
            await using var otherTunnel = await BeginAsync(other, otherKey, "10.66.0.2");
            oneTunnel.Port.ShouldBeGreaterThan(0);
            await oneTunnel.SetAsync(new TunnelPeer(otherKey.PublicKey, IPAddress.Parse("10.66.0.2")));
            await otherTunnel.SetAsync(new TunnelPeer(oneKey.PublicKey, IPAddress.Parse("10.66.0.1")));
            (await oneTunnel.AskAsync()).ShouldBe([new(otherKey.PublicKey, null, null, 0, 0)]);

            var place = new IPEndPoint(IPAddress.Parse(other.Address), otherTunnel.Port);
            await oneTunnel.SetAsync(
                new TunnelPeer(otherKey.PublicKey, EndPoint: place, KeepAlive: TimeSpan.FromSeconds(25)));
            (await one.Machine.RunAsync("ping", "-n", "-c", "3", "-i", "0.2", "-W", "5", "10.66.0.2"))
                .ShouldContain(" 0% packet loss");
            var told = (await oneTunnel.AskAsync()).Single();
            (told.PublicKey, told.EndPoint).ShouldBe((otherKey.PublicKey, place));
            told.LastHandshake.ShouldNotBeNull();
            (Math.Min(told.Received, told.Sent) > 300).ShouldBeTrue($"{told}");

            await oneTunnel.RemoveAsync(otherKey.PublicKey);
            (await oneTunnel.AskAsync()).ShouldBeEmpty();
        }
        finally
        {
            oneDriver.Kill(entireProcessTree: true);
            otherDriver.Kill(entireProcessTree: true);
        }
    }

    [LabFact("wg")]
    public async Task An_interface_that_is_not_there_is_a_clear_word()
    {
        await using var lab = await Laboratory.BuildAsync();
        var host = await lab.AddAsync("one", LabNat.Open);
        await using var tunnel = new KernelWireGuard(Interface, WireGuardKey.New(), In(host));
        (await Should.ThrowAsync<MeshException>(() => tunnel.AskAsync())).Message.ShouldContain("Unable to access");
    }

    [KernelFact]
    public async Task The_kernels_own_tunnel_is_made_replaced_begun_again_and_taken_away()
    {
        await SystemTool.RunAsync("ip", WgFormat.Make(Interface));
        var tunnel = await KernelWireGuard.TryBeginAsync(Interface, WireGuardKey.New(), 0);
        tunnel.ShouldNotBeNull();
        await using (tunnel)
        {
            (tunnel.Driver, tunnel.Interface).ShouldBe(("kernel", Interface));
            await tunnel.UpAsync(IPAddress.Parse("10.255.66.1"), "10.255.66.0/24", 1380);
            var port = tunnel.Port;
            port.ShouldBeGreaterThan(0);
            await SystemTool.RunAsync("ip", ["link", "delete", "dev", Interface]);
            await Should.ThrowAsync<MeshException>(() => tunnel.AskAsync());
            await tunnel.BeginAgainAsync();
            (await tunnel.AskAsync()).ShouldBeEmpty();
            tunnel.Port.ShouldBe(port);
        }

        new NetDevice(Interface).Exists.ShouldBeFalse();
    }

    private static async Task<KernelWireGuard> BeginAsync(LabHost host, WireGuardKey key, string address)
    {
        var tunnel = new KernelWireGuard(Interface, key, In(host));
        await tunnel.ConfigureAsync(0);
        await host.Machine.RunAsync("ip", "address", "add", $"{address}/24", "dev", Interface);
        return tunnel;
    }

    /// <summary>In place of the kernel: <c>wg</c> speaks to both.</summary>
    private static async Task<Process> DriveAsync(LabHost host)
    {
        var driver = host.Machine.Start("env", "LOG_LEVEL=debug", Program, "--foreground", Interface);
        while (await driver.StandardOutput.ReadLineAsync().WaitAsync(SojournProcess.Patience) is { } line)
        {
            if (line.Contains("UAPI listener started", StringComparison.Ordinal))
                return driver;
        }

        throw new InvalidOperationException(await driver.StandardError.ReadToEndAsync());
    }

    private static ToolRunner In(LabHost host) => async (tool, arguments, input) =>
    {
        using var process = host.Machine.Start([tool, .. arguments]);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var said = await process.StandardOutput.ReadToEndAsync();
        var complained = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? said : throw new MeshException(complained);
    };
}

/// <summary>A test that needs a kernel with WireGuard.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class KernelFactAttribute : FactAttribute
{
    public KernelFactAttribute() => Skip = LabNeeds.WhyNot(["wg"])
        ?? (Directory.Exists("/sys/module/wireguard") ? null : "This kernel has no WireGuard.");
}
