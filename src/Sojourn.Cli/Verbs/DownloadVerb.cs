using System.CommandLine;
using Sojourn.Cli.Generate;

namespace Sojourn.Cli.Verbs;

internal static class DownloadVerb
{
    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) Create()
    {
        var id = Arguments.Session();
        var output = new Option<string?>("--out")
        {
            Description = "Where to put it, replacing a file of that name [the id and .zip, here]",
            HelpName = "FILE",
        };
        var verb = new Verb(
            "download", "Downloads a generation's storyboard as a ZIP.",
            "sojourn download generation/my-story --out story.zip") { id, output };
        return (verb, RunAsync);

        async Task<int> RunAsync(Call call, CancellationToken stop)
        {
            var address = call.Parse.GetRequiredValue(id);
            if (address.Kind != "generation")
                throw new UsageException($"Only generations have a storyboard, and {address} is a {address.Kind}.");

            var target = StoryboardFile.Chosen(call.Parse.GetValue(output))
                ?? StoryboardFile.Unused(address.Id + ".zip");
            var size = await StoryboardFile.DownloadAsync(call.Client, address, target, stop);
            if (call.Json)
                call.Document(new { id = address.ToString(), file = target, bytes = size });
            else
                call.Say($"Wrote {target} ({StoryboardFile.Size(size)}).");
            return ExitCodes.Done;
        }
    }
}
