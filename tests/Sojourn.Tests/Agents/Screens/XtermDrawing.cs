using System.Globalization;
using System.Text.Json;
using Sojourn.Kinds.Agents.Screens;
using Sojourn.Tests.Streams;

namespace Sojourn.Tests.Agents.Screens;

/// <summary>One case, drawn by our screens and by xterm.js.</summary>
internal sealed record XtermDrawing(XtermCase Case, string Ours, string OursLater, byte[] Snapshot)
{
    /// <summary>What xterm.js shows.</summary>
    public string Drawn { get; private init; } = "";

    /// <summary>Whether the screen held, at its snapshot, what no sequence can draw; see the dump.</summary>
    public bool IsTorn { get; private init; }

    /// <summary>What a fresh one shows that got the snapshot.</summary>
    public string Copied { get; private init; } = "";

    public string Later { get; private init; } = "";

    public string LaterCopied { get; private init; } = "";

    /// <summary>What xterm.js failed with.</summary>
    public string Error { get; private init; } = "";

    /// <summary>The bytes of xterm.js's own snapshot.</summary>
    public int OwnSnapshot { get; private init; }

    /// <summary>Draws all cases with both, in one process of Node.js.</summary>
    public static async Task<IReadOnlyList<XtermDrawing>> DrawAsync(IEnumerable<XtermCase> cases)
    {
        var drawings = new List<XtermDrawing>();
        var jobs = new List<string>();
        foreach (var each in cases)
        {
            drawings.Add(DrawOurs(each, out var job));
            jobs.Add(job);
        }

        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(file, jobs);
            var lines = await RunAsync(file);
            lines.Count.ShouldBe(drawings.Count);
            return [.. drawings.Zip(lines, (drawing, line) => drawing.With(JsonElement.Parse(line)))];
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The first difference, told so that one finds it; null if there is none.</summary>
    public string? Difference() =>
        Error.Length > 0 ? $"{Case.Name}: xterm.js failed: {Error}"
        : Differ("after the output", Drawn, Ours)
            ?? Differ("later", Later, OursLater)
            ?? Differ("in a fresh terminal after the snapshot", Drawn, IsTorn ? Drawn : Copied)
            ?? Differ("later in the fresh terminal", Later, IsTorn ? Later : LaterCopied);

    private string? Differ(string when, string expected, string actual)
    {
        if (expected == actual)
        {
            return null;
        }

        var (wanted, got) = (expected.Split('\n'), actual.Split('\n'));
        var line = Enumerable.Range(0, Math.Max(wanted.Length, got.Length))
            .First(index => wanted.ElementAtOrDefault(index) != got.ElementAtOrDefault(index));
        return $"{Case.Name} {when}, line {line}:\n  xterm.js {wanted.ElementAtOrDefault(line)}\n"
            + $"  got      {got.ElementAtOrDefault(line)}";
    }

    private XtermDrawing With(JsonElement answer)
    {
        string Text(string name) => answer.TryGetProperty(name, out var value) ? value.GetString()! : "";

        return this with
        {
            Drawn = Text("drawn"),
            Copied = Text("copied"),
            Later = Text("later"),
            LaterCopied = Text("laterCopied"),
            Error = Text("error"),
            OwnSnapshot = answer.TryGetProperty("own", out var own) ? own.GetInt32() : 0,
        };
    }

    private static XtermDrawing DrawOurs(XtermCase given, out string job)
    {
        var screen = new Screen(given.Size, given.Scrollback);
        var output = new ScreenOutput();
        var steps = given.Steps.Select(step => step.Take(screen, output)).ToList();
        var ours = ScreenDump.Of(screen);
        var isTorn = ScreenDump.IsTorn(screen);
        var snapshot = screen.Snapshot();
        var tail = given.Tail.Select(step => step.Take(screen, output)).ToList();
        job = JsonSerializer.Serialize(new
        {
            name = given.Name,
            size = (int[])[given.Size.Columns, given.Size.Rows],
            scrollback = given.Scrollback,
            steps = steps.Select(Write),
            snapshot = Convert.ToBase64String(snapshot),
            tail = tail.Select(Write),
        });
        return new XtermDrawing(given, ours, ScreenDump.Of(screen), snapshot) { IsTorn = isTorn };
    }

    private static object Write(XtermStep step) => step.Size is { } size
        ? new { resize = (int[])[size.Columns, size.Rows] }
        : new { write = Convert.ToBase64String(step.Bytes) };

    private static async Task<IReadOnlyList<string>> RunAsync(string file)
    {
        using var node = NodeFactAttribute.StartIn("Xterm", ["draw.mjs", file]);
        var complaints = node.StandardError.ReadToEndAsync();
        var said = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        (await complaints).ShouldBeEmpty();
        node.ExitCode.ShouldBe(0, string.Create(CultureInfo.InvariantCulture, $"{said.Length} bytes came before."));
        return said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
