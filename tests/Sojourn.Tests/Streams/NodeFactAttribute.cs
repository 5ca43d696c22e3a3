using System.Diagnostics;

namespace Sojourn.Tests.Streams;

/// <summary>
/// A fact that needs Node.js and the packages of tests/Conformance; skipped, with the reason, without.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute()
    {
        if (Node is null)
        {
            Skip = "There is no Node.js.";
        }
        else if (!Directory.Exists(Path.Combine(Packages, "node_modules")))
        {
            Skip = "The packages of tests/Conformance are not there; `npm ci` in that directory brings them.";
        }
    }

    /// <summary>Where the packages are.</summary>
    public static string Packages { get; } = Path.Combine(Tidy.SourceTree.Here.Root, "tests", "Conformance");

    private static string? Node { get; } = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator)
        .Select(directory => Path.Combine(directory, "node")).FirstOrDefault(File.Exists);

    /// <summary>Starts Node.js with a server to talk to.</summary>
    public static Process Start(IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Node!, arguments)
        {
            WorkingDirectory = Packages,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
