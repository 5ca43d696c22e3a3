using System.Net;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Streams;

/// <summary>How the stream to be forked is named.</summary>
public sealed class ForkSourceTests : IAsyncLifetime
{
    private StreamsUnderTest _streams = null!;

    private Uri Here => _streams.Server.Url;

    public async Task InitializeAsync()
    {
        _streams = await StreamsUnderTest.StartAsync();
        await _streams.CreateAsync("a/B", text: "one");
        await _streams.CreateAsync("%25", text: "one");
    }

    public Task DisposeAsync() => _streams.DisposeAsync().AsTask();

    [Theory]
    [InlineData("/v1/streams/a/B")]
    [InlineData("/v1/streams/%61/%42")]
    [InlineData("/v1/streams/%25")]
    public async Task A_source_is_named_by_its_path_or_its_whole_address(string path)
    {
        (await ForkAsync("by-path", path)).Status.ShouldBe(HttpStatusCode.Created);
        (await ForkAsync("by-address", new Uri(Here, "/").OriginalString.TrimEnd('/') + path)).Status
            .ShouldBe(HttpStatusCode.Created);
        (await _streams.SendAsync("GET", "by-address")).Text.ShouldBe("one");
    }

    [Theory]
    [InlineData("/v1/streams/a/B?x=1")]
    [InlineData("/v1/streams/a/B?")]
    [InlineData("/v1/streams/a/B#x")]
    [InlineData("http://example.com/v1/streams/a/B")]
    [InlineData("https://example.com:7707/v1/streams/a/B")]
    [InlineData("http://{host}:1/v1/streams/a/B")]
    [InlineData("http://{host}:{port}/v1/streams/a/B?x=1")]
    [InlineData("http://{host}:{port}/v1/generation/a")]
    [InlineData("//{host}:{port}/v1/streams/a/B")]
    [InlineData("a/B")]
    public async Task A_source_that_is_not_of_this_server_or_more_than_a_stream_is_refused(string address)
    {
        var asked = address.Replace("{host}", Here.Host, StringComparison.Ordinal)
            .Replace("{port}", $"{Here.Port}", StringComparison.Ordinal);
        (await ForkAsync("fork", asked)).ShouldBeProblem(400, "invalid-parameter")["field"].GetString()
            .ShouldBe("Stream-Forked-From");
        (await _streams.SendAsync("HEAD", "fork")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    private Task<Reply> ForkAsync(string name, string source) =>
        _streams.SendAsync("PUT", name, null, null, ("Stream-Forked-From", source));
}
