using System.CommandLine;
using Sojourn.Mesh;
using Sojourn.Mesh.Keys;
using Sojourn.Mesh.Settings;

namespace Sojourn.Cli.Parties;

internal static class JoinVerb
{
    private static readonly Option<string[]> Games = new("--game")
    {
        Description = "Carries broadcasts and multicasts of a game: a profile's name; may be given several times "
            + "[all profiles if the setting `broadcast` says so]",
        HelpName = "NAME",
    };

    private static readonly Option<bool> NoTunnel = new("--no-tunnel")
    {
        Description = "Only hold the seat and look for ways, without a network; needs no rights",
    };

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) Create()
    {
        var code = new Argument<string>("INVITATION") { Description = "The link, or its code alone" };
        var name = new Option<string?>("--name")
        {
            Description = "What the others see [the setting `name`, or your login]",
            HelpName = "NAME",
        };
        var password = new Option<string?>("--password")
        {
            Description = "The invitation's password",
            HelpName = "WORD",
        };
        var device = new Option<string?>("--interface")
        {
            Description = "What the network's interface is called [the setting `interface`]",
            HelpName = "NAME",
        };
        var verb = new Verb(
            "join", "Joins a party, and keeps its network up until Ctrl-C; the seat stays for five minutes then.",
            "sudo sojourn party join http://play.example.org:7707/#9f2k-…")
            { code, name, password, device, Games, NoTunnel, PartyOptions.Home };
        return (verb, RunAsync);

        async Task<int> RunAsync(Call call, CancellationToken stop)
        {
            using var settings = SettingsFolder.Open(call);
            var invitation = Invitation.Parse(
                call.Parse.GetRequiredValue(code), call.Globals.Url(
                    call.Parse, call.Terminal, settings.Get(MeshSetting.Server)));
            var carried = CarriedGames.Of(settings, call.Parse.GetValue(Games) ?? []);
            var options = new PartyNodeOptions
            {
                Url = invitation.Url,
                Invitation = invitation.Code,
                Name = call.Parse.GetValue(name) ?? settings.Get(MeshSetting.Name) ?? LoginOf(call),
                Password = call.Parse.GetValue(password),
                Interface = call.Parse.GetValue(device) ?? settings.Get(MeshSetting.Interface),
                Port = settings.Get(MeshSetting.Port),
                Mtu = carried.Mtu,
                BroadcastPorts = carried.Ports,
                StunServers = settings.Get(MeshSetting.StunServers),
                PortMapping = settings.Get(MeshSetting.PortMapping),
                RelayOnly = settings.Get(MeshSetting.RelayOnly),
                Driver = settings.Get(MeshSetting.Tunnel),
                UsesTunnel = !call.Parse.GetValue(NoTunnel),
                Key = KeyFile.Open(Path.Combine(PartyOptions.HomeOf(call), "wireguard.key")),
                TimeProvider = call.Terminal.Clock,
                Tune = call.Terminal.Tune,
            };
            await using var node = await PartyNode.JoinAsync(options, stop);
            var running = new PartyScreen(call, node).RunAsync(stop);
            // What is written to a disk takes its time; the network does not wait for it.
            Keep(call, settings, invitation.Url, node);
            var end = await running;
            if (end == ExitCodes.Done)
                settings.Seats.Remove(invitation.Url, node.Now.Party.Id);
            return end;
        }
    }

    /// <summary>Root by way of sudo is somebody else in truth.</summary>
    private static string LoginOf(Call call) =>
        call.Terminal.Environment("SUDO_USER") is { Length: > 0 } user ? user : Environment.UserName;

    /// <summary>Keeps where this machine sits; the network is worth more than that.</summary>
    private static void Keep(Call call, MeshSettings settings, Uri url, PartyNode node)
    {
        try
        {
            var now = node.Now;
            settings.Seats.Keep(new KeptSeat(
                url, now.Party.Id, now.Party.Name, node.Seat, now.Member, now.Address,
                call.Terminal.Clock.GetUtcNow()));
        }
        catch (SettingsException fault)
        {
            SettingsFolder.Tell(call, "settings", "The seat is not kept", fault.Message);
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

    /// <summary>A name, or none for all of its kind.</summary>
    public static Argument<string?> OneOrAll(string description) =>
        new("NAME") { Description = description, Arity = ArgumentArity.ZeroOrOne };

    /// <exception cref="UsageException">Something is to be changed, and it is not said which.</exception>
    public static int? RefuseNameless(bool isChange) =>
        isChange ? throw new UsageException("Say which one: NAME is missing.") : null;

    public static int TellRemoved(Call call, string name)
    {
        if (call.Json)
            call.Document(new { name, removed = true });
        else
            call.Say($"Removed {name}.");
        return ExitCodes.Done;
    }
}
