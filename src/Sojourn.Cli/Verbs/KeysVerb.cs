using System.CommandLine;

namespace Sojourn.Cli.Verbs;

using Sojourn.Client;

/// <summary>The verbs about keys, together under one.</summary>
internal static class KeysVerb
{
    public static Verb Create() => new(
        "keys", "Makes, lists and revokes keys; needs an admin key.",
        "sojourn keys ls", "sojourn keys add --owner alice");

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) CreateAdd()
    {
        var owner = new Option<string>("--owner")
        {
            Description = "Whom it is to speak for",
            HelpName = "NAME",
            Required = true,
        };
        var name = new Option<string?>("--name") { Description = "What to call it [nothing]", HelpName = "TEXT" };
        var admin = new Option<bool>("--admin")
        {
            Description = "It may do what operators do: keys, backups, and everybody's statistics and clean-up",
        };
        var expiresIn = new Option<TimeSpan?>("--expires-in")
        {
            Description = "After how long it is refused, such as 12h or 90d [never]",
            HelpName = "DURATION",
            CustomParser = result =>
            {
                if (!Duration.TryParse(result.Tokens[0].Value, out var time) || time < TimeSpan.FromSeconds(1))
                    result.AddError("--expires-in must be a time of at least 1 s, such as 15min, 12h or 90d.");
                return time;
            },
        };
        var verb = new Verb(
            "add", "Makes a key and shows it, this once.",
            "sojourn keys add --owner alice --name laptop --expires-in 90d") { owner, name, admin, expiresIn };
        return (verb, RunAsync);

        async Task<int> RunAsync(Call call, CancellationToken stop)
        {
            var key = await call.Client.MakeKeyAsync(
                call.Parse.GetRequiredValue(owner), call.Parse.GetValue(name), call.Parse.GetValue(admin),
                call.Parse.GetValue(expiresIn), stop);
            if (call.Json)
            {
                call.Document(key);
                return ExitCodes.Done;
            }

            call.Say(key.Key ?? "");
            // Beside the key, so that `KEY=$(sojourn keys add …)` holds nothing else.
            await call.Terminal.Error.WriteLineAsync(
                $"Keep it: it is not shown again. To take it back: {call.Hint($"keys revoke {key.Id}")}");
            return ExitCodes.Done;
        }
    }

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) CreateList()
    {
        return (new Verb("ls", "Lists the keys, newest first.", "sojourn keys ls"), RunAsync);

        static async Task<int> RunAsync(Call call, CancellationToken stop)
        {
            var keys = new List<ServerKey>();
            await foreach (var key in call.Client.ListKeysAsync(stop))
                keys.Add(key);
            if (call.Json)
                call.Document(new ServerKeyPage(keys));
            else if (keys.Count == 0)
                call.Say("There are none but the server's own.");
            else
                call.Draw(SessionTables.Keys(keys, call.Terminal.Clock.GetUtcNow()));
            return ExitCodes.Done;
        }
    }

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) CreateRevoke()
    {
        var id = Arguments.Name("ID", "The key's id, as `keys ls` shows it");
        var verb = new Verb(
            "revoke", "Takes a key back at once, for good.", "sojourn keys revoke 0123456789abcdef") { id };
        return (verb, RunAsync);

        async Task<int> RunAsync(Call call, CancellationToken stop)
        {
            var revoked = call.Parse.GetRequiredValue(id);
            await call.Client.RevokeKeyAsync(revoked, stop);
            if (call.Json)
                call.Document(new { id = revoked, revoked = true });
            else
                call.Say($"Revoked {revoked}.");
            return ExitCodes.Done;
        }
    }
}
