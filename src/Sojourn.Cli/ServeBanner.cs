using System.Reflection;

namespace Sojourn.Cli;

/// <summary>What the server says to the person who started it.</summary>
internal static class ServeBanner
{
    /// <summary>Where everything is. The key itself is not for screens.</summary>
    public static void Greet(
        TextWriter output, ICollection<string> urls, string directory, ServeKeyFile key, string generator,
        string? console)
    {
        var version = Assembly.GetExecutingAssembly().GetName().Version?.ToString(3);
        output.WriteLine($"Sojourn {version} listens on {string.Join(" and ", urls)}");
        output.WriteLine($"  data: {directory}");
        output.WriteLine($"  key:  {key.Path}{(key.IsNew ? " (made just now)" : "")}");
        output.WriteLine($"  storyboards: {generator}");
        if (console is not null)
            output.WriteLine($"  console: {ServeAddresses.Reachable(urls.First())}{console}  (good once)");
        output.WriteLine("  stop: Ctrl-C");
        output.Flush();
    }

    /// <summary>Warns of what others can reach.</summary>
    public static void Warn(TextWriter error, IEnumerable<string> urls)
    {
        foreach (var url in urls.Where(url => !ServeAddresses.IsLoopback(url)))
        {
            error.WriteLine($"sojourn: warning: {url} can be reached from other machines, over plain HTTP: whoever "
                + "sees the traffic sees the key. "
                + "Put a proxy with HTTPS before it, and name its host in Server:AllowedHosts.");
        }
    }

    /// <summary>Tells what a stop left behind.</summary>
    /// <returns>True if everything is saved.</returns>
    public static bool Report(TextWriter error, StopReport report)
    {
        if (report.StillDriven.Count > 0)
        {
            error.WriteLine($"sojourn: still at work when the time was over, to be taken up again at the next start: "
                + string.Join(", ", report.StillDriven));
        }

        if (report.Unsaved.Count > 0)
        {
            error.WriteLine(
                "sojourn: NOT SAVED, the newest acknowledged steps of: " + string.Join(", ", report.Unsaved));
        }

        error.WriteLine(report.Unsaved.Count == 0 ? "sojourn: stopped." : "sojourn: stopped, with losses.");
        return report.Unsaved.Count == 0;
    }
}
