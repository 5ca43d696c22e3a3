using System.Diagnostics;

namespace Sojourn.Tests.Streams;

/// <summary>
/// A fact that needs Node.js and the packages of a directory below tests; skipped, with the reason, without.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NodeFactAttribute : FactAttribute
{
    /// <param name="directory">The directory's name.</param>
    public NodeFactAttribute(string directory = "Conformance")
    {
        if (Node is null)
        {
            Skip = "There is no Node.js.";
        }
        else if (!Directory.Exists(Path.Combine(PackagesOf(directory), "node_modules")))
        {
            Skip = $"The packages of tests/{directory} are not there; `npm ci` in that directory brings them.";
        }
    }


    private static string? Node { get; } = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator)
        .Select(directory => Path.Combine(directory, "node")).FirstOrDefault(File.Exists);

    /// <summary>Starts Node.js in tests/Conformance, with a server to talk to.</summary>
    public static Process Start(IEnumerable<string> arguments, params (string Name, string Value)[] environment) =>
        StartIn("Conformance", arguments, environment);

    /// <summary>Starts Node.js in a directory below tests.</summary>
    public static Process StartIn(
        string directory, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Node!, arguments)
        {
            WorkingDirectory = PackagesOf(directory),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static string PackagesOf(string directory) =>
        Path.Combine(Tidy.SourceTree.Here.Root, "tests", directory);
}
