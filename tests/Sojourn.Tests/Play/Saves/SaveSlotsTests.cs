using Sojourn.Kinds.Play.Saves;

namespace Sojourn.Tests.Play.Saves;

public sealed class SaveSlotsTests : IDisposable
{
    private readonly SavesUnderTest _saves = new();

    public void Dispose() => _saves.Dispose();

    [Fact]
    public async Task What_was_saved_is_loaded_after_the_game_was_started_again()
    {
        await using (var slots = await _saves.OpenAsync())
            await slots.SaveAsync(Saved.Three, 7);

        await using var again = await _saves.OpenAsync();
        var loaded = await again.LoadAsync(Saved.Three);

        Saved.NumberOf(loaded).ShouldBe(7);
        loaded.FellBack.ShouldBeNull();
        loaded.Metadata.Generation.ShouldBe(1);
        loaded.Metadata.SavedAt.ShouldBe(_saves.Clock.GetUtcNow());
        loaded.Metadata.Details.Screenshot.ToArray().ShouldBe(Saved.Png);
    }

    [Fact]
    public async Task All_that_a_list_needs_is_told_without_loading()
    {
        var details = new SaveDetails
        {
            Type = SaveType.Checkpoint,
            Callsign = "Maverick",
            PilotRank = "Major",
            Name = "before the end",
            Campaign = "Saga",
            CampaignFile = "saga.fc2",
            Mission = "Lucifer",
            Description = "shields are down",
            GameVersion = "1.2",
            Score = 12_345_678_901,
            MissionsFlown = 31,
            MissionIndex = 4,
            CampaignCompletion = 0.25,
            RealPlayTime = TimeSpan.FromHours(30),
            GamePlayTime = TimeSpan.FromHours(12),
            Screenshot = Saved.Png,
            PlayId = "play-1",
            GameState = "mission",
            Extra = new Dictionary<string, string> { ["ship"] = "Arrow" },
        };
        await using var slots = await _saves.OpenAsync(options => options with { Schema = 5 });
        var saved = await slots.SaveAsync(SlotName.Quick, Saved.Content(1), details);

        var listed = (await slots.ListAsync()).ShouldHaveSingleItem();

        listed.Details.ShouldBeEquivalentTo(
            details with { Screenshot = listed.Details.Screenshot, Extra = listed.Details.Extra });
        listed.Details.Extra["ship"].ShouldBe("Arrow");
        listed.Details.Screenshot.ToArray().ShouldBe(Saved.Png);
        listed.Schema.ShouldBe(5);
        listed.Slot.ShouldBe(SlotName.Quick);
        listed.Sha256.Length.ShouldBe(64);
        listed.Sha256.ShouldBe(saved.Sha256);
        listed.ContentSize.ShouldBe(Saved.Content(1).Size);
        listed.Size.ShouldBe(new FileInfo(_saves.PathOf("quick.000001.save")).Length);
        listed.Parts.Select(part => part.Name).ShouldBe(["campaign", "profile"]);
        listed.State.ShouldBe(SlotState.Good);
        listed.HasOlder.ShouldBeFalse();
    }

