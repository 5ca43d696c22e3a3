using System.ComponentModel;
using System.Diagnostics;

namespace Sojourn.Cli;

/// <summary>The browser of the person at the screen.</summary>
internal static class Browser
{
    /// <summary>Has it show a file.</summary>
    /// <param name="file">A full path.</param>
    /// <param name="environment">Reads an environment variable; null if it is not set.</param>
    /// <returns>False if there is no screen, or nothing that could be asked.</returns>
    public static bool TryShow(string file, Func<string, string?> environment)
    {
        if (OperatingSystem.IsWindows())
            return TryStart(new ProcessStartInfo(file) { UseShellExecute = true });
        if (OperatingSystem.IsMacOS())
            return TryStart(new ProcessStartInfo("/usr/bin/open", [file]));

        var hasScreen = environment("DISPLAY") is { Length: > 0 } || environment("WAYLAND_DISPLAY") is { Length: > 0 };
        return hasScreen && Find("xdg-open", environment("PATH")) is { } opener
            && TryStart(new ProcessStartInfo(opener, [file]));
    }

    private static string? Find(string program, string? path) => (path ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);

    private static bool TryStart(ProcessStartInfo start)
    {
        try
        {
            using var opener = Process.Start(start);
            return true;
        }
        catch (Win32Exception)
        {
            // The system knows nothing that could show it; the caller says the link instead.
            return false;
        }
    }
}
