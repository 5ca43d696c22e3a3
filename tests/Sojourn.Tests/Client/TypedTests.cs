using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Client;

using Sojourn.Client;

/// <summary>A program that shares a kind's records with its server.</summary>
public sealed class TypedTests : IAsyncLifetime, IDisposable
{
    private ServerUnderTest _server = null!;
    private SojournClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await ServerUnderTest.StartAsync();
        _client = new SojournClient(new SojournClientOptions { Url = _server.Url, Key = ServerUnderTest.Key });
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Commands_are_sent_as_records_and_replies_and_states_come_back_as_such()
    {
        var created = await _client.CreateAsync("counter", new NewCounter(From: 2, Note: "mine"));
        var counter = _client.Session("counter", created.Id);

        var answer = await counter.SendAsync(new Increment(5));
        answer.Reply.ShouldBe(7);
        (answer.Version, answer.DurableVersion, answer.Replayed).ShouldBe((2L, 2L, false));
        (await counter.SendAsync(new SetMode(Mode.VeryLoud, [Mode.Loud]))).Reply.ShouldBe(Nothing.Value);

        (await counter.GetAsync()).ReadState<Counter>().ShouldBe(new Counter(7, Mode.VeryLoud, "mine"));
        await counter.RemoveAsync(expectedVersion: 3);
        (await Should.ThrowAsync<SojournProblemException>(() => counter.GetAsync())).Problem.Name.ShouldBe("not-found");
    }

    [Fact]
    public async Task Events_are_read_as_the_records_that_the_rules_made()
    {
        await _client.GetOrCreateAsync("counter", "a");
        var counter = _client.Session("counter", "a");
        var answer = await counter.SendAsync(new Increment(3));
        answer.Events.Single().TryRead<Incremented>(out var made).ShouldBeTrue();
        made.ShouldBe(new Incremented(3, 3));
        await counter.SendAsync(new Sojourn.Tests.Server.Advance(2));

        var seen = new List<object>();
        await foreach (var news in counter.WatchAsync())
        {
            var happened = news.ShouldBeOfType<SessionEvent>();
            seen.Add(happened.TryRead<Incremented>(out var incremented) ? incremented
                : happened.TryRead<Ticked>(out var ticked) ? ticked : happened);
            if (seen.Count == 3)
                break;
        }

        seen.ShouldBe([new Incremented(3, 3), new Ticked(1), new Ticked(2)]);
    }

    [Fact]
    public async Task The_same_operation_gets_the_same_reply_and_has_no_second_effect()
    {
        await _client.GetOrCreateAsync("counter", "a");
        var counter = _client.Session("counter", "a");

        var first = await counter.SendAsync(new Increment(5), idempotencyKey: "order 17");
        var again = await counter.SendAsync(new Increment(5), idempotencyKey: "order 17");

        (again.Reply, again.Version, again.Replayed).ShouldBe((first.Reply, first.Version, true));
        (await counter.GetAsync()).ReadState<Counter>().Total.ShouldBe(5);
    }

    [Fact]
    public async Task A_refusal_a_wrong_version_and_a_wrong_name_are_told_apart()
    {
        await _client.GetOrCreateAsync("counter", "a");
        var counter = _client.Session("counter", "a");

        var invalid = await Problem(() => counter.SendAsync(new Increment(1000)));
        (invalid.Name, invalid.Code, invalid.Field).ShouldBe(("invalid", "out-of-range", "by"));
        var stale = await Problem(() => counter.SendAsync(new Tick(), expectedVersion: 9));
        (stale.Name, stale.Current!.Version).ShouldBe(("version-mismatch", 1L));
        (await Problem(() => counter.SendAsync(new Engine.Add(1)))).Name.ShouldBe("unknown-command");
        Should.Throw<ArgumentException>(() => _client.Session("counter", "../a"));

        static async Task<SojournProblem> Problem(Func<Task> send) =>
            (await Should.ThrowAsync<SojournProblemException>(send)).Problem;
    }

    [Fact]
    public void The_client_carries_nothing_of_the_engine() =>
        typeof(SojournClient).Assembly.GetReferencedAssemblies().Select(library => library.Name)
            .Where(name => name!.StartsWith("Sojourn", StringComparison.Ordinal)).ShouldBe(["Sojourn.Contracts"]);

    [Fact]
    public async Task A_list_has_no_states_to_read()
    {
        await _client.GetOrCreateAsync("counter", "a");

        var listed = (await _client.ListPageAsync("counter")).Sessions.Single();

        Should.Throw<InvalidOperationException>(() => listed.ReadState<Counter>()).Message.ShouldContain("counter/a");
    }

    [Fact]
    public async Task A_command_that_is_given_up_is_not_waited_for()
    {
        using var giveUp = new CancellationTokenSource();
        await giveUp.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(
            () => _client.Session("counter", "a").SendAsync(new Tick(), giveUp: giveUp.Token));
    }

    [Fact]
    public async Task An_application_adds_the_client_with_handlers_of_its_own_and_no_log_has_the_key()
    {
        using var log = new Lines();
        var seen = new List<string>();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        services.AddSojournClient(options =>
        {
            options.Url = _server.Url;
            options.Key = ServerUnderTest.Key;
        }).AddHttpMessageHandler(() => new Noting(seen));
        await using var provider = services.BuildServiceProvider();

        var client = provider.GetRequiredService<SojournClient>();
        await client.GetOrCreateAsync("counter", "a");
        (await client.Session("counter", "a").SendAsync(new Increment(2))).Reply.ShouldBe(2);

        seen.ShouldBe(["PUT /v1/counter/a", "POST /v1/counter/a/increment"]);
        provider.GetRequiredService<SojournClient>().ShouldBeSameAs(client);
        log.Text.ShouldContain("/v1/counter/a/increment");
        log.Text.ShouldNotContain(ServerUnderTest.Key);
    }

    private sealed class Noting(List<string> seen) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            seen.Add($"{request.Method} {request.RequestUri!.AbsolutePath}");
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = new();

        public string Text => string.Join('\n', _lines);

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => _lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
