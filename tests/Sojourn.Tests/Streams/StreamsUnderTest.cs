using System.Net;
using System.Text;
using Sojourn.Server;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Streams;

/// <summary>Durable streams on a real server, asked by hand: also for what no client would ask.</summary>
internal sealed class StreamsUnderTest(ServerUnderTest server) : IAsyncDisposable
{
    public const string Text = "text/plain", Json = "application/json";

    public ServerUnderTest Server => server;

    public static async Task<StreamsUnderTest> StartAsync(Action<SojournServerOptions>? configure = null) =>
        new(await ServerUnderTest.StartAsync(configure));

    public static string Next(Reply reply) => Header(reply, "Stream-Next-Offset");

    public static string Header(Reply reply, string name) => reply.Headers.GetValues(name).Single();

    /// <summary>Creates a stream, with what it first holds.</summary>
    public async Task CreateAsync(string name, string type = Text, string text = "") =>
        (await SendAsync("PUT", name, text, type)).Status.ShouldBe(HttpStatusCode.Created);

    /// <summary>Appends what is good.</summary>
    public async Task<Reply> AppendAsync(string name, string text, params (string, string)[] headers)
    {
        var reply = await SendAsync("POST", name, text, Text, headers);
        ((int)reply.Status).ShouldBeInRange(200, 204, reply.Text);
        return reply;
    }

    /// <summary>Asks anything of a stream.</summary>
    /// <param name="method">The method.</param>
    /// <param name="name">The stream's name, and what follows it in the path.</param>
    /// <param name="body">Null for none.</param>
    /// <param name="type">Of the body; null for none.</param>
    /// <param name="headers">More of them.</param>
    public async Task<Reply> SendAsync(
        string method, string name, string? body = null, string? type = null, params (string, string)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/v1/streams/{name}");
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            if (type is not null)
                request.Content.Headers.TryAddWithoutValidation("Content-Type", type).ShouldBeTrue();
        }

        foreach (var (header, value) in headers)
            request.Headers.TryAddWithoutValidation(header, value).ShouldBeTrue();
        return await ServerUnderTest.SendAsync(server.Http, request);
    }

    /// <summary>All that can be seen of a stream, to compare.</summary>
    public async Task<string> SeeAsync(string name)
    {
        var (head, whole) = (await SendAsync("HEAD", name), await SendAsync("GET", name));
        var headers = head.Headers.Where(each => each.Key.StartsWith("Stream-", StringComparison.Ordinal))
            .Select(each => $"{each.Key}: {string.Join(',', each.Value)}");
        return $"{(int)head.Status} {string.Join(' ', headers)} {head.ContentHeaders.ContentType} {whole.Text}";
    }

    /// <summary>Asks what is refused, and makes sure that it has changed nothing.</summary>
    public async Task<Reply> ShouldChangeNothingAsync(string name, Func<Task<Reply>> ask)
    {
        var before = await SeeAsync(name);
        var reply = await ask();
        (await SeeAsync(name)).ShouldBe(before);
        return reply;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
