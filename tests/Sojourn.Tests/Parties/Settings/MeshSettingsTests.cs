using Sojourn.Mesh.Settings;
using Sojourn.Mesh.Tunnels;

namespace Sojourn.Tests.Parties.Settings;

/// <summary>What a user may set.</summary>
public sealed class MeshSettingsTests : IDisposable
{
    private readonly SettingsUnderTest _under = new();

    public void Dispose() => _under.Dispose();

    [Fact]
    public void Whoever_sets_nothing_has_what_the_program_comes_with()
    {
        using var settings = _under.Open();

        settings.Get(MeshSetting.Name).ShouldBeNull();
        settings.Get(MeshSetting.Interface).ShouldBe("sojourn0");
        settings.Get(MeshSetting.Port).ShouldBe(0);
        settings.Get(MeshSetting.Mtu).ShouldBe(1380);
        settings.Get(MeshSetting.Server).ShouldBeNull();
        settings.Get(MeshSetting.StunServers).ShouldBeEmpty();
        settings.Get(MeshSetting.PortMapping).ShouldBeTrue();
        settings.Get(MeshSetting.Broadcast).ShouldBeFalse();
        settings.Get(MeshSetting.RelayOnly).ShouldBeFalse();
        settings.Get(MeshSetting.Tunnel).ShouldBe(TunnelDriver.Auto);
        settings.List().ShouldAllBe(each => each.ChangedAt == null && each.Fault == null);
        settings.List().Count.ShouldBe(MeshSetting.All.Count);
    }

    [Fact]
    public void What_was_set_is_there_the_next_time_and_gone_after_a_reset()
    {
        using (var settings = _under.Open())
        {
            settings.Set("mtu", "1400");
            settings.Set("server", "HTTP://Play.Example.org:7707");
            settings.Set("stun-servers", "stun.example.org:3478, [2001:db8::7]:3478");
            settings.Set("port-mapping", "off");
            settings.Set("name", "  Anna der Große ");
        }

        using var again = _under.Open();
        again.Get(MeshSetting.Mtu).ShouldBe(1400);
        again.Get(MeshSetting.Server).ShouldBe(new Uri("http://play.example.org:7707/"));
        again.Get(MeshSetting.StunServers).ShouldBe(["stun.example.org:3478", "[2001:db8::7]:3478"]);
        again.Get(MeshSetting.PortMapping).ShouldBeFalse();
        again.Get(MeshSetting.Name).ShouldBe("Anna der Große");
        again.Get("mtu").ChangedAt.ShouldBe(_under.Clock.GetUtcNow());
        again.IsSet(MeshSetting.Mtu).ShouldBeTrue();

        again.Reset("mtu").Text.ShouldBe("1380");
        again.IsSet(MeshSetting.Mtu).ShouldBeFalse();
        again.Reset("mtu").Text.ShouldBe("1380");
    }

    [Theory]
    [InlineData("mtu", "1280", true)]
    [InlineData("mtu", "1279", false)]
    [InlineData("mtu", "1420", true)]
    [InlineData("mtu", "1421", false)]
    [InlineData("mtu", "1400.5", false)]
    [InlineData("mtu", "", false)]
    [InlineData("port", "0", true)]
    [InlineData("port", "65535", true)]
    [InlineData("port", "65536", false)]
    [InlineData("port", "-1", false)]
    [InlineData("interface", "party0", true)]
    [InlineData("interface", "abcdefghijklmn0", true)]
    [InlineData("interface", "abcdefghijklmno0", false)]
    [InlineData("interface", "", false)]
    [InlineData("interface", "a b", false)]
    [InlineData("interface", "../etc", false)]
    [InlineData("name", "12345678901234567890123456789012", true)]
    [InlineData("name", "123456789012345678901234567890123", false)]
    [InlineData("name", " ", false)]
    [InlineData("name", "a\nb", false)]
    [InlineData("server", "http://192.0.2.7:7707/", true)]
    [InlineData("server", "ftp://play.example.org", false)]
    [InlineData("server", "https://ann:word@play.example.org", false)]
    [InlineData("server", "play.example.org", false)]
    [InlineData("stun-servers", "a:1,b:2,c:3,d:4,e:5,f:6,g:7,h:65535", true)]
    [InlineData("stun-servers", "a:1,b:2,c:3,d:4,e:5,f:6,g:7,h:8,i:9", false)]
    [InlineData("stun-servers", "a:1,A:1", false)]
    [InlineData("stun-servers", "a", false)]
    [InlineData("stun-servers", "a:0", false)]
    [InlineData("stun-servers", "a:65536", false)]
    [InlineData("broadcast", "yes", true)]
    [InlineData("broadcast", "FALSE", true)]
    [InlineData("broadcast", "perhaps", false)]
    public void A_setting_takes_what_is_in_its_range_and_says_what_that_is(string name, string text, bool isTaken)
    {
        using var settings = _under.Open();

        if (isTaken)
        {
            settings.Set(name, text).ChangedAt.ShouldNotBeNull();
            settings.Get(name).Fault.ShouldBeNull();
            return;
        }

        var fault = Should.Throw<SettingsException>(() => settings.Set(name, text));
        fault.Message.ShouldContain($"'{name}'");
        fault.Message.ShouldContain(MeshSetting.Find(name).Takes);
        settings.Get(name).ChangedAt.ShouldBeNull();
    }

    [Fact]
    public void A_setting_that_there_is_not_is_refused_with_those_that_there_are()
    {
        using var settings = _under.Open();

        foreach (var act in (Action[])[() => settings.Set("mut", "1400"), () => settings.Get("mut"),
            () => settings.Reset("mut")])
        {
            Should.Throw<SettingsException>(act).Message.ShouldBe("There is no setting 'mut'. There are: name, "
                + "interface, port, mtu, server, stun-servers, port-mapping, broadcast, relay-only, tunnel.");
        }
    }

    [Fact]
    public void What_something_else_has_written_is_told_and_a_reset_helps()
    {
        using var settings = _under.Open();
        settings.Set("mtu", "1400");
        _under.Tamper("UPDATE setting SET value = '9000'");

        Should.Throw<SettingsException>(() => settings.Get(MeshSetting.Mtu)).Message.ShouldContain("mtu --reset");
        settings.Get("mtu").Fault.ShouldNotBeNull();
        MeshSettings.Check(_under.Home)!.ShouldHaveSingleItem().ShouldContain("'mtu'");

        settings.Reset("mtu");
        settings.Get(MeshSetting.Mtu).ShouldBe(1380);
        MeshSettings.Check(_under.Home).ShouldBeEmpty();
    }
}
