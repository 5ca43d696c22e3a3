using System.Globalization;
using Sojourn.Kinds.Agents.Processes;

namespace Sojourn.Kinds.Agents.Driving;

/// <summary>
/// Names one process of a server to what it starts: the store, the process with its start, and a part that is never the
/// same twice.
/// </summary>
internal static class ServerInstance
{
    public static string New(string store) => ProcessTable.Find(Environment.ProcessId) is { } self
        ? string.Create(CultureInfo.InvariantCulture,
            $"{store}.{self.Pid}.{self.StartTime}.{Guid.NewGuid():N}")
        : $"{store}.{Guid.NewGuid():N}";

    /// <summary>
    /// Whether it is of this store and its server is gone. A store has one server at a time: one that lives serves a
    /// copy of the directory, and its programs are not ours to end.
    /// </summary>
    public static bool IsLeftBehind(string instance, string store, string own)
    {
        var parts = instance.Split('.');
        return parts[0] == store && instance != own && !(parts.Length == 4
            && int.TryParse(parts[1], CultureInfo.InvariantCulture, out var pid)
            && ulong.TryParse(parts[2], CultureInfo.InvariantCulture, out var startTime)
            && pid != Environment.ProcessId
            && ProcessTable.Find(pid) is { IsZombie: false } server && server.StartTime == startTime);
    }
}
