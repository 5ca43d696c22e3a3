using System.Text;

namespace Sojourn.Kinds.Agents.Processes;

/// <summary>
/// Whose a process is. It stands in the environment of each child, and what the child starts inherits it, so that the
/// processes of a session are found whatever became of their parents.
/// </summary>
/// <param name="Session">An opaque text that names the session; not empty, without NUL.</param>
/// <param name="Instance">An opaque text that names the server whose session it is; not empty, without NUL.</param>
internal sealed record ProcessMarker(string Session, string Instance)
{
    public const string SessionVariable = "SOJOURN_SESSION", InstanceVariable = "SOJOURN_INSTANCE";

    private static readonly byte[] SessionPrefix = Encoding.UTF8.GetBytes(SessionVariable + "=");
    private static readonly byte[] InstancePrefix = Encoding.UTF8.GetBytes(InstanceVariable + "=");

    /// <summary>Reads it from an environment as the kernel shows it: <c>NAME=value</c>, a NUL after each.</summary>
    /// <returns>Null if one of the two variables is not there.</returns>
    public static ProcessMarker? Read(ReadOnlySpan<byte> environment)
    {
        string? session = null, instance = null;
        foreach (var range in environment.Split((byte)0))
        {
            var entry = environment[range];
            session ??= Value(entry, SessionPrefix);
            instance ??= Value(entry, InstancePrefix);
        }

        return session is null || instance is null ? null : new ProcessMarker(session, instance);
    }

    private static string? Value(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> prefix) =>
        entry.StartsWith(prefix) ? Encoding.UTF8.GetString(entry[prefix.Length..]) : null;
}
