using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Sojourn.Bench;

/// <summary>
/// One writes to a stream at a steady pace, and many follow it: from the moment before a request until a reader has it.
/// </summary>
internal static class StreamFanOut
{
    public const int Readers = 500;
    public const int PerSecond = 20;
    private const int Digits = 19;
    private const byte Mark = (byte)'@';

    public static async Task<FanOutFigures> RunAsync(ServerProcess server, string name, double seconds)
    {
        var path = $"/v1/streams/{name}";
        byte[] Request(string method, string query = "", string body = "") => LoadRequest.Of(
            server.Port, StreamServer.Key, method, path + query, body, type: "text/plain");
        using var writer = await LoadConnection.OpenAsync(server.Port);
        _ = await writer.AskAsync(Request("PUT"));
        var alone = await server.RestAsync();
        var messages = (int)(seconds * PerSecond);
        var follow = Request("GET", "?offset=now&live=sse");
        var readers = await Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => OpenAsync(server.Port, follow)));
        var reading = readers.Select(reader => Task.Run(() => ReadAsync(reader, messages))).ToList();
        var followed = await server.RestAsync();
        using (var pace = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / PerSecond)))
        {
            for (var i = 0; i < messages && await pace.WaitForNextTickAsync(); i++)
            {
                var sent = Stopwatch.GetTimestamp().ToString("D19", CultureInfo.InvariantCulture);
                var body = $"@{sent}".PadRight(StreamAppends.Bytes, 'x');
                var status = await writer.AskAsync(Request("POST", body: body));
                _ = status is 200 or 204 ? true : throw new IOException($"{server.Name} answered {status}.");
            }
        }

        var times = (await Task.WhenAll(reading)).SelectMany(each => each).Order().ToList();
        var workingSet = server.WorkingSet;
        var heap = await server.RestAsync();
        Array.ForEach(readers, reader => reader.Dispose());
        return new(StreamAppends.Milliseconds(times, 0.5), StreamAppends.Milliseconds(times, 0.99),
            heap, (double)(Math.Max(heap, followed) - alone) / Readers, workingSet);
    }

    /// <summary>One that follows: the head of the answer, and whatever else it begins with, has come.</summary>
    private static async Task<Socket> OpenAsync(int port, byte[] request)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        await socket.SendAsync(request);
        var head = new byte[16 << 10];
        var read = await socket.ReceiveAsync(head);
        return read > 0 && head.AsSpan(0, read).StartsWith("HTTP/1.1 200"u8)
            ? socket
            : throw new IOException("The server does not let it follow.");
    }

    /// <returns>How long each message took.</returns>
    private static async Task<List<long>> ReadAsync(Socket socket, int messages)
    {
        var (buffer, have) = (new byte[16 << 10], 0);
        var times = new List<long>(messages);
        while (times.Count < messages)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(have));
            var now = Stopwatch.GetTimestamp();
            have = read > 0 ? have + read : throw new IOException("The server ended the stream.");
            var rest = buffer.AsSpan(0, have);
            for (var at = rest.IndexOf(Mark); at >= 0 && at + Digits < rest.Length; at = rest.IndexOf(Mark))
            {
                _ = Utf8Parser.TryParse(rest.Slice(at + 1, Digits), out long sent, out _);
                times.Add(now - sent);
                rest = rest[(at + 1 + Digits)..];
            }

            // A message may come in two pieces.
            var mark = rest.IndexOf(Mark);
            rest = mark < 0 ? [] : rest[mark..];
            rest.CopyTo(buffer);
            have = rest.Length;
        }

        return times;
    }
}

/// <summary>How messages came to those who follow.</summary>
/// <param name="P50">The median of the times to a reader, in milliseconds.</param>
/// <param name="P99">The 99th percentile.</param>
/// <param name="Heap">The server's heap with all readers, in bytes.</param>
/// <param name="HeapPerReader">How much of that each reader added.</param>
/// <param name="WorkingSet">All that the server holds in main memory.</param>
internal sealed record FanOutFigures(double P50, double P99, double Heap, double HeapPerReader, double WorkingSet);
