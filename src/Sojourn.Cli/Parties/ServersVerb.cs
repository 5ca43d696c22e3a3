using System.CommandLine;
using Sojourn.Mesh.Settings;
using Spectre.Console;

namespace Sojourn.Cli.Parties;

/// <summary>Servers of games that somebody likes to come back to. Needs no server.</summary>
internal static class ServersVerb
{
    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) Create()
    {
        var name = PartyOptions.OneOrAll("The server; case does not count [all are shown]");
        var address = new Argument<string?>("ADDRESS")
        {
            Description = "HOST or HOST:PORT [it is shown]",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var game = new Option<string?>("--game") { Description = "The game [none]", HelpName = "TEXT" };
        var remove = new Option<bool>("--remove") { Description = "Removes it" };
        var verb = new Verb(
            "servers", "Shows, adds or removes favourite servers of games.",
            "sojourn party servers", "sojourn party servers home 10.66.0.2:27960 --game 'Quake III'",
            "sojourn party servers home --remove")
            { name, address, game, remove, PartyOptions.Home };
        return (verb, SettingsFolder.Using(Run));

        int Run(Call call, MeshSettings settings)
        {
            var wanted = call.Parse.GetValue(name);
            var (newAddress, newGame) = (call.Parse.GetValue(address), call.Parse.GetValue(game));
            var isNew = newAddress is not null || newGame is not null;
            if (wanted is null)
                return PartyOptions.RefuseNameless(isNew || call.Parse.GetValue(remove)) ?? ShowAll(call, settings);
            if (call.Parse.GetValue(remove))
            {
                if (isNew)
                    throw new UsageException("--remove takes the name of a server, and nothing else.");
                settings.Servers.Remove(wanted);
                return PartyOptions.TellRemoved(call, wanted);
            }

            var there = settings.Servers.Find(wanted);
            if (!isNew)
                return Show(call, there ?? throw new SettingsException($"There is no favourite server '{wanted}'."));
            return Show(call, settings.Servers.Put(new FavoriteServer(
                wanted, newGame ?? there?.Game ?? "", newAddress ?? there?.Address
                    ?? throw new UsageException($"There is no server '{wanted}' yet; a new one needs its address."))));
        }
    }

    private static int ShowAll(Call call, MeshSettings settings)
    {
        var all = settings.Servers.List();
        if (call.Json)
        {
            call.Document(new { servers = all });
            return ExitCodes.Done;
        }

        if (all.Count == 0)
        {
            call.Say("There are none.");
            return ExitCodes.Done;
        }

        var table = SessionTables.Plain("SERVER", "GAME", "ADDRESS");
        foreach (var each in all)
            table.AddRow(
                SessionTables.Cell(each.Name), SessionTables.Cell(each.Game), SessionTables.Cell(each.Address));
        call.Draw(table);
        return ExitCodes.Done;
    }

    private static int Show(Call call, FavoriteServer server)
    {
        if (call.Json)
            call.Document(server);
        else
            call.Say($"{server.Name}{(server.Game.Length > 0 ? $" ({server.Game})" : "")}: {server.Address}.");
        return ExitCodes.Done;
    }
}
