using Sojourn.Kinds.Agents.Processes;

namespace Sojourn.Kinds.Agents.Driving;

/// <summary>The profiles that need no configuration, where their programs are found.</summary>
public static class DefaultProfiles
{
    private static readonly AgentProfile[] Known =
    [
        new() { Name = "claude", Protocol = AgentProtocol.Claude, Command = "claude" },
        new() { Name = "gemini", Protocol = AgentProtocol.Acp, Command = "gemini", Arguments = ["--experimental-acp"] },
        new() { Name = "codex", Protocol = AgentProtocol.Acp, Command = "codex-acp" },
        new() { Name = "opencode", Protocol = AgentProtocol.Acp, Command = "opencode", Arguments = ["acp"] },
    ];

    /// <summary>
    /// <c>shell</c>, which is the user's own shell on a terminal, and those of <c>claude</c>, <c>gemini</c>,
    /// <c>codex</c>
    /// and <c>opencode</c> whose programs are on a path.
    /// </summary>
    /// <param name="path">As in the variable PATH.</param>
    /// <param name="shell">The user's shell, as in the variable SHELL; null for <c>/bin/sh</c>.</param>
    public static IReadOnlyList<AgentProfile> Find(string? path, string? shell)
    {
        if (!OperatingSystem.IsLinux())
            return [];
        // As a program is looked for when it is started.
        var directories = (path ?? "").Split(Path.PathSeparator).Where(Path.IsPathFullyQualified).ToList();
        var own = shell is { } named && File.Exists(named) ? named : "/bin/sh";
        return
        [
            new() { Name = "shell", Protocol = AgentProtocol.Terminal, Command = own, Arguments = ["-l"] },
            .. Known.Where(profile => directories.Any(
                directory => IsProgram(Path.Combine(directory, profile.Command)))),
        ];
    }

    private static bool IsProgram(string file) => File.Exists(file) && NativeSpawn.MayRun(file);
}
