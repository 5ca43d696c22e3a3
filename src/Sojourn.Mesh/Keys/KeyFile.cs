namespace Sojourn.Mesh.Keys;

/// <summary>The file with this machine's private key, which nobody else may read from its first moment on.</summary>
internal static class KeyFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        OwnersDirectory = OwnerOnly | UnixFileMode.UserExecute;

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Reads the key; makes one if there is none.</summary>
    /// <exception cref="MeshException">The file holds none, or others can read it.</exception>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public static WireGuardKey Open(string path)
    {
        if (!File.Exists(path))
            Make(path);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != UnixFileMode.None)
        {
            throw new MeshException($"Others can read {path}, and with it be you in every party. Make it yours alone "
                + "(chmod 600), or remove it to be somebody new.");
        }

        return WireGuardKey.Parse(File.ReadAllText(path)) ?? throw new MeshException(
            $"{path} holds no key. Put yours back, or remove the file to be somebody new.");
    }

    /// <summary>Under another name at first: a crash leaves a whole key or none, and two that begin at once agree.
    /// </summary>
    private static void Make(string path)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(directory);
        else
            Directory.CreateDirectory(directory, OwnersDirectory);
        var draft = $"{path}.{Path.GetRandomFileName()}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        try
        {
            using (var file = new FileStream(draft, options))
            {
                file.Write(System.Text.Encoding.ASCII.GetBytes(WireGuardKey.New().ToSecretText() + "\n"));
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Somebody else was first; theirs counts.
        }
        finally
        {
            File.Delete(draft);
        }
    }
}
