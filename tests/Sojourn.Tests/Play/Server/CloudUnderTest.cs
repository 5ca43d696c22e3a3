using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Sojourn.Kinds.Play.Cloud;
using Sojourn.Stores;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Play.Server;

/// <summary>A real server that keeps saves of games.</summary>
internal sealed class CloudUnderTest : IAsyncDisposable
{
    /// <summary>The smallest picture there is: one pixel.</summary>
    public static readonly byte[] Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private CloudUnderTest(ServerUnderTest server) => Server = server;

    public ServerUnderTest Server { get; }

    public SojournEngine Sojourn => Server.Services.GetRequiredService<SojournEngine>();

    public static async Task<CloudUnderTest> StartAsync(
        CloudSlotOptions? options = null, ISessionStore? store = null) =>
        new(await ServerUnderTest.StartAsync(also: kinds => kinds.AddCloudSlots(options), real: store));

    public static byte[] Bytes(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static string DigestOf(byte[] bytes) => $"sha-256=:{Convert.ToBase64String(SHA256.HashData(bytes))}:";

    /// <summary>Sends a request about a slot.</summary>
    public Task<CloudReply> AskAsync(
        string method, string path, byte[]? body = null, params (string Name, string Value)[] headers) =>
        AskAsync(Server.Http, method, path, body, headers);

    public static async Task<CloudReply> AskAsync(
        HttpClient http, string method, string path, byte[]? body = null,
        params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/v1/play-slots{path}");
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        }

        foreach (var (name, value) in headers)
        {
            (request.Headers.TryAddWithoutValidation(name, value)
                || request.Content!.Headers.TryAddWithoutValidation(name, value)).ShouldBeTrue();
        }

        using var response = await http.SendAsync(request);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        var text = response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true
            ? System.Text.Encoding.UTF8.GetString(bytes) : "";
        return new CloudReply(
            new Reply(response.StatusCode, response.Headers, response.Content.Headers, text), bytes);
    }

    /// <summary>Uploads whatever the slot holds.</summary>
    public async Task<JsonElement> PutAsync(string path, byte[] bytes, string query = "")
    {
        var put = await AskAsync("PUT", $"{path}?force=true{query}", bytes);
        ((int)put.Reply.Status).ShouldBe(200, put.Reply.Text);
        return put.Reply.Json;
    }

    /// <summary>What the newest save of a slot is known by.</summary>
    public async Task<string> ETagAsync(string path) => (await AskAsync("HEAD", path)).Reply.Headers.ETag!.Tag;

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>An answer with its bytes.</summary>
internal sealed record CloudReply(Reply Reply, byte[] Bytes)
{
    public int Status => (int)Reply.Status;
}
