using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Sojourn.Cli.Agents;
using Sojourn.Cli.Completion;
using Sojourn.Cli.Demo;
using Sojourn.Cli.Doctor;
using Sojourn.Cli.Explorer;
using Sojourn.Cli.Generate;
using Sojourn.Cli.Parties;
using Sojourn.Cli.Saves;
using Sojourn.Cli.Verbs;

namespace Sojourn.Cli;

/// <summary>The program: its verbs, and what happens to what they throw.</summary>
internal sealed class SojournCli(Terminal terminal)
{
    private readonly GlobalOptions _globals = new();

    // The library would take "@FILE" for a file of arguments; here it is a file of JSON.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    /// <param name="args">What stands after the program's name.</param>
    /// <param name="stop">Ctrl-C.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken stop)
    {
        var root = CreateRoot();
        if (Suggestions.IsAsked(args))
        {
            foreach (var suggestion in Suggestions.For(root, Parsing, args))
                await terminal.Out.WriteLineAsync(suggestion);
            return ExitCodes.Done;
        }

        var parse = root.Parse(args, Parsing);
        if (parse.Action is ParseErrorAction)
        {
            var faults = string.Join(" ", parse.Errors.Select(error => error.Message));
            var help = $"sojourn {PathOf(parse)}--help";
            (Failure.Usage(faults) with { Hint = $"See `{help}`." }).Tell(terminal, _globals.Json(parse));
            return ExitCodes.Usage;
        }

        try
        {
            return await parse.InvokeAsync(
                new InvocationConfiguration
                {
                    Output = terminal.Out,
                    Error = terminal.Error,
                    EnableDefaultExceptionHandler = false,
                    // The caller listens to Ctrl-C itself and says so through `stop`.
                    ProcessTerminationTimeout = null,
                },
                stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCodes.Detached;
        }
        catch (Exception exception) when (Failure.Of(exception) is { } failure)
        {
            failure.Tell(terminal, _globals.Json(parse));
            return failure.ExitCode;
        }
    }

    internal Command CreateRoot()
    {
        var root = new Verb(
            "sojourn", "Live sessions that people come back to: starts the server and talks to it.",
            "sojourn serve", "sojourn generate story.txt --scenes 6 --out story.zip");
        var help = new HelpOption();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        root.Add(help);
        root.Add(new VersionOption());
        _globals.AddTo(root);
        root.Add(ServeVerb.Create(_globals, terminal));
        Add(root, ConsoleVerb.Create());
        Add(root, DemoVerb.Create());
        Add(root, DoctorVerb.Create());
        Add(root, CompletionVerb.Create());
        Add(root, GenerateVerb.Create());
        Add(root, PlayVerb.Create());
        Add(root, BotsVerb.Create());
        var agents = AgentVerbs.Create();
        Add(agents, AgentVerbs.CreateNew());
        Add(agents, AgentVerbs.CreateProfiles());
        Add(agents, SearchVerb.Create());
        root.Add(agents);
        Add(root, AttachVerb.Create());
        Add(root, PromptVerb.Create());
        AddParties(root);
        Add(root, NewVerb.Create());
        Add(root, ListVerb.Create());
        Add(root, CountVerb.Create());
        Add(root, GetVerb.Create());
        Add(root, SendVerb.Create());
        Add(root, WatchVerb.Create());
        Add(root, StreamVerbs.CreateTail());
        Add(root, StreamVerbs.CreateAppend());
        Add(root, CareVerbs.CreateTouch());
        Add(root, CareVerbs.CreateLabel());
        Add(root, RemoveVerb.Create());
        Add(root, BulkVerb.Create());
        Add(root, DownloadVerb.Create());
        Add(root, StatsVerb.Create());
        Add(root, OperatorVerbs.CreateBackup());
        Add(root, OperatorVerbs.CreateVerify());
        Add(root, OperatorVerbs.CreateCleanUp());
        Add(root, CareVerbs.CreateRestore());
        Add(root, BackupVerbs.CreateRestore());
        Add(root, BackupVerbs.CreateDrill());
        AddSaves(root);
        var keys = KeysVerb.Create();
        Add(keys, KeysVerb.CreateAdd());
        Add(keys, KeysVerb.CreateList());
        Add(keys, KeysVerb.CreateRevoke());
        root.Add(keys);
        return root;
    }

    private void AddParties(Command root)
    {
        var party = PartyVerbs.Create();
        Add(party, PartyVerbs.CreateNew());
        Add(party, JoinVerb.Create());
        Add(party, LocalVerb.Create());
        Add(party, SeatVerbs.CreateStatus());
        Add(party, SeatVerbs.CreateLeave());
        Add(party, PartyDoctorVerb.Create());
        Add(party, RelayVerbs.Create());
        Add(party, RelayVerbs.CreateKey());
        Add(party, SettingsVerb.Create());
        Add(party, ProfilesVerb.Create());
        Add(party, ServersVerb.Create());
        Add(party, SettingsFilesVerb.CreateExport());
        Add(party, SettingsFilesVerb.CreateImport());
        Add(party, SettingsFilesVerb.CreateCheck());
        Add(party, SettingsFilesVerb.CreateBackup());
        root.Add(party);
    }

    private void AddSaves(Command root)
    {
        var saves = SavesVerb.Create();
        Add(saves, SavesVerb.CreateList());
        Add(saves, SavesVerb.CreateShow());
        Add(saves, SavesVerb.CreateVerify());
        Add(saves, SavesVerb.CreateRepair());
        Add(saves, SavesVerb.CreateRestore());
        Add(saves, SavesVerb.CreateExport());
        root.Add(saves);
    }

    private void Add(Command root, (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) verb)
    {
        verb.Verb.SetAction(async (parse, stop) =>
        {
            using var call = new Call(parse, _globals, terminal);
            return await verb.Run(call, stop);
        });
        root.Add(verb.Verb);
    }

    private static string PathOf(ParseResult parse)
    {
        var path = "";
        Symbol verb = parse.CommandResult.Command;
        while (verb.Parents.FirstOrDefault() is { } parent)
            (path, verb) = ($"{verb.Name} {path}", parent);
        return path;
    }
}
