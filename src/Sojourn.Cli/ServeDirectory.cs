namespace Sojourn.Cli;

/// <summary>The data directory, for its owner's eyes only.</summary>
internal static class ServeDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes the directory if it is not there.</summary>
    /// <exception cref="UsageException">It cannot be made or written to.</exception>
    public static void Prepare(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(path);
            else if (!Directory.Exists(path))
                Directory.CreateDirectory(path, OwnerOnly);
            ProveWritable(path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(
                $"The data directory '{path}' cannot be made or written to: {refused.Message} Choose another with "
                + "--data, or change its permissions.", refused);
        }
    }

    // Better now and in one sentence than later, from the depths of the store.
    private static void ProveWritable(string path)
    {
        using var proof = new FileStream(
            Path.Combine(path, $".writable-{Path.GetRandomFileName()}"),
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Options = FileOptions.DeleteOnClose,
            });
        proof.WriteByte(0);
    }
}
