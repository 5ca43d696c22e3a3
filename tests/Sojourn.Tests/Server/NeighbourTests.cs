using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Sojourn.Testing;

namespace Sojourn.Tests.Server;

/// <summary>Two owners of one server: what the one takes too much of, the other does not miss.</summary>
public sealed class NeighbourTests
{
    private const int Many = 40;
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task Many_sessions_at_once_are_begun_up_to_the_quota_and_a_neighbour_begins_its_own()
    {
        await using var two = await StartAsync(new() { MaxSessions = 3 });

        var answers = await two.AttackAsync(() => Request("POST", "/v1/counter"));

        answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(3);
        ShouldBeRefused(answers, Many - 3, "quota-exceeded", "30", "Your quota is 3 sessions; this would make it 4.");
        await two.NeighbourIsWellAsync();
    }

    [Fact]
    public async Task Many_bytes_are_kept_up_to_the_quota_and_a_neighbour_keeps_its_own()
    {
        await using var two = await StartAsync(new() { MaxBytes = 10_000 });
        var note = $$"""{"note": "{{new string('x', 1_000)}}"}""";

        // One after another: what is on its way to the store is not counted yet.
        var answers = new List<Reply>();
        for (var i = 0; i < Many; i++)
            answers.Add(await ServerUnderTest.SendAsync(two.Greedy, Request("POST", "/v1/counter", note)));

        // As many as fit; each is a thousand and a little.
        answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBeInRange(8, 9);
        var refused = answers.Where(answer => answer.Status != HttpStatusCode.Created).ToList();
        ShouldBeRefused(refused, refused.Count, "quota-exceeded", "30", "Your quota is 10,000 bytes");
        await two.NeighbourIsWellAsync();
    }

    [Fact]
    public async Task Many_commands_at_once_are_decided_up_to_the_burst_and_a_neighbours_all_are()
    {
        await using var two = await StartAsync(new() { CommandsPerSecond = 0.25, Burst = 8 });
        (await ServerUnderTest.SendAsync(two.Greedy, Request("PUT", "/v1/counter/a"))).Status
            .ShouldBe(HttpStatusCode.Created);

        var answers = await two.AttackAsync(() => Request("POST", "/v1/counter/a/tick"));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(7, "the start was the eighth");
        ShouldBeRefused(answers, Many - 7, "rate-limited", "4", "Your commands come faster than your quota allows.");
        await two.NeighbourIsWellAsync();

        _clock.Advance(TimeSpan.FromSeconds(4));
        (await two.AttackAsync(() => Request("POST", "/v1/counter/a/tick")))
            .Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
    }

    [Fact]
    public async Task Many_streams_are_opened_up_to_the_quota_and_a_neighbour_opens_its_own()
    {
        await using var two = await StartAsync(new() { MaxStreams = 2 });
        for (var i = 0; i < 3; i++)
            await ServerUnderTest.SendAsync(two.Greedy, Request("PUT", $"/v1/counter/{i}"));
        using var first = await OpenAsync(two.Greedy, "/v1/counter/0/events");
        using var second = await OpenAsync(two.Greedy, "/v1/counter/1/events");

        var answers = await two.AttackAsync(() => Follow("/v1/counter/2/events"));

        ShouldBeRefused(answers, Many, "quota-exceeded", "60",
            "Your quota is 2 followed streams; this would make it 3.");
        await two.NeighbourIsWellAsync();
    }

    [Fact]
    public async Task Many_requests_at_once_are_let_in_up_to_the_burst_and_a_neighbours_all_are()
    {
        await using var two = await StartAsync(OwnerQuota.Unlimited, requests: 10);

        var answers = await two.AttackAsync(() => Request("GET", "/v1/counter"));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(10);
        ShouldBeRefused(answers, Many - 10, "rate-limited", "1", "This owner has asked more than 1 times a second.");
        await two.NeighbourIsWellAsync();
    }

    private async Task<TwoOwners> StartAsync(OwnerQuota quota, int requests = 10_000)
    {
        var server = await ServerUnderTest.StartAsync(
            options => (options.RequestsPerSecond, options.RequestBurst, options.RefusalPause) =
                (requests / 10, requests, TimeSpan.Zero),
            kinds => kinds.Services.AddSingleton<TimeProvider>(_clock), quota: quota);
        return new(server, await ClientAsync(server, "greedy"), await ClientAsync(server, "neighbour"));
    }

    private static async Task<HttpClient> ClientAsync(ServerUnderTest server, string owner)
    {
        var made = await server.SendAsync("POST", "/v1/keys", $$"""{"owner": "{{owner}}"}""");
        return server.Client(made["key"].GetString());
    }

    private static void ShouldBeRefused(
        IEnumerable<Reply> answers, int count, string type, string retryAfter, string says)
    {
        var refused = answers.Where(answer => !((int)answer.Status is 200 or 201)).ToList();
        refused.Count.ShouldBe(count);
        foreach (var each in refused)
        {
            each.ShouldBeProblem(429, type).Detail!.ShouldStartWith(says);
            each.Headers.GetValues("Retry-After").ShouldBe([retryAfter]);
        }
    }

    private static HttpRequestMessage Request(string method, string path, string? body = null) =>
        new(new HttpMethod(method), path)
        {
            Content = body is null ? null : new StringContent(body, null, "application/json"),
        };

    private static HttpRequestMessage Follow(string path)
    {
        var request = Request("GET", path);
        request.Headers.Accept.ParseAdd("text/event-stream");
        return request;
    }

    private static async Task<HttpResponseMessage> OpenAsync(HttpClient owner, string path)
    {
        using var request = Follow(path);
        var stream = await owner.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        stream.StatusCode.ShouldBe(HttpStatusCode.OK);
        return stream;
    }

    private sealed class TwoOwners(ServerUnderTest server, HttpClient greedy, HttpClient neighbour) : IAsyncDisposable
    {
        public HttpClient Greedy => greedy;

        /// <summary>The greedy one asks many times at once.</summary>
        public Task<Reply[]> AttackAsync(Func<HttpRequestMessage> request) =>
            Task.WhenAll(Enumerable.Range(0, Many).Select(_ => ServerUnderTest.SendAsync(greedy, request())));

        /// <summary>All that one does with a session is answered as ever.</summary>
        public async Task NeighbourIsWellAsync()
        {
            await ExpectAsync(Request("PUT", "/v1/counter/a"), HttpStatusCode.Created);
            await ExpectAsync(Request("POST", "/v1/counter/a/increment"), HttpStatusCode.OK);
            await ExpectAsync(Request("POST", "/v1/counter/a/tick"), HttpStatusCode.OK);
            await ExpectAsync(Request("GET", "/v1/counter/a"), HttpStatusCode.OK);
            await ExpectAsync(Request("GET", "/v1/sessions"), HttpStatusCode.OK);
            using (await OpenAsync(neighbour, "/v1/counter/a/events"))
                await ExpectAsync(Request("DELETE", "/v1/counter/a"), HttpStatusCode.NoContent);
        }

        public async ValueTask DisposeAsync()
        {
            greedy.Dispose();
            neighbour.Dispose();
            await server.DisposeAsync();
        }

        private async Task ExpectAsync(HttpRequestMessage request, HttpStatusCode status)
        {
            var answer = await ServerUnderTest.SendAsync(neighbour, request);
            answer.Status.ShouldBe(status, answer.Text);
        }
    }
}
