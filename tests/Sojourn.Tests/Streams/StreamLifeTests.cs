using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Sojourn.Kinds.Streams;
using Sojourn.Testing;
using Sojourn.Tests.Engine;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Streams;

/// <summary>Streams with a time to live, and who keeps them alive.</summary>
public sealed class StreamLifeTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private ServerUnderTest _server = null!;

    private static SessionKey Key => new(StreamKind.KindName, OwnerId.Local, "a");

    private SojournEngine Engine => _server.Services.GetRequiredService<SojournEngine>();

    public async Task InitializeAsync() => _server = await ServerUnderTest.StartAsync(
        options =>
        {
            options.LongPollTimeout = TimeSpan.FromMinutes(5);
            options.SseLifetime = TimeSpan.FromMinutes(5);
            options.Heartbeat = TimeSpan.FromMinutes(1);
        },
        kinds => kinds.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_clock)));

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Theory]
    [InlineData("sse")]
    [InlineData("long-poll")]
    public async Task A_stream_does_not_expire_while_it_is_followed(string live)
    {
        var began = _clock.GetUtcNow();
        (await _server.SendAsync("PUT", "/v1/streams/a", null, ("Stream-TTL", "10"))).Status
            .ShouldBe(HttpStatusCode.Created);
        using var follower = await Engine.FollowStreamAsync(Key, StreamKind.Data);
        using var leave = new CancellationTokenSource();
        var reading = _server.Http.GetAsync(
            $"/v1/streams/a?offset=now&live={live}", HttpCompletionOption.ResponseHeadersRead, leave.Token);

        for (var uses = 0; uses < 40; uses++)
        {
            var page = (await follower.ReadAsync(0, new StreamLimits(1, 1))).ShouldNotBeNull();
            var used = page.Session.State.ShouldBeOfType<DurableStream>().UsedAt;
            await PassUntilAsync(follower.WaitAsync(page), used);
        }

        (_clock.GetUtcNow() - began).ShouldBeGreaterThan(TimeSpan.FromSeconds(30));
        (await _server.SendAsync("HEAD", "/v1/streams/a")).Status.ShouldBe(HttpStatusCode.OK);
        await leave.CancelAsync();
        await reading.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    /// <summary>
    /// Lets the second pass after which a reader is noted. The reader may not have begun to wait yet, or be about to be
    /// noted, and others' pauses may have taken the clock on before it began: then it needs a little more.
    /// </summary>
    private async Task PassUntilAsync(Task change, DateTimeOffset used)
    {
        var patience = Bench.Patience();
        var until = used + TimeSpan.FromSeconds(1);
        for (var looks = 1; !change.IsCompleted; looks++)
        {
            patience.ThrowIfCancellationRequested();
            if (looks % 1000 == 0 && until < used + TimeSpan.FromSeconds(8))
                until += TimeSpan.FromSeconds(1);
            if (_clock.GetUtcNow() >= until || !_clock.TryAdvanceToNext(until - _clock.GetUtcNow()))
                await Task.Yield();
        }
    }

    [Fact]
    public async Task A_stream_that_nobody_reads_expires()
    {
        await _server.SendAsync("PUT", "/v1/streams/a", null, ("Stream-TTL", "10"));
        _clock.Advance(TimeSpan.FromSeconds(9));
        (await _server.SendAsync("HEAD", "/v1/streams/a")).Status.ShouldBe(HttpStatusCode.OK);
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await _server.SendAsync("HEAD", "/v1/streams/a")).Status.ShouldBe(HttpStatusCode.NotFound);
    }
}
