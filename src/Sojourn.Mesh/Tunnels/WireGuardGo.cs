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

    private const string Sockets = "/run/wireguard";

    private const string Launcher =
        $"exec 3<&0; {Program} --foreground \"$0\" 3<&- & c=$!; {{ read _ <&3; kill $c; }} & wait $c";

    // What a shell ends with that does not find a program.
    private const int NotFound = 127;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FileStream _lock;
    private readonly Process _child;
    private readonly Task<string[]> _said;
    private readonly SemaphoreSlim _turn = new(1);

    private WireGuardGo(string name, FileStream @lock, Process child)
    {
        (Interface, _lock, _child) = (name, @lock, child);
        _said = Task.WhenAll(child.StandardOutput.ReadToEndAsync(), child.StandardError.ReadToEndAsync());
    }

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
        // The program knows nothing of this process; the shell ends it when this one is gone, however that comes.
        var start = new ProcessStartInfo("sh", ["-c", Launcher, name])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // It tells of each peer's doings otherwise, and some versions of their keys.
            Environment = { ["LOG_LEVEL"] = "error" },
        };
        var @lock = Lock(name);
        WireGuardGo made;
        try
        {
            await ClearAsync(name);
            made = new WireGuardGo(name, @lock, Process.Start(start)!);
        }
        catch
        {
            await @lock.DisposeAsync();
            throw;
        }

        try
        {
            await made.WaitForSocketAsync(giveUp);
            await made.TellAsync(UapiFormat.Begin(key.ToHex(), port), giveUp);
            made.Port = (await made.TellAsync(UapiFormat.Ask, giveUp)).Port;
            return made;
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }
    }

    public Task UpAsync(IPAddress address, string network, int mtu) =>
        new NetDevice(Interface).UpAsync(address, network, mtu);

    public Task SetAsync(TunnelPeer peer, CancellationToken giveUp = default) =>
        TellAsync(UapiFormat.Set(peer), giveUp);

    public Task RemoveAsync(string publicKey, CancellationToken giveUp = default) =>
        TellAsync(UapiFormat.Remove(publicKey), giveUp);

    public async Task<IReadOnlyList<TunnelPeerStatus>> AskAsync(CancellationToken giveUp = default) =>
        (await TellAsync(UapiFormat.Ask, giveUp)).Peers;

    public async ValueTask DisposeAsync()
    {
        if (!_child.HasExited)
        {
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
        }

        await _said;
        _child.Dispose();
        _turn.Dispose();
        await new NetDevice(Interface).RemoveAsync();
        await _lock.DisposeAsync();
    }

    private static string SocketOf(string name) => Path.Combine(Sockets, $"{name}.sock");

    /// <summary>Held as long as this process lives; so what is there without it was left by one that does not.
    /// </summary>
    private static FileStream Lock(string name)
    {
        try
        {
            Directory.CreateDirectory(Sockets);
            return new FileStream(
                Path.Combine(Sockets, $"{name}.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken)
        {
            throw new MeshException($"Another program of this machine has the interface {name}. End it, or choose "
                + "another name for this one.", taken);
        }
        catch (UnauthorizedAccessException forbidden)
        {
            throw new MeshException($"'{Program}' needs root: {Sockets} cannot be written.", forbidden);
        }
    }

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
        $"Neither does this kernel know WireGuard, nor is '{Program}' installed. On Debian: apt install {Program}.");

    /// <summary>Once its socket takes somebody, it listens to it.</summary>
    private async Task WaitForSocketAsync(CancellationToken giveUp)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            if (_child.HasExited)
            {
                _child.StandardInput.Close();
                var complained = string.Concat(await _said).Trim();
                throw _child.ExitCode == NotFound ? NotInstalled() : new MeshException(
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
        try
        {
            using var socket = await ConnectAsync(giveUp);
            await socket.SendAsync(Encoding.ASCII.GetBytes(words), SocketFlags.None, giveUp);
            using var reader = new StreamReader(new NetworkStream(socket), Encoding.ASCII);
            var answer = new StringBuilder();
            while (await reader.ReadLineAsync(giveUp) is { Length: > 0 } line)
                answer.Append(line).Append('\n');
            return UapiFormat.Read(answer.ToString());
        }
        catch (SocketException gone)
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
