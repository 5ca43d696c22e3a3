using System.CommandLine;
using Sojourn.Cli.Verbs;

namespace Sojourn.Cli.Generate;

using Sojourn.Client;

internal static class GenerateVerb
{
    public const string KindName = "generation";

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) Create()
    {
        var words = new Words();
        var verb = new Verb(
            "generate", "Turns a story into a storyboard, and shows how it goes.",
            "sojourn generate story.txt --scenes 6 --style cartoon --out story.zip",
            "cat story.txt | sojourn generate - --detach")
        {
            words.File, words.Scenes, words.Style, words.Output, words.Id, words.Detach, words.CancelOnExit,
        };
        return (verb, (call, stop) => RunAsync(call, words, stop));
    }

    private static async Task<int> RunAsync(Call call, Words words, CancellationToken stop)
    {
        var name = call.Parse.GetRequiredValue(words.File);
        var id = call.Parse.GetValue(words.Id);
        var story = await StoryFile.ReadAsync(name, call.Terminal, stop);
        // Whatever is wrong with the target is better said now than after the work is done.
        var target = StoryboardFile.Chosen(call.Parse.GetValue(words.Output))
            ?? (name is "-" ? null : StoryboardFile.Unused(Path.GetFileNameWithoutExtension(name) + ".zip"));
        var session = await CreateAsync(call, id, new
        {
            storyText = story,
            mediaType = call.Parse.GetRequiredValue(words.Style),
            numScenes = call.Parse.GetValue(words.Scenes),
        }, stop);

        var address = SessionAddress.Of(session);
        if (call.Parse.GetValue(words.Detach))
        {
            TellStarted(call, session);
            return ExitCodes.Done;
        }

        if (!call.Json)
            call.Say($"Started {address}.");
        return await GenerationScreen.TakeHomeAsync(
            call, session, target ?? session.Id + ".zip", call.Parse.GetValue(words.CancelOnExit), stop);
    }

    private static async Task<Session> CreateAsync(Call call, string? id, object request, CancellationToken stop)
    {
        try
        {
            return id is null
                ? await call.Client.CreateAsync(KindName, request, giveUp: stop)
                : await call.Client.CreateAsAsync(KindName, id, request, giveUp: stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !call.Json)
        {
            call.Say("");
            call.Say($"Stopped before the server answered; see whether it has begun: {call.Hint($"ls {KindName}")}");
            throw;
        }
    }

    private static void TellStarted(Call call, Session session)
    {
        if (call.Json)
        {
            call.Document(session);
            return;
        }

        call.Say($"Started {SessionAddress.Of(session)}; the server goes on by itself.");
        call.Say($"Watch it: {call.Hint($"watch {SessionAddress.Of(session)}")}");
    }

    /// <summary>The verb's argument and options.</summary>
    private sealed class Words
    {
        public Argument<string> File { get; } = new("FILE")
        {
            Description = "The story, as UTF-8 text of at most 1 MiB; - for standard input",
        };

        public Option<int> Scenes { get; } = new("--scenes")
        {
            Description = "How many scenes, 1 to 20",
            HelpName = "N",
            DefaultValueFactory = _ => 5,
        };

        public Option<string> Style { get; } = new("--style")
        {
            Description = "How it looks",
            DefaultValueFactory = _ => "cinematic",
        };

        public Option<string?> Output { get; } = new("--out")
        {
            Description = "Where the storyboard goes, replacing a file of that name [the story's name with .zip, here]",
            HelpName = "FILE.zip",
        };

        public Option<string?> Id { get; } = Arguments.Id();

        public Option<bool> Detach { get; } = new("--detach")
        {
            Description = "Only start it; do not watch and do not download",
        };

        public Option<bool> CancelOnExit { get; } = new("--cancel-on-exit")
        {
            Description = "Ctrl-C cancels the generation instead of leaving it to go on",
        };

        public Words() => Style.AcceptOnlyFromAmong("cinematic", "cartoon", "realistic");
    }
}
