namespace Sojourn.Cli;

/// <summary>
/// Backups without a server: these two belong to whoever runs one, and are for when none runs. They never touch the
/// data directory of a running server.
/// </summary>
internal static class ServeBackups
{
    /// <exception cref="UsageException">It cannot be done; nothing was left behind.</exception>
    public static async Task<RestoredBackup> RestoreAsync(string backup, string directory, CancellationToken stop)
    {
        try
        {
            var report = await SqliteBackups.RestoreAsync(Path.GetFullPath(backup), directory, stop);
            return new(report.Sessions, report.Entries, report.Damaged, []) { Directory = report.Directory };
        }
        catch (SojournException no)
        {
            throw new UsageException(no.Message, no);
        }
    }

    /// <exception cref="UsageException">The backup is not whole.</exception>
    public static async Task<RestoredBackup> DrillAsync(string backup, CancellationToken stop)
    {
        try
        {
            var report = await SqliteBackups.DrillAsync(Path.GetFullPath(backup), stop);
            return new(report.Sessions, report.Entries, report.Damaged, report.Differences);
        }
        catch (SojournException no)
        {
            throw new UsageException(no.Message, no);
        }
    }
}

/// <summary>What came out of a backup.</summary>
/// <param name="Sessions">Sessions restored.</param>
/// <param name="Entries">Entries of their streams restored.</param>
/// <param name="Damaged">A sentence for each record that was damaged when the backup was made.</param>
/// <param name="Differences">A sentence for each session that is not as it is in the backup.</param>
internal sealed record RestoredBackup(
    long Sessions, long Entries, IReadOnlyList<string> Damaged, IReadOnlyList<string> Differences)
{
    /// <summary>Where it lies now; null if it was only tried.</summary>
    public string? Directory { get; init; }
}
