using System.Globalization;

namespace Sojourn.Kinds.Agents.Driving;

/// <summary>
/// How much memory programs can have: the machine's, or what a container or a service is left of its own.
/// </summary>
internal static class FreeMemory
{
    /// <summary>In bytes, as Linux tells it; null if it does not.</summary>
    public static long? Read() => Read("/");

    /// <param name="root">The directory in which <c>proc</c> and <c>sys</c> are.</param>
    public static long? Read(string root) => Groups(root).Select(OfGroup).Append(OfMachine(root)).Min();

    private static long? OfMachine(string root) =>
        Field(Path.Combine(root, "proc/meminfo"), "MemAvailable:") is { } kilobytes ? kilobytes << 10 : null;

    /// <summary>
    /// The directories of the control groups that this process is in, with those above them, each of which may have a
    /// limit. In a container those above are not shown, and may be named all the same.
    /// </summary>
    private static IEnumerable<string> Groups(string root)
    {
        var all = Path.Combine(root, "sys/fs/cgroup");
        foreach (var line in Lines(Path.Combine(root, "proc/self/cgroup")))
        {
            // Number, controllers, path; the second version has no controllers here.
            var parts = line.Split(':', 3);
            if (parts.Length < 3 || (parts[1].Length > 0 && !parts[1].Split(',').Contains("memory")))
                continue;
            var top = parts[1].Length == 0 ? all : Path.Combine(all, "memory");
            var names = parts[2].Split('/', StringSplitOptions.RemoveEmptyEntries);
            for (var depth = names.Contains("..") ? 0 : names.Length; depth >= 0; depth--)
            {
                yield return Path.Combine([top, .. names[..depth]]);
            }
        }
    }

    /// <summary>Null if it has no limit. What it only keeps of files, the system takes back when it must.</summary>
    private static long? OfGroup(string directory)
    {
        var limit = Number(directory, "memory.max") ?? Number(directory, "memory.limit_in_bytes");
        var used = Number(directory, "memory.current") ?? Number(directory, "memory.usage_in_bytes");
        var stat = Path.Combine(directory, "memory.stat");
        var files = Field(stat, "total_inactive_file") ?? Field(stat, "inactive_file") ?? 0;
        return limit - used is { } rest ? Math.Max(0, rest + Math.Min(files, used!.Value)) : null;
    }

    private static long? Number(string directory, string name) =>
        Whole(Lines(Path.Combine(directory, name)).FirstOrDefault());

    private static long? Field(string path, string name) => Whole(Lines(path)
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .FirstOrDefault(parts => parts.Length > 1 && parts[0] == name)?[1]);

    private static long? Whole(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // Groups come and go, and some files are not for everybody.
    private static string[] Lines(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllLines(path) : [];
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
