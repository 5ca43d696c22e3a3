using System.ComponentModel;
using System.Diagnostics;

namespace Sojourn.Mesh.Tunnels;

/// <summary>Runs the operating system's own tools; never through a shell.</summary>
internal static class SystemTool
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Whether a tool is installed.</summary>
    public static bool IsThere(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin")
            .Any(directory => File.Exists(Path.Combine(directory, tool)));

    /// <summary>Runs a tool to its end.</summary>
    /// <returns>What it said.</returns>
    /// <exception cref="MeshException">It is not there, failed, or did not come to an end.</exception>
    public static async Task<string> RunAsync(string tool, IEnumerable<string> arguments, string? input = null)
    {
        var start = new ProcessStartInfo(tool, arguments)
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
            throw new MeshException($"The tool '{start.FileName}' is needed here, and is not installed.", missing);
        }
    }
}
