using System.Diagnostics;
using System.Globalization;

namespace Sojourn.Bench;

/// <summary>
/// The greedy owner, as a process of its own: <c>sojourn-bench attack-load PORT KEY</c>. It begins at once, ends when
/// its standard input does, and says what it got.
/// </summary>
internal sealed class Attacker : IDisposable
{
    public const string Verb = "attack-load";
    public const int Connections = 256;

    private const string Ready = "ready";
    private static readonly string LargeBody = $$"""{"by":1{{new string(' ', 900_000)}}}""";

    private readonly Process _process;

    private Attacker(Process process) => _process = process;

    /// <summary>Returns once it is at it.</summary>
    public static async Task<Attacker> BeginAsync(int port, string key)
    {
        var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!)
        {
            ArgumentList = { Verb, port.ToString(CultureInfo.InvariantCulture), key },
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var said = await process.StandardOutput.ReadLineAsync();
        return said == Ready ? new Attacker(process) : throw new IOException($"The attacker said: {said}");
    }

    /// <returns>What it got, as a line.</returns>
    public async Task<string> EndAsync()
    {
        _process.StandardInput.Close();
        var said = await _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync();
        return said.Trim();
    }

    public void Dispose() => _process.Dispose();

    /// <summary>The process itself.</summary>
    public static async Task RunAsync(int port, string key)
    {
        using var stop = new CancellationTokenSource();
        var counts = new Counts();
        var asking = Enumerable.Range(0, Connections)
            .Select(i => Task.Run(() => AskOnAsync(port, key, i, counts, stop.Token))).ToList();
        while (counts.All == 0)
        {
            await Task.Delay(1);
        }

        Console.WriteLine(Ready);
        var before = counts.Taken();
        var clock = Stopwatch.StartNew();
        // Until whoever started it closes the other end, or is gone.
        await Console.In.ReadToEndAsync();
        var after = counts.Taken();
        Console.WriteLine(Counts.Tell(before, after, clock.Elapsed.TotalSeconds));
        // The connections end with the process; some of them follow streams that would never end by themselves.
        await stop.CancelAsync();
        _ = asking;
    }

    private static async Task AskOnAsync(int port, string key, int place, Counts counts, CancellationToken stop)
    {
        var what = Counts.Whats[place % Counts.Whats.Length];
        var session = $"/v1/meter/a{place}";
        var request = what switch
        {
            "creates" => LoadRequest.Of(port, key, "POST", "/v1/meter", """{"textLength":10000}"""),
            "large bodies" => LoadRequest.Of(port, key, "POST", $"{session}/count", LargeBody),
            "streams" => LoadRequest.Of(port, key, "GET", $"{session}/events", accept: "text/event-stream"),
            _ => LoadRequest.Of(port, key, "POST", $"{session}/count-aloud", """{"by":1}"""),
        };
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var connection = await LoadConnection.OpenAsync(port);
                while (!stop.IsCancellationRequested)
                {
                    counts.Add(what, await connection.AskAsync(request));
                }
            }
            catch (Exception broken) when (broken is IOException or System.Net.Sockets.SocketException)
            {
                counts.Add(what, 0);
            }
        }
    }

    /// <summary>Answers, by what was asked and how it went.</summary>
    private sealed class Counts
    {
        private readonly long[] _answers = new long[Whats.Length * 3];

        public static string[] Whats { get; } = ["commands", "creates", "large bodies", "streams"];

        public long All => _answers.Sum();

        /// <param name="what">What was asked.</param>
        /// <param name="status">What was answered; 0 if the connection broke.</param>
        public void Add(string what, int status)
        {
            var how = status switch { 200 or 201 => 0, 0 => 2, _ => 1 };
            Interlocked.Increment(ref _answers[(Array.IndexOf(Whats, what) * 3) + how]);
        }

        public long[] Taken() => [.. _answers];

        public static string Tell(long[] before, long[] after, double seconds)
        {
            var came = after.Zip(before, (now, then) => (now - then) / seconds).ToList();
            return string.Join("; ", Whats.Select((what, i) => string.Create(CultureInfo.InvariantCulture,
                $"{what} {came[i * 3]:N0}/s accepted, {came[(i * 3) + 1]:N0}/s refused, "
                + $"{came[(i * 3) + 2]:N0}/s broken")));
        }
    }
}
