using System.CommandLine;

namespace Sojourn.Cli.Verbs;

internal static class ServeVerb
{
    public static Verb Create(GlobalOptions globals, Terminal terminal)
    {
        var urls = new Option<string?>("--urls")
        {
            Description = "Where to listen [the same as --url]; several are separated by semicolons",
            HelpName = "URL",
        };
        var config = new Option<string?>("--config")
        {
            Description = "A JSON file with further settings, such as the models that make storyboards",
            HelpName = "FILE",
        };
        var otlp = new Option<string?>("--otlp")
        {
            Description = "A collector to send metrics, traces and logs to [OTEL_EXPORTER_OTLP_ENDPOINT, or nowhere]",
            HelpName = "URL",
        };
        var verb = new Verb(
            "serve", "Starts the server and keeps it running until Ctrl-C.",
            "sojourn serve --data ./data --urls http://127.0.0.1:7707") { urls, config, otlp };
        verb.SetAction(async (parse, stop) =>
        {
            var settings = new ServeSettings(
                Path.GetFullPath(globals.DataDirectory(parse, terminal)),
                parse.GetValue(urls) ?? globals.Url(parse, terminal).OriginalString,
                parse.GetValue(config) is { } file ? Existing(file) : null,
                ServeCollector.Find(parse.GetValue(otlp), terminal.Environment));
            return await ServerHost.RunAsync(settings, stop);
        });
        return verb;
    }

    private static string Existing(string file) => File.Exists(file)
        ? Path.GetFullPath(file) : throw new UsageException($"--config: there is no file '{file}'.");
}
