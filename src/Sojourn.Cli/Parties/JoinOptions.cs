using System.CommandLine;
using Sojourn.Mesh;
using Sojourn.Mesh.Keys;
using Sojourn.Mesh.Settings;

namespace Sojourn.Cli.Parties;

/// <summary>How this machine joins, whoever serves the party.</summary>
internal static class JoinOptions
{
    private static readonly Option<string?> Name = new("--name")
    {
        Description = "What the others see [the setting `name`, or your login]",
        HelpName = "NAME",
    };

    private static readonly Option<string?> Device = new("--interface")
    {
        Description = "What the network's interface is called [the setting `interface`]",
        HelpName = "NAME",
    };

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

    public static Option<string?> Password { get; } = new("--password")
    {
        Description = "The invitation's password",
        HelpName = "WORD",
    };

    public static void AddTo(Command verb)
    {
        foreach (var option in (Option[])[Name, Password, Device, Games, NoTunnel, PartyOptions.Home])
            verb.Add(option);
    }

    /// <summary>Joins, and keeps the network up until its user or the party ends it.</summary>
    /// <param name="call">With the options.</param>
    /// <param name="settings">What holds where no option says otherwise.</param>
    /// <param name="invitation">Of which party.</param>
    /// <param name="parting">What is said when its user ends it; null for what members are told.</param>
    /// <param name="stop">Its user ends it.</param>
    public static async Task<int> JoinAsync(
        Call call, MeshSettings settings, Invitation invitation, string? parting, CancellationToken stop)
    {
        var carried = CarriedGames.Of(settings, call.Parse.GetValue(Games) ?? []);
        var options = new PartyNodeOptions
        {
            Url = invitation.Url,
            Invitation = invitation.Code,
            Name = call.Parse.GetValue(Name) ?? settings.Get(MeshSetting.Name) ?? LoginOf(call),
            Password = call.Parse.GetValue(Password),
            Interface = call.Parse.GetValue(Device) ?? settings.Get(MeshSetting.Interface),
            Port = settings.Get(MeshSetting.Port),
            Mtu = carried.Mtu,
            BroadcastPorts = carried.Ports,
            StunServers = settings.Get(MeshSetting.StunServers),
            // In a local network nobody comes from outside.
            PortMapping = settings.Get(MeshSetting.PortMapping) && !SeatUrl.IsLocal(invitation.Url),
            RelayOnly = settings.Get(MeshSetting.RelayOnly),
            Driver = settings.Get(MeshSetting.Tunnel),
            UsesTunnel = !call.Parse.GetValue(NoTunnel),
            Key = KeyFile.Open(Path.Combine(PartyOptions.HomeOf(call), "wireguard.key")),
            TimeProvider = call.Terminal.Clock,
            Tune = call.Terminal.Tune,
        };
        await using var node = await PartyNode.JoinAsync(options, stop);
        var screen = parting is null
            ? new PartyScreen(call, node) : new PartyScreen(call, node) { Parting = parting };
        var running = screen.RunAsync(stop);
        // What is written to a disk takes its time; the network does not wait for it.
        Keep(call, settings, invitation.Url, node);
        var end = await running;
        if (end == ExitCodes.Done)
            settings.Seats.Remove(invitation.Url, node.Now.Party.Id);
        return end;
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
