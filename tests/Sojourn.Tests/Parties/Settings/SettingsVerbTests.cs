using Sojourn.Cli;
using Sojourn.Mesh.Settings;
using Sojourn.Tests.Cli;

namespace Sojourn.Tests.Parties.Settings;

/// <summary>The verbs about settings, as a user types them.</summary>
public sealed class SettingsVerbTests : IDisposable
{
    private readonly SettingsUnderTest _under = new();

    public void Dispose() => _under.Dispose();

    [Fact]
    public async Task All_settings_are_shown_with_what_they_take()
    {
        await RunAsync("settings", "mtu", "1400");

        var run = await RunAsync("settings");
        run.ExitCode.ShouldBe(ExitCodes.Done);
        foreach (var each in MeshSetting.All)
            run.Out.ShouldContain(each.Name);
        run.Out.ShouldContain("1400");

        var all = (await RunAsync("settings", "--json")).Json.GetProperty("settings").EnumerateArray()
            .ToDictionary(each => each.GetProperty("name").GetString()!);
        all["mtu"].GetProperty("value").GetInt32().ShouldBe(1400);
        all["mtu"].GetProperty("isSet").GetBoolean().ShouldBeTrue();
        all["port-mapping"].GetProperty("value").GetBoolean().ShouldBeTrue();
        all["name"].TryGetProperty("value", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_setting_is_set_shown_and_reset()
    {
        (await RunAsync("settings", "mtu", "1400")).Out.Trim().ShouldBe("mtu is 1400.");
        (await RunAsync("settings", "mtu")).Out.Trim().ShouldBe("mtu is 1400.");
        (await RunAsync("settings", "mtu", "--reset")).Out.Trim().ShouldBe("mtu is 1380, as it comes.");
        (await RunAsync("settings", "server")).Out.Trim().ShouldBe("server is none, as it comes.");
    }

    [Fact]
    public async Task What_a_setting_does_not_take_is_refused_with_what_it_does()
    {
        var run = await RunAsync("settings", "mtu", "9000");

        run.ExitCode.ShouldBe(ExitCodes.Usage);
        run.Error.ShouldContain("The setting 'mtu' is a whole number from 1280 to 1420, not '9000'.");
        (await RunAsync("settings", "mut")).Error.ShouldContain("There are: name, interface");
        (await RunAsync("settings", "--reset")).ExitCode.ShouldBe(ExitCodes.Usage);
        (await RunAsync("settings", "mtu", "1400", "--reset")).ExitCode.ShouldBe(ExitCodes.Usage);
        (await RunAsync("settings", "mut", "--json")).ErrorJson.GetProperty("type").GetString()!
            .ShouldEndWith("settings");
    }

    [Fact]
    public async Task A_profile_is_made_changed_and_removed()
    {
        (await RunAsync("profiles", "doom")).ExitCode.ShouldBe(ExitCodes.Usage);
        (await RunAsync("profiles", "doom", "--mtu", "1300")).Error.ShouldContain("needs its ports");
        (await RunAsync("profiles", "doom", "5029", "--game", "Doom")).Out.Trim().ShouldBe("doom (Doom): UDP 5029.");
        (await RunAsync("profiles", "doom", "--mtu", "1300")).Out.Trim().ShouldBe("doom (Doom): UDP 5029, MTU 1300.");
        (await RunAsync("profiles", "doom", "0")).Error.ShouldContain("2300-2400,47624");

        var all = (await RunAsync("profiles", "--json")).Json.GetProperty("profiles").EnumerateArray().ToList();
        all.Count.ShouldBe(GameProfile.BuiltIn.Count + 1);
        all.Count(each => each.GetProperty("isBuiltIn").GetBoolean()).ShouldBe(GameProfile.BuiltIn.Count);
        (await RunAsync("profiles")).Out.ShouldContain("built in");

        (await RunAsync("profiles", "doom", "--remove")).Out.Trim().ShouldBe("Removed doom.");
        (await RunAsync("profiles", "doom", "--remove")).ExitCode.ShouldBe(ExitCodes.Usage);
        (await RunAsync("profiles", "quake-3", "--remove")).Error.ShouldContain("comes with the program");
        (await RunAsync("profiles", "--remove")).Error.ShouldContain("NAME is missing");
    }

    [Fact]
    public async Task A_favourite_server_is_added_changed_and_removed()
    {
        (await RunAsync("servers")).Out.Trim().ShouldBe("There are none.");
        (await RunAsync("servers", "home", "--game", "Quake III")).Error.ShouldContain("needs its address");
        (await RunAsync("servers", "home", "10.66.0.2:27960")).Out.Trim().ShouldBe("home: 10.66.0.2:27960.");
        (await RunAsync("servers", "home", "--game", "Quake III")).Out.Trim()
            .ShouldBe("home (Quake III): 10.66.0.2:27960.");
        (await RunAsync("servers", "--json")).Json.GetProperty("servers")[0].GetProperty("address").GetString()
            .ShouldBe("10.66.0.2:27960");

        (await RunAsync("servers", "home", "--remove")).ExitCode.ShouldBe(ExitCodes.Done);
        (await RunAsync("servers", "home")).ExitCode.ShouldBe(ExitCodes.Usage);
    }

    [Fact]
    public async Task What_is_exported_can_be_imported()
    {
        await RunAsync("settings", "mtu", "1400");
        var file = _under.At("mine.json");
        (await RunAsync("settings-export", file)).ExitCode.ShouldBe(ExitCodes.Done);
        (await RunAsync("settings-export")).Out.ShouldBe(await File.ReadAllTextAsync(file));
        await RunAsync("settings", "mtu", "--reset");

        (await RunAsync("settings-import", file)).Out.Trim()
            .ShouldBe("Took over 1 settings, 0 profiles and 0 servers.");
        (await RunAsync("settings", "mtu")).Out.Trim().ShouldBe("mtu is 1400.");
        (await RunAsync("settings-import", _under.At("nothing.json"))).ExitCode.ShouldBe(ExitCodes.Usage);
        await File.WriteAllTextAsync(file, "{}");
        (await RunAsync("settings-import", file)).Error.ShouldContain("Nothing was imported");
    }

    [Fact]
    public async Task A_damaged_file_is_told_by_the_check_and_put_aside_by_the_rest()
    {
        (await RunAsync("settings-check")).Out.ShouldContain("There are no settings");
        await RunAsync("settings", "mtu", "1400");
        (await RunAsync("settings-check")).Out.Trim().ShouldBe("All is well.");
        await File.WriteAllTextAsync(_under.File, "damaged");

        var check = await RunAsync("settings-check", "--json");
        check.ExitCode.ShouldBe(ExitCodes.Failed);
        check.Json.GetProperty("faults").GetArrayLength().ShouldBe(1);
        (await File.ReadAllTextAsync(_under.File)).ShouldBe("damaged");

        var run = await RunAsync("settings", "mtu");
        run.Out.Trim().ShouldBe("mtu is 1380, as it comes.");
        run.Error.ShouldContain("settings.db.damaged-1");
    }

    [Fact]
    public async Task A_backup_is_written_once()
    {
        await RunAsync("settings", "mtu", "1400");

        (await RunAsync("settings-backup", _under.At("copy.db"))).ExitCode.ShouldBe(ExitCodes.Done);
        (await RunAsync("settings-backup", _under.At("copy.db"))).Error.ShouldContain("is there already");
    }

    private Task<CliRun> RunAsync(params string[] words) =>
        CliRun.OfAsync(new CliSurroundings(), ["party", .. words, "--home", _under.Home]);
}
