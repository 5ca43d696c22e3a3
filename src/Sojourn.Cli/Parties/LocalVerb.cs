using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Sojourn.Client;
using Sojourn.Mesh;
using Sojourn.Parties;
using Sojourn.Relays;

namespace Sojourn.Cli.Parties;

/// <summary>A party whose server is the machine of who begins it.</summary>
internal static class LocalVerb
{
    // Two ports for STUN and the relay's stand in a row from it on.
    private const int Ports = RelayFormat.Ports + 2, LastPort = 65536 - Ports;

    private static readonly Option<int> Size = new("--size")
    {
        Description = "How many members it may have, 2 to 64, if it is made now",
        HelpName = "N",
        DefaultValueFactory = _ => 16,
    };

    private static readonly Option<int> Port = new("--port")
    {
        Description = "The TCP port, and the first of 66 UDP ports in a row, at which the others reach this machine",
        HelpName = "PORT",
        DefaultValueFactory = _ => 7707,
    };

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) Create()
    {
        var name = new Argument<string>("NAME") { Description = "What it is called; 1 to 64 characters" };
        var verb = new Verb(
            "local", "Serves a party from this machine to those in the same network, and joins it, until Ctrl-C.",
            "sudo sojourn party local Friday", "sudo sojourn party local Friday --password swordfish --name anna")
            { name, Size, Port };
        JoinOptions.AddTo(verb);
        return (verb, (call, stop) => RunAsync(call, call.Parse.GetRequiredValue(name), stop));
    }

    private static async Task<int> RunAsync(Call call, string name, CancellationToken stop)
    {
        var port = call.Parse.GetValue(Port);
        if (port <= LanFormat.Port && port + Ports > LanFormat.Port)
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture,
                $"--port must leave UDP port {LanFormat.Port} free, at which the others look for this machine; it "
                + $"takes {Ports} in a row. Choose 7707, or one further away."));
        }

        if (port is < 1 or > LastPort)
        {
            throw new UsageException(
                string.Create(CultureInfo.InvariantCulture, $"--port must be 1 to {LastPort:N0}."));
        }

        using var settings = SettingsFolder.Open(call);
        await using var server = await ServeLocal.OpenAsync(
            Path.Combine(PartyOptions.HomeOf(call), "local"), port, call.Terminal.Error, stop);
        var (invitation, isNew) = await FindOrMakeAsync(call, server, name, stop);
        Tell(call, name, invitation, isNew);
        // On another port, or with another address, it is the same seat.
        if (invitation.Handle is { } handle)
            invitation = invitation with { Url = SeatUrl.Local(invitation.Url, handle) };
        var end = await JoinOptions.JoinAsync(
            call, settings, invitation, "The network and the party's server are down. Begin them again with the same "
                + "words within a day, and everybody has the same address.", stop);
        return await server.StopAsync() ? end : ExitCodes.ServerError;
    }

    private static async Task<(Invitation Invitation, bool IsNew)> FindOrMakeAsync(
        Call call, ServeLocal server, string name, CancellationToken stop)
    {
        var options = new SojournClientOptions
        {
            Url = server.Url,
            Key = server.Key,
            TimeProvider = call.Terminal.Clock,
        };
        call.Terminal.Tune(options);
        using var client = new SojournClient(options);
        await foreach (var listed in client.ListAsync("party", "open", stop))
        {
            var party = await client.GetAsync("party", listed.Id, stop);
            if (!party.Final && party.State is { } state && state.GetProperty("name").GetString() == name)
            {
                RefuseNewPassword(call, name, state);
                return (InvitationOf(server, party), false);
            }
        }

        var made = await client.CreateAsync(
            "party", JsonSerializer.SerializeToElement(new
            {
                name,
                size = call.Parse.GetValue(Size),
                password = call.Parse.GetValue(JoinOptions.Password) ?? "",
            }),
            labels: null, idempotencyKey: null, stop);
        return (InvitationOf(server, made), true);
    }

    /// <summary>Whoever says one means that nobody comes without.</summary>
    private static void RefuseNewPassword(Call call, string name, JsonElement party)
    {
        if (call.Parse.GetValue(JoinOptions.Password) is { Length: > 0 }
            && party.GetProperty("passwordHash").GetString() is null or "")
        {
            throw new UsageException($"The party {name} is here already, and lets in whoever has its code: --password "
                + "is for a new one. Leave it away, or choose another name.");
        }
    }

    private static Invitation InvitationOf(ServeLocal server, Session party) =>
        new(server.Url, party.State?.GetProperty("invitation").GetString() ?? "");

    private static void Tell(Call call, string name, Invitation invitation, bool isNew)
    {
        if (call.Json)
        {
            call.JsonLine(new { name, invitation = invitation.Words, port = invitation.Url.Port, isNew });
            return;
        }

        call.Say($"The party {name} is {(isNew ? "here" : "here again")}; this machine serves it.");
        call.Say($"Invitation: {invitation.Words}");
        call.Say($"Join it in the same network: sudo sojourn party join {invitation.Words}");
    }
}
