using Sojourn.Kinds.Play.Saves;
using Sojourn.Testing.Disks;

namespace Sojourn.Tests.Play.Saves;

/// <summary>Every limit, at the limit and one beyond.</summary>
public sealed class SaveLimitTests
{
    private static readonly SaveSlotsOptions Small = new()
    {
        MaxContentBytes = 1000,
        MaxParts = 3,
        MaxScreenshotBytes = 100,
        Slots = 4,
    };

    private readonly SimulatedDisk _disk = new();

    public static TheoryData<string, object, object, string> Details => new()
    {
        { "Callsign", Text(200), Text(201), "Callsign has 201 characters; 200" },
        { "PilotRank", Text(200), Text(201), "PilotRank has 201" },
        { "Name", Text(200), Text(201), "Name has 201" },
        { "Campaign", Text(200), Text(201), "Campaign has 201" },
        { "CampaignFile", Text(200), Text(201), "CampaignFile has 201" },
        { "Mission", Text(200), Text(201), "Mission has 201" },
        { "GameVersion", Text(200), Text(201), "GameVersion has 201" },
        { "PlayId", Text(200), Text(201), "PlayId has 201" },
        { "GameState", Text(200), Text(201), "GameState has 201" },
        { "Description", Text(1000), Text(1001), "Description has 1001" },
        { "CampaignCompletion", 1.0, 1.01, "must be 0 to 1" },
        { "CampaignCompletion", 0.0, double.NaN, "must be 0 to 1" },
        { "MissionsFlown", 0, -1, "not be negative" },
        { "MissionIndex", 0, -1, "not be negative" },
        { "Screenshot", 100, 101, "screenshot has 101 bytes; 100" },
        { "Extra", 64, 65, "Extra may have 64 entries" },
    };

