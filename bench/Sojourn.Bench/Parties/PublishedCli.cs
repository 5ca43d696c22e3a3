using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Sojourn.Bench.Parties;

/// <summary>The program <c>sojourn</c>, as it is built and as it is published: compiled beforehand.</summary>
internal static class PublishedCli
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>What the build has put beside this program; compiled while it runs.</summary>
    public static IReadOnlyList<string> AsBuilt { get; } =
        ["dotnet", Path.Combine(AppContext.BaseDirectory, "Sojourn.Cli.dll")];

    /// <summary>Publishes it for this machine.</summary>
    /// <param name="directory">Where to.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>What to start it with, and why that is only what was built; empty if it is not.</returns>
    public static async Task<(IReadOnlyList<string> Words, string WhyNot)> PublishAsync(
        string directory, CancellationToken stop)
    {
        if (RootOf(AppContext.BaseDirectory) is not { } root)
            return (AsBuilt, "this program does not lie in its repository");
        var start = new ProcessStartInfo("dotnet",
        [
            "publish", "src/Sojourn.Cli", "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier,
            "--self-contained", "true", "-p:RunAnalyzers=false", "-v", "quiet", "-o", directory,
        ])
        {
            WorkingDirectory = root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Build servers would outlive this.
            Environment = { ["MSBUILDDISABLENODEREUSE"] = "1", ["UseSharedCompilation"] = "false" },
        };
        using var publishing = Process.Start(start)!;
        var said = publishing.StandardOutput.ReadToEndAsync(stop);
        var complained = publishing.StandardError.ReadToEndAsync(stop);
        try
        {
            await publishing.WaitForExitAsync(stop).WaitAsync(Patience, stop);
        }
        finally
        {
            if (!publishing.HasExited)
                publishing.Kill(entireProcessTree: true);
        }

        var program = Path.Combine(directory, "sojourn");
        return publishing.ExitCode == 0 && File.Exists(program)
            ? ([program], "")
            : (AsBuilt, $"it could not be published: {(await said).Trim()} {(await complained).Trim()}");
    }

    private static string? RootOf(string? directory) =>
        directory is null || File.Exists(Path.Combine(directory, "Sojourn.slnx"))
            ? directory : RootOf(Path.GetDirectoryName(directory));
}
