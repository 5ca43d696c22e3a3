using Sojourn.Kinds.Agents;

namespace Sojourn.Bench;

/// <summary>What runs on the terminals that are compared: the same for all.</summary>
/// <param name="Name">What its profile is called.</param>
/// <param name="Command">The program.</param>
/// <param name="Arguments">What it is given.</param>
/// <param name="Greeting">What it says when it is there.</param>
internal sealed record BenchProgram(string Name, string Command, IReadOnlyList<string> Arguments, string Greeting)
{
    private const string Prompt = "ready>";

    public static readonly TerminalSize Size = new(80, 24);

    /// <summary>A shell without anybody's settings.</summary>
    public static readonly BenchProgram Shell = new("shell", "/bin/bash", ["--norc", "--noprofile"], Prompt);

    /// <summary>Shows what is typed, which on a terminal the system itself does.</summary>
    public static readonly BenchProgram Cat = new(
        "cat", "/bin/bash", ["-c", $"echo '{Prompt}'; exec cat"], Prompt);

    public static IReadOnlyList<BenchProgram> All => [Shell, Cat];

    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>
    {
        ["PATH"] = "/usr/local/bin:/usr/bin:/bin",
        ["HOME"] = "/tmp",
        ["LANG"] = "C.UTF-8",
        ["TERM"] = "xterm-256color",
        ["PS1"] = Prompt + " ",
        ["HISTFILE"] = "/dev/null",
    };
}
