using System.CommandLine;
using System.Globalization;
using Sojourn.Mesh.Settings;
using Spectre.Console;

namespace Sojourn.Cli.Parties;

/// <summary>What games need of a party's network. Needs no server.</summary>
internal static class ProfilesVerb
{
    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) Create()
    {
        var name = PartyOptions.OneOrAll("The profile; case does not count [all are shown]");
        var ports = new Argument<string?>("PORTS")
        {
            Description = "The UDP ports whose broadcasts and multicasts are carried, such as 2300-2400,47624 [it is "
                + "shown]",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var game = new Option<string?>("--game") { Description = "The game [the profile's name]", HelpName = "TEXT" };
        var mtu = new Option<int?>("--mtu")
        {
            Description = "The longest packet through the tunnel, 1280 to 1420 bytes [the setting's]",
            HelpName = "BYTES",
        };
        var remove = new Option<bool>("--remove") { Description = "Removes one of your own" };
        var verb = new Verb(
            "profiles", "Shows, adds or removes what games need of a party's network.",
            "sojourn party profiles", "sojourn party profiles doom 5029 --game 'Doom, Zandronum'",
            "sojourn party profiles doom --remove")
            { name, ports, game, mtu, remove, PartyOptions.Home };
        return (verb, SettingsFolder.Using(Run));

        int Run(Call call, MeshSettings settings)
        {
            var wanted = call.Parse.GetValue(name);
            var (newPorts, newGame) = (call.Parse.GetValue(ports), call.Parse.GetValue(game));
            var newMtu = call.Parse.GetValue(mtu);
            var isNew = newPorts is not null || newGame is not null || newMtu is not null;
            if (wanted is null)
                return PartyOptions.RefuseNameless(isNew || call.Parse.GetValue(remove)) ?? ShowAll(call, settings);
            if (call.Parse.GetValue(remove))
            {
                if (isNew)
                    throw new UsageException("--remove takes the name of a profile, and nothing else.");
                settings.Profiles.Remove(wanted);
                return PartyOptions.TellRemoved(call, wanted);
            }

            var there = settings.Profiles.Find(wanted);
            if (!isNew)
                return Show(call, there ?? throw new SettingsException($"There is no profile '{wanted}'."));
            return Show(call, settings.Profiles.Put(new GameProfile(
                wanted, newGame ?? there?.Game ?? wanted, newPorts is null ? PortsOf(there, wanted) : Parse(newPorts),
                newMtu ?? there?.Mtu)));
        }
    }

    private static PortSet Parse(string text) => PortSet.TryParse(text, out var ports)
        ? ports : throw new SettingsException(ProfileTable.FaultOfPorts(text));

    private static PortSet PortsOf(GameProfile? there, string name) => there?.Ports
        ?? throw new UsageException($"There is no profile '{name}' yet; a new one needs its ports.");

    private static int ShowAll(Call call, MeshSettings settings)
    {
        var all = settings.Profiles.List();
        if (call.Json)
        {
            call.Document(new { profiles = all.Select(Shown) });
            return ExitCodes.Done;
        }

        var table = SessionTables.Plain("PROFILE", "GAME", "PORTS", "MTU", "");
        foreach (var each in all)
        {
            table.AddRow(
                SessionTables.Cell(each.Name), SessionTables.Cell(each.Game), SessionTables.Cell(each.Ports.ToString()),
                SessionTables.Cell(each.Mtu?.ToString(CultureInfo.InvariantCulture)),
                SessionTables.Cell(each.IsBuiltIn ? "built in" : "yours"));
        }

        call.Draw(table);
        return ExitCodes.Done;
    }

    private static int Show(Call call, GameProfile profile)
    {
        if (call.Json)
            call.Document(Shown(profile));
        else
            call.Say(string.Create(CultureInfo.InvariantCulture, $"{profile.Name} ({profile.Game}): UDP {profile.Ports}"
                + $"{(profile.Mtu is { } mtu ? $", MTU {mtu}" : "")}{(profile.IsBuiltIn ? ", built in" : "")}."));
        return ExitCodes.Done;
    }

    private static object Shown(GameProfile profile) => new
    {
        profile.Name,
        profile.Game,
        Ports = profile.Ports.ToString(),
        profile.Mtu,
        profile.IsBuiltIn,
    };
}
