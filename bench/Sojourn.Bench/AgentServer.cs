using System.Globalization;
using Sojourn.Cli;

namespace Sojourn.Bench;

/// <summary>
/// `sojourn serve` as a process that also tells its heap: <c>sojourn-bench agent-server DIRECTORY CONFIG</c>, for
/// <see cref="ServerProcess"/>. All that it serves with is the program's own.
/// </summary>
internal static class AgentServer
{
    public const string Verb = "agent-server";

    public static async Task RunAsync(string directory, string config)
    {
        using var stop = new CancellationTokenSource();
        using var greeting = new Greeting();
        var running = ServerHost.RunAsync(
            new ServeSettings(directory, "http://127.0.0.1:0", config), greeting, TextWriter.Null, stop.Token);
        await await Task.WhenAny(greeting.Spoken, running);
        Console.WriteLine(new Uri(greeting.ToString().Split(["listens on ", "\n"], StringSplitOptions.None)[1]).Port);
        await Task.Factory.StartNew(
            AnswerAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await stop.CancelAsync();
        await running;
    }

    /// <summary>
    /// On a thread of its own: reading the console holds one up, and the pool has only as many as processors.
    /// </summary>
    private static void AnswerAll()
    {
        while (Console.In.ReadLine() is not null)
        {
            var heap = GC.GetTotalMemory(forceFullCollection: true);
            Console.WriteLine(heap.ToString(CultureInfo.InvariantCulture));
        }
    }

    private sealed class Greeting : StringWriter
    {
        private readonly TaskCompletionSource _spoken = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Greeting()
            : base(CultureInfo.InvariantCulture)
        {
        }

        public Task Spoken => _spoken.Task;

        public override void Flush() => _spoken.TrySetResult();
    }
}
