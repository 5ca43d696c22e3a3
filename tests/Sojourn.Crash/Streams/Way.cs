using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Sojourn.Crash.Streams;

/// <summary>
/// The way to the server, whichever process that is by now. While there is none, whoever wants to connect waits for
/// the next, so that nobody has to try again and again.
/// </summary>
internal sealed class Way : IDisposable
{
    private volatile TaskCompletionSource<int> _port = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Way()
    {
        // A reader keeps its connection, and so does each producer.
        Handler = new SocketsHttpHandler { ConnectCallback = ConnectAsync, MaxConnectionsPerServer = 1_000 };
        Http = new HttpClient(Handler, disposeHandler: false)
        {
            BaseAddress = Url,
            // A server that lives answers; one that is killed breaks the connection.
            Timeout = TimeSpan.FromMinutes(2),
        };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", StreamServer.Key);
    }

    /// <summary>Its port says nothing: <see cref="Open"/> does.</summary>
    public static Uri Url { get; } = new("http://127.0.0.1:7707/");

    public SocketsHttpHandler Handler { get; }

    public HttpClient Http { get; }

    public void Open(int port) => _port.TrySetResult(port);

    /// <summary>Before the server is killed.</summary>
    public void Close() => _port = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose()
    {
        Http.Dispose();
        Handler.Dispose();
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken giveUp)
    {
        var port = await _port.Task.WaitAsync(giveUp);
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), giveUp);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
