namespace Sojourn.Cli.Doctor;

/// <summary>Whether there is a key, where it comes from, and whether others could read it there.</summary>
internal static class KeyCheck
{
    private const string Check = "key";
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite;

    public static Finding Look(Call call)
    {
        var found = call.Globals.FindKey(call.Parse, call.Terminal);
        if (found.Key is null)
        {
            return Finding.Warn(Check, $"There is none: {found.Where}.",
                "Give one with SOJOURN_KEY or --key, or name the server's data directory with --data.");
        }

        if (found.Where == KeySource.Argument)
        {
            return Finding.Warn(Check, "It comes from --key, where others on this machine can see it.",
                "Prefer the variable SOJOURN_KEY.");
        }

        var isOpen = found.File is { } file && !OperatingSystem.IsWindows()
            && (File.GetUnixFileMode(file) & Others) != UnixFileMode.None;
        return isOpen
            ? Finding.Warn(Check, $"Others on this machine can reach {found.File}.",
                $"chmod 600 {found.File}; if any should not have read it, remove it and start the server again.")
            : Finding.Ok(Check, $"It comes from {found.Where}.");
    }
}

/// <summary>A key and where it was found.</summary>
/// <param name="Key">The key; null if there is none.</param>
/// <param name="Where">Where it was found, or why it was not, in words.</param>
/// <param name="File">The file it was read from; null if it was not read from one.</param>
internal sealed record KeySource(string? Key, string Where, string? File = null)
{
    public const string Argument = "--key";
}
