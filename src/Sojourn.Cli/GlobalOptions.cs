using System.CommandLine;
using System.CommandLine.Parsing;
using Sojourn.Cli.Doctor;

namespace Sojourn.Cli;

using Sojourn.Client;

/// <summary>The options that every verb has, and what they mean together with the environment.</summary>
internal sealed class GlobalOptions
{
    // Long enough for a server that restarts, short enough for a person who has forgotten to start one.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Option<string?> _url = new("--url")
    {
        Description = "The server [SOJOURN_URL, or " + SojournClientOptions.DefaultUrl + "]",
        HelpName = "URL",
        Recursive = true,
    };

    private readonly Option<string?> _key = new("--key")
    {
        Description = "Your key [SOJOURN_KEY, or the file `key` of the data directory]; others on this machine can see "
            + "arguments, so prefer the variable",
        HelpName = "KEY",
        Recursive = true,
    };

    private readonly Option<string?> _data = new("--data")
    {
        Description = "The server's data directory [SOJOURN_DATA, or `sojourn` among your local application data]",
        HelpName = "DIR",
        Recursive = true,
    };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Write JSON to standard output, and problems as JSON to standard error",
        Recursive = true,
    };

    private readonly Option<bool> _noColor = new("--no-color")
    {
        Description = "No colours; NO_COLOR=1 does the same",
        Recursive = true,
    };

    public GlobalOptions() => _url.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<string?>() is { } url && ServerUrl(url) is null)
            result.AddError($"--url: '{url}' is no address; it must begin with http:// or https://");
    });

    public void AddTo(Command root)
    {
        root.Add(_url);
        root.Add(_key);
        root.Add(_data);
        root.Add(_json);
        root.Add(_noColor);
    }

    public bool Json(ParseResult parse) => parse.GetValue(_json);

    public bool NoColor(ParseResult parse) => parse.GetValue(_noColor);

    /// <summary>What a command that is to reach the same server needs besides its own words; often nothing.</summary>
    public string Repeated(ParseResult parse) =>
        (parse.GetValue(_url) is { } url ? $" --url {url}" : "")
        + (parse.GetValue(_data) is { } data ? $" --data {Quoted(data)}" : "");

    public string DataDirectory(ParseResult parse, Terminal terminal) =>
        GivenDirectory(parse, terminal) ?? Path.Combine(
            Environment.GetFolderPath(
                Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
            "sojourn");

    /// <param name="parse">What was asked for.</param>
    /// <param name="terminal">What surrounds it.</param>
    /// <param name="usual">The one where none is given; null for this machine's.</param>
    public Uri Url(ParseResult parse, Terminal terminal, Uri? usual = null)
    {
        var text = parse.GetValue(_url) ?? NotEmpty(terminal.Environment("SOJOURN_URL"))
            ?? usual?.AbsoluteUri ?? SojournClientOptions.DefaultUrl;
        return ServerUrl(text) ?? throw new UsageException(
            $"SOJOURN_URL: '{text}' is no address; it must begin with http:// or https://");
    }

    /// <summary>Whether this call, or its surroundings, say which server is meant.</summary>
    public bool NamesServer(ParseResult parse, Terminal terminal) =>
        (parse.GetValue(_url) ?? NotEmpty(terminal.Environment("SOJOURN_URL"))) is not null;

    public SojournClient Connect(ParseResult parse, Terminal terminal)
    {
        var url = Url(parse, terminal);
        var options = new SojournClientOptions
        {
            Url = url,
            Key = FindKey(parse, terminal).Key,
            RetryFor = Patience,
            TimeProvider = terminal.Clock,
        };
        terminal.Tune(options);
        return new SojournClient(options);
    }

    /// <summary>The key that goes with this call's requests, and where it comes from.</summary>
    public KeySource FindKey(ParseResult parse, Terminal terminal)
    {
        var found = parse.GetValue(_key) is { } argument ? new KeySource(argument, KeySource.Argument)
            : NotEmpty(terminal.Environment("SOJOURN_KEY")) is { } variable ? new KeySource(variable, "SOJOURN_KEY")
            : FindStoredKey(parse, terminal);
        return found.Key is { } key && key.Any(c => c is <= ' ' or > '~')
            ? throw new UsageException("The key holds characters that no key has; give it as the server printed it.")
            : found;
    }

    private KeySource FindStoredKey(ParseResult parse, Terminal terminal)
    {
        // The key of this machine's own server is nothing that another machine should be told unasked.
        if (!Url(parse, terminal).IsLoopback && GivenDirectory(parse, terminal) is null)
            return new KeySource(null, "this machine's own key is not told to another machine unasked");

        var file = Path.Combine(DataDirectory(parse, terminal), "key");
        try
        {
            return NotEmpty(File.ReadAllText(file).Trim()) is { } key
                ? new KeySource(key, file, file)
                : new KeySource(null, $"{file} is empty");
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return new KeySource(null, $"{file} is not there");
        }
    }

    private string? GivenDirectory(ParseResult parse, Terminal terminal) =>
        parse.GetValue(_data) ?? NotEmpty(terminal.Environment("SOJOURN_DATA"));

    private static Uri? ServerUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url : null;

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static string Quoted(string text) => text.Contains(' ', StringComparison.Ordinal) ? $"\"{text}\"" : text;
}
