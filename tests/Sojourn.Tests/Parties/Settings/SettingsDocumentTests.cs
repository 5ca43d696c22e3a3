using System.Text;
using System.Text.Json;
using Sojourn.Mesh.Settings;

namespace Sojourn.Tests.Parties.Settings;

/// <summary>Settings as a document.</summary>
public sealed class SettingsDocumentTests : IDisposable
{
    private readonly SettingsUnderTest _under = new();
    private readonly MeshSettings _settings;

    public SettingsDocumentTests() => _settings = _under.Open();

    public void Dispose()
    {
        _settings.Dispose();
        _under.Dispose();
    }

    [Fact]
    public void What_one_machine_exports_another_has_after_the_import()
    {
        _settings.Set("mtu", "1400");
        _settings.Set("relay-only", "true");
        _settings.Set("stun-servers", "a.example.org:1,b.example.org:2");
        _settings.Set("name", "Åsa \"the cat\"");
        _settings.Profiles.Put(new("ours", "Our game", PortSet.Parse("7000-7010"), 1300));
        _settings.Servers.Put(new("home", "Quake III", "play.example.org:27960"));
        var document = SettingsDocument.Export(_settings);

        using var other = MeshSettings.Open(_under.At("other"), _under.Clock);
        SettingsDocument.Import(other, Bytes(document)).ShouldBe(new(4, 1, 1));

        SettingsDocument.Export(other).ShouldBe(document);
        other.Get(MeshSetting.Name).ShouldBe("Åsa \"the cat\"");
        other.Get(MeshSetting.StunServers).Count.ShouldBe(2);
        other.Get(MeshSetting.RelayOnly).ShouldBeTrue();
        other.Profiles.Find("ours")!.Mtu.ShouldBe(1300);
    }

    [Fact]
    public void The_document_has_what_was_set_and_nothing_else()
    {
        _settings.Set("mtu", "1400");
        _settings.Seats.Keep(new(
            new Uri("http://play.example.org/"), "p", "P", "handle/member", "m", "10.66.0.2", default));

        SettingsDocument.Export(_settings).ShouldBe("""
            {
              "format": "sojourn-mesh-settings",
              "version": 1,
              "settings": {
                "mtu": 1400
              },
              "profiles": [],
              "servers": []
            }

            """);
    }

    [Fact]
    public void An_import_replaces_what_it_names_and_leaves_the_rest()
    {
        _settings.Set("mtu", "1400");
        _settings.Set("port", "7000");
        _settings.Servers.Put(new("home", "", "old.example.org"));
        _settings.Servers.Put(new("work", "", "work.example.org"));

        SettingsDocument.Import(_settings, Document("""
            "settings": { "mtu": 1300 }, "servers": [{ "name": "Home", "address": "new.example.org" }]
            """));

        _settings.Get(MeshSetting.Mtu).ShouldBe(1300);
        _settings.Get(MeshSetting.Port).ShouldBe(7000);
        _settings.Servers.List().Select(each => each.Address).ShouldBe(["new.example.org", "work.example.org"]);
    }

    [Fact]
    public void A_document_with_faults_changes_nothing_and_all_faults_are_told()
    {
        _settings.Set("port", "7000");
        var before = SettingsDocument.Export(_settings);

        var fault = Should.Throw<SettingsException>(() => SettingsDocument.Import(_settings, Document("""
            "settings": { "port": 7001, "mtu": "1400", "color": "red", "broadcast": 1 },
            "profiles": [
                { "name": "good", "game": "Good", "ports": "7000" },
                { "name": "bad", "game": "Bad", "ports": "0" },
                { "name": "GOOD", "game": "Again", "ports": "7000" },
                { "name": "big", "game": "Big", "ports": "7000", "mtu": 1500 },
                { "name": "odd", "game": "Odd", "ports": "7000", "colour": "red" },
                7
            ],
            "servers": [{ "name": "nowhere", "address": "" }, { "name": 7, "address": "a" }],
            "secrets": {}
            """)));

        fault.Message.ShouldStartWith("Nothing was imported: the document has 11 faults.");
        string[] told =
        [
            "'mtu'", "'color'", "'broadcast'", "profiles[1]: A profile's ports", "profiles[2]: 'GOOD' is there twice",
            "profiles[3]: A profile's mtu", "profiles[4]: 'colour'", "profiles[5]", "servers[0]: A server's address",
            "servers[1]: 'name' is no text", "'secrets'",
        ];
        told.ShouldAllBe(each => fault.Message.Contains(each));
        SettingsDocument.Export(_settings).ShouldBe(before);
    }

    [Fact]
    public void An_import_for_which_there_is_no_place_changes_nothing()
    {
        _settings.Together(() =>
        {
            for (var i = 1; i < ServerTable.Most; i++)
                _settings.Servers.Put(new($"{i}", "", "play.example.org"));
        });

        Should.Throw<SettingsException>(() => SettingsDocument.Import(_settings, Document("""
            "settings": { "mtu": 1300 },
            "servers": [{ "name": "a", "address": "a" }, { "name": "b", "address": "b" }]
            """))).Message.ShouldContain("no place");

        _settings.IsSet(MeshSetting.Mtu).ShouldBeFalse();
        _settings.Servers.Find("a").ShouldBeNull();
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("[]", "no document of settings")]
    [InlineData("{}", "no document of settings")]
    [InlineData("""{ "format": "sojourn-mesh-settings", "version": 2 }""", "version")]
    [InlineData("""{ "format": "sojourn-mesh-settings", "version": 1, "version": 1 }""", "not JSON")]
    [InlineData("""{ "format": "sojourn-mesh-settings", "version": 1, "profiles": {} }""", "'profiles'")]
    public void What_is_no_such_document_is_refused(string document, string why) =>
        Should.Throw<SettingsException>(() => SettingsDocument.Import(_settings, Bytes(document)))
            .Message.ShouldContain(why);

    [Fact]
    public void A_document_of_the_largest_size_is_read_and_one_that_is_larger_is_not()
    {
        var document = """{ "format": "sojourn-mesh-settings", "version": 1 }""";

        SettingsDocument.Import(_settings, Bytes(document.PadRight(SettingsDocument.MostBytes))).ShouldBe(new(0, 0, 0));
        Should.Throw<SettingsException>(() => SettingsDocument.Import(
            _settings, Bytes(document.PadRight(SettingsDocument.MostBytes + 1)))).Message.ShouldContain("1 MiB");
    }

    [Fact]
    public void What_cannot_be_used_is_not_exported()
    {
        _settings.Set("mtu", "1400");
        _under.Tamper("UPDATE setting SET value = '9000'");

        Should.Throw<SettingsException>(() => SettingsDocument.Export(_settings)).Message.ShouldContain("'mtu'");
    }

    private static byte[] Document(string members) =>
        Bytes($$"""{ "format": "sojourn-mesh-settings", "version": 1, {{members}} }""");

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
