using Sojourn.Cli;
using Sojourn.Mesh.Settings;
using Sojourn.Tests.Cli;
using Sojourn.Tests.Parties.Server;

namespace Sojourn.Tests.Parties.Settings;

/// <summary>What joining a party has to do with settings.</summary>
public sealed class JoinSettingsTests : IDisposable
{
    private readonly SettingsUnderTest _under = new();
    private readonly CancellationTokenSource _stop = new();

    public void Dispose()
    {
        _stop.Dispose();
        _under.Dispose();
    }

    [Fact]
    public async Task Who_joins_is_called_and_goes_where_the_settings_say_and_the_seat_is_kept()
    {
        await using var party = await PartyUnderTest.StartAsync();
        Set(party, ("name", "Anna"));

        var run = await JoinAsync("You are 10.66.0.", _stop.Cancel, party.Invitation);

        run.ExitCode.ShouldBe(ExitCodes.Detached, run.Error);
        using var settings = _under.Open();
        var kept = settings.Seats.List().ShouldHaveSingleItem();
        kept.Url.ShouldBe(party.Server.Url);
        kept.Party.ShouldBe(party.Id);
        kept.PartyName.ShouldBe("Friday");
        kept.Seat.ShouldEndWith($"/{kept.Member}");
        kept.Address.ShouldStartWith("10.66.0.");
        (await MembersAsync(party)).ShouldContain("\"Anna\"");
    }

    [Fact]
    public async Task What_is_said_wins_over_what_was_set()
    {
        await using var party = await PartyUnderTest.StartAsync();
        Set(party, ("name", "Anna"), ("server", "http://nowhere.invalid/"));

        var run = await JoinAsync(
            "You are 10.66.0.", _stop.Cancel, party.Invitation, "--name", "Ben", "--url", party.Server.Url.ToString());

        run.ExitCode.ShouldBe(ExitCodes.Detached, run.Error);
        (await MembersAsync(party)).ShouldContain("\"Ben\"");
    }

    [Fact]
    public async Task A_game_that_has_no_profile_is_refused_before_a_seat_is_taken()
    {
        await using var party = await PartyUnderTest.StartAsync();
        Set(party);

        var run = await JoinAsync("You are", _stop.Cancel, party.Invitation, "--game", "quake-3", "--game", "tetris");

        run.ExitCode.ShouldNotBe(ExitCodes.Detached);
        run.Error.ShouldContain("There is no profile 'tetris'.");
        (await MembersAsync(party)).ShouldNotContain("\"publicKey\"");
    }

    [Fact]
    public async Task A_seat_that_is_lost_is_not_kept()
    {
        await using var party = await PartyUnderTest.StartAsync();
        Set(party);
        var host = await party.JoinAsync("Ann");
        var joined = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var joining = JoinAsync("You are 10.66.0.", joined.SetResult, party.Invitation);
        await joined.Task.WaitAsync(TimeSpan.FromSeconds(60));
        var members = (await host.AskAsync("GET"))["members"];
        await host.SendAsync("kick", new { member = members[1].GetProperty("id").GetString() });

        (await joining).ExitCode.ShouldBe(ExitCodes.Done);
        using var settings = _under.Open();
        settings.Seats.List().ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_uses_relays_alone_tells_nobody_an_address()
    {
        await using var party = await PartyUnderTest.StartAsync();
        Set(party, ("relay-only", "true"), ("name", "Anna"));
        var ann = await party.JoinAsync("Ann");
        var joined = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // Its own candidates would have been told before it hears of somebody else's.
        var joining = JoinAsync("You are 10.66.0.", joined.SetResult, party.Invitation);
        await joined.Task.WaitAsync(TimeSpan.FromSeconds(60));
        var report = await ann.SendAsync("report", new
        {
            candidates = new[] { new { address = "192.0.2.7:40000", source = "reflexive" } },
        });
        report.Number.ShouldBe(200, report.Text);
        await _stop.CancelAsync();
        await joining;

        var members = await MembersAsync(party);
        members.ShouldContain("192.0.2.7:40000");
        members.Split("\"address\":\"").Length.ShouldBe(4, members);
    }

    private void Set(PartyUnderTest party, params ReadOnlySpan<(string Name, string Value)> more)
    {
        using var settings = _under.Open();
        settings.Set("server", party.Server.Url.ToString());
        settings.Set("port-mapping", "false");
        foreach (var (name, value) in more)
            settings.Set(name, value);
    }

    private Task<CliRun> JoinAsync(string until, Action act, params string[] words) => CliRun.OfAsync(
        new CliSurroundings { Out = new CapturedText(until, act), Stop = _stop.Token },
        ["party", "join", .. words, "--no-tunnel", "--home", _under.Home]);

    private static async Task<string> MembersAsync(PartyUnderTest party) =>
        (await party.Server.SendAsync("GET", $"/v1/party/{party.Id}")).Text;
}
