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
    private const string LengthField = "\r\nContent-Length: ";

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

    /// <returns>The answer's status; of a stream only when that ends.</returns>
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

        return Status(_buffer);
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

        if (Status(answer) == 204)
        {
            return head + 4;
        }

        var lines = Encoding.ASCII.GetString(answer[..(head + 2)]);
        var field = lines.IndexOf(LengthField, StringComparison.OrdinalIgnoreCase);
        if (field < 0)
        {
            // In pieces: an empty one is the last.
            return answer.EndsWith("\r\n0\r\n\r\n"u8) ? answer.Length : int.MaxValue;
        }

        var digits = lines.AsSpan(field + LengthField.Length);
        return head + 4 + int.Parse(digits[..digits.IndexOf('\r')], CultureInfo.InvariantCulture);
    }

    private static int Status(ReadOnlySpan<byte> answer) =>
        int.Parse(answer.Slice("HTTP/1.1 ".Length, 3), CultureInfo.InvariantCulture);
}
