using System.ComponentModel;
using System.Diagnostics;

namespace Sojourn.Mesh.Tunnels;

/// <summary>Runs the operating system's own tools; never through a shell.</summary>
internal static class SystemTool
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly string[] Always = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <summary>Whether a tool is installed.</summary>
    public static bool IsThere(string tool) => Find(tool) is not null;

    /// <summary>
    /// Where a tool is; null if nowhere. A bare name would be looked for in the current directory first, and whoever
    /// runs this as root does not mean that.
    /// </summary>
    public static string? Find(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(Always)
            .Where(Path.IsPathRooted).Select(directory => Path.Combine(directory, tool)).FirstOrDefault(File.Exists);

    /// <summary>Runs a tool to its end.</summary>
    /// <returns>What it said.</returns>
    /// <exception cref="MeshException">It is not there, failed, or did not come to an end.</exception>
    public static async Task<string> RunAsync(string tool, IEnumerable<string> arguments, string? input = null)
    {
        var place = Find(tool) ?? throw new MeshException($"The tool '{tool}' is needed here, and is not installed.");
        var start = new ProcessStartInfo(place, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Begin(start);
        var said = process.StandardOutput.ReadToEndAsync();
        var complained = process.StandardError.ReadToEndAsync();
        try
        {
            if (input is not null)
                await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (IOException gone)
        {
            throw new MeshException($"'{tool}' ended before it had read all.", gone);
        }
        catch (TimeoutException late)
        {
            process.Kill(entireProcessTree: true);
            throw new MeshException($"'{tool}' did not come to an end within {Patience.TotalSeconds:0} s.", late);
        }

        return process.ExitCode == 0
            ? await said
            : throw new MeshException($"'{tool}' failed: {(await complained).Trim()}");
    }

    private static Process Begin(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            throw new MeshException($"The tool '{start.FileName}' cannot be run: {missing.Message}.", missing);
        }
    }
}
