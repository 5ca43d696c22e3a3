using Sojourn.Mesh.Settings;
using Sojourn.Sqlite;

namespace Sojourn.Tests.Parties.Settings;

/// <summary>The file, and what can happen to it.</summary>
public sealed class SettingsFileTests : IDisposable
{
    private readonly SettingsUnderTest _under = new();

    public void Dispose() => _under.Dispose();

    [Fact]
    public void Nobody_but_the_owner_can_look_at_it()
    {
        if (OperatingSystem.IsWindows())
            return;
        const UnixFileMode owners = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        _under.Open().Dispose();
        File.GetUnixFileMode(_under.File).ShouldBe(owners);
        File.GetUnixFileMode(_under.Home).ShouldBe(owners | UnixFileMode.UserExecute);

        File.SetUnixFileMode(_under.File, owners | UnixFileMode.OtherRead);
        _under.Open().Dispose();
        File.GetUnixFileMode(_under.File).ShouldBe(owners);
    }

    [Fact]
    public void It_is_one_file_when_nobody_changes_anything()
    {
        using var settings = _under.Open();
        settings.Set("mtu", "1400");

        _under.Files.ShouldBe(["settings.db"]);
    }

    [Theory]
    [InlineData("not at all a database, but long enough to be looked at like one")]
    [InlineData("a")]
    public void A_file_that_is_none_is_put_aside_and_that_is_told(string content)
    {
        Directory.CreateDirectory(_under.Home);
        File.WriteAllText(_under.File, content);
        using (var settings = _under.Open())
        {
            settings.Notice!.ShouldContain("settings.db.damaged-1");
            settings.Set("mtu", "1400");
        }

        File.ReadAllText(_under.File + ".damaged-1").ShouldBe(content);
        using var again = _under.Open();
        again.Notice.ShouldBeNull();
        again.Get(MeshSetting.Mtu).ShouldBe(1400);
    }

    [Fact]
    public void A_damaged_page_is_found_and_nothing_that_was_put_aside_before_is_lost()
    {
        for (var time = 1; time <= 2; time++)
        {
            using (var settings = _under.Open())
                settings.Set("mtu", "1400");
            var bytes = File.ReadAllBytes(_under.File);
            bytes.AsSpan(bytes.Length - 4096, 64).Fill(0xFF);
            File.WriteAllBytes(_under.File, bytes);

            MeshSettings.Check(_under.Home)!.ShouldNotBeEmpty();
            using var opened = _under.Open();
            opened.Notice!.ShouldContain($"damaged-{time}");
            opened.Get(MeshSetting.Mtu).ShouldBe(1380);
        }
    }

    [Fact]
    public void A_table_that_is_gone_is_damage_too()
    {
        _under.Open().Dispose();
        _under.Tamper("DROP TABLE seat");

        using var opened = _under.Open();

        opened.Notice!.ShouldContain("seat is missing");
        opened.Seats.List().ShouldBeEmpty();
    }

    [Fact]
    public void The_file_of_a_newer_version_is_left_as_it_is()
    {
        _under.Open().Dispose();
        _under.Tamper("PRAGMA user_version = 2");
        var before = File.ReadAllBytes(_under.File);

        Should.Throw<SettingsException>(_under.Open).Message.ShouldContain("a newer one wrote it");

        File.ReadAllBytes(_under.File).ShouldBe(before);
        _under.Files.ShouldBe(["settings.db"]);
        MeshSettings.Check(_under.Home)!.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("CREATE TABLE theirs (a)")]
    [InlineData("CREATE TABLE theirs (a); PRAGMA user_version = 1")]
    public void Another_programs_file_is_left_as_it_is(string sql)
    {
        Directory.CreateDirectory(_under.Home);
        _under.Tamper(sql);

        Should.Throw<SettingsException>(_under.Open).Message.ShouldContain("another program's file");

        _under.Tamper("INSERT INTO theirs VALUES (1)");
    }

