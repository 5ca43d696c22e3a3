using Sojourn.Cli.Explorer;
using Spectre.Console;

namespace Sojourn.Cli;

/// <summary>Where the program reads and writes, and what surrounds it; tests bring their own.</summary>
internal sealed class Terminal
{
    // Wide enough for tables in files and pipes, where nobody knows how wide they will be shown.
    private const int WidthOfFiles = 160;

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public required Func<Stream> OpenInput { get; init; }

    /// <summary>What <see cref="Out"/> writes to, for what is no text.</summary>
    public Func<Stream> OpenOutput { get; init; } = Console.OpenStandardOutput;

    /// <summary>Reads an environment variable; null if it is not set.</summary>
    public required Func<string, string?> Environment { get; init; }

    /// <summary>Whether <see cref="Out"/> is a screen on which lines can be drawn again.</summary>
    public bool IsScreen { get; init; }

    /// <summary>Columns and rows of the screen, as they are now.</summary>
    public Func<(int Width, int Height)> Size { get; init; } = () => (80, 24);

    /// <summary>
    /// Has each key that is pressed told from now on; null if there is no keyboard, as behind a pipe.
    /// </summary>
    public Action<Action<ConsoleKeyInfo>>? Keys { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Has a browser show a file; false if it cannot.</summary>
    public Func<string, bool> Show { get; init; } = _ => false;

    /// <summary>Last word on how the server is reached.</summary>
    public Action<Sojourn.Client.SojournClientOptions> Tune { get; init; } = _ => { };

    public static Terminal OfThisProcess() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        OpenInput = Console.OpenStandardInput,
        Environment = System.Environment.GetEnvironmentVariable,
        Show = file => Browser.TryShow(file, System.Environment.GetEnvironmentVariable),
        Size = () => (Math.Max(1, Console.WindowWidth), Math.Max(1, Console.WindowHeight)),
        Keys = Console.IsInputRedirected ? null : Keyboard.ReadKeys,
        IsScreen = !Console.IsOutputRedirected && System.Environment.GetEnvironmentVariable("TERM") != "dumb",
    };

    public IAnsiConsole Drawing(bool noColor) => Drawing(noColor, Out);

    /// <summary>Draws as on this terminal, but writes elsewhere.</summary>
    public IAnsiConsole Drawing(bool noColor, TextWriter output)
    {
        var plain = noColor || !IsScreen || !string.IsNullOrEmpty(Environment("NO_COLOR"));
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = IsScreen ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = IsScreen ? InteractionSupport.Yes : InteractionSupport.No,
        });
        if (!IsScreen)
            console.Profile.Width = WidthOfFiles;
        return console;
    }
}
