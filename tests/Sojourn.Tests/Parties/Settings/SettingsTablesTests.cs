using Sojourn.Mesh.Settings;

namespace Sojourn.Tests.Parties.Settings;

/// <summary>Seats, profiles and servers.</summary>
public sealed class SettingsTablesTests : IDisposable
{
    private readonly SettingsUnderTest _under = new();
    private readonly MeshSettings _settings;

    public SettingsTablesTests() => _settings = _under.Open();

    public void Dispose()
    {
        _settings.Dispose();
        _under.Dispose();
    }

    [Fact]
    public void The_seat_taken_last_comes_first_and_each_party_has_one()
    {
        var (friday, monday) = (Seat("friday"), Seat("monday"));
        _settings.Seats.Keep(friday);
        _settings.Seats.Keep(monday);
        _settings.Seats.List().ShouldBe([monday, friday]);

        _under.Clock.Advance(TimeSpan.FromMinutes(1));
        var again = Seat("friday") with { Address = "10.66.0.9", PartyName = "Friday, later" };
        _settings.Seats.Keep(again);
        _settings.Seats.List().ShouldBe([again, monday]);

        _settings.Seats.Remove(monday.Url, "monday").ShouldBeTrue();
        _settings.Seats.Remove(monday.Url, "monday").ShouldBeFalse();
        _settings.Seats.List().ShouldBe([again]);
    }

    [Fact]
    public void Of_more_seats_than_are_kept_the_oldest_is_forgotten()
    {
        for (var i = 0; i <= SeatTable.Most; i++)
            _settings.Seats.Keep(Seat($"party-{i}"));

        var kept = _settings.Seats.List();
        kept.Count.ShouldBe(SeatTable.Most);
        kept[0].Party.ShouldBe($"party-{SeatTable.Most}");
        kept[^1].Party.ShouldBe("party-1");
    }

    [Fact]
    public void Well_known_games_need_no_profile_of_ones_own()
    {
        var all = _settings.Profiles.List();

        all.ShouldAllBe(each => each.IsBuiltIn && ProfileTable.FaultOf(each) == null);
        all.Select(each => each.Name).ShouldBeInOrder();
        Ports("minecraft-lan").Contains(4445).ShouldBeTrue();
        Ports("age-of-empires-2").ToString().ShouldBe("2300-2400,47624");
        Ports("warcraft-3").ToString().ShouldBe("6112");
        Ports("quake-3").Contains(27960).ShouldBeTrue();
        Ports("unreal-tournament").Contains(7777).ShouldBeTrue();
    }

    [Fact]
    public void A_profile_of_ones_own_takes_a_built_in_ones_place_until_it_is_removed()
    {
        _settings.Profiles.Put(new("Warcraft-3", "The Frozen Throne", PortSet.Parse("6112-6119"), 1280));

        var mine = _settings.Profiles.Find("WARCRAFT-3")!;
        mine.IsBuiltIn.ShouldBeFalse();
        mine.Ports.ToString().ShouldBe("6112-6119");
        mine.Mtu.ShouldBe(1280);
        _settings.Profiles.List().Count.ShouldBe(GameProfile.BuiltIn.Count);
        _settings.Profiles.ListOwn().ShouldBe([mine]);

        _settings.Profiles.Remove("warcraft-3");
        _settings.Profiles.Find("warcraft-3")!.IsBuiltIn.ShouldBeTrue();
        Should.Throw<SettingsException>(() => _settings.Profiles.Remove("warcraft-3"))
            .Message.ShouldContain("comes with the program");
        Should.Throw<SettingsException>(() => _settings.Profiles.Remove("tetris")).Message.ShouldContain("'tetris'");
    }

    [Theory]
    [InlineData(32, 64, 1280, true)]
    [InlineData(33, 64, 1280, false)]
    [InlineData(32, 65, 1280, false)]
    [InlineData(32, 64, 1279, false)]
    [InlineData(1, 1, 1420, true)]
    [InlineData(1, 1, 1421, false)]
    [InlineData(0, 1, null, false)]
    [InlineData(1, 0, null, false)]
    public void A_profile_has_limits(int name, int game, int? mtu, bool isTaken)
    {
        var profile = new GameProfile(new string('n', name), new string('g', game), PortSet.Parse("1"), mtu);

        if (isTaken)
            _settings.Profiles.Put(profile).ShouldBe(profile);
        else
            Should.Throw<SettingsException>(() => _settings.Profiles.Put(profile)).Message.ShouldContain("A profile's");
    }