    [Fact]
    public async Task The_list_begins_with_the_newest()
    {
        await using var slots = await _saves.OpenAsync();
        foreach (var slot in (SlotName[])[Saved.Four, SlotName.Auto, Saved.Three, SlotName.Quick])
        {
            await slots.SaveAsync(slot, 1);
            _saves.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        (await slots.ListAsync()).Select(save => save.Slot)
            .ShouldBe([SlotName.Quick, Saved.Three, SlotName.Auto, Saved.Four]);
    }

    [Fact]
    public async Task The_newest_and_three_older_saves_are_kept()
    {
        await using var slots = await _saves.OpenAsync();
        for (var number = 1; number <= 6; number++)
            await slots.SaveAsync(Saved.Three, number);

        var kept = await slots.GenerationsAsync(Saved.Three);

        kept.Select(save => save.Generation).ShouldBe([6, 5, 4, 3]);
        kept.ShouldAllBe(save => save.Validity == SaveValidity.Good);
        Saved.NumberOf(await slots.LoadAsync(Saved.Three, new() { Generation = 4 })).ShouldBe(4);
        await Should.ThrowAsync<SlotEmptyException>(() => slots.LoadAsync(Saved.Three, new() { Generation = 2 }));
    }

    [Fact]
    public async Task A_damaged_newest_save_gives_way_to_the_one_before_and_says_what_is_lost()
    {
        await using var slots = await _saves.OpenAsync();
        await slots.SaveAsync(Saved.Three, 1);
        _saves.Clock.Advance(TimeSpan.FromSeconds(90));
        await slots.SaveAsync(Saved.Three, 2);
        _saves.Flip("slot-3.000002.save", -1);

        var loaded = await slots.LoadAsync(Saved.Three);

        Saved.NumberOf(loaded).ShouldBe(1);
        var fall = loaded.FellBack.ShouldNotBeNull();
        fall.Lost.ShouldBe(TimeSpan.FromSeconds(90));
        fall.Skipped.ShouldBe([2]);
        fall.QuarantinedAs.ShouldBe(["slot-3.000002.save.damaged"]);
        fall.Reason.ShouldContain("not what was written");
        _saves.Files.ShouldContain("slot-3.000002.save.damaged");
        _saves.Files.ShouldNotContain("slot-3.000002.save");
    }

    [Fact]
    public async Task Validating_a_damaged_save_changes_nothing()
    {
        await using var slots = await _saves.OpenAsync();
        await slots.SaveAsync(Saved.Three, 1);
        await slots.SaveAsync(Saved.Three, 2);
        _saves.Flip("slot-3.000002.save", 60);
        var before = _saves.Files;

        (await slots.ValidateAsync(Saved.Three)).ShouldBe(SaveValidity.Damaged);
        (await slots.ValidateAsync(Saved.Three, 1)).ShouldBe(SaveValidity.Good);
        (await slots.ValidateAsync(Saved.Three, 9)).ShouldBe(SaveValidity.Missing);
        (await slots.ValidateAsync(Saved.Four)).ShouldBe(SaveValidity.Missing);
        (await slots.GenerationsAsync(Saved.Three)).Select(save => save.Validity)
            .ShouldBe([SaveValidity.Damaged, SaveValidity.Good]);

        _saves.Files.ShouldBe(before);
    }

    [Fact]
    public async Task An_empty_slot_says_so()
    {
        await using var slots = await _saves.OpenAsync();

        (await slots.ListAsync()).ShouldBeEmpty();
        (await slots.GenerationsAsync(Saved.Three)).ShouldBeEmpty();
        var empty = await Should.ThrowAsync<SlotEmptyException>(() => slots.LoadAsync(Saved.Three));
        empty.Message.ShouldContain("Slot 3 is empty");
    }

    [Fact]
    public async Task A_second_game_in_the_same_folder_is_told_who_has_it()
    {
        await using var first = await _saves.OpenAsync();

        var refused = await Should.ThrowAsync<SaveFolderInUseException>(() => _saves.OpenAsync());

        refused.ProcessId.ShouldBe(Environment.ProcessId);
        refused.Since.ShouldBe(_saves.Clock.GetUtcNow());
        refused.Message.ShouldContain($"process {Environment.ProcessId}");
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_to_is_told_with_what_helps()
    {
        Directory.CreateDirectory(_saves.PathOf("saves.lock"));

        var refused = await Should.ThrowAsync<SaveDiskException>(() => _saves.OpenAsync());

        refused.Message.ShouldStartWith($"The saves in '{_saves.Folder}' cannot be opened: ");
        refused.Message.ShouldEndWith("See that the folder can be written to.");
    }

    [Fact]
    public async Task Who_only_looks_needs_no_lock_and_changes_nothing()
    {
        await using var game = await _saves.OpenAsync();
        await game.SaveAsync(Saved.Three, 1);
        await game.SaveAsync(Saved.Three, 2);
        _saves.Flip("slot-3.000002.save", -1);
        var before = _saves.Files;

        await using var looking = await _saves.OpenAsync(options => options with { ReadOnly = true });

        Saved.NumberOf(await looking.LoadAsync(Saved.Three)).ShouldBe(1);
        (await looking.ListAsync()).ShouldHaveSingleItem();
        await Should.ThrowAsync<InvalidOperationException>(() => looking.SaveAsync(Saved.Three, 3));
        await Should.ThrowAsync<InvalidOperationException>(() => looking.DeleteAsync(Saved.Three));
        _saves.Files.ShouldBe(before);
    }
}
