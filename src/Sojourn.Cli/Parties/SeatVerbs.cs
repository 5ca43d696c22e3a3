using System.CommandLine;
using Sojourn.Client;
using Sojourn.Client.Parties;
using Sojourn.Mesh;
using Sojourn.Mesh.Keys;
using Sojourn.Mesh.Settings;
using Sojourn.Parties;
using Spectre.Console;

namespace Sojourn.Cli.Parties;

/// <summary>The verbs of a seat that this machine has: also while another program keeps its network up.</summary>
internal static class SeatVerbs
{
    private const string Which = "The party's name, id or server, where this machine sits in several [the last joined]";

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) CreateStatus()
    {
        var party = new Argument<string?>("PARTY") { Description = Which, Arity = ArgumentArity.ZeroOrOne };
        var once = new Option<bool>("--once") { Description = "Only as it is now, also on a screen" };
        var verb = new Verb(
            "status", "Shows your party: who is there, how you reach each, how long that takes, what is lost. Live on "
                + "a screen until Ctrl-C; needs no rights.",
            "sojourn party status", "sojourn party status Friday --once") { party, once, PartyOptions.Home };
        return (verb, (call, stop) => StatusAsync(
            call, call.Parse.GetValue(party), call.Parse.GetValue(once) || call.Json || !call.Terminal.IsScreen, stop));
    }

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) CreateLeave()
    {
        var party = new Argument<string?>("PARTY") { Description = Which, Arity = ArgumentArity.ZeroOrOne };
        var verb = new Verb(
            "leave", "Gives your seat in a party up; a program that keeps its network up ends by itself.",
            "sojourn party leave") { party, PartyOptions.Home };
        return (verb, (call, stop) => LeaveAsync(call, call.Parse.GetValue(party), stop));
    }

    private static async Task<int> StatusAsync(Call call, string? which, bool once, CancellationToken stop)
    {
        using var settings = SettingsFolder.Open(call);
        var kept = Find(settings, which);
        var seat = Open(call, kept);
        var party = await seat.GetAsync(stop);
        if (call.Json)
        {
            call.Document(ViewOf(kept, party));
            return ExitCodes.Done;
        }

        if (once)
        {
            call.Draw(PartyTable.Of(ViewOf(kept, party)));
            return ExitCodes.Done;
        }

        return await FollowAsync(call, seat, ViewOf(kept, party), stop);
    }

    private static async Task<int> FollowAsync(Call call, PartySeat seat, PartyNodeView now, CancellationToken stop)
    {
        string? gone = null;
        await call.Console.Live(PartyTable.Of(now)).StartAsync(async screen =>
        {
            await foreach (var news in seat.FollowAsync(stop))
            {
                now = news switch
                {
                    PartyNow next => ViewOf(now, next.Party),
                    ServerLost lost => now with { ServerLost = lost.Why },
                    _ => now,
                };
                gone = (news as SeatGone)?.Why;
                screen.UpdateTarget(PartyTable.Of(now));
                screen.Refresh();
            }
        });
        call.Say(PartyScreen.Farewell(gone));
        return ExitCodes.Done;
    }

    private static async Task<int> LeaveAsync(Call call, string? which, CancellationToken stop)
    {
        using var settings = SettingsFolder.Open(call);
        var kept = Find(settings, which);
        try
        {
            await Open(call, kept).SendAsync("leave", giveUp: stop);
        }
        catch (SojournProblemException refused) when (refused.Problem.Status is 401 or 404)
        {
            // It was gone already.
        }

        settings.Seats.Remove(kept.Url, kept.Party);
        if (call.Json)
            call.Document(new { party = kept.Party, name = kept.PartyName, left = true });
        else
            call.Say($"You have left {kept.PartyName}.");
        return ExitCodes.Done;
    }

    private static KeptSeat Find(MeshSettings settings, string? which)
    {
        var all = settings.Seats.List();
        var found = all.Where(each => which is null || each.Party == which
            || each.PartyName.Equals(which, StringComparison.OrdinalIgnoreCase)
            || each.Url.Authority.Equals(which, StringComparison.OrdinalIgnoreCase)).ToList();
        return found switch
        {
            [] when all.Count == 0 => throw new UsageException(
                "This machine sits in no party. Join one: sudo sojourn party join INVITATION"),
            [] => throw new UsageException(
                $"This machine sits in no party '{which}'. It sits in: {string.Join(", ", all.Select(Name))}."),
            [var first, ..] when which is null || found.Count == 1 => first,
            _ => throw new UsageException(
                $"'{which}' are several; name one by its id: {string.Join(", ", found.Select(each => each.Party))}."),
        };
    }

    private static string Name(KeptSeat seat) => $"{seat.PartyName} ({seat.Party} at {seat.Url.Authority})";

    private static PartySeat Open(Call call, KeptSeat kept)
    {
        var options = new SojournClientOptions
        {
            Url = SeatUrl.ServerOf(kept.Url),
            RetryFor = TimeSpan.FromSeconds(3),
            TimeProvider = call.Terminal.Clock,
        };
        call.Terminal.Tune(options);
        var key = KeyFile.Open(Path.Combine(PartyOptions.HomeOf(call), "wireguard.key"));
        return new PartySeat(options, kept.Seat, PartyNode.SecretFor(key, kept.Url));
    }

    private static PartyNodeView ViewOf(KeptSeat kept, PartyView party) =>
        ViewOf(new PartyNodeView(kept.Member, kept.Address, party, null, null), party);

    private static PartyNodeView ViewOf(PartyNodeView now, PartyView party) => now with
    {
        Party = party,
        Paths = party.Members.FirstOrDefault(each => each.Id == now.Member)?.Paths ?? [],
        ServerLost = null,
    };
}
