using System.Net.Http.Headers;
using Sojourn.Cli;

namespace Sojourn.Tests.Server;

/// <summary>`sojourn serve` within this process, on a free port, with a data directory of its own.</summary>
internal sealed class ServeUnderTest : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<int> _run;
    private bool _isDisposed;

    private ServeUnderTest(ServeSettings settings, Greeting output, StringWriter error)
    {
        (Output, Error) = (output, error);
        _run = ServerHost.RunAsync(settings, output, error, _stop.Token);
    }

    public Greeting Output { get; }

    public StringWriter Error { get; }

    public HttpClient Http { get; private set; } = null!;

    public Uri Url { get; private set; } = null!;

    /// <exception cref="UsageException">It could not start.</exception>
    public static async Task<ServeUnderTest> StartAsync(
        string directory, string? config = null, string urls = "http://127.0.0.1:0", Uri? collector = null)
    {
        var settings = new ServeSettings(
            directory, urls, config, collector is null ? null : new ServeCollector(collector, IsGrpc: false));
        var serve = new ServeUnderTest(settings, new Greeting(), new StringWriter());
        await await Task.WhenAny(serve.Output.Spoken, serve._run).WaitAsync(ServerUnderTest.Patience);
        var port = new Uri(serve.Output.ToString().Split(["listens on ", "\n"], StringSplitOptions.None)[1]).Port;
        serve.Url = new Uri($"http://127.0.0.1:{port}");
        serve.Http = new HttpClient { BaseAddress = serve.Url, Timeout = ServerUnderTest.Patience };
        serve.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", (await File.ReadAllTextAsync(Path.Combine(directory, "key"))).Trim());
        return serve;
    }

    public async Task<int> StopAsync()
    {
        await _stop.CancelAsync();
        try
        {
            // A server that stops has a grace of 30 seconds and some more by its own promise.
            return await _run.WaitAsync(TimeSpan.FromSeconds(45) + ServerUnderTest.Patience);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"It does not stop. Output: {Output} Error: {Error}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // A test that puts another in its place may have ended before it did.
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;
        await StopAsync();
        Http.Dispose();
        _stop.Dispose();
    }

    internal sealed class Greeting : StringWriter
    {
        private readonly TaskCompletionSource _spoken = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Spoken => _spoken.Task;

        public override void Flush() => _spoken.TrySetResult();
    }
}

/// <summary>A directory that is gone after the test.</summary>
internal sealed class ScratchDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("sojourn-").FullName;

    public string File(string name, string text)
    {
        var path = System.IO.Path.Combine(Path, name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
