using System.Globalization;
using Sojourn.Kinds.Agents.Processes;

namespace Sojourn.Tests.Agents;

/// <summary>What a process holds of the system: descriptors by what they are, and children, ended ones too.</summary>
internal static class HeldByServer
{
    /// <summary>A line for each kind of thing with how many there are; compare two of the same process.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="data">Its data directory: how many files its store holds open there is the store's affair.</param>
    public static string Of(int pid, string data)
    {
        string[] store = [Path.Combine(data, "sojourn.db"), Path.Combine(data, "journal")];
        var descriptors = Descriptors(pid)
            // The runtime opens libraries when it first needs them.
            .Where(target => Path.GetExtension(target) is not (".dll" or ".so")
                && !store.Any(file => target.StartsWith(file, StringComparison.Ordinal)))
            .Select(target => target.StartsWith('/') ? target : target.Split(":[")[0])
            .Select(target => target.StartsWith("/dev/", StringComparison.Ordinal)
                ? target.TrimEnd("0123456789".ToCharArray()) : target)
            .GroupBy(target => target, StringComparer.Ordinal)
            .Select(same => $"{same.Count()} × {same.Key}")
            .Order(StringComparer.Ordinal);
        var children = ProcessTable.All().Where(entry => entry.Parent == pid)
            .Select(entry => $"child {entry.Name} ({entry.State})").Order(StringComparer.Ordinal);
        return string.Join('\n', [.. descriptors, .. children]);
    }

    public static int SocketsOf(int pid) =>
        Descriptors(pid).Count(target => target.StartsWith("socket:", StringComparison.Ordinal));

    private static IEnumerable<string> Descriptors(int pid) => Directory
        .EnumerateFileSystemEntries(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/fd"))
        .Select(TargetOf)
        .OfType<string>();

    private static string? TargetOf(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget;
        }
        catch (IOException)
        {
            // It was closed meanwhile.
            return null;
        }
    }
}
