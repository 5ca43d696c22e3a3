using System.CommandLine;
using Spectre.Console;

namespace Sojourn.Cli.Agents;

/// <summary>The verbs about agents, together under one.</summary>
internal static class AgentVerbs
{
    public static Verb Create() => new(
        "agent", "Starts agents and terminals that one can leave and come back to.",
        "sojourn agent new shell", "sojourn agent new claude --prompt \"Tidy up the tests\"", "sojourn agent profiles");

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) CreateProfiles()
    {
        var verb = new Verb("profiles", "Lists the programs that may be started.", "sojourn agent profiles");
        return (verb, RunAsync);

        static async Task<int> RunAsync(Call call, CancellationToken stop)
        {
            var profiles = await call.Client.AgentProfilesAsync(stop);
            if (call.Json)
            {
                call.Document(profiles);
                return ExitCodes.Done;
            }

            var table = new Table().Border(TableBorder.None).AddColumns("profile", "protocol", "mode");
            foreach (var profile in profiles)
                table.AddRow(new Text(profile.Name), new Text(profile.Protocol), new Text(profile.Mode));
            call.Draw(table);
            if (profiles.Count == 0)
                call.Say("There are none for you; the server's configuration names them.");
            return ExitCodes.Done;
        }
    }

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) CreateNew()
    {
        var profile = new Argument<string>("PROFILE")
        {
            Description = "One of those that `sojourn agent profiles` lists",
        };
        var title = new Option<string?>("--title") { Description = "What to call it [nothing]", HelpName = "TEXT" };
        var directory = new Option<string?>("--directory")
        {
            Description = "Where it works, below the profile's directory [there]",
            HelpName = "PATH",
        };
        var prompt = new Option<string?>("--prompt") { Description = "What it is to do first", HelpName = "TEXT" };
        var name = AgentNames.Name();
        var detached = new Option<bool>("--detached") { Description = "Do not attach to it" };
        var verb = new Verb(
            "new", "Starts an agent and attaches to it.",
            "sojourn agent new shell", "sojourn agent new claude --directory shop --prompt \"Tidy up the tests\"")
        {
            profile, title, directory, prompt, name, detached,
        };
        return (verb, RunAsync);

        async Task<int> RunAsync(Call call, CancellationToken stop)
        {
            var terminal = call.Terminal;
            var (width, height) = terminal.IsScreen ? terminal.Size() : (80, 24);
            var start = new
            {
                profile = call.Parse.GetRequiredValue(profile),
                title = call.Parse.GetValue(title),
                directory = call.Parse.GetValue(directory),
                prompt = call.Parse.GetValue(prompt),
                size = new { columns = Math.Clamp(width, 1, 500), rows = Math.Clamp(height, 1, 500) },
            };
            var session = await call.Client.CreateAsync(AgentNames.Kind, start, giveUp: stop);
            if (call.Json)
            {
                call.Document(session);
                return ExitCodes.Done;
            }

            var isAttached = !call.Parse.GetValue(detached) && AttachVerb.CanAttach(terminal);
            // A shared one may have been begun by somebody else: its first version is its beginning.
            call.Say(session.Version == 1 ? $"Started {SessionAddress.Of(session)}."
                : $"{SessionAddress.Of(session)} is there already.");
            if (isAttached)
                return await AttachVerb.AttachAsync(
                    call, session.Id, AgentNames.NameOr(call.Parse.GetValue(name), terminal), stop);
            call.Say($"Attach to it: {call.Hint($"attach {SessionAddress.Of(session)}")}");
            return ExitCodes.Done;
        }
    }
}
