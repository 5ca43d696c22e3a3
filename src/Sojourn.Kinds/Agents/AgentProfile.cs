using System.Collections.Frozen;

namespace Sojourn.Kinds.Agents;

/// <summary>Whether clients share a session.</summary>
public enum AgentMode
{
    /// <summary>A session for each that is started.</summary>
    Isolated,

    /// <summary>One session of the profile for all clients of an owner: whoever starts one gets it.</summary>
    Shared,
}

/// <summary>
/// A program that sessions may run, by its name. Only what the server's configuration names can be started, and nothing
/// goes through a shell.
/// </summary>
public sealed record AgentProfile
{
    /// <summary>What clients call it: 1 to 32 of a-z, 0-9 and '-'.</summary>
    public required string Name { get; init; }

    /// <summary>How it is spoken with.</summary>
    public required AgentProtocol Protocol { get; init; }

    /// <summary>The program: a path, or a name that is looked up on the server's PATH.</summary>
    public required string Command { get; init; }

    /// <summary>Its arguments, each passed as it is.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Where it works; null for the home of the server's user.</summary>
    public string? Directory { get; init; }

    /// <summary>Variables that it is given.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>
    /// Variables of the server that it is given too, by name; a name that ends with '*' is a beginning. Default: what
    /// programs need to find their way, and nothing that may be a secret.
    /// </summary>
    public IReadOnlyList<string> PassEnvironment { get; init; } =
        ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_*", "TZ", "TMPDIR"];

    /// <summary>Whether clients share a session. Default <see cref="AgentMode.Isolated"/>.</summary>
    public AgentMode Mode { get; init; }

    /// <summary>
    /// For a shared session: true to start it with the server, not with the first who asks. Default
    /// false.
    /// </summary>
    public bool StartsWithServer { get; init; }

    /// <summary>
    /// Whose sessions may use it; <c>*</c> for everybody's. Default: those of the server's first owner alone, since a
    /// program runs with the server's rights.
    /// </summary>
    public IReadOnlyList<string> Owners { get; init; } = [OwnerId.Local.ToString()];

    /// <summary>
    /// After how long without anything to do its program is stopped, to be started again by the next prompt. Null (the
    /// default) for the options' time with agents, and for never with terminals, which would lose what they show.
    /// </summary>
    public TimeSpan? HibernateAfter { get; init; }

    /// <summary>
    /// With the Agent Client Protocol: the agent's way to log in that is used at each start, by the agent's own name
    /// for it. Null (the default) to use what the agent's program has remembered.
    /// </summary>
    public string? Login { get; init; }

    /// <summary>True if an owner's sessions may use it.</summary>
    internal bool IsFor(OwnerId owner) => Owners.Any(each => each == "*" || each == owner.ToString());
}
