using System.Net;
using Sojourn.Kinds.Generation;

namespace Sojourn.Tests.Server;

/// <summary>Asking about an answer without having it sent.</summary>
public sealed class HeadTests : IAsyncLifetime
{
    private ServerUnderTest _server = null!;

    public async Task InitializeAsync()
    {
        _server = await ServerUnderTest.StartAsync(also: kinds => kinds.AddKind(new GenerationKind()));
        await _server.CreateAsync("mine");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("/v1/counter")]
    [InlineData("/v1/counter/mine")]
    [InlineData("/v1/counter/mine/events")]
    [InlineData("/v1/counter/none")]
    [InlineData("/v1/generation/mine/storyboard.zip")]
    [InlineData("/v1/keys")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/health/live")]
    [InlineData("/nowhere")]
    public async Task It_is_as_if_it_were_read_but_for_the_body(string path)
    {
        var read = await _server.SendAsync("GET", path);
        var head = await _server.SendAsync("HEAD", path);
        head.Text.ShouldBeEmpty();
        head.Status.ShouldBe(read.Status);
        head.Headers.ETag.ShouldBe(read.Headers.ETag);
        head.ContentHeaders.ContentType.ShouldBe(read.ContentHeaders.ContentType);
        head.ContentHeaders.ContentLength.ShouldBe(read.ContentHeaders.ContentLength);
    }

    [Fact]
    public async Task Of_a_stream_there_is_only_the_head()
    {
        var head = await _server.SendAsync("HEAD", "/v1/counter/mine/events", headers: ("Accept", "text/event-stream"));
        head.Status.ShouldBe(HttpStatusCode.OK);
        head.ContentHeaders.ContentType!.MediaType.ShouldBe("text/event-stream");
    }

    [Fact]
    public async Task A_reader_who_has_the_session_is_told_so()
    {
        var etag = (await _server.SendAsync("GET", "/v1/counter/mine")).Headers.ETag!.Tag;
        (await _server.SendAsync("HEAD", "/v1/counter/mine", headers: ("If-None-Match", etag)))
            .Status.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task A_command_is_not_read()
    {
        var head = await _server.SendAsync("HEAD", "/v1/counter/mine/tick");
        head.Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
        head.ContentHeaders.Allow.ShouldBe(["POST"]);
        (await _server.SendAsync("PATCH", "/v1/counter")).ContentHeaders.Allow.ShouldBe(["GET", "HEAD", "POST"]);
    }
}
