using System.Security.Cryptography;
using System.Text;

namespace Sojourn.Kinds.Agents.Driving;

/// <summary>
/// What a store is known by among the processes of this machine. It stands in a file beside the store, so that it stays
/// when the directory is moved, or is reached by another path.
/// </summary>
internal static class StoreName
{
    private const string FileName = "store";
    private const int Digits = 16;

    // One process owns a data directory; within it two may ask at once.
    private static readonly Lock Making = new();

    /// <summary>Reads the name; the first who asks makes it.</summary>
    /// <returns>16 hexadecimal digits.</returns>
    /// <exception cref="SojournException">The file has no name in it.</exception>
    public static string In(string directory)
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, FileName);
        lock (Making)
        {
            if (!File.Exists(path))
                Make(path);
        }

        var name = File.ReadAllText(path).Trim();
        return name.Length == Digits && name.All(char.IsAsciiHexDigitLower) ? name : throw new SojournException(
            $"{path} holds no name: {Digits} hexadecimal digits. Remove the file, and the next start makes a new "
            + "one; what a crashed server left running is then not found any more.");
    }

    // Written under another name first: a crash leaves a whole name or none, and two who start at once agree on one.
    private static void Make(string path)
    {
        var draft = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            using (var file = new FileStream(draft, FileMode.CreateNew, FileAccess.Write))
            {
                file.Write(Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(Digits, lowercase: true) + "\n"));
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Somebody else was first.
        }
        finally
        {
            File.Delete(draft);
        }
    }
}
