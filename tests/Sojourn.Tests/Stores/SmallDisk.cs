using System.Diagnostics;

namespace Sojourn.Tests.Stores;

/// <summary>A real file system of a few megabytes, in memory, that can really be full.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    public static SmallDisk Mount(string size)
    {
        var path = Directory.CreateTempSubdirectory("sojourn-disk-").FullName;
        var error = Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", path);
        return error is null ? new SmallDisk(path) : throw new InvalidOperationException($"mount failed: {error}");
    }

    /// <summary>Null if this process may mount; otherwise why it may not.</summary>
    public static string? WhyNot()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return "needs Linux and root, to mount a small file system";
        }

        try
        {
            Mount("64k").Dispose();
            return null;
        }
        catch (InvalidOperationException refused)
        {
            return refused.Message;
        }
    }

    public void Dispose()
    {
        Run("umount", Path);
        Directory.Delete(Path);
    }

    private static string? Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : error;
    }
}

/// <summary>
/// A test that needs a <see cref="SmallDisk"/>, and is skipped with the reason where there cannot be one.
/// </summary>
internal sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute() => Skip = SmallDisk.WhyNot();
}
