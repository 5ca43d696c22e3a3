using System.CommandLine;
using System.Net;

namespace Sojourn.Cli.Verbs;

using Sojourn.Client;

internal static class ConsoleVerb
{
    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) Create()
    {
        var open = new Option<bool>("--open") { Description = "Have the browser open it, if there is a screen" };
        var verb = new Verb(
            "console", "Prints a link that logs a browser in to the console, once.",
            "sojourn console", "sojourn console --open") { open };
        return (verb, RunAsync);

        async Task<int> RunAsync(Call call, CancellationToken stop)
        {
            var link = await call.Client.MakeConsoleLinkAsync(stop);
            var isOpened = call.Parse.GetValue(open) && TryShow(call.Terminal, link);
            if (call.Json)
            {
                call.Document(new { url = link.Url.AbsoluteUri, expiresAt = link.ExpiresAt, opened = isOpened });
                return ExitCodes.Done;
            }

            call.Say(link.Url.AbsoluteUri);
            var minutes = Math.Max(1, (link.ExpiresAt - call.Terminal.Clock.GetUtcNow()).TotalMinutes);
            // Beside the link, so that `$(sojourn console)` holds nothing else.
            await call.Terminal.Error.WriteLineAsync(isOpened
                ? "The browser opens it. It is good once."
                : $"It is good once, for {minutes:0} minutes.");
            return ExitCodes.Done;
        }
    }

    // In a file that nobody else can read: others on this machine can see what a program is called with. It is left
    // behind for a browser, which reads it later and so uses up the link in it; but not without one.
    private static bool TryShow(Terminal terminal, ConsoleLink link)
    {
        var page = WritePage(link);
        var isShown = terminal.Show(page);
        if (!isShown)
            File.Delete(page);
        return isShown;
    }

    private static string WritePage(ConsoleLink link)
    {
        var address = WebUtility.HtmlEncode(link.Url.AbsoluteUri);
        var path = Path.Combine(Path.GetTempPath(), $"sojourn-{Path.GetRandomFileName()}.html");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new StreamWriter(path, options);
        file.Write($"""
            <!doctype html>
            <meta charset="utf-8">
            <title>Sojourn</title>
            <meta http-equiv="refresh" content="0; url={address}">
            <a href="{address}">Sojourn's console</a>

            """);
        return path;
    }
}
