using System.CommandLine;
using Sojourn.Mesh;
using Sojourn.Mesh.Lan;
using Sojourn.Mesh.Settings;

namespace Sojourn.Cli.Parties;

internal static class JoinVerb
{
    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) Create()
    {
        var code = new Argument<string>("INVITATION")
        {
            Description = "The link, or its code alone: then it is looked for in the local network",
        };
        var verb = new Verb(
            "join", "Joins a party, and keeps its network up until Ctrl-C; the seat stays for five minutes then.",
            "sudo sojourn party join http://play.example.org:7707/#9f2k-…",
            "sudo sojourn party join c8z7-vmj8-94sd-6wjz-zrsn")
            { code };
        JoinOptions.AddTo(verb);
        return (verb, async (call, stop) =>
        {
            using var settings = SettingsFolder.Open(call);
            var invitation = await FindAsync(call, settings, call.Parse.GetRequiredValue(code), stop);
            return await JoinOptions.JoinAsync(call, settings, invitation, parting: null, stop);
        }
        );
    }

    /// <summary>A code of which nobody says where it is good may be that of a friend beside you.</summary>
    private static async Task<Invitation> FindAsync(
        Call call, MeshSettings settings, string text, CancellationToken stop)
    {
        var usual = settings.Get(MeshSetting.Server);
        var given = Invitation.Parse(text, call.Globals.Url(call.Parse, call.Terminal, usual));
        if (!Invitation.IsCodeAlone(text) || usual is not null || call.Globals.NamesServer(call.Parse, call.Terminal)
            || given.Handle is not { } handle)
        {
            return given;
        }

        if (await new LanFinder(call.Terminal.Clock).FindAsync(handle, stop) is not { } found)
        {
            if (!call.Json)
            {
                call.Say("No party of this code answers in the local network; asking "
                    + $"{given.Url.GetLeftPart(UriPartial.Authority)}. Elsewhere it needs the whole link, or --url.");
            }

            return given;
        }

        if (call.Json)
            call.JsonLine(new { found = found.Name, url = found.Url });
        else
            call.Say($"Found {found.Name} at {found.Url.GetLeftPart(UriPartial.Authority)}.");
        return given with { Url = SeatUrl.Local(found.Url, handle) };
    }
}
