using System.Text;
using System.Text.Json;
using Sojourn.Cli;

namespace Sojourn.Tests.Cli;

/// <summary>One call of the program inside the test, with everything it wrote.</summary>
internal sealed record CliRun(int ExitCode, string Out, string Error)
{
    public JsonElement Json => JsonElement.Parse(Out);

    public JsonElement ErrorJson => JsonElement.Parse(Error);

    public static Task<CliRun> OfAsync(Uri server, params string[] args) =>
        OfAsync(new CliSurroundings { Server = server }, args);

    public static async Task<CliRun> OfAsync(CliSurroundings around, params string[] args)
    {
        var terminal = new Terminal
        {
            Out = around.Out,
            Error = around.Error,
            OpenInput = () => around.InputStream ?? new MemoryStream(around.Input),
            OpenOutput = () => around.OutBytes,
            Environment = name => around.Environment.GetValueOrDefault(name),
            IsScreen = around.IsScreen,
            Show = around.Show,
            Keys = around.Keys,
            Size = () => around.Size,
            Tune = options =>
            {
                options.RetryFor = TimeSpan.Zero;
                options.FirstRetryDelay = TimeSpan.FromMilliseconds(2);
                options.MaxRetryDelay = TimeSpan.FromMilliseconds(20);
                options.HttpMessageHandler = around.Carrier;
            },
        };
        string[] all = around.Server is { } url ? [.. args, "--url", url.ToString()] : args;
        var code = await new SojournCli(terminal).RunAsync(all, around.Stop);
        return new CliRun(code, around.Out.ToString(), around.Error.ToString());
    }
}

/// <summary>What surrounds a <see cref="CliRun"/>.</summary>
internal sealed class CliSurroundings
{
    public Uri? Server { get; init; }

    public StringWriter Out { get; init; } = new CapturedText();

    public CapturedText Error { get; } = new();

    /// <summary>What was written that is no text; still readable after it was closed.</summary>
    public MemoryStream OutBytes { get; } = new();

    public byte[] Input { get; init; } = [];

    /// <summary>What is read instead, if it is not of one piece.</summary>
    public Stream? InputStream { get; init; }

    public string InputText
    {
        init => Input = Encoding.UTF8.GetBytes(value);
    }

    /// <summary>A directory without a key, so that no test reads the developer's own.</summary>
    public Dictionary<string, string> Environment { get; init; } = new()
    {
        ["SOJOURN_KEY"] = "secret",
        ["SOJOURN_DATA"] = Path.Combine(Path.GetTempPath(), "sojourn-test-none"),
    };

    /// <summary>Carries requests to servers that are not on this machine; null for a socket.</summary>
    public HttpMessageHandler? Carrier { get; init; }

    public bool IsScreen { get; init; }

    /// <summary>The keyboard; null for none.</summary>
    public Action<Action<ConsoleKeyInfo>>? Keys { get; init; }

    public (int Width, int Height) Size { get; init; } = (80, 24);

    /// <summary>The browser: says whether it could show a file.</summary>
    public Func<string, bool> Show { get; init; } = _ => false;

    public CancellationToken Stop { get; init; }
}
