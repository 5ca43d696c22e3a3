using System.CommandLine;
using System.Text.Json;

namespace Sojourn.Cli.Parties;

/// <summary>The verbs of parties.</summary>
internal static class PartyVerbs
{
    public static Verb Create() => new(
        "party", "Parties: a private network between friends, through their routers.",
        "sojourn party create Friday", "sudo sojourn party join http://play.example.org:7707/#9f2k-…");

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) CreateNew()
    {
        var name = new Argument<string>("NAME") { Description = "What it is called; 1 to 64 characters" };
        var size = new Option<int>("--size")
        {
            Description = "How many members it may have, 2 to 64",
            HelpName = "N",
            DefaultValueFactory = _ => 16,
        };
        var password = new Option<string?>("--password")
        {
            Description = "What whoever joins must know besides the code",
            HelpName = "WORD",
        };
        var endsWithHost = new Option<bool>("--ends-with-host")
        {
            Description = "It is over once its host leaves; otherwise the oldest member is host then",
        };
        var subnet = new Option<string>("--subnet")
        {
            Description = "The addresses of its network; private ones",
            HelpName = "NET",
            DefaultValueFactory = _ => "10.66.0.0/24",
        };
        var verb = new Verb(
            "create", "Makes a party, and tells the invitation. Whoever joins first is its host.",
            "sojourn party create Friday", "sojourn party create Friday --size 8 --password swordfish")
            { name, size, password, endsWithHost, subnet };
        return (verb, RunAsync);

        async Task<int> RunAsync(Call call, CancellationToken stop)
        {
            var start = JsonSerializer.SerializeToElement(new
            {
                name = call.Parse.GetRequiredValue(name),
                size = call.Parse.GetValue(size),
                password = call.Parse.GetValue(password) ?? "",
                endsWithHost = call.Parse.GetValue(endsWithHost),
                subnet = call.Parse.GetValue(subnet),
            });
            var session = await call.Client.CreateAsync(
                "party", start, labels: null, idempotencyKey: null, stop);
            if (call.Json)
            {
                call.Document(session);
                return ExitCodes.Done;
            }

            var code = session.State?.GetProperty("invitation").GetString() ?? "";
            var link = new Invitation(call.Globals.Url(call.Parse, call.Terminal), code);
            call.Say($"The party {PlainText.Line(call.Parse.GetRequiredValue(name))} is there: party/{session.Id}.");
            call.Say($"Invitation: {link}");
            call.Say($"Join it: sudo sojourn party join '{link}'");
            return ExitCodes.Done;
        }
    }
}
