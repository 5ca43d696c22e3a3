using System.Globalization;

namespace Sojourn.Cli.Generate;

using Sojourn.Client;

/// <summary>Where a storyboard goes, and how it gets there.</summary>
internal static class StoryboardFile
{
    private const int Attempts = 6;

    /// <summary>The file that a user named, which may be replaced; null if none was named.</summary>
    public static string? Chosen(string? file)
    {
        if (file is null)
            return null;

        var whole = Path.GetFullPath(file);
        if (Directory.Exists(whole))
            throw new UsageException($"--out: '{file}' is a directory; name a file.");
        if (!Directory.Exists(Path.GetDirectoryName(whole)))
            throw new UsageException($"--out: there is no directory '{Path.GetDirectoryName(whole)}'.");
        return file;
    }

    /// <summary>A name that nobody chose, so it must not replace anything.</summary>
    public static string Unused(string file) => File.Exists(file)
        ? throw new UsageException($"'{file}' is there already; name a file with --out.") : file;

    /// <summary>Downloads the ZIP; a connection that breaks is tried again a few times.</summary>
    public static async Task<long> DownloadAsync(
        SojournClient client, SessionAddress address, string file, CancellationToken stop,
        TimeProvider? clock = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await client.DownloadAsync(address.Kind, address.Id, "storyboard.zip", file, stop);
            }
            catch (SojournConnectionException) when (clock is not null && attempt < Attempts)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100 << attempt), clock, stop);
            }
        }
    }

    public static string Size(long bytes) => bytes switch
    {
        < 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024.0:0.0} MiB"),
    };
}
