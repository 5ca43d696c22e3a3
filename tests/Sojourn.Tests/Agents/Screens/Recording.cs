using System.Globalization;
using System.Text;
using Sojourn.Kinds.Agents;

namespace Sojourn.Tests.Agents.Screens;

/// <summary>
/// What a real program wrote to a terminal of 80 by 24. The files hold it as text: `\e`, `\r`, `\n`, `\t`, `\\` and
/// `\x07` stand for bytes, and line breaks for nothing.
/// </summary>
internal sealed record Recording(string Name, byte[] Bytes)
{
    public static IReadOnlyList<Recording> All { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(
                Tidy.SourceTree.Here.Root, "tests", "Sojourn.Tests", "Agents", "Screens", "Recorded"))
            .Order(StringComparer.Ordinal)
            .Select(file => new Recording(Path.GetFileNameWithoutExtension(file), Read(File.ReadAllText(file)))),
    ];

    public static TerminalSize Size => new(80, 24);

    /// <summary>The whole, and snapshots on the way: the rest comes after each.</summary>
    public IEnumerable<XtermCase> Cases()
    {
        for (var part = 1; part <= 8; part++)
        {
            var end = Bytes.Length * part / 8;
            yield return new XtermCase($"{Name} {part}/8", Size, [.. Pieces(0, end)])
            {
                Scrollback = 100,
                Tail = [.. Pieces(end, Bytes.Length)],
            };
        }
    }

    private IEnumerable<XtermStep> Pieces(int start, int end)
    {
        const int Piece = 1000;
        for (var at = start; at < end; at += Piece)
        {
            yield return new XtermStep(Bytes[at..Math.Min(end, at + Piece)], null);
        }
    }

    private static byte[] Read(string text)
    {
        var bytes = new MemoryStream();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '\\')
            {
                bytes.Write(text[at] == '\n' ? [] : Encoding.UTF8.GetBytes([text[at]]));
                continue;
            }

            at++;
            bytes.WriteByte(text[at] switch
            {
                'e' => 0x1b,
                'r' => (byte)'\r',
                'n' => (byte)'\n',
                't' => (byte)'\t',
                'x' => byte.Parse(text.AsSpan(at + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                var other => (byte)other,
            });
            at += text[at] == 'x' ? 2 : 0;
        }

        return bytes.ToArray();
    }
}
