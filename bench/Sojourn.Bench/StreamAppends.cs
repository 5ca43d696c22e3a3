using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Sojourn.Bench;

/// <summary>Connections that are kept open append to streams at random, each after the answer to its last.</summary>
internal sealed class StreamAppends(ServerProcess server, int streams, bool producers)
{
    public const int Connections = 64;
    public const int Bytes = 256;
    private const string SeqField = "Producer-Seq: ";
    private const string NoSeq = "0000000000";

    private static readonly string Body = new('x', Bytes);

    // Of each producer, in each stream: they go on where they were in the last round.
    private readonly long[][] _seqs = [.. Enumerable.Range(0, Connections).Select(_ => new long[streams])];

    public ServerProcess Server => server;

    public async Task CreateAsync()
    {
        using var connection = await LoadConnection.OpenAsync(server.Port);
        for (var stream = 0; stream < streams; stream++)
        {
            var status = await connection.AskAsync(Request("PUT", stream, body: ""));
            if (status is not (200 or 201))
            {
                throw new IOException($"{server.Name} answered {status} to the creation of a stream.");
            }
        }
    }

    public async Task<AppendFigures> RunAsync(double seconds)
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        var clock = Stopwatch.StartNew();
        var all = await Task.WhenAll(Enumerable.Range(0, Connections)
            .Select(place => Task.Run(() => AppendAsync(place, stop.Token))));
        var elapsed = clock.Elapsed.TotalSeconds;
        var times = all.SelectMany(each => each.Times).Order().ToList();
        return new(
            times.Count / elapsed, Milliseconds(times, 0.5), Milliseconds(times, 0.99),
            all.SelectMany(each => each.Failures).GroupBy(status => status)
                .ToDictionary(each => each.Key, each => each.Count()));
    }

    public static double Milliseconds(List<long> sortedTicks, double part) => sortedTicks.Count == 0
        ? double.NaN
        : sortedTicks[(int)((sortedTicks.Count - 1) * part)] * 1e3 / Stopwatch.Frequency;

    private async Task<(List<long> Times, List<int> Failures)> AppendAsync(int place, CancellationToken stop)
    {
        using var connection = await LoadConnection.OpenAsync(server.Port);
        var chance = new Random(place);
        // Made beforehand: the load's own work is not what is measured.
        var fields = producers
            ? $"Producer-Id: p{place}\r\nProducer-Epoch: 0\r\n{SeqField}{NoSeq}\r\n"
            : "";
        var requests = Enumerable.Range(0, streams).Select(stream => Request("POST", stream, Body, fields)).ToArray();
        var seqAt = requests[0].AsSpan().IndexOf(Encoding.ASCII.GetBytes(SeqField)) + SeqField.Length;
        var (times, failures) = (new List<long>(1 << 16), new List<int>());
        while (!stop.IsCancellationRequested)
        {
            var stream = chance.Next(streams);
            if (producers)
            {
                _seqs[place][stream]++.TryFormat(requests[stream].AsSpan(seqAt, NoSeq.Length), out _, "D10",
                    CultureInfo.InvariantCulture);
            }

            var from = Stopwatch.GetTimestamp();
            var status = await connection.AskAsync(requests[stream]);
            if (status is 200 or 204)
            {
                times.Add(Stopwatch.GetTimestamp() - from);
            }
            else
            {
                failures.Add(status);
            }
        }

        return (times, failures);
    }

    // All names are equally long, and so the place of what changes in a request is the same.
    private byte[] Request(string method, int stream, string body, string more = "") => LoadRequest.Of(
        server.Port, StreamServer.Key, method,
        string.Create(CultureInfo.InvariantCulture, $"/v1/streams/s{stream:0000}"),
        body, type: "application/octet-stream", more: more);
}

/// <summary>What was appended in one round.</summary>
/// <param name="Rate">Appends a second.</param>
/// <param name="P50">The median of the answers' times, in milliseconds.</param>
/// <param name="P99">The 99th percentile.</param>
/// <param name="Failures">How many were answered otherwise, by status.</param>
internal sealed record AppendFigures(double Rate, double P50, double P99, IReadOnlyDictionary<int, int> Failures);
