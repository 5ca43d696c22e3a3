using System.Text;
using Sojourn.Kinds.Agents;
using Sojourn.Kinds.Agents.Screens;

namespace Sojourn.Tests.Agents.Screens;

/// <summary>What is written to a screen, piece by piece, and to xterm.js likewise.</summary>
internal sealed record XtermCase(string Name, TerminalSize Size, IReadOnlyList<XtermStep> Steps)
{
    /// <summary>Small, so that lines get lost.</summary>
    public int Scrollback { get; init; } = 30;

    /// <summary>What comes after the snapshot was taken.</summary>
    public IReadOnlyList<XtermStep> Tail { get; init; } = [];

    public static XtermCase Of(string name, string text, string tail = "", int columns = 20, int rows = 6) =>
        new(name, new TerminalSize(columns, rows), [XtermStep.Of(text)])
        {
            Tail = tail.Length == 0 ? [] : [XtermStep.Of(tail)],
        };
}

/// <summary>Bytes, or a new size.</summary>
internal sealed record XtermStep(byte[] Bytes, TerminalSize? Size)
{
    public static XtermStep Of(string text) => new(Encoding.UTF8.GetBytes(text), null);

    public static XtermStep To(int columns, int rows) => new([], new TerminalSize(columns, rows));

    /// <summary>Takes the step on a screen.</summary>
    /// <returns>The step as those see it who read the log.</returns>
    public XtermStep Take(Screen screen, ScreenOutput output)
    {
        if (Size is { } size)
        {
            screen.Resize(size);
            return this;
        }

        output.Clear();
        screen.Write(Bytes, output);
        return new XtermStep(output.Log.ToArray(), null);
    }
}
