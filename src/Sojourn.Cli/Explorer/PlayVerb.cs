using System.CommandLine;
using System.Text;
using System.Threading.Channels;

namespace Sojourn.Cli.Explorer;

using Sojourn.Client;
using Sojourn.Client.Explorer;

internal static class PlayVerb
{
    // A longer id is no name for save slots.
    private const int LongestId = 62;

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) Create()
    {
        var words = new Words();
        var verb = new Verb(
            "play", "Plays Cosmic Explorer here in the terminal; leaving keeps the game for the next time.",
            "sojourn play",
            "sojourn play my-second-game --pilot Ada --new --seed 42",
            "sojourn play --plain")
        {
            words.Id, words.Pilot, words.New, words.Seed, words.RuleSet, words.Plain,
        };
        return (verb, (call, stop) => RunAsync(call, words, stop));
    }

    private static async Task<int> RunAsync(Call call, Words words, CancellationToken stop)
    {
        var isPlain = call.Parse.GetValue(words.Plain);
        if (call.Json)
            throw new UsageException("A game is no document: `play` has no --json. `sojourn get` and `send` have.");
        if (!isPlain && (call.Terminal.Keys is null || !call.Terminal.IsScreen))
            throw new UsageException("This is no terminal to draw on; add --plain to play line by line.");

        var user = call.Terminal.Environment("USER") ?? call.Terminal.Environment("USERNAME");
        var pilot = call.Parse.GetValue(words.Pilot);
        var id = call.Parse.GetValue(words.Id) is { } named ? WithoutKind(named) : DefaultId(pilot ?? user);
        var start = new GameStart(
            pilot ?? (string.IsNullOrWhiteSpace(user) ? null : PlainText.Line(user, 40)),
            call.Parse.GetValue(words.Seed), call.Parse.GetValue(words.RuleSet));
        var inputs = Channel.CreateUnbounded<PlayInput>(new() { SingleReader = true });
        using var left = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var game = new PlayedGame(
            call.Client.Explorer(id), start, inputs.Writer, call.Terminal.Clock, left.Token);
        var isNew = await game.SitDownAsync();
        Greet(call, words, game, isNew);
        try
        {
            var code = await PlayAsync(call, game, isPlain, inputs, left.Token);
            call.Say($"The game stays as it is, at turn {game.View.Goal.Turn}. Come back: {call.Hint($"play {id}")}");
            return code;
        }
        catch (PlayBrokenException broken) when (Failure.Of(broken.InnerException!) is { } failure)
        {
            failure.Tell(call.Terminal, call.Json);
            return failure.ExitCode;
        }
        finally
        {
            await left.CancelAsync();
        }
    }

    private static async Task<int> PlayAsync(
        Call call, PlayedGame game, bool isPlain, Channel<PlayInput> inputs, CancellationToken stop)
    {
        if (isPlain)
        {
            var typed = Channel.CreateBounded<string?>(1);
            _ = Keyboard.ReadLinesAsync(
                call.Terminal.OpenInput(), typed.Writer, () => inputs.Writer.TryWrite(new PlayInput.Typed()), stop);
            return await PlayAsync(new PlainPlay(game, call, typed.Reader), inputs, stop);
        }

        var screen = new PlayScreen(game, call);
        try
        {
            using var window = new PlayWindow(screen, inputs.Writer);
            call.Terminal.Keys!(key => inputs.Writer.TryWrite(new PlayInput.Key(key)));
            return await PlayAsync(screen, inputs, stop);
        }
        finally
        {
            screen.Close();
        }
    }

    private static async Task<int> PlayAsync(PlayFront front, Channel<PlayInput> inputs, CancellationToken stop)
    {
        try
        {
            await front.PlayAsync(inputs.Reader, stop);
            return ExitCodes.Done;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCodes.Detached;
        }
    }

    private static void Greet(Call call, Words words, PlayedGame game, bool isNew)
    {
        var isChosen = call.Parse.GetValue(words.Seed) is not null || call.Parse.GetValue(words.RuleSet) is not null;
        if (isNew)
            game.Tell("info", $"A new game, '{game.Id}'. Press ? for help.");
        else if (call.Parse.GetValue(words.New))
            game.WantsAnew = true;
        else if (isChosen)
            game.Tell("warning", $"The game '{game.Id}' goes on; --seed and --rule-set count only with --new.");
        else
            game.Tell("info", $"Welcome back to '{game.Id}'.");
    }

    private static string WithoutKind(string name) =>
        name.StartsWith(ExplorerGame.Kind + "/", StringComparison.Ordinal)
            ? name[(ExplorerGame.Kind.Length + 1)..] : name;

    /// <summary>The player's name in the letters of an id.</summary>
    private static string DefaultId(string? player)
    {
        var id = new StringBuilder();
        foreach (var c in player ?? "")
        {
            if (char.IsAsciiLetterOrDigit(c))
                id.Append(char.ToLowerInvariant(c));
            else if (id.Length > 0 && id[^1] != '-')
                id.Append('-');
        }

        var name = id.ToString().Trim('-');
        return name.Length == 0 ? "pilot" : name[..Math.Min(name.Length, LongestId)];
    }

    /// <summary>The verb's argument and options.</summary>
    private sealed class Words
    {
        public Argument<string?> Id { get; } = new("ID")
        {
            Description = "The game; it is begun if it is not there [the pilot's name, or else yours on this machine]",
            Arity = ArgumentArity.ZeroOrOne,
        };

        public Option<string?> Pilot { get; } = new("--pilot")
        {
            Description = "What you are called in a new game; without ID it also names the game [your name here]",
            HelpName = "NAME",
        };

        public Option<bool> New { get; } = new("--new")
        {
            Description = "Begin anew; if a game is under way, you are asked first",
        };

        public Option<int?> Seed { get; } = WholeNumber.Option(
            "--seed", "What the map of a new game is made from: the same number, the same map [chance]", 0);

        public Option<string?> RuleSet { get; } = new("--rule-set")
        {
            Description = "The figures of a new game, by a name that the server knows [standard]",
            HelpName = "NAME",
        };

        public Option<bool> Plain { get; } = new("--plain")
        {
            Description = "Line by line, without control codes: for pipes and screen readers",
        };

        public Words() => Id.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !SessionAddress.IsName(WithoutKind(token.Value))))
            {
                result.AddError($"ID: '{token.Value}' is no valid name; use 1 to 64 characters of a-z, 0-9, '.', '_' "
                    + "and '-', beginning with a letter or a digit.");
            }
        });
    }
}
