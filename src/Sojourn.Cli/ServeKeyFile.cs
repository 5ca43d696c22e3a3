using System.Buffers.Text;
using System.Security.Cryptography;

namespace Sojourn.Cli;

/// <summary>
/// A key of this server, in a file of the data directory: made at the first start, readable by nobody else from its
/// first moment on, and never written anywhere else. <c>key</c> lets clients in, <c>export-key</c> signs what is
/// exported, <c>party-key</c> makes what members of parties are given.
/// </summary>
internal sealed record ServeKeyFile(string Path, string Key, bool IsNew)
{
    private const int KeyBytes = 32, ShortestKey = 16, LongestKey = 256;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <param name="directory">The data directory; it exists.</param>
    /// <param name="warnings">Where to say that others could have read the key.</param>
    /// <param name="name">The file.</param>
    /// <exception cref="UsageException">The file cannot be used.</exception>
    public static ServeKeyFile Open(string directory, TextWriter warnings, string name = "key")
    {
        var path = System.IO.Path.Combine(directory, name);
        try
        {
            var isNew = !File.Exists(path) && TryMake(path);
            Tighten(path, warnings);
            var key = File.ReadAllText(path).Trim();
            return key.Length is >= ShortestKey and <= LongestKey && key.All(c => c is > ' ' and <= '~')
                ? new ServeKeyFile(path, key, isNew)
                : throw new UsageException(
                    $"{path} holds no key: {ShortestKey} to {LongestKey} printable ASCII characters "
                    + "in one line. Remove the file, and the next start makes a new one.");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The key file {path} cannot be used: {refused.Message}", refused);
        }
    }

    // Written under another name and then linked, so that a crash leaves a whole key or none, and two servers that
    // start at once agree on one.
    private static bool TryMake(string path)
    {
        var draft = $"{path}.{System.IO.Path.GetRandomFileName()}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        try
        {
            using (var file = new FileStream(draft, options))
            {
                file.Write(Base64Url.EncodeToUtf8(RandomNumberGenerator.GetBytes(KeyBytes)));
                file.WriteByte((byte)'\n');
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static void Tighten(string path, TextWriter warnings)
    {
        if (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & Others) == UnixFileMode.None)
            return;

        File.SetUnixFileMode(path, OwnerOnly);
        warnings.WriteLine($"sojourn: others on this machine could read {path}; now they cannot. If any should not "
            + "have, remove the file and start again: that makes a new key.");
    }
}
