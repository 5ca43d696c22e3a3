using System.Runtime.InteropServices;

namespace Sojourn.Cli.Agents;

/// <summary>
/// The terminal of this process without manners of its own: each key goes through as it is, Ctrl-C too. As it was
/// before once this is disposed of.
/// </summary>
internal sealed partial class RawTerminal : IDisposable
{
    private const int Input = 0, Now = 0;

    // Larger than any system's; what is in it is the system's business.
    private const int StateBytes = 256;

    private readonly byte[] _before;

    private RawTerminal(byte[] before) => _before = before;

    /// <returns>Null if there is no terminal, or this system has none of this sort.</returns>
    public static RawTerminal? TryEnter()
    {
        if (OperatingSystem.IsWindows() || Console.IsInputRedirected)
            return null;
        // Whatever the runtime does with the terminal it is to have done before.
        _ = Console.KeyAvailable;
        var state = new byte[StateBytes];
        if (Get(Input, ref state[0]) != 0)
            return null;
        var raw = (byte[])state.Clone();
        MakeRaw(ref raw[0]);
        return Set(Input, Now, ref raw[0]) == 0 ? new RawTerminal(state) : null;
    }

    /// <summary>The keys as they are pressed; the runtime's own stream would wait for whole lines.</summary>
    public static Stream OpenKeyboard() =>
        new FileStream(new Microsoft.Win32.SafeHandles.SafeFileHandle(Input, ownsHandle: false), FileAccess.Read, 0);

    public void Dispose() => _ = Set(Input, Now, ref _before[0]);

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int Get(int terminal, ref byte state);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    private static partial int Set(int terminal, int when, ref byte state);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    private static partial void MakeRaw(ref byte state);
}
