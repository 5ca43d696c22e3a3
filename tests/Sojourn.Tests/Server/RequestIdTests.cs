using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Sojourn.Tests.Server;

/// <summary>Finding a request again, in the answer and in the log.</summary>
public sealed class RequestIdTests : IAsyncLifetime, IDisposable
{
    private const string Header = "X-Request-Id";

    private readonly Notebook _log = new();
    private ServerUnderTest _server = null!;

    public async Task InitializeAsync() => _server = await ServerUnderTest.StartAsync(
        also: kinds => kinds.Services.AddSingleton<ILoggerProvider>(_log));

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _log.Dispose();

    [Theory]
    [InlineData("GET", "/v1/counter")]
    [InlineData("GET", "/v1/counter/none")]
    [InlineData("GET", "/nowhere")]
    [InlineData("GET", "/health/live")]
    [InlineData("HEAD", "/v1/counter")]
    [InlineData("PATCH", "/v1/counter")]
    public async Task Every_answer_carries_the_id_that_was_given_or_one_of_its_own(string method, string path)
    {
        var own = (await _server.SendAsync(method, path)).Headers.GetValues(Header).ShouldHaveSingleItem();
        own.ShouldNotBeNullOrEmpty();
        (await _server.SendAsync(method, path)).Headers.GetValues(Header).ShouldNotBe([own]);
        (await _server.SendAsync(method, path, headers: (Header, "Client:7_a.b-c"))).Headers.GetValues(Header)
            .ShouldBe(["Client:7_a.b-c"]);
    }

    [Fact]
    public async Task An_id_may_be_so_long_and_must_hold_nothing_odd()
    {
        var longest = new string('a', 128);
        (await _server.SendAsync("GET", "/v1/counter", headers: (Header, longest))).Headers.GetValues(Header)
            .ShouldBe([longest]);
        foreach (var odd in (string[])[longest + "a", "a b", "a\"b", "<a>", "a,b", "a/b"])
        {
            (await _server.SendAsync("GET", "/v1/counter", headers: (Header, odd))).Headers.GetValues(Header)
                .ShouldNotContain(odd);
        }
    }

    [Fact]
    public async Task What_the_engine_logs_for_a_request_names_it_and_its_trace()
    {
        const string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        await _server.CreateAsync("mine");
        (await _server.SendAsync("POST", "/v1/counter/mine/break", null,
            (Header, "look-for-me"), ("traceparent", $"00-{trace}-00f067aa0ba902b7-01")))
            .ShouldBeProblem(500, "rule-failed");

        var line = _log.Lines.Single(each => each.EventId == 110);
        line.Scopes.ShouldContain("RequestId:look-for-me");
        line.Trace.ShouldBe(trace);
    }

    /// <summary>Writes down what is logged, with what it was logged in.</summary>
    private sealed class Notebook : ILoggerProvider, ILogger, ISupportExternalScope
    {
        private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

        public ConcurrentQueue<(int EventId, List<string> Scopes, string? Trace)> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => _scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            var scopes = new List<string>();
            _scopes.ForEachScope((scope, list) => list.Add(scope?.ToString() ?? ""), scopes);
            Lines.Enqueue((eventId.Id, scopes, Activity.Current?.TraceId.ToString()));
        }

        public void Dispose()
        {
        }
    }
}