    [Theory]
    [MemberData(nameof(Details))]
    public async Task What_is_told_of_a_save_has_limits(string what, object most, object tooMuch, string says)
    {
        await using var slots = await SaveSlots.OpenAsync(_disk, Small);

        await slots.SaveAsync(Saved.Three, Saved.Content(1), With(what, most));
        var refused = await Should.ThrowAsync<SaveRefusedException>(
            () => slots.SaveAsync(Saved.Three, Saved.Content(2), With(what, tooMuch)));

        refused.Message.ShouldContain(says);
        (await slots.GenerationsAsync(Saved.Three)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_screenshot_is_a_PNG()
    {
        await using var slots = await SaveSlots.OpenAsync(_disk);

        var refused = await Should.ThrowAsync<SaveRefusedException>(() => slots.SaveAsync(
            Saved.Three, Saved.Content(1), new SaveDetails { Screenshot = "GIF89a--"u8.ToArray() }));

        refused.Message.ShouldContain("no PNG");
    }

    [Fact]
    public async Task Content_has_limits_in_bytes_and_parts()
    {
        await using var slots = await SaveSlots.OpenAsync(_disk, Small);

        await SaveAsync(SaveContent.Of("a", new byte[1000]));
        await SaveAsync(SaveContent.Of("a", default).With("b", default).With("c", default));
        (await RefusedAsync(SaveContent.Of("a", new byte[1001]))).ShouldContain("1,001 bytes; 1,000");
        (await RefusedAsync(SaveContent.Of("a", default).With("b", default).With("c", default).With("d", default)))
            .ShouldContain("4 parts; 3");
        (await RefusedAsync(new SaveContent(new Dictionary<string, ReadOnlyMemory<byte>>()))).ShouldContain("no parts");

        Task SaveAsync(SaveContent content) => slots.SaveAsync(Saved.Three, content, new());
        async Task<string> RefusedAsync(SaveContent content) =>
            (await Should.ThrowAsync<SaveRefusedException>(() => SaveAsync(content))).Message;
    }

    [Theory]
    [InlineData("profile.json", true)]
    [InlineData("0", true)]
    [InlineData("", false)]
    [InlineData("Profile", false)]
    [InlineData(".hidden", false)]
    [InlineData("../profile", false)]
    [InlineData("a b", false)]
    public async Task Names_of_parts_are_plain(string name, bool isName)
    {
        await using var slots = await SaveSlots.OpenAsync(_disk);
        var save = () => slots.SaveAsync(Saved.Three, SaveContent.Of(name, new byte[1]), new());

        if (isName)
            (await save()).Parts.ShouldHaveSingleItem().Name.ShouldBe(name);
        else
            (await Should.ThrowAsync<SaveRefusedException>(save)).Message.ShouldContain("no name of a part");
    }

    [Fact]
    public async Task A_part_of_64_characters_is_a_part_and_of_65_none()
    {
        await using var slots = await SaveSlots.OpenAsync(_disk);

        await slots.SaveAsync(Saved.Three, SaveContent.Of(new string('a', 64), new byte[1]), new());
        await Should.ThrowAsync<SaveRefusedException>(
            () => slots.SaveAsync(Saved.Three, SaveContent.Of(new string('a', 65), new byte[1]), new()));
    }

    [Fact]
    public async Task There_are_as_many_slots_as_were_asked_for_and_two_more()
    {
        await using var slots = await SaveSlots.OpenAsync(_disk, Small);

        foreach (var slot in (SlotName[])[SlotName.Number(0), Saved.Three, SlotName.Quick, SlotName.Auto])
        {
            await slots.SaveAsync(slot, 1);
            Saved.NumberOf(await slots.LoadAsync(slot)).ShouldBe(1);
        }

        var refused = await Should.ThrowAsync<SaveRefusedException>(() => slots.SaveAsync(Saved.Four, 1));

        refused.Message.ShouldBe("There is no slot 4; there are 0 to 3, 'quick' and 'auto'.");
    }

    [Fact]
    public async Task A_save_that_is_too_large_for_these_options_is_not_damaged_by_it()
    {
        await using (var large = await SaveSlots.OpenAsync(_disk))
            await large.SaveAsync(Saved.Three, SaveContent.Of("a", new byte[1001]), new());
        await using var slots = await SaveSlots.OpenAsync(_disk, Small);

        (await Should.ThrowAsync<SaveRefusedException>(() => slots.LoadAsync(Saved.Three)))
            .Message.ShouldContain("Allow more");
        (await slots.ValidateAsync(Saved.Three)).ShouldBe(SaveValidity.Good);
    }

    [Fact]
    public async Task Options_that_cannot_be_are_told_all_at_once()
    {
        var wrong = new SaveSlotsOptions { Slots = 1000, KeepOlder = 0, MaxParts = 257, MaxWaiting = 0 };

        var faults = (await Should.ThrowAsync<ArgumentException>(() => SaveSlots.OpenAsync(_disk, wrong))).Message;

        foreach (var fault in (string[])
            ["Slots is 1000; it must be 0 to 999.", "KeepOlder is 0", "MaxParts is 257", "MaxWaiting is 0"])
        {
            faults.ShouldContain(fault);
        }

        await using var fine = await SaveSlots.OpenAsync(_disk, wrong with
        {
            Slots = 999,
            KeepOlder = 100,
            MaxParts = 256,
            MaxWaiting = 1000,
        });
        await fine.SaveAsync(SlotName.Number(SlotName.MaxNumber), 1);
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("998", true)]
    [InlineData("quick", true)]
    [InlineData("auto", true)]
    [InlineData("999", false)]
    [InlineData("-1", false)]
    [InlineData("01", false)]
    [InlineData(" 1", false)]
    [InlineData("Quick", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Slots_have_names(string? text, bool isSlot)
    {
        SlotName.TryParse(text, out var slot).ShouldBe(isSlot);
        if (isSlot)
            slot.ToString().ShouldBe(text);
    }

    [Fact]
    public async Task A_slot_whose_numbers_are_used_up_takes_no_save_and_says_which_file_is_the_cause()
    {
        await using var slots = await SaveSlots.OpenAsync(_disk);
        await slots.SaveAsync(Saved.Three, 1);
        _disk.Put("slot-3.999999999998.save.damaged", [1]);
        await slots.SaveAsync(Saved.Three, 2);
        var before = _disk.Names;

        (await Should.ThrowAsync<SaveRefusedException>(() => slots.SaveAsync(Saved.Three, 3)))
            .Message.ShouldContain("'slot-3.999999999999'");

        _disk.Names.ShouldBe(before);
        Saved.NumberOf(await slots.LoadAsync(Saved.Three)).ShouldBe(2);

        // Moved away, as the message says, they are in nobody's way any more.
        _disk.Delete("slot-3.999999999998.save.damaged");
        _disk.Delete("slot-3.999999999999.save");
        (await slots.SaveAsync(Saved.Three, 3)).Generation.ShouldBe(2);
    }

    [Theory]
    [InlineData("slot-3.000012.save", true)]
    [InlineData("quick.1234567.save.damaged-2", true)]
    [InlineData("auto.000001.try1", true)]
    [InlineData("slot-3.999999999999.save", true)]
    [InlineData("slot-3.1000000000000.save", false)]
    [InlineData("slot-3.12.save", false)]
    [InlineData("slot-3.0000012.save", false)]
    [InlineData("slot-03.000012.save", false)]
    [InlineData("3.000012.save", false)]
    [InlineData("slot-quick.000012.save", false)]
    [InlineData("slot-3.000012.save.damaged-1", false)]
    [InlineData("slot-3.000012.backup", false)]
    [InlineData("slot-3.manifest", false)]
    [InlineData("holiday.jpg", false)]
    public void Files_that_are_not_ours_are_left_alone(string file, bool isOurs) =>
        (SaveFileName.TryParse(file)?.Text).ShouldBe(isOurs ? file : null);

    private static string Text(int length) => new('x', length);

    private static SaveDetails With(string what, object value) => what switch
    {
        "Callsign" => new() { Callsign = (string)value },
        "PilotRank" => new() { PilotRank = (string)value },
        "Name" => new() { Name = (string)value },
        "Campaign" => new() { Campaign = (string)value },
        "CampaignFile" => new() { CampaignFile = (string)value },
        "Mission" => new() { Mission = (string)value },
        "GameVersion" => new() { GameVersion = (string)value },
        "PlayId" => new() { PlayId = (string)value },
        "GameState" => new() { GameState = (string)value },
        "Description" => new() { Description = (string)value },
        "CampaignCompletion" => new() { CampaignCompletion = (double)value },
        "MissionsFlown" => new() { MissionsFlown = (int)value },
        "MissionIndex" => new() { MissionIndex = (int)value },
        "Screenshot" => new() { Screenshot = (byte[])[.. Saved.Png, .. new byte[(int)value - Saved.Png.Length]] },
        "Extra" => new() { Extra = Enumerable.Range(0, (int)value).ToDictionary(n => $"key {n}", n => "value") },
        _ => throw new ArgumentOutOfRangeException(nameof(what)),
    };
}
