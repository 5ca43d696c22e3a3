using System.CommandLine;

namespace Sojourn.Cli.Verbs;

internal static class NewVerb
{
    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) Create()
    {
        var kind = Arguments.Name("KIND", "What sort of session");
        var parameters = Arguments.Parameters("Its start parameters");
        var id = Arguments.Id();
        var labels = new Option<string[]>("--label")
        {
            Description = "A label to find it by; may be given several times",
            HelpName = "NAME:VALUE",
        };
        labels.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.IndexOf(':', StringComparison.Ordinal) <= 0))
                result.AddError($"--label: '{token.Value}' is not NAME:VALUE.");
        });
        var verb = new Verb(
            "new", "Creates a session of any kind.",
            """sojourn new counter '{"start": 5}' --label team:blue""",
            "sojourn new generation @request.json --id my-story") { kind, parameters, id, labels };
        return (verb, RunAsync);

        async Task<int> RunAsync(Call call, CancellationToken stop)
        {
            var body = await JsonParameters.ReadAsync(call.Parse.GetValue(parameters), call.Terminal, stop);
            var marks = Labels(call.Parse.GetValue(labels) ?? []);
            var ofKind = call.Parse.GetRequiredValue(kind);
            var session = call.Parse.GetValue(id) is { } chosen
                ? await call.Client.CreateAsAsync(ofKind, chosen, body, marks, stop)
                : await call.Client.CreateAsync(ofKind, body, marks, idempotencyKey: null, stop);
            if (call.Json)
            {
                call.Document(session);
                return ExitCodes.Done;
            }

            call.Say($"Created {SessionAddress.Of(session)}, status {session.Status}.");
            call.Say($"Look at it: {call.Hint($"get {SessionAddress.Of(session)}")}");
            return ExitCodes.Done;
        }
    }

    private static Dictionary<string, string> Labels(string[] given)
    {
        var labels = new Dictionary<string, string>();
        foreach (var label in given)
        {
            var colon = label.IndexOf(':', StringComparison.Ordinal);
            labels[label[..colon]] = label[(colon + 1)..];
        }

        return labels;
    }
}
