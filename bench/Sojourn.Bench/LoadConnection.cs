using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sojourn.Bench;

/// <summary>
/// One keep-alive connection that asks and waits for the whole answer, with as little work as can be.
/// </summary>
internal sealed class LoadConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[16 << 10];

    private LoadConnection(Socket socket) => _socket = socket;

    public static async Task<LoadConnection> OpenAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        return new LoadConnection(socket);
    }

    /// <exception cref="IOException">The answer is not a 200.</exception>
    public async ValueTask AskWellAsync(byte[] request)
    {
        if (await AskAsync(request) is not 200 and var status)
        {
            throw new IOException($"The server answered {status}: " + Encoding.UTF8.GetString(_buffer.AsSpan(0, 1024)));
        }
    }

    /// <returns>The answer's status; only when its connection ends if it has no length, as a stream.</returns>
    public async ValueTask<int> AskAsync(byte[] request)
    {
        for (var sent = 0; sent < request.Length;)
        {
            sent += await _socket.SendAsync(request.AsMemory(sent));
        }

        var (have, need) = (0, int.MaxValue);
        while (have < need)
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(have));
            if (read == 0)
            {
                throw new IOException("The server closed the connection.");
            }

            have += read;
            need = need == int.MaxValue ? Length(_buffer.AsSpan(0, have)) : need;
            // Of a stream only the beginning is of interest.
            have = have == _buffer.Length && need == int.MaxValue ? have / 2 : have;
        }

        return int.Parse(_buffer.AsSpan("HTTP/1.1 ".Length, 3), CultureInfo.InvariantCulture);
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>The length of the whole answer; the largest number as long as its head does not tell.</summary>
    private static int Length(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return int.MaxValue;
        }

        var field = answer[..head].IndexOf("Content-Length: "u8);
        if (field < 0)
        {
            return int.MaxValue;
        }

        var digits = answer[(field + "Content-Length: ".Length)..];
        return head + 4 + int.Parse(digits[..digits.IndexOf((byte)'\r')], CultureInfo.InvariantCulture);
    }
}
