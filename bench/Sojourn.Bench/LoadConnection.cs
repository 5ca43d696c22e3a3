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

    public async ValueTask AskAsync(byte[] request)
    {
        await _socket.SendAsync(request);
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
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>The length of the whole answer; the largest number while its head is not complete.</summary>
    private static int Length(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return int.MaxValue;
        }

        if (!answer.StartsWith("HTTP/1.1 200"u8))
        {
            throw new IOException("The server answered: " + Encoding.UTF8.GetString(answer));
        }

        var field = answer[..head].IndexOf("Content-Length: "u8);
        var digits = answer[(field + "Content-Length: ".Length)..];
        return head + 4 + int.Parse(digits[..digits.IndexOf((byte)'\r')], CultureInfo.InvariantCulture);
    }
}
