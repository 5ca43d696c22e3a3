using System.CommandLine;

namespace Sojourn.Cli.Verbs;

using Sojourn.Client;

/// <summary>What can be done to a session of any kind without its rules.</summary>
internal static class CareVerbs
{
    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) CreateTouch()
    {
        var ids = Arguments.Sessions();
        var verb = new Verb(
            "touch", "Counts as activity of sessions, so that they do not look idle.",
            "sojourn touch generation/my-story") { ids };
        return (verb, (call, stop) => EachSession.DoAsync(
            call, call.Parse.GetRequiredValue(ids), "touched",
            address => call.Client.TouchAsync(address.Kind, address.Id, stop)));
    }

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) CreateLabel()
    {
        var id = Arguments.Session();
        var labels = new Argument<string[]>("LABEL")
        {
            Description = "NAME:VALUE sets a label, NAME- takes it away",
            Arity = ArgumentArity.OneOrMore,
        };
        labels.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !TryRead(token.Value, out _, out _)))
                result.AddError($"LABEL: '{token.Value}' is neither NAME:VALUE nor NAME-.");
        });
        var verb = new Verb(
            "label", "Sets labels of a session, and takes them away.",
            "sojourn label generation/my-story team:blue draft-") { id, labels };
        return (verb, RunAsync);

        async Task<int> RunAsync(Call call, CancellationToken stop)
        {
            var address = call.Parse.GetRequiredValue(id);
            var wanted = new Dictionary<string, string?>(StringComparer.Ordinal);
            foreach (var text in call.Parse.GetRequiredValue(labels))
            {
                TryRead(text, out var name, out var value);
                wanted[name] = value;
            }

            var session = await call.Client.LabelAsync(
                address.Kind, address.Id, wanted, expectedVersion: null, idempotencyKey: null, stop);
            Show(call, session);
            return ExitCodes.Done;
        }
    }

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) CreateRestore()
    {
        var id = Arguments.Session();
        var owner = Arguments.Owner("Whose session it is [your own]");
        var verb = new Verb(
            "restore", "Puts the newest good snapshot in a damaged session's place; needs an admin key.",
            "sojourn restore generation/my-story --owner alice") { id, owner };
        return (verb, RunAsync);

        async Task<int> RunAsync(Call call, CancellationToken stop)
        {
            var address = call.Parse.GetRequiredValue(id);
            Show(call, await call.Client.RestoreAsync(address.Kind, address.Id, call.Parse.GetValue(owner), stop));
            return ExitCodes.Done;
        }
    }

    private static void Show(Call call, Session session)
    {
        if (call.Json)
            call.Document(session);
        else
            call.Draw(SessionTables.Details(session));
    }

    private static bool TryRead(string text, out string name, out string? value)
    {
        var sign = text.IndexOf(':', StringComparison.Ordinal);
        (name, value) = sign > 0 ? (text[..sign], text[(sign + 1)..]) : (text.TrimEnd('-'), (string?)null);
        return name.Length > 0 && sign != 0 && (sign > 0 || (text.Length == name.Length + 1 && text[^1] == '-'));
    }
}
