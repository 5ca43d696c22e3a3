using System.Reflection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Sojourn.Cli;

/// <summary>
/// Sends metrics, traces and logs to a collector. What is not sent yet is sent when this is disposed of, so do that
/// last.
/// </summary>
internal sealed class ServeTelemetry : IDisposable
{
    private static readonly string[] Meters =
        ["Sojourn", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    private static readonly string[] Sources = ["Sojourn", "Microsoft.AspNetCore"];

    private readonly Uri _collector;
    private readonly OtlpExportProtocol _protocol;
    private readonly ResourceBuilder _resource;
    private readonly MeterProvider _metrics;
    private readonly TracerProvider _traces;

    private ServeTelemetry(ServeCollector collector)
    {
        _collector = new Uri(collector.Url.OriginalString.TrimEnd('/') + "/");
        _protocol = collector.IsGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        var version = Assembly.GetExecutingAssembly().GetName().Version?.ToString(3);
        // What the operator says in OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES comes last, and so wins.
        _resource = ResourceBuilder.CreateEmpty()
            .AddService("sojourn", serviceVersion: version, autoGenerateServiceInstanceId: true)
            .AddTelemetrySdk()
            .AddEnvironmentVariableDetector();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(_resource).AddMeter(Meters).AddOtlpExporter(otlp => Aim(otlp, "metrics")).Build();
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(_resource).AddSource(Sources).AddOtlpExporter(otlp => Aim(otlp, "traces")).Build();
    }

    /// <summary>Begins to listen; null if there is nobody to tell.</summary>
    public static ServeTelemetry? Start(ServeCollector? collector) =>
        collector is null ? null : new ServeTelemetry(collector);

    /// <summary>Sends the log too.</summary>
    public void AddTo(ILoggingBuilder logging) => logging.AddOpenTelemetry(log =>
    {
        log.SetResourceBuilder(_resource);
        log.IncludeFormattedMessage = true;
        log.IncludeScopes = true;
        log.AddOtlpExporter(otlp => Aim(otlp, "logs"));
    });

    public void Dispose()
    {
        _traces.Dispose();
        _metrics.Dispose();
    }

    // An address that is set in code is taken as it stands, so that the signal's own path is ours to add.
    private void Aim(OtlpExporterOptions otlp, string signal)
    {
        otlp.Protocol = _protocol;
        otlp.Endpoint = _protocol == OtlpExportProtocol.Grpc ? _collector : new Uri(_collector, $"v1/{signal}");
    }
}
