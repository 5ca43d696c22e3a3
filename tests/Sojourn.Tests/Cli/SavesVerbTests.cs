using Sojourn.Cli;
using Sojourn.Kinds.Play.Saves;
using Sojourn.Tests.EndToEnd;
using Sojourn.Tests.Play.Saves;

namespace Sojourn.Tests.Cli;

[Collection(Lane.SecondProcesses)]
public sealed class SavesVerbTests : IDisposable
{
    private readonly SavesUnderTest _saves = new();

    public void Dispose() => _saves.Dispose();

    [Fact]
    public async Task The_list_shows_every_slot_while_the_game_runs()
    {
        await using var game = await _saves.OpenAsync();
        await game.SaveAsync(Saved.Three, 7);
        await game.SaveAsync(SlotName.Quick, 8);

        var run = await RunAsync("ls");

        run.ExitCode.ShouldBe(ExitCodes.Done);
        run.Out.ShouldContain("quick");
        run.Out.ShouldContain("mission 7");
        run.Out.ShouldContain("Maverick");
        var slots = (await RunAsync("ls", "--json")).Json.GetProperty("saves");
        slots.EnumerateArray().Select(save => save.GetProperty("slot").GetString()).ShouldBe(["3", "quick"]);
        slots[0].GetProperty("details").GetProperty("callsign").GetString().ShouldBe("Maverick");
        slots[0].GetProperty("state").GetString().ShouldBe("good");
    }

    [Fact]
    public async Task A_slot_is_shown_with_all_saves_that_it_keeps()
    {
        await SaveAsync(1, 2);
        _saves.Flip("slot-3.000001.save", -1);

        var run = await RunAsync("show", "3");

        run.ExitCode.ShouldBe(ExitCodes.Done);
        run.Out.ShouldContain("mission 2");
        run.Out.ShouldContain("slot-3.000001.save");
        run.Out.ShouldContain("Its content is not what was written.");
        var json = (await RunAsync("show", "3", "--json")).Json;
        json.GetProperty("generations").EnumerateArray().Select(save => save.GetProperty("validity").GetString())
            .ShouldBe(["good", "damaged"]);
        (await RunAsync("show", "4")).ExitCode.ShouldBe(ExitCodes.NotFound);
    }

    [Fact]
    public async Task Verifying_tells_what_is_damaged_and_changes_nothing()
    {
        await SaveAsync(1, 2);
        (await RunAsync("verify")).ExitCode.ShouldBe(ExitCodes.Done);
        _saves.Flip("slot-3.000002.save", -1);
        var before = _saves.Files;

        var run = await RunAsync("verify");

        run.ExitCode.ShouldBe(ExitCodes.Failed);
        run.Out.ShouldContain("slot-3.000002.save: damaged.");
        run.Out.ShouldContain("not good: 1.");
        (await RunAsync("verify", "3", "--json")).Json.GetProperty("slots")[0].GetProperty("isWell").GetBoolean()
            .ShouldBeFalse();
        _saves.Files.ShouldBe(before);
    }

    [Fact]
    public async Task A_repair_makes_a_damaged_slot_good()
    {
        await SaveAsync(1, 2);
        _saves.Flip("slot-3.000002.save", -1);

        var run = await RunAsync("repair");

        run.ExitCode.ShouldBe(ExitCodes.Done);
        run.Out.ShouldContain("slot-3.000002.save.damaged");
        run.Out.ShouldContain("written anew, as 3");
        (await RunAsync("verify")).ExitCode.ShouldBe(ExitCodes.Done);
        (await RunAsync("repair", "3")).Out.ShouldContain("all is well");
    }

    [Fact]
    public async Task A_slot_without_a_good_save_cannot_be_repaired()
    {
        await SaveAsync(1);
        _saves.Flip("slot-3.000001.save", -1);

        var run = await RunAsync("repair", "3");

        run.ExitCode.ShouldBe(ExitCodes.Failed);
        run.Out.ShouldContain("none of its saves is good");
    }

    [Fact]
    public async Task An_older_save_is_restored_and_nothing_that_the_game_keeps_is_lost()
    {
        await using (var game = await _saves.OpenAsync(options => options with { KeepOlder = 9 }))
        {
            for (var number = 1; number <= 8; number++)
                await game.SaveAsync(Saved.Three, number);
        }

        var run = await RunAsync("restore", "3", "2");

        run.ExitCode.ShouldBe(ExitCodes.Done);
        run.Out.ShouldContain("Save 2 of slot 3 is its newest again, as 9.");
        await using var again = await _saves.OpenAsync();
        Saved.NumberOf(await again.LoadAsync(Saved.Three)).ShouldBe(2);
        (await again.GenerationsAsync(Saved.Three)).Count.ShouldBe(9);
    }

    [Fact]
    public async Task A_save_is_exported_to_a_file_that_another_game_imports()
    {
        await SaveAsync(1, 2);
        var file = _saves.PathOf("exported");

        var run = await RunAsync("export", "3", "--out", file);

        run.ExitCode.ShouldBe(ExitCodes.Done);
        run.Out.ShouldContain("Wrote save 2 of slot 3");
        await using var game = await _saves.OpenAsync();
        await using var stream = File.OpenRead(file);
        await game.ImportAsync(Saved.Four, stream);
        Saved.NumberOf(await game.LoadAsync(Saved.Four)).ShouldBe(2);
        (await RunAsync("export", "9", "--out", file)).ExitCode.ShouldBe(ExitCodes.NotFound);
        File.Exists(file + ".part").ShouldBeFalse();
    }

    [Fact]
    public async Task A_program_in_another_process_is_told_who_has_the_saves()
    {
        await using var game = await _saves.OpenAsync();
        await game.SaveAsync(Saved.Three, 1);

        await using var other = SojournProcess.Start("saves", "repair", _saves.Folder);

        (await other.ExitAsync()).ShouldBe(ExitCodes.Conflict, other.Error);
        other.Error.ShouldContain($"in use by process {Environment.ProcessId}, since 2026-01-01 12:00:00Z");
        Saved.NumberOf(await game.LoadAsync(Saved.Three)).ShouldBe(1);
    }

    [Fact]
    public async Task What_cannot_be_is_said()
    {
        var missing = await CliRun.OfAsync(new CliSurroundings(), "saves", "ls", _saves.PathOf("nowhere"));
        missing.ExitCode.ShouldBe(ExitCodes.Usage);
        missing.Error.ShouldContain("There is no directory");
        Directory.Exists(_saves.PathOf("nowhere")).ShouldBeFalse();

        var slot = await RunAsync("show", "seven");
        slot.ExitCode.ShouldBe(ExitCodes.Usage);
        slot.Error.ShouldContain("'seven' is no slot");

        var empty = await RunAsync("verify", "3", "--json");
        empty.ExitCode.ShouldBe(ExitCodes.NotFound);
        empty.ErrorJson.GetProperty("type").GetString().ShouldNotBeNull().ShouldEndWith("no-save");
        (await RunAsync("ls")).Out.ShouldContain("There are no saves.");
    }

    private async Task SaveAsync(params int[] numbers)
    {
        await using var game = await _saves.OpenAsync();
        foreach (var number in numbers)
            await game.SaveAsync(Saved.Three, number);
    }

    private Task<CliRun> RunAsync(string verb, params string[] arguments) =>
        CliRun.OfAsync(new CliSurroundings(), ["saves", verb, _saves.Folder, .. arguments]);
}
