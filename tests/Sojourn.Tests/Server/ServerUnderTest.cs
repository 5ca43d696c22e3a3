using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sojourn.Server;
using Sojourn.Stores;

namespace Sojourn.Tests.Server;

/// <summary>A real server on a free port of this machine, with counters.</summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    public const string Key = "a-key-of-the-tests-0123456789";
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly WebApplication _app;

    private ServerUnderTest(WebApplication app, BrokenStore store)
    {
        _app = app;
        Store = store;
        Url = new Uri(app.Urls.Single());
        Http = Client(Key);
    }

    /// <summary>What it keeps sessions in, if it was given no real store.</summary>
    public BrokenStore Store { get; }

    public Uri Url { get; }

    /// <summary>Has the key.</summary>
    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<ServerUnderTest> StartAsync(
        Action<SojournServerOptions>? configure = null,
        Action<SojournBuilder>? also = null,
        ISessionStore? real = null,
        OwnerQuota? quota = null)
    {
        var store = new BrokenStore();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var kinds = builder.Services.AddSojourn(options =>
        {
            options.Store = _ => real ?? store;
            options.DefaultQuota = quota ?? OwnerQuota.Unlimited;
        }).AddKind<CounterKind>();
        also?.Invoke(kinds);
        builder.Services.AddSojournServer(options =>
        {
            options.Key = Key;
            // Clocks that are moved by hand would not end it.
            options.RefusalPause = TimeSpan.Zero;
            configure?.Invoke(options);
        });
        var app = builder.Build();
        app.MapSojourn();
        await app.StartAsync();
        return new ServerUnderTest(app, store);
    }

    public HttpClient Client(string? key)
    {
        var client = new HttpClient { BaseAddress = Url, Timeout = Patience };
        if (key is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    public async Task<Reply> SendAsync(
        string method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        return await SendAsync(Http, request);
    }

    public static async Task<Reply> SendAsync(HttpClient http, HttpRequestMessage request)
    {
        using var response = await http.SendAsync(request);
        return new Reply(response.StatusCode, response.Headers, response.Content.Headers,
            await response.Content.ReadAsStringAsync());
    }

    /// <summary>Sends what no client library would.</summary>
    public async Task<string> SendRawAsync(string head)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, Url.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(head.ReplaceLineEndings("\r\n")));
        using var reader = new StreamReader(stream);
        using var patience = new CancellationTokenSource(Patience);
        return await reader.ReadToEndAsync(patience.Token);
    }

    /// <summary>A session with this id, at version 1.</summary>
    public async Task CreateAsync(string id) =>
        (await SendAsync("PUT", $"/v1/counter/{id}")).Status.ShouldBe(HttpStatusCode.Created);

    /// <summary>All that can be seen of all sessions, to compare.</summary>
    public async Task<string> EverythingAsync()
    {
        var list = await SendAsync("GET", "/v1/counter");
        var states = new StringBuilder(list.Text);
        foreach (var session in list.Json.GetProperty("sessions").EnumerateArray())
            states.Append((await SendAsync("GET", $"/v1/counter/{session.GetProperty("id").GetString()}")).Text);
        return states.ToString();
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }
}

/// <summary>An answer, read whole.</summary>
internal sealed record Reply(
    HttpStatusCode Status, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders, string Text)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    /// <summary>The status as a number.</summary>
    public int Number => (int)Status;

    public string? Detail => Json.GetProperty("detail").GetString();

    public JsonElement this[string member] => Json.GetProperty(member);

    public bool Has(string member) => Json.TryGetProperty(member, out _);

    /// <summary>Checks all that every problem has.</summary>
    public Reply ShouldBeProblem(int status, string type)
    {
        Text.ShouldStartWith("{");
        this["type"].GetString().ShouldBe("urn:sojourn:problem:" + type, Text);
        ((int)Status).ShouldBe(status, Text);
        this["status"].GetInt32().ShouldBe(status);
        ContentHeaders.ContentType?.MediaType.ShouldBe("application/problem+json");
        this["title"].GetString().ShouldNotBeNullOrEmpty();
        Detail.ShouldNotBeNullOrEmpty();
        Detail!.ShouldEndWith(".");
        var retryable = status is 429 or 503;
        this["retryable"].GetBoolean().ShouldBe(retryable);
        (Headers.RetryAfter is not null).ShouldBe(retryable);
        Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        Headers.CacheControl?.NoStore.ShouldBeTrue();
        foreach (var inside in (string[])["Exception", "System.", "   at ", "Sojourn."])
            Text.ShouldNotContain(inside);
        return this;
    }
}
