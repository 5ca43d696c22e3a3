using System.Diagnostics;
using Sojourn.NatLab;

namespace Sojourn.Tests.Parties.Lab;

/// <summary>What many routers run, on the router of a laboratory's machine.</summary>
internal sealed class Miniupnpd : IAsyncDisposable
{
    /// <summary>It opens nothing for addresses that are no public ones, as those of a laboratory.</summary>
    public const string Says = "8.8.8.8";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sojourn-upnpd-");
    private readonly NetNamespace _router;
    private readonly Process _process;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _said;

    private Miniupnpd(NetNamespace router, bool isNewest)
    {
        _router = router;
        var file = Path.Combine(_directory.FullName, "upnpd.conf");
        File.WriteAllText(file, $"""
            ext_ifname=wan
            listening_ip=lan
            ext_ip={Says}
            enable_natpmp={(isNewest ? "yes" : "no")}
            enable_upnp=yes
            secure_mode=yes
            uuid=00000000-0000-0000-0000-000000000001
            allow 1024-65535 192.168.1.0/24 1024-65535

            """);
        _process = router.Start(
            "miniupnpd", "-d", "-f", file, "-P", Path.Combine(_directory.FullName, "pid"));
        // Among the last things that it says before it serves.
        var last = isNewest ? "Listening for NAT-PMP" : "HTTP listening";
        _said = Task.WhenAll(ReadAsync(_process.StandardOutput, last), ReadAsync(_process.StandardError, last));
    }

    /// <param name="host">Whose router.</param>
    /// <param name="isNewest">Whether it speaks more than UPnP.</param>
    public static async Task<Miniupnpd> StartAsync(LabHost host, bool isNewest = true)
    {
        await host.Router.RunAsync("nft", """
            add table inet filter
            add chain inet filter miniupnpd
            add chain inet filter prerouting_miniupnpd
            add chain inet filter postrouting_miniupnpd
            add chain inet filter prerouting { type nat hook prerouting priority -100; policy accept; }
            add rule inet filter prerouting jump prerouting_miniupnpd
            insert rule ip lab forwarding ct status dnat accept
            """);
        var started = new Miniupnpd(host.Router, isNewest);
        await started._ready.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return started;
    }

    /// <summary>The ports that are open, as the kernel has them.</summary>
    public Task<string> RulesAsync() =>
        _router.RunAsync("nft", "list", "chain", "inet", "filter", "prerouting_miniupnpd");

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _said;
        _process.Dispose();
        _directory.Delete(recursive: true);
    }

    private async Task ReadAsync(StreamReader said, string last)
    {
        while (await said.ReadLineAsync() is { } line)
        {
            if (line.Contains(last, StringComparison.Ordinal))
                _ready.TrySetResult();
        }
    }
}
