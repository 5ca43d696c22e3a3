namespace Sojourn.Cli;

/// <summary>What <c>sojourn serve</c> was asked for.</summary>
/// <param name="DataDirectory">Where everything is kept; made if it is not there.</param>
/// <param name="Urls">Where to listen; several are separated by semicolons.</param>
/// <param name="ConfigFile">A JSON file with further settings; null for none.</param>
/// <param name="Collector">Where telemetry goes; null for nowhere.</param>
internal sealed record ServeSettings(
    string DataDirectory, string Urls, string? ConfigFile, ServeCollector? Collector = null)
{
    /// <summary>What <see cref="Urls"/> was said by, for advice.</summary>
    public string UrlsOption { get; init; } = "--urls";
}
