using Microsoft.Extensions.Logging;
using Sojourn.Kinds.Generation;
using Sojourn.Server;

namespace Sojourn.Cli;

/// <summary>All that the file of <c>--config</c> can say, with the defaults for what it does not.</summary>
internal sealed class ServeOptions
{
    public SojournServerOptions Server { get; } = new();

    public GenerationOptions Generation { get; } = new();

    /// <summary>The most connections at once, watchers included; beyond it new ones are closed.</summary>
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>How long drivers may take to come to an end when the server stops. 0 to 10 min.</summary>
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>From which level on the log is written to standard error.</summary>
    public LogLevel LogLevel { get; set; } = LogLevel.Warning;

    /// <summary>All that is wrong, in sentences. The key is not the file's business.</summary>
    public IEnumerable<string> Faults()
    {
        foreach (var fault in Server.Faults().Where(
            fault => !fault.StartsWith(nameof(Server.Key), StringComparison.Ordinal)))
            yield return $"Server: {fault}";

        if (MaxConnections is < 1 or > 1_000_000)
            yield return $"Server: {nameof(MaxConnections)} must be 1 to 1,000,000; it is {MaxConnections:N0}.";

        if (StopGrace < TimeSpan.Zero || StopGrace > TimeSpan.FromMinutes(10))
            yield return $"Server: {nameof(StopGrace)} must be 0 to 10 min; it is {StopGrace}.";

        if (GenerationFault() is { } generation)
            yield return generation;
    }

    private string? GenerationFault()
    {
        try
        {
            _ = new GenerationKind(Generation);
            return null;
        }
        catch (SojournException fault)
        {
            return $"Generation: {fault.Message}";
        }
    }
}
