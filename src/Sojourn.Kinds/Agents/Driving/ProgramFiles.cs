namespace Sojourn.Kinds.Agents.Driving;

/// <summary>Where programs work, and with which variables.</summary>
internal static class ProgramFiles
{
    // As the system itself does.
    private const int MostLinks = 40;

    /// <summary>A directory below another.</summary>
    /// <exception cref="AgentProgramException">It is not there, or a link leads out.</exception>
    public static string DirectoryOf(AgentProfile profile, string? below)
    {
        var root = Path.GetFullPath(
            profile.Directory ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));
        if (!Directory.Exists(root))
            throw new AgentProgramException($"The directory of the profile '{profile.Name}' is not there: {root}.");
        var at = new DirectoryInfo(Real(root));
        var end = at.FullName.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;
        foreach (var part in (below ?? "").Split(['/', '\\'], StringSplitOptions.RemoveEmptyEntries))
        {
            var next = new DirectoryInfo(Path.Combine(at.FullName, part));
            at = new DirectoryInfo(next.Exists ? Real(next.FullName) : next.FullName);
            if (!at.Exists)
                throw new AgentProgramException($"There is no directory '{below}' below that of the profile.");
            if (!(at.FullName + Path.DirectorySeparatorChar).StartsWith(end, StringComparison.Ordinal))
                throw new AgentProgramException($"The directory '{below}' leads out of that of the profile.");
        }

        return at.FullName;
    }

    /// <summary>The variables of a program.</summary>
    public static Dictionary<string, string> EnvironmentOf(
        AgentProfile profile, ProgramStart start, IReadOnlyDictionary<string, string> ours)
    {
        var all = ours.Where(each => profile.PassEnvironment.Any(pattern => Matches(pattern, each.Key)))
            .ToDictionary(each => each.Key, each => each.Value, StringComparer.Ordinal);
        if (start.OnTerminal)
        {
            all["TERM"] = "xterm-256color";
            all["COLORTERM"] = "truecolor";
        }

        foreach (var (name, value) in profile.Environment.Concat(start.Environment))
        {
            all[name] = value;
        }

        return all;
    }

    private static bool Matches(string pattern, string name) => pattern.EndsWith('*')
        ? name.StartsWith(pattern[..^1], StringComparison.Ordinal) : name == pattern;

    /// <summary>As the path is without links, which may themselves name places by way of links.</summary>
    private static string Real(string path, int links = 0)
    {
        var real = Path.GetPathRoot(path)!;
        foreach (var part in path[real.Length..].Split(
            Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(real, part);
            if (new DirectoryInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (links++ == MostLinks)
                throw new AgentProgramException($"The directory {path} is named by too many links.");
            real = Real(Path.GetFullPath(target, real), links);
        }

        return real;
    }
}
