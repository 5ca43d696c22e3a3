using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sojourn.Bench;

/// <summary>
/// Redis as a child process on loopback that flushes each command before it answers, and one connection to it. An
/// update is a
/// <c>SET</c> of the state and an <c>RPUSH</c> of the event; a group goes out at once, and is waited for.
/// </summary>
internal sealed class RedisServer : IDisposable
{
    private readonly Process _process;
    private readonly Socket _socket;
    private readonly byte[] _answers = new byte[1 << 16];
    private readonly Random _chance = new(1);

    private RedisServer(Process process, Socket socket)
    {
        (_process, _socket) = (process, socket);
        // A pipe that nobody empties would stop it.
        _ = process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>Starts one; null, with the reason, if there is none to start.</summary>
    public static (RedisServer? Server, string Reason) TryStart(string directory)
    {
        var port = FreePort();
        var started = new ProcessStartInfo("redis-server")
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            ArgumentList =
            {
                "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", directory,
                "--appendonly", "yes", "--appendfsync", "always", "--save", "",
            },
        };
        try
        {
            var process = Process.Start(started)!;
            while (process.StandardOutput.ReadLine() is { } line)
            {
                if (line.Contains("Ready to accept", StringComparison.Ordinal))
                {
                    return (new RedisServer(process, Connect(port)), "");
                }
            }

            return (null, "redis-server ended at once");
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return (null, $"redis-server cannot be started: {missing.Message}");
        }
    }

    public Task<long> RunAsync(int group, CancellationToken stop) => Task.Run(async () =>
    {
        var count = 0L;
        for (; !stop.IsCancellationRequested; count += group)
        {
            var request = Request(group);
            // Beside each other: Redis stops reading from one who does not read its answers.
            var sending = SendAsync(request);
            await ReceiveAsync(2 * group);
            await sending;
        }

        return count;
    });

    public void Dispose()
    {
        _socket.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static Socket Connect(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        return socket;
    }

    private byte[] Request(int group)
    {
        using var request = new MemoryStream();
        for (var i = 0; i < group; i++)
        {
            var session = _chance.Next(DurableCommands.Sessions);
            Command(request, "SET", $"state:{session}", DurableCommands.StateBytes);
            Command(request, "RPUSH", $"events:{session}", DurableCommands.EventBytes);
        }

        return request.ToArray();
    }

    private static void Command(MemoryStream to, string verb, string key, int bytes)
    {
        to.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"*3\r\n${verb.Length}\r\n{verb}\r\n${key.Length}\r\n{key}\r\n${bytes}\r\n")));
        to.Write(new byte[bytes]);
        to.Write("\r\n"u8);
    }

    private async Task SendAsync(ReadOnlyMemory<byte> request)
    {
        while (!request.IsEmpty)
        {
            request = request[await _socket.SendAsync(request)..];
        }
    }

    /// <summary>Each answer is one line: "+OK" or ":n".</summary>
    private async Task ReceiveAsync(int answers)
    {
        while (answers > 0)
        {
            var read = await _socket.ReceiveAsync(_answers);
            if (read == 0 || _answers.AsSpan(0, read).Contains((byte)'-'))
            {
                throw new IOException("Redis answered: " + Encoding.ASCII.GetString(_answers, 0, read));
            }

            answers -= _answers.AsSpan(0, read).Count((byte)'\n');
        }
    }
}
