using Sojourn.Mesh.Settings;

namespace Sojourn.Tests.Parties.Settings;

/// <summary>Which games' broadcasts are carried, by what is said and what was set.</summary>
public sealed class CarriedGamesTests : IDisposable
{
    private readonly SettingsUnderTest _under = new();
    private readonly MeshSettings _settings;

    public CarriedGamesTests() => _settings = _under.Open();

    public void Dispose()
    {
        _settings.Dispose();
        _under.Dispose();
    }

    [Fact]
    public void As_it_comes_nothing_is_carried()
    {
        CarriedGames.Of(_settings, []).ShouldBe(new CarriedGames(null, 1380));
    }

    [Fact]
    public void The_setting_has_all_profiles_carried_and_leaves_the_mtu_as_it_is_set()
    {
        _settings.Set("broadcast", "true");
        _settings.Profiles.Put(new GameProfile("doom", "Doom", PortSet.Parse("5029"), 1280));

        var carried = CarriedGames.Of(_settings, []);

        carried.Mtu.ShouldBe(1380);
        foreach (var profile in _settings.Profiles.List())
            profile.Ports.Ranges.ShouldAllBe(range => carried.Ports!.Contains(range.First));
        carried.Ports!.Contains(5029).ShouldBeTrue();
        carried.Ports.Contains(5030).ShouldBeFalse();
    }

    [Fact]
    public void Named_games_are_carried_alone_with_the_shortest_packets_that_one_needs()
    {
        _settings.Set("broadcast", "true");
        _settings.Set("mtu", "1400");
        _settings.Profiles.Put(new GameProfile("doom", "Doom", PortSet.Parse("5029"), 1300));
        _settings.Profiles.Put(new GameProfile("descent", "Descent", PortSet.Parse("2092-2099"), 1280));

        CarriedGames.Of(_settings, ["Warcraft-3"]).ShouldBe(new CarriedGames(PortSet.Parse("6112"), 1400));
        CarriedGames.Of(_settings, ["doom"]).ShouldBe(new CarriedGames(PortSet.Parse("5029"), 1300));
        CarriedGames.Of(_settings, ["doom", "starcraft", "descent"])
            .ShouldBe(new CarriedGames(PortSet.Parse("2092-2099,5029,6111-6112"), 1280));
    }

    [Fact]
    public void A_game_that_has_no_profile_is_named()
    {
        Should.Throw<SettingsException>(() => CarriedGames.Of(_settings, ["starcraft", "tetris"]))
            .Message.ShouldContain("'tetris'");
    }
}
