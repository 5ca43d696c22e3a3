using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sojourn.Cli;

namespace Sojourn.Tests.Server;

/// <summary>What `sojourn serve` tells a collector.</summary>
public sealed class TelemetryTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task One_request_is_seen_as_metrics_a_trace_and_a_line_of_the_log_under_one_trace_id()
    {
        const string trace = "5bf92f3577b34da6a3ce929d0e0e4736";
        await using var collector = await Collector.StartAsync();
        var config = _scratch.File("config.json", """{"Logging": {"Level": "Information"}}""");
        await using (var serve = await ServeUnderTest.StartAsync(
            Path.Combine(_scratch.Path, "data"), config, collector: collector.Url))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/generation");
            request.Headers.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
            request.Headers.Add("X-Request-Id", "look-for-me");
            (await serve.Http.SendAsync(request)).EnsureSuccessStatusCode();
            (await serve.StopAsync()).ShouldBe(ExitCodes.Done);
        }

        var id = Convert.FromHexString(trace);
        collector.Holds("/v1/traces", id).ShouldBeTrue();
        collector.Holds("/v1/logs", id).ShouldBeTrue();
        collector.Holds("/v1/traces", "look-for-me").ShouldBeTrue();
        collector.Holds("/v1/metrics", "http.server.request.duration").ShouldBeTrue();
        collector.Holds("/v1/metrics", "kestrel.active_connections").ShouldBeTrue();
        collector.Holds("/v1/metrics", "dotnet.gc.collections").ShouldBeTrue();
        foreach (var path in (string[])["/v1/traces", "/v1/logs", "/v1/metrics"])
            foreach (var name in (string[])["service.name", "sojourn", "service.version", "service.instance.id"])
                collector.Holds(path, name).ShouldBeTrue($"{path}: {name}");
    }

    [Theory]
    [InlineData("http://one:4318", null, null, "http://one:4318", false)]
    [InlineData("http://one:4318", "http://two:4318", "", "http://one:4318", false)]
    [InlineData(null, "https://two/otlp", "http/protobuf", "https://two/otlp", false)]
    [InlineData(null, "http://two:4317", "grpc", "http://two:4317", true)]
    [InlineData(null, null, "grpc", null, false)]
    [InlineData(null, "", null, null, false)]
    public void The_option_wins_over_the_variable(
        string? option, string? variable, string? protocol, string? url, bool isGrpc) =>
        ServeCollector.Find(option, name => name.EndsWith("PROTOCOL", StringComparison.Ordinal) ? protocol : variable)
            .ShouldBe(url is null ? null : new ServeCollector(new Uri(url), isGrpc));

    [Theory]
    [InlineData("collector:4318", null, "--otlp")]
    [InlineData("ftp://collector", null, "--otlp")]
    [InlineData("http://collector", "http/json", "OTEL_EXPORTER_OTLP_PROTOCOL")]
    public void A_collector_that_cannot_be_meant_is_refused(string url, string? protocol, string says) =>
        Should.Throw<UsageException>(() => ServeCollector.Find(url, _ => protocol)).Message.ShouldContain(says);

    /// <summary>Takes whatever is sent, on a free port of this machine.</summary>
    private sealed class Collector : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly ConcurrentQueue<(string Path, byte[] Body)> _taken = new();

        private Collector()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            _app = builder.Build();
            _app.Run(TakeAsync);
        }

        public Uri Url => new(_app.Urls.Single());

        public static async Task<Collector> StartAsync()
        {
            var collector = new Collector();
            await collector._app.StartAsync();
            return collector;
        }

        public bool Holds(string path, string text) => Holds(path, Encoding.UTF8.GetBytes(text));

        public bool Holds(string path, byte[] bytes) =>
            _taken.Any(each => each.Path == path && each.Body.AsSpan().IndexOf(bytes) >= 0);

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        private async Task TakeAsync(HttpContext context)
        {
            context.Request.ContentType.ShouldBe("application/x-protobuf");
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            _taken.Enqueue((context.Request.Path, body.ToArray()));
            // An empty message: all was taken.
            context.Response.ContentType = "application/x-protobuf";
        }
    }
}