    [Fact]
    public async Task Many_may_open_it_and_set_at_once_and_nothing_is_lost()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(one => Task.Run(() =>
        {
            using var settings = _under.Open();
            for (var i = 0; i < 10; i++)
                settings.Servers.Put(new($"{one}-{i}", "Quake III", "play.example.org:27960"));
        })));

        using var all = _under.Open();
        all.Servers.List().Count.ShouldBe(80);
        all.Notice.ShouldBeNull();
        _under.Files.ShouldBe(["settings.db"]);
    }

    [Fact]
    public async Task Of_many_that_find_it_damaged_one_puts_it_aside_once()
    {
        Directory.CreateDirectory(_under.Home);
        File.WriteAllText(_under.File, "damaged");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(one => Task.Run(() =>
        {
            try
            {
                using var settings = _under.Open();
                settings.Servers.Put(new($"{one}", "", "play.example.org"));
                return true;
            }
            catch (SettingsException told)
            {
                told.Message.ShouldContain("Try again in a moment");
                return false;
            }
        })));

        File.Exists(_under.File + ".damaged-1").ShouldBeTrue();
        File.Exists(_under.File + ".damaged-2").ShouldBeFalse();
        MeshSettings.Check(_under.Home).ShouldBeEmpty();
    }

    [Fact]
    public void Whoever_waits_for_too_long_is_told()
    {
        using var settings = MeshSettings.Open(_under.Home, _under.Clock, TimeSpan.FromSeconds(1));
        using var other = _under.Open();

        other.Together(() => Should.Throw<SettingsException>(() => settings.Set("mtu", "1400"))
            .Message.ShouldContain("another process has been busy"));

        settings.Set("mtu", "1400").Text.ShouldBe("1400");
    }

    [Fact]
    public void A_crash_between_two_changes_that_belong_together_leaves_what_was_there_before()
    {
        using var settings = _under.Open();
        settings.Set("mtu", "1300");
        settings.Together(() =>
        {
            settings.Set("mtu", "1400");
            ShouldBeOld(_under.Copy("after-one"));
            settings.Set("port", "7000");
            ShouldBeOld(_under.Copy("after-two"));
        });

        using var crashed = MeshSettings.Open(_under.Copy("after-all"), _under.Clock);
        crashed.Get(MeshSetting.Mtu).ShouldBe(1400);
        crashed.Get(MeshSetting.Port).ShouldBe(7000);
    }

    [Fact]
    public void A_crash_while_pages_are_written_leaves_what_was_there_before()
    {
        using (var settings = _under.Open())
            settings.Set("mtu", "1300");
        using (var file = SettingsFile.Open(_under.Home, TimeSpan.FromSeconds(1)))
        {
            file.Change(connection =>
            {
                // More than fits into memory, so that the file is written to before the commit.
                connection.Run("PRAGMA cache_size = 1; UPDATE setting SET value = '1400';");
                using var fill = new Statement(
                    connection, "INSERT INTO server (name, game, address) VALUES ($0, '', $1)");
                for (var i = 0; i < 200; i++)
                    fill.Run($"{i}", new string('a', 200));
                return _under.Copy("crashed");
            });
        }

        new FileInfo(Path.Combine(_under.At("crashed"), "settings.db")).Length.ShouldBeGreaterThan(65536);
        File.Exists(Path.Combine(_under.At("crashed"), "settings.db-journal")).ShouldBeTrue();
        ShouldBeOld(_under.At("crashed"));
    }

    [Fact]
    public void A_backup_has_everything_and_takes_nobodys_place()
    {
        using var settings = _under.Open();
        settings.Set("mtu", "1300");
        settings.Backup(_under.At("backup.db"));
        settings.Set("mtu", "1400");

        Should.Throw<SettingsException>(() => settings.Backup(_under.At("backup.db"))).Message.ShouldContain("already");
        File.Exists(_under.At("backup.db.part")).ShouldBeFalse();
        var restored = Directory.CreateDirectory(_under.At("restored")).FullName;
        File.Copy(_under.At("backup.db"), Path.Combine(restored, "settings.db"));
        ShouldBeOld(restored);
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(_under.At("backup.db")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void A_check_says_when_there_is_nothing_and_makes_nothing()
    {
        MeshSettings.Check(_under.Home).ShouldBeNull();
        Directory.Exists(_under.Home).ShouldBeFalse();
    }

    private void ShouldBeOld(string home)
    {
        using var settings = MeshSettings.Open(home, _under.Clock);
        settings.Notice.ShouldBeNull();
        settings.Get(MeshSetting.Mtu).ShouldBe(1300);
        settings.Get(MeshSetting.Port).ShouldBe(0);
        settings.Servers.List().ShouldBeEmpty();
    }
}