    [Fact]
    public void There_is_a_place_for_the_last_profile_and_none_for_one_more()
    {
        _settings.Together(() =>
        {
            for (var i = 0; i < ProfileTable.Most; i++)
                _settings.Profiles.Put(Profile($"{i}"));
        });

        Should.Throw<SettingsException>(() => _settings.Profiles.Put(Profile("one more"))).Message.ShouldContain("200");
        _settings.Profiles.Put(Profile("0"));
        _settings.Profiles.ListOwn().Count.ShouldBe(ProfileTable.Most);
    }

    [Theory]
    [InlineData("1", "1")]
    [InlineData("65535", "65535")]
    [InlineData("47624, 2300 - 2400", "2300-2400,47624")]
    [InlineData("3,1,2", "1-3")]
    [InlineData("1-10,5-7,12", "1-10,12")]
    [InlineData("1,3,5,7,9,11,13,15,17,19,21,23,25,27,29,31", "1,3,5,7,9,11,13,15,17,19,21,23,25,27,29,31")]
    [InlineData("1,3,5,7,9,11,13,15,17,19,21,23,25,27,29,31,33", null)]
    [InlineData("0", null)]
    [InlineData("65536", null)]
    [InlineData("2-1", null)]
    [InlineData("1-", null)]
    [InlineData("1,,2", null)]
    [InlineData("", null)]
    [InlineData("ports", null)]
    public void Ports_are_written_in_one_way(string text, string? normal)
    {
        PortSet.TryParse(text, out var ports).ShouldBe(normal is not null);
        ports?.ToString().ShouldBe(normal);
        if (ports is not null)
            ports.ShouldBe(PortSet.Parse(normal!));
    }

    [Fact]
    public void A_favourite_server_is_kept_replaced_and_removed()
    {
        var ours = new FavoriteServer("Ours", "Quake III", "play.example.org:27960");
        _settings.Servers.Put(ours).ShouldBe(ours);
        _settings.Servers.Put(new("another", "", "[2001:db8::7]:27960"));
        _settings.Servers.Put(ours with { Name = "OURS", Address = "192.0.2.7" });

        _settings.Servers.List().Select(each => each.Name).ShouldBe(["another", "OURS"]);
        _settings.Servers.Find("ours")!.Address.ShouldBe("192.0.2.7");
        _settings.Servers.Remove("ours");
        Should.Throw<SettingsException>(() => _settings.Servers.Remove("ours")).Message.ShouldContain("'ours'");
    }

    [Theory]
    [InlineData(64, 64, "play.example.org", true)]
    [InlineData(65, 0, "play.example.org", false)]
    [InlineData(0, 0, "play.example.org", false)]
    [InlineData(1, 65, "play.example.org", false)]
    [InlineData(1, 0, "2001:db8::7", true)]
    [InlineData(1, 0, "play.example.org:65535", true)]
    [InlineData(1, 0, "play.example.org:65536", false)]
    [InlineData(1, 0, "play.example.org:", false)]
    [InlineData(1, 0, "no host", false)]
    [InlineData(1, 0, "", false)]
    public void A_favourite_server_has_limits(int name, int game, string address, bool isTaken)
    {
        var server = new FavoriteServer(new string('n', name), new string('g', game), address);

        if (isTaken)
            _settings.Servers.Put(server).ShouldBe(server);
        else
            Should.Throw<SettingsException>(() => _settings.Servers.Put(server)).Message.ShouldContain("A server's");
    }

    [Fact]
    public void There_is_a_place_for_the_last_server_and_none_for_one_more()
    {
        _settings.Together(() =>
        {
            for (var i = 0; i < ServerTable.Most; i++)
                _settings.Servers.Put(new($"{i}", "", "play.example.org"));
        });

        Should.Throw<SettingsException>(() => _settings.Servers.Put(new("one more", "", "play.example.org")))
            .Message.ShouldContain("500");
        _settings.Servers.List().Count.ShouldBe(ServerTable.Most);
    }

    private PortSet Ports(string profile) => _settings.Profiles.Find(profile)!.Ports;

    private static GameProfile Profile(string name) => new(name, "A game", PortSet.Parse("7777"));

    private KeptSeat Seat(string party) => new(
        new Uri("http://play.example.org:7707/"), party, "A party", $"handle-{party}/member", "0123456789abcdef",
        "10.66.0.2", _under.Clock.GetUtcNow());
}
