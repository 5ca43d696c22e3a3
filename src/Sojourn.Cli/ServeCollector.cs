namespace Sojourn.Cli;

/// <summary>Where telemetry goes.</summary>
/// <param name="Url">The collector, without the signals' own paths.</param>
/// <param name="IsGrpc">Whether it is spoken to in gRPC instead of HTTP with protobuf.</param>
internal sealed record ServeCollector(Uri Url, bool IsGrpc)
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT", Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";

    /// <param name="url">What <c>--otlp</c> says; null if it says nothing.</param>
    /// <param name="environment">Reads a variable.</param>
    /// <returns>Null if nothing is to be sent anywhere.</returns>
    /// <exception cref="UsageException">What is said cannot be meant.</exception>
    public static ServeCollector? Find(string? url, Func<string, string?> environment)
    {
        var (name, text) = url is null ? (Endpoint, environment(Endpoint)) : ("--otlp", url);
        if (string.IsNullOrEmpty(text))
            return null;

        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new UsageException($"{name}: '{text}' is no address; it must begin with http:// or https://");

        return environment(Protocol) switch
        {
            null or "" or "http/protobuf" => new ServeCollector(address, IsGrpc: false),
            "grpc" => new ServeCollector(address, IsGrpc: true),
            var other => throw new UsageException($"{Protocol}: '{other}' is not spoken; use http/protobuf or grpc."),
        };
    }
}
