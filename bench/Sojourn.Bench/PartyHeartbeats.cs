using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;

namespace Sojourn.Bench;

/// <summary>
/// What a server has to do for a thousand parties whose members are only there: over requests and over WebSockets, as
/// often as they say so and as often as they can; and what that writes costs in flushes of the disk.
/// </summary>
internal static class PartyHeartbeats
{
    private const int Parties = 1_000, Connections = 64;

    // A beat every 30 s of each.
    private const double BeatsPerSecond = Parties * SimulatedParties.Members / 30.0;

    public static async Task RunAsync(double seconds)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Parties: {Parties:N0} with {SimulatedParties.Members} members each; load {Load()}"));
        var directory = Directory.CreateTempSubdirectory("sojourn-bench-");
        try
        {
            using (var server = await ServerProcess.StartPartiesAsync(
                "parties", Path.Combine(directory.FullName, "server"), Parties))
            {
                await TellRequestsAsync(server, seconds);
                await TellSocketsAsync(server, seconds);
            }

            foreach (var way in (string[])[PartyBeats.Behind, PartyBeats.Flushed, PartyBeats.OneByOne])
                await PartyBeats.TellAsync(Path.Combine(directory.FullName, way), way, seconds * 5);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>Of the machine, over the last minute: other work makes figures worse.</summary>
    public static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "?";

    private static async Task TellRequestsAsync(ServerProcess server, double seconds)
    {
        Tell($"heap, nobody connected: {await server.RestAsync() / 1048576.0:0.0} MiB");
        var asking = new LoadConnection[Connections];
        for (var at = 0; at < Connections; at++)
            asking[at] = await LoadConnection.OpenAsync(server.Port);
        ValueTask AskAsync(int connection, int beat) => asking[connection].AskWellAsync(RequestOf(server.Port, beat));
        await BeatAsync(1, null, AskAsync, server, null);
        await BeatAsync(seconds * 15, BeatsPerSecond, AskAsync, server, "requests, each member every 30 s");
        await BeatAsync(seconds * 5, null, AskAsync, server, $"requests, {Connections} at once");
        foreach (var connection in asking)
            connection.Dispose();
    }

    private static async Task TellSocketsAsync(ServerProcess server, double seconds)
    {
        var before = await server.RestAsync();
        var sockets = new ClientWebSocket[Parties * SimulatedParties.Members];
        await Parallel.ForAsync(0, sockets.Length, new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (at, stop) => sockets[at] = await OpenAsync(server.Port, at, stop));
        var heap = await server.RestAsync();
        Tell($"heap, {sockets.Length:N0} WebSockets: {heap / 1048576.0:0.0} MiB, "
            + $"{(heap - before) / 1024.0 / sockets.Length:0.0} KiB each");
        var buffers = Enumerable.Range(0, Connections).Select(_ => new byte[16 << 10]).ToArray();
        // Each connection's turn is a sender here: no two use the same WebSocket.
        async ValueTask AskAsync(int sender, int beat)
        {
            var at = (beat * Connections % sockets.Length) + sender;
            await sockets[at].SendAsync(Frame, WebSocketMessageType.Text, true, CancellationToken.None);
            await ReadAsync(sockets[at], buffers[sender], "{\"id\":1"u8.ToArray(), CancellationToken.None);
        }

        await BeatAsync(
            seconds * 15, BeatsPerSecond, AskAsync, server, "WebSockets, each member every 30 s", own: true);
        await BeatAsync(seconds * 5, null, AskAsync, server, $"WebSockets, {Connections} at once", own: true);
        foreach (var socket in sockets)
            socket.Dispose();
    }

    private static byte[] Frame { get; } = """{"id":1,"command":"heartbeat"}"""u8.ToArray();

    private static async Task<ClientWebSocket> OpenAsync(int port, int at, CancellationToken stop)
    {
        var (party, member) = Math.DivRem(at, SimulatedParties.Members);
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("sojourn.party.v1");
        socket.Options.SetRequestHeader("Authorization", $"Bearer {SimulatedParties.SecretOf(party, member)}");
        await socket.ConnectAsync(
            new Uri($"ws://127.0.0.1:{port}/v1/party-seats/{SimulatedParties.SeatOf(party, member)}/live"), stop);
        await ReadAsync(socket, new byte[16 << 10], "{\"party\""u8.ToArray(), stop);
        return socket;
    }

    /// <summary>Reads frames up to one that begins so.</summary>
    private static async ValueTask ReadAsync(
        ClientWebSocket socket, byte[] buffer, byte[] beginning, CancellationToken stop)
    {
        var (have, isWanted) = (0, false);
        while (!isWanted)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(have), stop);
            if (part.MessageType == WebSocketMessageType.Close)
                throw new IOException($"The server closed the connection: {socket.CloseStatusDescription}");
            have += part.Count;
            isWanted = part.EndOfMessage && buffer.AsSpan(0, have).StartsWith(beginning);
            have = part.EndOfMessage ? 0 : have;
        }
    }

    /// <summary>Has all senders ask, in turn for all members.</summary>
    /// <param name="seconds">For how long.</param>
    /// <param name="rate">Beats a second; null for as many as are answered.</param>
    /// <param name="askAsync">Asks, given the sender and the beat's number.</param>
    /// <param name="server">Who is asked.</param>
    /// <param name="name">What is measured; null for nothing.</param>
    /// <param name="own">Whether beats are counted by each sender for itself.</param>
    private static async Task BeatAsync(
        double seconds, double? rate, Func<int, int, ValueTask> askAsync, ServerProcess server, string? name,
        bool own = false)
    {
        var (began, cpu, beats) = (Stopwatch.GetTimestamp(), server.Processor, 0);
        var times = await Task.WhenAll(Enumerable.Range(0, Connections).Select(sender => Task.Run(async () =>
        {
            var taken = new List<double>();
            for (var turn = 0; Stopwatch.GetElapsedTime(began).TotalSeconds < seconds; turn++)
            {
                if (rate is { } perSecond)
                    await WaitAsync(began, ((turn * Connections) + sender) / perSecond);
                var asked = Stopwatch.GetTimestamp();
                await askAsync(sender, own ? turn : Interlocked.Increment(ref beats));
                taken.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            }

            return taken;
        })));
        var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        if (name is null)
            return;
        var busy = (server.Processor - cpu).TotalSeconds / took * 100;
        var all = times.SelectMany(each => each).Order().ToArray();
        Tell($"{name}: {all.Length / took:N0}/s, p50 {all[all.Length / 2]:0.00} ms, "
            + $"p99 {all[all.Length * 99 / 100]:0.00} ms, {busy:0} % of a processor, "
            + $"working set {server.WorkingSet >> 20} MiB, load {Load()}");
    }

    private static async Task WaitAsync(long began, double until)
    {
        var left = until - Stopwatch.GetElapsedTime(began).TotalSeconds;
        if (left > 0.001)
            await Task.Delay(TimeSpan.FromSeconds(left));
    }

    private static byte[] RequestOf(int port, int beat)
    {
        var (party, member) = Math.DivRem(beat % (Parties * SimulatedParties.Members), SimulatedParties.Members);
        return LoadRequest.Of(
            port, SimulatedParties.SecretOf(party, member), "POST",
            $"/v1/party-seats/{SimulatedParties.SeatOf(party, member)}/heartbeat", "{}");
    }

    private static void Tell(string line) => Console.WriteLine("  " + line);
}
