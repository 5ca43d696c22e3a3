using System.CommandLine;
using Sojourn.Mesh;
using Sojourn.Mesh.Keys;
using Spectre.Console;

namespace Sojourn.Cli.Parties;

internal static class JoinVerb
{
    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) Create()
    {
        var code = new Argument<string>("INVITATION") { Description = "The link, or its code alone" };
        var name = new Option<string?>("--name")
        {
            Description = "What the others see [your login]",
            HelpName = "NAME",
        };
        var password = new Option<string?>("--password")
        {
            Description = "The invitation's password",
            HelpName = "WORD",
        };
        var device = new Option<string>("--interface")
        {
            Description = "What the network's interface is called",
            HelpName = "NAME",
            DefaultValueFactory = _ => "sojourn0",
        };
        var noTunnel = new Option<bool>("--no-tunnel")
        {
            Description = "Only hold the seat and look for ways, without a network; needs no rights",
        };
        var verb = new Verb(
            "join", "Joins a party, and keeps its network up until Ctrl-C; the seat stays for five minutes then.",
            "sudo sojourn party join http://play.example.org:7707/#9f2k-…")
            { code, name, password, device, noTunnel, PartyOptions.Home };
        return (verb, RunAsync);

        async Task<int> RunAsync(Call call, CancellationToken stop)
        {
            var invitation = Invitation.Parse(
                call.Parse.GetRequiredValue(code), call.Globals.Url(call.Parse, call.Terminal));
            var options = new PartyNodeOptions
            {
                Url = invitation.Url,
                Invitation = invitation.Code,
                Name = call.Parse.GetValue(name) ?? Environment.UserName,
                Password = call.Parse.GetValue(password),
                Interface = call.Parse.GetRequiredValue(device),
                UsesTunnel = !call.Parse.GetValue(noTunnel),
                Key = KeyFile.Open(Path.Combine(PartyOptions.HomeOf(call), "wireguard.key")),
                TimeProvider = call.Terminal.Clock,
                Tune = call.Terminal.Tune,
            };
            await using var node = await PartyNode.JoinAsync(options, stop);
            return await new PartyScreen(call, node).RunAsync(stop);
        }
    }
}

/// <summary>Options that several verbs of parties have.</summary>
internal static class PartyOptions
{
    public static Option<string?> Home { get; } = new("--home")
    {
        Description = "Where this machine's key and settings are [SOJOURN_MESH, or `sojourn-mesh` among your local "
            + "application data]",
        HelpName = "DIR",
    };

    public static string HomeOf(Call call) => call.Parse.GetValue(Home)
        ?? (call.Terminal.Environment("SOJOURN_MESH") is { Length: > 0 } set ? set : Path.Combine(
            Environment.GetFolderPath(
                Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
            "sojourn-mesh"));
}
