using System.Runtime.InteropServices;

namespace Sojourn.Kinds.Generation.Text;

/// <summary>A part of a text.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Span(int Start, int End)
{
    public int Length => End - Start;

    public string In(string text) => text[Start..End];
}
