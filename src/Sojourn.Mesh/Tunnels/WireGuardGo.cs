using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Sojourn.Mesh.Keys;

namespace Sojourn.Mesh.Tunnels;

/// <summary>
/// A tunnel that the program <c>wireguard-go</c> drives, as a child of this process, told what to do over its socket.
/// </summary>
internal sealed class WireGuardGo : ITunnel
{
    /// <summary>What the program is called.</summary>
    public const string Program = "wireguard-go";

    private const string Launcher =
        $"exec 3<&0; {Program} --foreground \"$0\" 3<&- & c=$!; {{ read _ <&3; kill $c; }} & wait $c";

    private const string Shell = "/bin/sh";

    // What a shell ends with that does not find a program.
    private const int NotFound = 127;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FileStream _lock;
    private readonly WireGuardKey _key;
    private readonly SemaphoreSlim _turn = new(1);
    private Process? _child;
    private Task<string[]> _said = Task.FromResult<string[]>([]);
    private (IPAddress Address, string Network, int Mtu)? _up;

    private WireGuardGo(string name, FileStream @lock, WireGuardKey key) =>
        (Interface, _lock, _key) = (name, @lock, key);

    public string Interface { get; }

    public int Port { get; private set; }

    public string Driver => Program;

    /// <summary>Begins a tunnel without peers.</summary>
    /// <param name="name">What its interface is called. One of that name that nobody drives any more is replaced.
    /// </param>
    /// <param name="key">Its own key.</param>
    /// <param name="port">Its port; 0 for any.</param>
    /// <param name="giveUp">Ends the waiting for it.</param>
    /// <exception cref="MeshException">The program is not there, or may not make interfaces.</exception>
    public static async Task<WireGuardGo> BeginAsync(
        string name, WireGuardKey key, int port, CancellationToken giveUp = default)
    {
        var made = new WireGuardGo(name, InterfaceLock.Take(name), key) { Port = port };
        try
        {
            await made.StartAsync(giveUp);
            return made;
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }
    }

    public async Task BeginAgainAsync(CancellationToken giveUp = default)
    {
        await EndAsync();
        await StartAsync(giveUp);
        if (_up is var (address, network, mtu))
            await UpAsync(address, network, mtu);
    }

    public Task UpAsync(IPAddress address, string network, int mtu)
    {
        _up = (address, network, mtu);
        return new NetDevice(Interface).UpAsync(address, network, mtu);
    }

    public Task SetAsync(TunnelPeer peer, CancellationToken giveUp = default) =>
        TellAsync(UapiFormat.Set(peer), giveUp);

    public Task RemoveAsync(string publicKey, CancellationToken giveUp = default) =>
        TellAsync(UapiFormat.Remove(publicKey), giveUp);

    public async Task<IReadOnlyList<TunnelPeerStatus>> AskAsync(CancellationToken giveUp = default) =>
        (await TellAsync(UapiFormat.Ask, giveUp)).Peers;

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _turn.Dispose();
        await new NetDevice(Interface).RemoveAsync();
        await _lock.DisposeAsync();
    }

    private async Task StartAsync(CancellationToken giveUp)
    {
        // The program knows nothing of this process; the shell ends it when this one is gone, however that comes.
        var start = new ProcessStartInfo(Shell, ["-c", Launcher, Interface])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // It tells of each peer's doings otherwise, and some versions of their keys.
            Environment = { ["LOG_LEVEL"] = "error" },
        };
        await ClearAsync(Interface);
        _child = Process.Start(start)!;
        _said = Task.WhenAll(_child.StandardOutput.ReadToEndAsync(CancellationToken.None),
            _child.StandardError.ReadToEndAsync(CancellationToken.None));
        await WaitForSocketAsync(_child, giveUp);
        await TellAsync(UapiFormat.Begin(_key.ToHex(), Port), giveUp);
        Port = (await TellAsync(UapiFormat.Ask, giveUp)).Port;
    }

    private async Task EndAsync()
    {
        if (_child is null)
            return;
        // Also where the program is gone: the shell's other half waits for this.
        _child.StandardInput.Close();
        try
        {
            await _child.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(2));
        }
        catch (TimeoutException)
        {
            _child.Kill(entireProcessTree: true);
            await _child.WaitForExitAsync();
        }

        await _said;
        _child.Dispose();
        _child = null;
    }

    private static string SocketOf(string name) => Path.Combine(InterfaceLock.Directory, $"{name}.sock");

    /// <summary>Ends what a process that was killed has left: its child, and with that the interface.</summary>
    private static async Task ClearAsync(string name)
    {
        File.Delete(SocketOf(name));
        var device = new NetDevice(name);
        var began = Stopwatch.GetTimestamp();
        while (device.Exists)
        {
            if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(1))
                await device.RemoveAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(5));
        }
    }

    private static MeshException NotInstalled() => new(
        $"A tunnel needs the program '{Program}', or a kernel with WireGuard and the tool '{KernelWireGuard.Tool}'. On "
        + $"Debian: apt install {Program}.");

    /// <summary>Once its socket takes somebody, it listens to it.</summary>
    private async Task WaitForSocketAsync(Process child, CancellationToken giveUp)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            if (child.HasExited)
            {
                child.StandardInput.Close();
                var complained = string.Concat(await _said).Trim();
                throw child.ExitCode == NotFound ? NotInstalled() : new MeshException(
                    $"'{Program}' ended at once: {complained}. It needs /dev/net/tun and the capability "
                    + "CAP_NET_ADMIN, that is, root.");
            }

            try
            {
                using var socket = await ConnectAsync(giveUp);
                return;
            }
            catch (SocketException) when (Stopwatch.GetElapsedTime(began) < Patience)
            {
                // Nothing tells when it is ready; it takes it some milliseconds.
                await Task.Delay(TimeSpan.FromMilliseconds(2), giveUp);
            }
            catch (SocketException deaf)
            {
                throw new MeshException(string.Create(CultureInfo.InvariantCulture,
                    $"'{Program}' did not listen within {Patience.TotalSeconds:0} s: {deaf.Message}."), deaf);
            }
        }
    }

    private async Task<Socket> ConnectAsync(CancellationToken giveUp)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketOf(Interface)), giveUp);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<(int Port, IReadOnlyList<TunnelPeerStatus> Peers)> TellAsync(
        string words, CancellationToken giveUp)
    {
        await _turn.WaitAsync(giveUp);
        // One that hangs is as good as gone.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(giveUp);
        patience.CancelAfter(Patience);
        try
        {
            using var socket = await ConnectAsync(patience.Token);
            await socket.SendAsync(Encoding.ASCII.GetBytes(words), SocketFlags.None, patience.Token);
            using var reader = new StreamReader(new NetworkStream(socket), Encoding.ASCII);
            var answer = new StringBuilder();
            while (await reader.ReadLineAsync(patience.Token) is { Length: > 0 } line)
                answer.Append(line).Append('\n');
            return UapiFormat.Read(answer.ToString());
        }
        catch (OperationCanceledException late) when (!giveUp.IsCancellationRequested)
        {
            throw new MeshException($"'{Program}' does not answer for {Interface}.", late);
        }
        catch (Exception gone) when (gone is SocketException or IOException)
        {
            throw new MeshException(string.Create(CultureInfo.InvariantCulture,
                $"'{Program}' no longer answers for {Interface}."), gone);
        }
        finally
        {
            _turn.Release();
        }
    }
}
