using Sojourn.Kinds.Generation;

namespace Sojourn.Tests.Generation;

public sealed class CommandTests
{
    private const string Prompt = "Close-up of Mara in the rain. Setting: desert, dawn.";

    [Fact]
    public async Task A_cancelled_generation_keeps_what_is_finished_and_retry_makes_the_rest()
    {
        var desk = new Desk();
        desk.Start(new StartGeneration(Stories.Short, NumScenes: 4)).ShouldBeNull();
        await desk.DriveAsync(reports: 7);
        desk.Send(new Cancel()).ShouldBeNull();
        var kept = desk.State.Scenes.ToList();
        kept.Count.ShouldBe(2);
        desk.Status.ShouldBe("cancelled");

        desk.Send(new Retry()).ShouldBeNull();
        desk.Status.ShouldBe("pending");
        desk.State.EndedAt.ShouldBeNull();
        await desk.DriveAsync();

        desk.Status.ShouldBe("completed");
        desk.State.Scenes.Take(2).Select(scene => scene.Picture).ShouldBe(kept.Select(scene => scene.Picture));
        desk.Pictures.Count.ShouldBe(4);
    }

    [Fact]
    public async Task What_is_at_rest_cannot_be_cancelled_and_what_did_not_stop_cannot_be_retried()
    {
        var desk = await Desk.FinishedAsync();

        desk.Send(new Cancel()).ShouldNotBeNull().Code.ShouldBe("not-busy");
        desk.Send(new Retry()).ShouldNotBeNull().Code.ShouldBe("not-stopped");
    }

    [Fact]
    public async Task An_edited_prompt_keeps_the_old_picture_and_marks_it_stale()
    {
        var desk = await Desk.FinishedAsync();
        var before = desk.State.Scenes[1];

        desk.Send(new EditScene(2, Title: " The Desert ", ImagePrompt: Prompt)).ShouldBeNull();

        var after = desk.State.Scenes[1];
        after.Title.ShouldBe("The Desert");
        after.ImagePrompt.ShouldBe(Prompt);
        after.Description.ShouldBe(before.Description);
        after.Picture.ShouldBe(before.Picture);
        after.PictureIsStale.ShouldBeTrue();
        after.Edited.ShouldBe([SceneField.Title, SceneField.ImagePrompt]);
        desk.Status.ShouldBe("completed");
        desk.Events[^1].ShouldBe(new SceneEdited(2, "The Desert", null, Prompt, true));
    }

