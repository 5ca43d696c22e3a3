using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sojourn.Client;

/// <summary>What a server has and does.</summary>
/// <param name="StartedAt">When it started; what is counted "since the start" is since then.</param>
/// <param name="At">When this was put together.</param>
/// <param name="Kinds">Each kind, in order of its name.</param>
public sealed record ServerStatistics(
    DateTimeOffset StartedAt, DateTimeOffset At, IReadOnlyList<ServerKindStatistics> Kinds)
{
    /// <summary>Whose sessions these are; null for everybody's.</summary>
    public string? Owner { get; init; }

    /// <summary>What the owner takes up of its quota; null in everybody's, and from servers that do not tell.</summary>
    public ServerOwnerUse? Use { get; init; }

    /// <summary>What is on its way to the store; null in an owner's own.</summary>
    public ServerStoreStatistics? Store { get; init; }

    /// <summary>What a newer server adds.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? More { get; init; }
}

/// <summary>One kind's sessions.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Sessions">How many there are.</param>
/// <param name="ByStatus">How many in each status.</param>
/// <param name="Bytes">Bytes of their stored states and logs.</param>
public sealed record ServerKindStatistics(
    string Kind, long Sessions, IReadOnlyDictionary<string, long> ByStatus, long Bytes)
{
    /// <summary>The most that there may be; null for no limit.</summary>
    public long? MaxSessions { get; init; }

    /// <summary>Sessions as a share of <see cref="MaxSessions"/>; null without a limit.</summary>
    public double? Usage { get; init; }

    /// <summary>
    /// What that share means: <c>healthy</c> (under 70 %, or no limit), <c>warning</c> (under 90 %) or <c>critical</c>.
    /// </summary>
    public string Level { get; init; } = "healthy";

    /// <summary>Busy ones without a step for longer than their kind finds good.</summary>
    public long Stuck { get; init; }

    /// <summary>How many by age, such as <c>underADay</c>; null in an owner's own.</summary>
    public IReadOnlyDictionary<string, long>? Ages { get; init; }

    /// <summary>What happened since the start, such as <c>commands</c>; null in an owner's own.</summary>
    public IReadOnlyDictionary<string, long>? Activity { get; init; }

    /// <summary>What a newer server adds.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? More { get; init; }
}

/// <summary>The way to the store.</summary>
/// <param name="PendingSteps">Steps that are not in the store yet.</param>
/// <param name="PendingBytes">Their bytes.</param>
/// <param name="Commits">Commits since the start.</param>
/// <param name="Changes">Sessions in them.</param>
/// <param name="LastCommitSeconds">How long the last one took.</param>
/// <param name="LagChanges">Changes that are safe, but not yet in their final place.</param>
/// <param name="LagBytes">Bytes of log that these keep.</param>
/// <param name="Failing">True from a failed commit to the next that succeeds.</param>
public sealed record ServerStoreStatistics(
    long PendingSteps,
    long PendingBytes,
    long Commits,
    long Changes,
    double LastCommitSeconds,
    long LagChanges,
    long LagBytes,
    bool Failing)
{
    /// <summary>From how many waiting steps on changes are turned away; null from servers that do not tell.</summary>
    public long? MaxPendingSteps { get; init; }

    /// <summary>From how many waiting bytes on changes are turned away; null from servers that do not tell.</summary>
    public long? MaxPendingBytes { get; init; }
}

/// <summary>What an owner takes up, over all kinds, and how much of it there may be.</summary>
/// <param name="Sessions">Sessions of all kinds together, streams included.</param>
/// <param name="Bytes">Bytes of their stored states and logs.</param>
/// <param name="Streams">Event streams that are followed now.</param>
/// <param name="PendingSteps">Steps that are not in the store yet.</param>
public sealed record ServerOwnerUse(long Sessions, long Bytes, int Streams, int PendingSteps)
{
    /// <summary>The most sessions; null for no limit.</summary>
    public long? MaxSessions { get; init; }

    /// <summary>The most bytes; null for no limit.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>The most streams that are followed at once; null for no limit.</summary>
    public int? MaxStreams { get; init; }

    /// <summary>Starts and commands a second, on average; null for no limit.</summary>
    public double? CommandsPerSecond { get; init; }

    /// <summary>What a newer server adds.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? More { get; init; }
}
