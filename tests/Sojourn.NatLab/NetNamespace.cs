using System.Diagnostics;

namespace Sojourn.NatLab;

/// <summary>A network of its own, with a directory <c>/run/wireguard</c> of its own.</summary>
public sealed class NetNamespace : IAsyncDisposable
{
    private readonly string _run;

    private NetNamespace(string name)
    {
        Name = name;
        _run = Directory.CreateTempSubdirectory("sojourn-lab-").FullName;
    }

    /// <summary>What <c>ip netns</c> calls it.</summary>
    public string Name { get; }

    internal static async Task<NetNamespace> MakeAsync(string name)
    {
        await Tool.RunAsync("", "ip", "netns", "add", name);
        var made = new NetNamespace(name);
        await made.IpAsync("link set lo up");
        return made;
    }

    /// <summary>Runs a program in it to its end.</summary>
    /// <returns>What it said.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message has what it said.</exception>
    public Task<string> RunAsync(params IReadOnlyList<string> command) =>
        Tool.RunAsync("", [.. Entering(), .. command]);

    /// <summary>Begins a program in it; its three streams are the caller's.</summary>
    public Process Start(params IReadOnlyList<string> command) =>
        Process.Start(Tool.StartInfo([.. Entering(), .. command]))!;

    /// <summary>What a program is begun with to be in it.</summary>
    public IReadOnlyList<string> Entering() =>
    [
        "ip", "netns", "exec", Name, "sh", "-c",
        // Sockets that are files are not kept apart by networks.
        "mkdir -p /run/wireguard && mount --bind \"$0\" /run/wireguard && exec \"$@\"", _run,
    ];

    /// <summary>Does something in it, such as opening a socket, which then stays there.</summary>
    public Task<T> DoAsync<T>(Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        // A thread that has entered another network is not given back to others.
        new Thread(() =>
        {
            try
            {
                var file = Native.Open($"/run/netns/{Name}", Native.CloseOnExec);
                if (file < 0 || Native.EnterNamespace(file, Native.NewNetwork) < 0)
                    throw new InvalidOperationException($"The network {Name} cannot be entered.");
                _ = Native.Close(file);
                done.SetResult(work());
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
        })
        { IsBackground = true }.Start();
        return done.Task;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        // What still runs in it keeps it alive, and does no harm there; whoever began it ends it.
        await Tool.RunAsync("", "ip", "netns", "delete", Name);
        Directory.Delete(_run, recursive: true);
    }

    internal Task IpAsync(params IEnumerable<string> commands) =>
        Tool.RunAsync(string.Join('\n', commands), "ip", "-netns", Name, "-batch", "-");

    internal Task NftAsync(string rules) => TellAsync(rules, "nft", "--file", "-");

    internal Task TellAsync(string input, params IEnumerable<string> command) =>
        Tool.RunAsync(input, ["ip", "netns", "exec", Name, .. command]);

    internal Task SetAsync(params ReadOnlySpan<string> settings) =>
        Tool.RunAsync("", ["ip", "netns", "exec", Name, "sysctl", "-qw", .. settings.ToArray()]);
}
