using System.Security.Cryptography;
using System.Text;

namespace Sojourn.Kinds.Agents.Driving;

/// <summary>
/// One living program a conversation: two would both write its history, and the last one wins. Held by files, so that
/// another server of the same user keeps to it too; the system lets go of them when a process dies.
/// </summary>
/// <param name="directories">Where the files are: in the first of these in which they can be made.</param>
internal sealed class ConversationLocks(params IReadOnlyList<string> directories)
{
    private const UnixFileMode OwnersOnly =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>
    /// Beside what agents keep, which is in the user's home: all servers that can reach one history share its locks,
    /// whatever their data directories are, and whoever started them. Null for a user without a home.
    /// </summary>
    public static string? OfUser
    {
        get
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
            return Path.IsPathRooted(state) ? Path.Combine(state, "sojourn", "conversations")
                : Path.IsPathRooted(home) ? Path.Combine(home, ".local", "state", "sojourn", "conversations")
                : null;
        }
    }

    /// <summary>Locks a conversation.</summary>
    /// <returns>What lets go of it when disposed of; null if another program has it.</returns>
    /// <exception cref="AgentProgramException">It could not be found out.</exception>
    public IDisposable? TryTake(AgentProtocol protocol, string conversation)
    {
        // Conversations are named by agents: their names are no file names.
        var name = Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{protocol}/{conversation}")))[..32];
        Exception? failure = null;
        foreach (var directory in directories)
        {
            try
            {
                return Open(directory, name);
            }
            catch (IOException taken) when (IsInUse(taken))
            {
                return null;
            }
            catch (Exception cannot) when (cannot is IOException or UnauthorizedAccessException)
            {
                // A home may be missing, or be for reading alone.
                failure = cannot;
            }
        }

        throw new AgentProgramException(
            $"Whether another program has the conversation open cannot be found out: {failure?.Message}");
    }

    private static FileStream Open(string directory, string name)
    {
        MakeOwn(directory);
        var path = Path.Combine(directory, name);
        while (true)
        {
            var file = new FileStream(
                path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            // Who had it removes it, then lets go: what was opened in between is locked, but nobody else finds it.
            if (File.Exists(path))
                return file;
            file.Dispose();
        }
    }

    private static void MakeOwn(string directory)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(directory);
        else
            Directory.CreateDirectory(directory, OwnersOnly);
    }

    private static bool IsInUse(IOException failure)
    {
        const int SharingViolation = unchecked((int)0x80070020);
        const int WouldBlockOnLinux = 11;
        return failure.HResult == (OperatingSystem.IsWindows() ? SharingViolation : WouldBlockOnLinux);
    }
}

/// <summary>
/// The conversations that one program has open: mostly one, known before it starts or once it is ready.
/// </summary>
/// <remarks>Not for several threads at once.</remarks>
internal sealed class HeldConversations(ConversationLocks locks, AgentProtocol protocol) : IDisposable
{
    private readonly Dictionary<string, IDisposable> _held = new(StringComparer.Ordinal);

    /// <summary>Locks a conversation until this is disposed of; again does nothing.</summary>
    /// <returns>False if another program has it.</returns>
    /// <exception cref="AgentProgramException">It could not be found out.</exception>
    public bool TryTake(string conversation)
    {
        if (_held.ContainsKey(conversation))
            return true;
        if (locks.TryTake(protocol, conversation) is not { } held)
            return false;
        _held.Add(conversation, held);
        return true;
    }

    public void Dispose()
    {
        foreach (var held in _held.Values)
        {
            held.Dispose();
        }
    }
}