    [Fact]
    public async Task An_edit_that_changes_nothing_leaves_no_trace()
    {
        var desk = await Desk.FinishedAsync();
        var events = desk.Events.Count;

        desk.Send(new EditScene(1, Title: desk.State.Scenes[0].Title)).ShouldBeNull();

        desk.Events.Count.ShouldBe(events);
        desk.State.Scenes[0].Edited.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0, "title", "too-short")]
    [InlineData(1, "title", null)]
    [InlineData(200, "title", null)]
    [InlineData(201, "title", "too-long")]
    [InlineData(9, "description", "too-short")]
    [InlineData(10, "description", null)]
    [InlineData(4_000, "description", null)]
    [InlineData(4_001, "description", "too-long")]
    [InlineData(9, "imagePrompt", "too-short")]
    [InlineData(10, "imagePrompt", null)]
    [InlineData(4_000, "imagePrompt", null)]
    [InlineData(4_001, "imagePrompt", "too-long")]
    public async Task Edits_have_lengths(int length, string field, string? code)
    {
        var desk = await Desk.FinishedAsync();
        var text = new string('x', length);

        var refusal = desk.Send(new EditScene(
            1,
            field == "title" ? text : null,
            field == "description" ? text : null,
            field == "imagePrompt" ? text : null));

        refusal?.Code.ShouldBe(code);
        (refusal?.Field ?? field).ShouldBe(field);
        (refusal is null).ShouldBe(code is null);
    }

    [Theory]
    [InlineData("A nude statue in the park", "prompt-refused-word")]
    [InlineData("GORE and more of the same", "prompt-refused-word")]
    [InlineData("A denuded hill above a gorge", null)]
    public async Task Some_words_are_refused_in_prompts(string prompt, string? code)
    {
        var desk = await Desk.FinishedAsync();

        var refusal = desk.Send(new EditScene(1, ImagePrompt: prompt));

        refusal?.Code.ShouldBe(code);
        (refusal is null).ShouldBe(code is null);
    }

    [Theory]
    [InlineData(0, "unknown-scene", true)]
    [InlineData(5, "unknown-scene", true)]
    [InlineData(3, "scene-not-made", false)]
    public async Task Only_a_scene_that_is_there_can_be_edited(int number, string code, bool isInvalid)
    {
        var desk = new Desk();
        desk.Start(new StartGeneration(Stories.Short, NumScenes: 4)).ShouldBeNull();
        await desk.DriveAsync(reports: 7);

        var refusal = desk.Send(new EditScene(number, Title: "Anything")).ShouldNotBeNull();

        refusal.Code.ShouldBe(code);
        refusal.IsInvalid.ShouldBe(isInvalid);
    }

    [Fact]
    public async Task Nothing_to_edit_is_refused()
    {
        var desk = await Desk.FinishedAsync();

        desk.Send(new EditScene(1)).ShouldNotBeNull().Code.ShouldBe("nothing-to-edit");
    }

    [Fact]
    public async Task A_regenerated_scene_gets_another_picture_and_the_others_stay()
    {
        var desk = await Desk.FinishedAsync();
        var before = desk.State.Scenes.ToList();

        desk.Send(new RegenerateScene(2)).ShouldBeNull();
        desk.State.Progress.Percentage.ShouldBe(60);
        desk.Send(new EditScene(2, Title: "Too early")).ShouldNotBeNull().Code.ShouldBe("scene-in-work");
        desk.Send(new EditScene(1, Title: "Well in time")).ShouldBeNull();
        await desk.DriveAsync();

        desk.Status.ShouldBe("completed");
        var after = desk.State.Scenes;
        after[1].Revision.ShouldBe(2);
        after[1].Picture.Entry.ShouldBe(4);
        after[1].Picture.Sha256.ShouldNotBe(before[1].Picture.Sha256);
        after[0].Picture.ShouldBe(before[0].Picture);
        after[2].Picture.ShouldBe(before[2].Picture);
    }

    [Fact]
    public async Task Regenerating_keeps_what_a_person_has_written()
    {
        var desk = await Desk.FinishedAsync();
        desk.Send(new EditScene(2, ImagePrompt: Prompt)).ShouldBeNull();
        var stale = desk.State.Scenes[1].Picture;

        foreach (var revision in new[] { 2, 3 })
        {
            var before = desk.State.Scenes[1].Picture.Sha256;
            desk.Send(new RegenerateScene(2)).ShouldBeNull();
            await desk.DriveAsync();

            var scene = desk.State.Scenes[1];
            scene.ImagePrompt.ShouldBe(Prompt);
            scene.PictureIsStale.ShouldBeFalse();
            scene.Revision.ShouldBe(revision);
            scene.Picture.Sha256.ShouldNotBe(before);
        }

        stale.Entry.ShouldBe(2);
    }

    [Fact]
    public async Task A_regeneration_that_was_cancelled_leaves_the_scene_as_it_was_and_can_be_retried()
    {
        var desk = await Desk.FinishedAsync();
        var before = desk.State.Scenes[1];
        desk.Send(new RegenerateScene(2)).ShouldBeNull();
        await desk.DriveAsync(reports: 2);
        desk.State.Draft.ShouldNotBeNull();
        desk.Send(new Cancel()).ShouldBeNull();
        desk.State.Scenes[1].Picture.ShouldBe(before.Picture);

        // The draft was written before this edit.
        desk.Send(new EditScene(2, ImagePrompt: Prompt)).ShouldBeNull();
        desk.Send(new Retry()).ShouldBeNull();
        await desk.DriveAsync();

        desk.State.Scenes[1].ImagePrompt.ShouldBe(Prompt);
        desk.State.Scenes[1].Revision.ShouldBe(2);
    }

    [Fact]
    public async Task Approved_scenes_are_sorted_and_their_pictures_checked()
    {
        var desk = await Desk.FinishedAsync();

        desk.Send(new ApproveScenes([3, 1])).ShouldBeNull();
        desk.Status.ShouldBe("downloading");
        desk.Events[^1].ShouldBeOfType<ScenesApproved>().Scenes.ShouldBe([1, 3]);
        await desk.DriveAsync();

        desk.Status.ShouldBe("completed");
        desk.State.ApprovedScenes.ShouldBe([1, 3]);
        desk.Events[^1].ShouldBeOfType<GenerationCompleted>().ApprovedScenes.ShouldBe([1, 3]);

        desk.Send(new ApproveScenes([2])).ShouldBeNull();
        await desk.DriveAsync();
        desk.State.ApprovedScenes.ShouldBe([2]);
        desk.Send(new EditScene(2, Title: "Not what was approved")).ShouldBeNull();
        desk.State.ApprovedScenes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_damaged_picture_cannot_be_approved_and_a_new_one_can()
    {
        var desk = await Desk.FinishedAsync();
        desk.Pictures[1] = "not what was drawn"u8.ToArray();

        desk.Send(new ApproveScenes([1, 2])).ShouldBeNull();
        await desk.DriveAsync();
        desk.Status.ShouldBe("failed");
        desk.State.Error.ShouldNotBeNull().ShouldContain("scene 2");
        desk.State.ApprovedScenes.ShouldBeEmpty();

        desk.Send(new RegenerateScene(2)).ShouldBeNull();
        await desk.DriveAsync();
        desk.Send(new ApproveScenes([1, 2])).ShouldBeNull();
        await desk.DriveAsync();
        desk.State.ApprovedScenes.ShouldBe([1, 2]);
    }

    [Theory]
    [InlineData(new int[0], "no-scenes")]
    [InlineData(new[] { 1, 2, 1 }, "scene-twice")]
    [InlineData(new[] { 0 }, "unknown-scene")]
    [InlineData(new[] { 1, 4 }, "unknown-scene")]
    public async Task An_approval_names_scenes_that_exist_each_once(int[] scenes, string code)
    {
        var desk = await Desk.FinishedAsync();

        var refusal = desk.Send(new ApproveScenes(scenes)).ShouldNotBeNull();

        refusal.Code.ShouldBe(code);
        refusal.Field.ShouldBe("scenes");
        desk.Status.ShouldBe("completed");
    }

    [Fact]
    public async Task Approving_and_regenerating_wait_for_the_whole_storyboard()
    {
        var desk = new Desk();
        desk.Start(new StartGeneration(Stories.Short, NumScenes: 4)).ShouldBeNull();
        await desk.DriveAsync(reports: 5);

        desk.Send(new ApproveScenes([1])).ShouldNotBeNull().Code.ShouldBe("busy");
        desk.Send(new RegenerateScene(1)).ShouldNotBeNull().Code.ShouldBe("busy");
        desk.Send(new Cancel()).ShouldBeNull();
        desk.Send(new ApproveScenes([1])).ShouldNotBeNull().Code.ShouldBe("scenes-missing");
        desk.Send(new RegenerateScene(1)).ShouldNotBeNull().Code.ShouldBe("scenes-missing");
    }
}
