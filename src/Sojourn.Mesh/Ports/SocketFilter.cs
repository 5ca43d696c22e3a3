using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Sojourn.Mesh.Ports;

/// <summary>
/// Programs of classic BPF, by which Linux keeps back what a socket is not to see. What was on its way before the
/// program was there still comes.
/// </summary>
internal static class SocketFilter
{
    private const int SocketLevel = 1, AttachFilter = 26;

    /// <summary>Gives a socket a program, in place of the one it has.</summary>
    /// <exception cref="SocketException">It is refused.</exception>
    public static unsafe void Attach(Socket socket, ReadOnlySpan<FilterStep> steps)
    {
        fixed (FilterStep* first = steps)
        {
            var program = new Program { Length = (ushort)steps.Length, First = (nint)first };
            socket.SetRawSocketOption(
                SocketLevel, AttachFilter, MemoryMarshal.AsBytes(new ReadOnlySpan<Program>(in program)));
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Program
    {
        public ushort Length;
        public nint First;
    }
}

/// <summary>A step of a program of BPF, as the kernel has it.</summary>
/// <param name="Code">What it does.</param>
/// <param name="IfTrue">How many steps to pass over, of a comparison that holds.</param>
/// <param name="IfFalse">And of one that does not.</param>
/// <param name="Operand">What it takes.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct FilterStep(ushort Code, byte IfTrue, byte IfFalse, uint Operand);
