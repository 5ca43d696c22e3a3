using System.Text;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Streams;

using Sojourn.Client;

/// <summary>The .NET client with durable streams, against a real server.</summary>
public sealed class StreamClientTests : IAsyncLifetime, IDisposable
{
    private ServerUnderTest _server = null!;
    private LossyHandler _network = null!;
    private SojournClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await ServerUnderTest.StartAsync(
            options => options.LongPollTimeout = TimeSpan.FromMilliseconds(100));
        _network = new LossyHandler();
        _client = new SojournClient(new SojournClientOptions
        {
            Url = _server.Url,
            Key = ServerUnderTest.Key,
            HttpMessageHandler = _network,
            FirstRetryDelay = TimeSpan.FromMilliseconds(1),
        });
    }

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    public void Dispose()
    {
        _client?.Dispose();
        _network?.Dispose();
    }

    [Fact]
    public async Task A_reader_gets_what_there_is_then_what_comes_until_the_end()
    {
        var stream = _client.Stream("chat/É 42");
        await stream.CreateAsync("text/plain");
        await stream.AppendAsync(Bytes("a"), "text/plain");
        var text = new StringBuilder();
        await foreach (var chunk in stream.FollowAsync())
        {
            text.Append(Encoding.UTF8.GetString(chunk.Bytes.Span));
            if (text.ToString() == "a")
                await stream.AppendAsync(Bytes("b"), "text/plain");
            else if (text.ToString() == "ab")
                await stream.AppendAsync(Bytes("c"), "text/plain", close: true);
        }

        text.ToString().ShouldBe("abc");
    }

    [Fact]
    public async Task A_producer_whose_answers_are_lost_is_kept_once_and_in_order()
    {
        var stream = _client.Stream("s");
        await stream.CreateAsync("text/plain");
        var producer = stream.Producer("p", epoch: 0);
        for (var i = 0; i < 10; i++)
        {
            _network.AnswersToLose = i % 3;
            await producer.AppendAsync(Bytes($"{i}"), "text/plain");
        }

        (await ReadAsync(stream)).ShouldBe("0123456789");
    }

    [Fact]
    public async Task An_append_of_which_nobody_knows_is_sent_again_before_the_next()
    {
        var stream = _client.Stream("s");
        await stream.CreateAsync("text/plain");
        var producer = stream.Producer("p", epoch: 0);
        using var giveUp = new CancellationTokenSource();
        _network.AnswersToLose = 1;
        _network.OnLoss = giveUp.Cancel;
        await Should.ThrowAsync<OperationCanceledException>(
            () => producer.AppendAsync(Bytes("a"), "text/plain", giveUp.Token));

        await producer.AppendAsync(Bytes("b"), "text/plain");
        (await ReadAsync(stream)).ShouldBe("ab");
    }

    [Fact]
    public async Task A_producer_that_was_started_again_shuts_out_its_former_self()
    {
        var stream = _client.Stream("s");
        await stream.CreateAsync("text/plain");
        var former = stream.Producer("p", epoch: 0);
        await former.AppendAsync(Bytes("a"), "text/plain");
        await stream.Producer("p", epoch: 1).AppendAsync(Bytes("b"), "text/plain");

        var no = await Should.ThrowAsync<SojournProblemException>(() => former.AppendAsync(Bytes("x"), "text/plain"));
        no.Problem.Code.ShouldBe("stale-epoch");
        (await ReadAsync(stream)).ShouldBe("ab");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_producer_whose_epoch_was_used_before_is_told_so_and_not_that_its_data_was_kept(int before)
    {
        var stream = _client.Stream("s");
        await stream.CreateAsync("text/plain");
        var former = stream.Producer("p", epoch: 0);
        for (var i = 0; i < before; i++)
            await former.AppendAsync(Bytes("a"), "text/plain");

        var again = stream.Producer("p", epoch: 0);
        for (var i = 0; i < 2; i++)
        {
            var no = await Should.ThrowAsync<SojournProblemException>(
                () => again.AppendAsync(Bytes("b"), "text/plain"));
            no.Problem.Code.ShouldBe("epoch-used");
        }

        (await ReadAsync(stream)).ShouldBe(new string('a', before));
    }

    [Fact]
    public async Task A_producer_whose_epoch_another_uses_is_told_so_also_when_its_first_answer_was_lost()
    {
        var stream = _client.Stream("s");
        await stream.CreateAsync("text/plain");
        var former = stream.Producer("p", epoch: 0);
        await former.AppendAsync(Bytes("a"), "text/plain");
        await former.AppendAsync(Bytes("a"), "text/plain");

        _network.AnswersToLose = 1;
        var no = await Should.ThrowAsync<SojournProblemException>(
            () => stream.Producer("p", epoch: 0).AppendAsync(Bytes("b"), "text/plain"));
        no.Problem.Code.ShouldBe("epoch-used");
        (await ReadAsync(stream)).ShouldBe("aa");
    }

    [Fact]
    public async Task A_poll_is_answered_before_the_reader_takes_the_server_for_silent()
    {
        await using var slow = await ServerUnderTest.StartAsync(
            options => options.LongPollTimeout = TimeSpan.FromMinutes(5));
        using var carrier = new WaitsSeen();
        using var client = new SojournClient(new SojournClientOptions
        {
            Url = slow.Url,
            Key = ServerUnderTest.Key,
            HttpMessageHandler = carrier,
            SilenceLimit = TimeSpan.FromSeconds(45),
        });
        var stream = client.Stream("s");
        await stream.CreateAsync("text/plain");
        using var stop = new CancellationTokenSource();
        carrier.OnWait = stop.Cancel;
        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in stream.FollowAsync(stop: stop.Token))
                continue;
        });

        carrier.Wait.ShouldBe("wait=30");
        // And the server does as it is asked.
        (await slow.SendAsync("GET", "/v1/streams/s?offset=now&live=long-poll", null, ("Prefer", "a=b, wait=0")))
            .Status.ShouldBe(System.Net.HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_sessions_events_are_a_stream_of_json()
    {
        await _server.CreateAsync("c");
        await _client.SendAsync("counter", "c", "increment", new { by = 3 });
        var chunk = await _client.Log("counter", "c").ReadAsync();
        chunk.ContentType.ShouldBe("application/json");
        chunk.IsUpToDate.ShouldBeTrue();
        System.Text.Json.JsonElement.Parse(Encoding.UTF8.GetString(chunk.Bytes.Span)).GetArrayLength().ShouldBe(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a//b")]
    [InlineData("../keys")]
    public void A_name_that_would_leave_its_place_is_never_sent(string name) =>
        Should.Throw<ArgumentException>(() => _client.Stream(name));

    private static async Task<string> ReadAsync(StreamClient stream) =>
        Encoding.UTF8.GetString((await stream.ReadAsync()).Bytes.Span);

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>Notes how long the client lets the server wait.</summary>
    private sealed class WaitsSeen() : DelegatingHandler(new SocketsHttpHandler())
    {
        public string? Wait { get; private set; }

        public Action OnWait { get; set; } = () => { };

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Headers.TryGetValues("Prefer", out var values))
            {
                Wait = values.Single();
                OnWait();
            }

            return base.SendAsync(request, cancellationToken);
        }
    }

    /// <summary>Loses answers after the server has done what was asked.</summary>
    private sealed class LossyHandler() : DelegatingHandler(new SocketsHttpHandler())
    {
        public int AnswersToLose { get; set; }

        public Action OnLoss { get; set; } = () => { };

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (AnswersToLose == 0)
                return response;

            AnswersToLose--;
            response.Dispose();
            OnLoss();
            throw new HttpRequestException("lost", new IOException("the answer was lost"));
        }
    }
}
