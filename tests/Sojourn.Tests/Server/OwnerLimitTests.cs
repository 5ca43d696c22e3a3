using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Sojourn.Server.Guarding;
using Sojourn.Testing;

namespace Sojourn.Tests.Server;

/// <summary>How much an owner may ask for, at the limit itself.</summary>
public sealed class OwnerLimitTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private ServerUnderTest _server = null!;

    public async Task InitializeAsync() => _server = await ServerUnderTest.StartAsync(
        options => (options.RequestsPerSecond, options.RequestBurst, options.RefusalPause) = (2, 5, TimeSpan.Zero),
        kinds => kinds.Services.AddSingleton<TimeProvider>(_clock));

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_burst_is_let_in_and_then_so_many_a_second()
    {
        for (var i = 0; i < 5; i++)
            (await _server.SendAsync("GET", "/v1/counter")).Status.ShouldBe(HttpStatusCode.OK);
        await TooFastAsync();

        _clock.Advance(TimeSpan.FromMilliseconds(499));
        await TooFastAsync();
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        (await _server.SendAsync("GET", "/v1/counter")).Status.ShouldBe(HttpStatusCode.OK);
        await TooFastAsync();

        _clock.Advance(TimeSpan.FromDays(1));
        for (var i = 0; i < 5; i++)
            (await _server.SendAsync("GET", "/v1/counter")).Status.ShouldBe(HttpStatusCode.OK);
        await TooFastAsync();
    }

    [Fact]
    public async Task A_clock_that_is_set_back_gives_no_new_requests_and_takes_none()
    {
        for (var i = 0; i < 4; i++)
            await _server.SendAsync("GET", "/v1/counter");
        _clock.JumpTo(_clock.GetUtcNow().AddHours(-1));
        (await _server.SendAsync("GET", "/v1/counter")).Status.ShouldBe(HttpStatusCode.OK);
        await TooFastAsync();
        _clock.Advance(TimeSpan.FromMilliseconds(500));
        (await _server.SendAsync("GET", "/v1/counter")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task One_owners_haste_is_not_anothers_and_health_is_nobodys()
    {
        var made = await _server.SendAsync("POST", "/v1/keys", """{"owner": "bob"}""");
        for (var i = 0; i < 4; i++)
            await _server.SendAsync("GET", "/v1/counter");
        await TooFastAsync();
        using var bob = _server.Client(made["key"].GetString());
        (await bob.GetAsync("/v1/counter")).StatusCode.ShouldBe(HttpStatusCode.OK);
        for (var i = 0; i < 10; i++)
            (await _server.SendAsync("GET", "/health/live")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Logging_in_with_a_key_is_asking_too()
    {
        var made = await _server.SendAsync("POST", "/console/links");
        var code = made["path"].GetString()!.Split("#code=")[1];
        for (var i = 0; i < 4; i++)
            (await LogInAsync("key", ServerUnderTest.Key)).Status.ShouldBe(HttpStatusCode.OK);
        (await LogInAsync("key", ServerUnderTest.Key)).ShouldBeProblem(429, "rate-limited");
        (await LogInAsync("code", code)).Status.ShouldBe(HttpStatusCode.OK, "a link was paid for when it was made");
        _clock.Advance(TimeSpan.FromMilliseconds(500));
        (await LogInAsync("key", ServerUnderTest.Key)).Status.ShouldBe(HttpStatusCode.OK);

        Task<Reply> LogInAsync(string by, string what) =>
            _server.SendAsync("POST", "/console/login", $$"""{"{{by}}": "{{what}}"}""");
    }

    [Fact]
    public async Task What_is_refused_is_refused_before_its_body_is_read()
    {
        for (var i = 0; i < 5; i++)
            await _server.SendAsync("GET", "/v1/counter");
        var refused = await OfferAsync();
        refused.Answer.ShouldBeProblem(429, "rate-limited");
        refused.IsBodyAskedFor.ShouldBeFalse();

        _clock.Advance(TimeSpan.FromSeconds(1));
        var taken = await OfferAsync();
        taken.Answer.Status.ShouldBe(HttpStatusCode.Created);
        taken.IsBodyAskedFor.ShouldBeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_long_body_counts_as_a_request_for_each_16_KiB(bool isChunked)
    {
        const int Portion = 16 << 10;
        await PostAsync(Portion, isChunked);
        await PostAsync(Portion + 1, isChunked);
        await PostAsync(1, isChunked);
        (await _server.SendAsync("GET", "/v1/counter")).Status.ShouldBe(HttpStatusCode.OK, "the fifth");
        await TooFastAsync();

        // One that is worth more than a burst is let in, and paid for afterwards.
        _clock.Advance(TimeSpan.FromSeconds(2.5));
        await PostAsync(7 * Portion, isChunked);
        _clock.Advance(TimeSpan.FromSeconds(1.5) - TimeSpan.FromMilliseconds(1));
        (await _server.SendAsync("GET", "/v1/counter")).ShouldBeProblem(429, "rate-limited");
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        (await _server.SendAsync("GET", "/v1/counter")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public void A_length_that_is_only_told_locks_nobody_out()
    {
        var limits = new OwnerLimits(new() { RequestsPerSecond = 10, RequestBurst = 20 }, _clock);
        limits.Enter(OwnerId.Local, long.MaxValue).ShouldBeNull();
        limits.Charge(OwnerId.Local, long.MaxValue);
        limits.Enter(OwnerId.Local, 0)!.RetryAfterSeconds.ShouldBe(3, "a burst is paid off in two seconds");

        _clock.Advance(TimeSpan.FromSeconds(2.1));
        limits.Enter(OwnerId.Local, 0).ShouldBeNull();
    }

    [Fact]
    public async Task Who_is_refused_with_a_long_body_loses_the_connection_and_the_body_stays_unread()
    {
        for (var i = 0; i < 5; i++)
            await _server.SendAsync("GET", "/v1/counter");

        // Ends only when the server closes the connection; the body never comes.
        var answer = await _server.SendRawAsync(
            $"POST /v1/counter HTTP/1.1\nHost: localhost\nAuthorization: Bearer {ServerUnderTest.Key}\n"
            + "Content-Type: application/json\nContent-Length: 65537\n\n");

        answer.ShouldStartWith("HTTP/1.1 429");
        answer.ShouldContain("Retry-After: 1\r\n");
    }

    [Fact]
    public async Task The_more_of_an_owner_wait_for_their_refusals_the_longer_they_do()
    {
        var limits = new OwnerLimits(
            new() { RefusalPause = TimeSpan.FromMilliseconds(100) }, _clock);
        limits.Enter(OwnerId.Local, 0).ShouldBeNull();
        limits.Enter(OwnerId.Parse("other"), 0).ShouldBeNull();
        var waiting = Enumerable.Range(0, 50)
            .Select(_ => limits.PauseAsync(OwnerId.Local, CancellationToken.None).AsTask()).ToList();
        var other = limits.PauseAsync(OwnerId.Parse("other"), CancellationToken.None).AsTask();

        _clock.Advance(TimeSpan.FromMilliseconds(100));
        await Task.WhenAll(waiting.Take(25).Append(other));
        waiting.Skip(25).ShouldAllBe(each => !each.IsCompleted);

        _clock.Advance(TimeSpan.FromMilliseconds(100));
        await Task.WhenAll(waiting);
    }

    [Fact]
    public async Task So_many_are_under_way_at_once_and_who_leaves_makes_room()
    {
        await using var server = await ServerUnderTest.StartAsync(options => options.MaxConcurrentRequests = 3);
        var engine = server.Services.GetRequiredService<SojournEngine>();
        foreach (var id in (string[])["mine", "other"])
            (await engine.CreateAsync(new NewCounter(), new CreateOptions { Id = id })).IsAccepted.ShouldBeTrue();
        var first = await WatchAsync(server, "mine");
        using var second = await WatchAsync(server, "mine");
        using var third = await WatchAsync(server, "other");
        var refused = (await server.SendAsync("GET", "/v1/counter")).ShouldBeProblem(429, "rate-limited");
        refused["code"].GetString().ShouldBe("too-many-at-once");

        // The server learns in its own time that a watcher has left.
        first.Dispose();
        Reply next;
        do
            next = await server.SendAsync("GET", "/v1/counter");
        while (next.Status == HttpStatusCode.TooManyRequests);
        next.Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Limits_that_cannot_be_meant_are_named()
    {
        var refused = await Should.ThrowAsync<SojournException>(() => ServerUnderTest.StartAsync(options =>
            (options.RequestsPerSecond, options.RequestBurst, options.MaxConcurrentRequests) = (0, 1_000_001, -1)));
        foreach (var name in (string[])["RequestsPerSecond", "RequestBurst", "MaxConcurrentRequests"])
            refused.Message.ShouldContain(name);
    }

    private async Task PostAsync(int bytes, bool isChunked)
    {
        using var body = new StringContent((bytes > 1 ? "{}" : "{").PadRight(bytes), null, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/counter") { Content = body };
        request.Headers.TransferEncodingChunked = isChunked;
        var answer = await ServerUnderTest.SendAsync(_server.Http, request);
        // A body of one byte is no object, and is paid for all the same.
        ((int)answer.Status).ShouldBe(bytes > 1 ? 201 : 400, answer.Text);
    }

    /// <summary>Sends a body once the server says that it reads on, and not before.</summary>
    private async Task<(Reply Answer, bool IsBodyAskedFor)> OfferAsync()
    {
        using var handler = new SocketsHttpHandler { Expect100ContinueTimeout = ServerUnderTest.Patience };
        using var http = new HttpClient(handler) { BaseAddress = _server.Url, Timeout = ServerUnderTest.Patience };
        var body = new Offer();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/counter") { Content = body };
        request.Headers.Authorization = _server.Http.DefaultRequestHeaders.Authorization;
        request.Headers.ExpectContinue = true;
        return (await ServerUnderTest.SendAsync(http, request), body.IsAskedFor);
    }

    private async Task TooFastAsync()
    {
        var refused = (await _server.SendAsync("GET", "/v1/counter")).ShouldBeProblem(429, "rate-limited");
        refused["code"].GetString().ShouldBe("too-fast");
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
    }

    private static async Task<HttpResponseMessage> WatchAsync(ServerUnderTest server, string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/counter/{id}/events");
        request.Headers.Accept.ParseAdd("text/event-stream");
        var watch = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        watch.StatusCode.ShouldBe(HttpStatusCode.OK);
        return watch;
    }

    private sealed class Offer : HttpContent
    {
        // What is shorter than 1 KiB the client sends in any case, rather than give up the connection.
        private static readonly byte[] Json = [.. "{"u8, .. Enumerable.Repeat((byte)' ', 2048), .. "}"u8];

        public Offer() => Headers.ContentType = new("application/json");

        public bool IsAskedFor { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            IsAskedFor = true;
            return stream.WriteAsync(Json).AsTask();
        }

        protected override bool TryComputeLength(out long length)
        {
            length = Json.Length;
            return true;
        }
    }
}
