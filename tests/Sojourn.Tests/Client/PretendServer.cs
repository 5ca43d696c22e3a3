using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Sojourn.Tests.Client;

/// <summary>
/// A real web server on a free loopback port that answers as the test scripts it. Each answer to a route is used once,
/// in order; the last one stays. It can go away and come back on the same port.
/// </summary>
internal sealed class PretendServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Func<HttpContext, Task>>> _script = new();
    private WebApplication? _running;
    private int _port;

    private PretendServer()
    {
    }

    public Uri Url => new($"http://127.0.0.1:{_port}");

    /// <summary>What has arrived, in order.</summary>
    public ConcurrentQueue<SeenRequest> Seen { get; } = new();

    public static async Task<PretendServer> StartAsync()
    {
        var server = new PretendServer();
        await server.ComeBackAsync();
        return server;
    }

    /// <summary>Scripts the next answers to a route such as <c>GET /v1/counter/x</c>.</summary>
    public PretendServer On(string route, params Func<HttpContext, Task>[] answers)
    {
        foreach (var answer in answers)
            _script.GetOrAdd(route, _ => new()).Enqueue(answer);
        return this;
    }

    public PretendServer On(string route, object json, int status = 200) => On(route, Answer(json, status));

    /// <summary>Scripts the next event streams of a session such as <c>counter/x</c>.</summary>
    public PretendServer OnEvents(string session, params Func<PretendStream, Task>[] streams) =>
        On($"GET /v1/{session}/events", [.. streams.Select(
            stream => (Func<HttpContext, Task>)(async http => await stream(await PretendStream.OpenAsync(http))))]);

    public static Func<HttpContext, Task> Answer(object json, int status = 200) => http =>
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsync(JsonSerializer.Serialize(json, JsonSerializerOptions.Web));
    };

    public static Func<HttpContext, Task> Problem(
        string type, int status, string detail = "No.", object? more = null, int? retryAfter = null) => http =>
    {
        http.Response.StatusCode = status;
        if (retryAfter is { } seconds)
            http.Response.Headers.RetryAfter = $"{seconds}";
        var problem = JsonSerializer.SerializeToNode(more ?? new { }, JsonSerializerOptions.Web)!.AsObject();
        problem["type"] = "urn:sojourn:problem:" + type;
        problem["title"] = type;
        problem["status"] = status;
        problem["detail"] = detail;
        http.Response.ContentType = "application/problem+json";
        return http.Response.WriteAsync(problem.ToJsonString());
    };

    public static Task Break(HttpContext http)
    {
        http.Abort();
        return Task.CompletedTask;
    }

    /// <summary>A session as docs/http.md writes it.</summary>
    public static object Session(
        string id, string kind = "counter", string status = "open", bool final = false, int lastEvent = 1,
        object? state = null, int version = 1) => new
        {
            id,
            kind,
            owner = "local",
            status,
            busy = false,
            final,
            version,
            durableVersion = version,
            lastEvent = Offset(lastEvent),
            createdAt = "2026-11-20T10:00:00Z",
            lastActivityAt = "2026-11-20T10:00:02Z",
            expiresAt = "2026-11-21T10:00:00Z",
            labels = new Dictionary<string, string> { ["team"] = "blue" },
            state = state ?? new { count = 1 },
        };

    public static string Offset(int number) => $"{number:D16}";

    public async Task GoAwayAsync()
    {
        if (_running is { } running)
        {
            _running = null;
            await running.StopAsync();
            await running.DisposeAsync();
        }
    }

    public async Task ComeBackAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, _port));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(2));
        _running = builder.Build();
        _running.Run(ServeAsync);
        await _running.StartAsync();
        _port = new Uri(_running.Urls.Single()).Port;
    }

    public async ValueTask DisposeAsync() => await GoAwayAsync();

    private async Task ServeAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var request = new SeenRequest(
            http.Request.Method, http.Request.Path + http.Request.QueryString,
            http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString()),
            await reader.ReadToEndAsync());
        Seen.Enqueue(request);

        if (!_script.TryGetValue($"{http.Request.Method} {http.Request.Path}", out var answers)
            || !answers.TryPeek(out var answer))
        {
            await Problem("not-found", 404, "There is no such session.")(http);
            return;
        }

        if (answers.Count > 1)
            answers.TryDequeue(out _);
        http.Response.ContentType = "application/json";
        await answer(http);
    }
}

internal sealed record SeenRequest(
    string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string? Header(string name) =>
        Headers.FirstOrDefault(header => string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase)).Value;
}

/// <summary>One connection to a session's events, as seen by the server.</summary>
internal sealed class PretendStream
{
    private readonly HttpContext _http;

    private PretendStream(HttpContext http) => _http = http;

    public static async Task<PretendStream> OpenAsync(HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.Body.FlushAsync();
        return new PretendStream(http);
    }

    public Task EventAsync(int number, string type = "counted", object? data = null) => RawAsync(
        Frame(PretendServer.Offset(number), type, new
        {
            offset = PretendServer.Offset(number),
            type,
            at = "2026-11-20T10:00:01Z",
            version = number,
            data = data ?? new { },
        }));

    public Task SnapshotAsync(int number, object session) =>
        RawAsync(Frame(PretendServer.Offset(number), "session-snapshot", session));

    public Task RemovedAsync(string reason = "removed") =>
        RawAsync($"event: session-removed\ndata: {{\"reason\":\"{reason}\"}}\n\n");

    public async Task RawAsync(string text)
    {
        await _http.Response.WriteAsync(text);
        await _http.Response.Body.FlushAsync();
    }

    public void Cut() => _http.Abort();

    /// <summary>Says nothing until the client leaves or the server stops.</summary>
    public async Task HoldAsync()
    {
        var over = new TaskCompletionSource();
        var life = _http.RequestServices.GetRequiredService<IHostApplicationLifetime>();
        await using var left = _http.RequestAborted.Register(() => over.TrySetResult());
        await using var stopped = life.ApplicationStopping.Register(() => over.TrySetResult());
        await over.Task;
    }

    private static string Frame(string id, string type, object data) =>
        $"id: {id}\nevent: {type}\ndata: {JsonSerializer.Serialize(data, JsonSerializerOptions.Web)}\n\n";
}
