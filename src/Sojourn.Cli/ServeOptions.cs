using Microsoft.Extensions.Logging;
using Sojourn.Kinds.Agents;
using Sojourn.Kinds.Explorer;
using Sojourn.Kinds.Generation;
using Sojourn.Kinds.Parties;
using Sojourn.Kinds.Play;
using Sojourn.Kinds.Play.Cloud;
using Sojourn.Models;
using Sojourn.Server;
using Sojourn.Server.Parties;

namespace Sojourn.Cli;

/// <summary>All that the file of <c>--config</c> can say, with the defaults for what it does not.</summary>
internal sealed class ServeOptions
{
    public SojournServerOptions Server { get; } = new();

    public GenerationOptions Generation { get; } = new();

    public ExplorerOptions Explorer { get; } = new();

    public AgentOptions Agents { get; } = new();

    /// <summary>The slots of games that are kept here.</summary>
    public CloudSlotOptions CloudSlots { get; } = new();

    /// <summary>A server hears of a game again and again, or else not at all.</summary>
    public PlayOptions Play { get; } = new() { SilentAfter = TimeSpan.FromMinutes(2) };

    public PartyOptions Parties { get; } = new();

    /// <summary>The first UDP port for parties: 0 for none, null for that of the address that is listened on.</summary>
    public int? PartyPort { get; set; }

    /// <summary>Counts only with <see cref="UsesModel"/>.</summary>
    public ModelOptions Model { get; } = new();

    /// <summary>True if models make the storyboards, and not the embedded generator.</summary>
    public bool UsesModel { get; set; }

    /// <summary>What makes the storyboards, for people.</summary>
    public string Generator => UsesModel ? Model.ToString() : "embedded, without a model";

    /// <summary>How much each owner may take up.</summary>
    public OwnerQuota Quota { get; set; } = OwnerQuota.Unlimited;

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

        foreach (var fault in Quota.Faults())
            yield return $"Quota: {fault}";

        if (FaultOf("Generation", () => new GenerationKind(Generation)) is { } generation)
            yield return generation;

        if (FaultOf("Explorer", () => new ExplorerKind(Explorer)) is { } explorer)
            yield return explorer;

        if (FaultOf("Agents", () => new AgentKind(Agents)) is { } agents)
            yield return agents;

        if (FaultOf("Play", () => new PlayKind(Play)) is { } play)
            yield return play;
        if (FaultOf("Parties", () => new PartyKind(Parties)) is { } parties)
            yield return parties;
        if (PartyPort is < 0 or > 65536 - PartyServerOptions.Ports)
            yield return $"Parties: UdpPort must be 0 to {65536 - PartyServerOptions.Ports:N0}; it is {PartyPort:N0}.";
        foreach (var fault in CloudSlots.Faults())
            yield return $"CloudSlots: {fault}";

        foreach (var fault in UsesModel ? Model.Faults() : [])
            yield return $"Model: {fault}";

        if (UsesModel && Model.CallTimeout >= Generation.StuckAfter)
            yield return $"Model: {nameof(Model.CallTimeout)} ({Model.CallTimeout}) must be shorter than "
                + $"Generation:{nameof(Generation.StuckAfter)} ({Generation.StuckAfter}): a generation that waits for "
                + "a slow answer would be taken for stuck.";
    }

    private static string? FaultOf(string section, Func<Kind> build)
    {
        try
        {
            _ = build();
            return null;
        }
        catch (SojournException fault)
        {
            return $"{section}: {fault.Message}";
        }
    }
}
