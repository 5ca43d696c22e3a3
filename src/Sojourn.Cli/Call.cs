using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sojourn.Cli;

using Sojourn.Client;

/// <summary>One call of the program: what was asked for, and where the answer goes.</summary>
internal sealed class Call(ParseResult parse, GlobalOptions globals, Terminal terminal) : IDisposable
{
    private readonly Lazy<SojournClient> _client = new(() => globals.Connect(parse, terminal));
    private readonly Lazy<IAnsiConsole> _console = new(() => terminal.Drawing(globals.NoColor(parse)));

    public ParseResult Parse => parse;

    public GlobalOptions Globals => globals;

    public Terminal Terminal => terminal;

    public SojournClient Client => _client.Value;

    public IAnsiConsole Console => _console.Value;

    /// <summary>Draws as <see cref="Console"/> does, but writes elsewhere.</summary>
    public IAnsiConsole DrawingTo(TextWriter output) => terminal.Drawing(globals.NoColor(parse), output);

    public bool Json => globals.Json(parse);

    /// <summary>A command for the user to copy, reaching the same server as this call.</summary>
    public string Hint(string words) => $"sojourn {words}{globals.Repeated(parse)}";

    /// <summary>A line for people.</summary>
    public void Say(string text) => terminal.Out.WriteLine(PlainText.Line(text));

    /// <summary>JSON for people.</summary>
    public void Say(JsonElement json) => terminal.Out.WriteLine(SessionTables.Json(json));

    /// <summary>A table or the like for people.</summary>
    public void Draw(IRenderable picture) => Console.Write(picture);

    /// <summary>The one JSON document of this call.</summary>
    public void Document(object document) =>
        terminal.Out.WriteLine(JsonSerializer.Serialize(document, CliJson.Document));

    /// <summary>One of many lines of JSON, out at once for whoever reads along.</summary>
    public void JsonLine(object line)
    {
        terminal.Out.WriteLine(JsonSerializer.Serialize(line, CliJson.Line));
        terminal.Out.Flush();
    }

    public void Dispose()
    {
        if (_client.IsValueCreated)
            _client.Value.Dispose();
    }
}
