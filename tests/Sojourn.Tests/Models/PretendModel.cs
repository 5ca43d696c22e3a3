using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sojourn.Tests.Engine;

namespace Sojourn.Tests.Models;

/// <summary>
/// A real web server on a free loopback port that speaks as much of the OpenAI protocol as a storyboard takes: chat
/// completions held to a schema, images, and files to download. It answers well unless the test puts another answer
/// before that; each of those is given once, in order.
/// </summary>
internal sealed class PretendModel : IAsyncDisposable
{
    public const int PromptTokens = 70;
    public const int CompletionTokens = 30;
    public const string Chat = "/v1/chat/completions";
    public const string Images = "/v1/images/generations";
    public const string File = "/files/picture";

    private readonly ConcurrentDictionary<string, ConcurrentQueue<Func<HttpContext, Task>>> _next = new();
    private readonly ConcurrentDictionary<string, Func<HttpContext, Task>> _always = new();
    private readonly Channel<Seen> _arrivals = Channel.CreateUnbounded<Seen>();
    private readonly TimeProvider _time;
    private readonly WebApplication _app;

    private PretendModel(TimeProvider time)
    {
        _time = time;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        _app = builder.Build();
        _app.Run(ServeAsync);
        Always(Chat, AnswerWell);
        Always(Images, Picture(Pictures.Png()));
    }

    public string Url => _app.Urls.Single();

    public string BaseUrl => $"{Url}/v1";

    /// <summary>What has arrived, in order.</summary>
    public ConcurrentQueue<Seen> Requests { get; } = new();

    public static async Task<PretendModel> StartAsync(TimeProvider? time = null)
    {
        var model = new PretendModel(time ?? TimeProvider.System);
        await model._app.StartAsync();
        return model;
    }

    /// <summary>Answers to come before the usual ones.</summary>
    public PretendModel Next(string path, params Func<HttpContext, Task>[] answers)
    {
        foreach (var answer in answers)
        {
            _next.GetOrAdd(path, _ => new()).Enqueue(answer);
        }

        return this;
    }

    /// <summary>The answer from now on.</summary>
    public PretendModel Always(string path, Func<HttpContext, Task> answer)
    {
        _always[path] = answer;
        return this;
    }

    /// <summary>The next request, once it is there.</summary>
    public async Task<Seen> ArrivalAsync() => await _arrivals.Reader.ReadAsync(Bench.Patience());

    public int Count(string path) => Requests.Count(request => request.Path == path);

    public static Func<HttpContext, Task> Fail(int status, object? error = null, string? retryAfter = null) => http =>
    {
        if (retryAfter is not null)
        {
            http.Response.Headers.RetryAfter = retryAfter;
        }

        return JsonAsync(http, new { error = error ?? new { message = "No.", code = "none" } }, status);
    };

    /// <summary>A chat completion that says this.</summary>
    public static Func<HttpContext, Task> Say(
        string? text, string finish = "stop", bool counts = true, string? refusal = null) => http => JsonAsync(http, new
        {
            id = "chatcmpl-1",
            @object = "chat.completion",
            created = 1_767_268_800,
            model = "pretend-text",
            choices = new[]
            {
                new
                {
                    index = 0,
                    finish_reason = finish,
                    message = new { role = "assistant", content = text, refusal },
                },
            },
            usage = counts ? new
            {
                prompt_tokens = PromptTokens,
                completion_tokens = CompletionTokens,
                total_tokens = PromptTokens + CompletionTokens,
            } : null,
        });

    public static Func<HttpContext, Task> Raw(string body, string type = "application/json") => http =>
    {
        http.Response.ContentType = type;
        return http.Response.WriteAsync(body);
    };

    public static Func<HttpContext, Task> Picture(byte[] bytes) =>
        http => JsonAsync(http, new { created = 1, data = new[] { new { b64_json = Convert.ToBase64String(bytes) } } });

    public static Func<HttpContext, Task> PictureAt(string url) =>
        http => JsonAsync(http, new { created = 1, data = new[] { new { url } } });

    public static Func<HttpContext, Task> Bytes(byte[] bytes, string type) => http =>
    {
        http.Response.ContentType = type;
        return http.Response.Body.WriteAsync(bytes).AsTask();
    };

    /// <summary>Promises more than it sends, and hangs up.</summary>
    public static async Task CutAsync(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = 1_000;
        await http.Response.WriteAsync("{\"id\":");
        await http.Response.Body.FlushAsync();
        http.Abort();
    }

    /// <summary>A good answer to whatever the schema asks for.</summary>
    public static Task AnswerWell(HttpContext http)
    {
        var request = (Seen)http.Items[nameof(Seen)]!;
        return Say(request.Schema switch
        {
            "story_analysis" => """
                {"themes":["courage"],"characters":["Mara","Tobias"],"places":["Saltmere"],"estimatedScenes":4}
                """,
            "scene_plan" => """{"starts":[1,3,4,5]}""",
            _ => SceneText($"Scene by a model, {Guid.NewGuid():N}"),
        })(http);
    }

    public static string SceneText(string title, string prompt = "Wide shot of a lighthouse in a storm at night.") =>
        JsonSerializer.Serialize(new
        {
            title,
            description = "Mara climbs the stairs with a lantern.",
            imagePrompt = prompt,
        });

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static Task JsonAsync(HttpContext http, object answer, int status = 200)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(JsonSerializer.Serialize(answer));
    }

    private async Task ServeAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var request = new Seen(
            http.Request.Path, http.Request.Headers.Authorization, await reader.ReadToEndAsync(), _time.GetUtcNow());
        http.Items[nameof(Seen)] = request;
        Requests.Enqueue(request);
        _arrivals.Writer.TryWrite(request);
        var answer = _next.TryGetValue(request.Path, out var answers) && answers.TryDequeue(out var once)
            ? once
            : _always.GetValueOrDefault(request.Path, Fail(404));
        await answer(http);
    }
}

internal sealed record Seen(string Path, string? Authorization, string Body, DateTimeOffset At)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    /// <summary>The name of the schema that the answer is to keep to.</summary>
    public string? Schema => (string?)Json["response_format"]?["json_schema"]?["name"];
}

/// <summary>An answer that waits until the test lets it go, and tells if the caller has left before.</summary>
internal sealed class HeldAnswer(Func<HttpContext, Task> then)
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _abandoned = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => _released.TrySetResult();

    public Task Abandoned() => _abandoned.Task.WaitAsync(Bench.Patience());

    public async Task AnswerAsync(HttpContext http)
    {
        await using var left = http.RequestAborted.Register(() => _abandoned.TrySetResult());
        await Task.WhenAny(_released.Task, _abandoned.Task);
        if (!_abandoned.Task.IsCompleted)
        {
            await then(http);
        }
    }
}

internal static class Pictures
{
    /// <summary>What begins like a PNG and has so many bytes.</summary>
    public static byte[] Png(int bytes = 100)
    {
        var picture = new byte[bytes];
        ((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]).CopyTo(picture);
        return picture;
    }
}
