using System.Text.Json;
using Sojourn.Kinds.Generation;
using Sojourn.Testing;
using State = Sojourn.Kinds.Generation.Generation;

namespace Sojourn.Tests.Generation;

/// <summary>What becomes of a generation on the real engine once its first run has ended.</summary>
public sealed class FinishedOnEngineTests
{
    private static readonly TimeSpan OneMinute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_completed_storyboard_is_kept_for_six_hours_after_its_end()
    {
        var clock = new ManualClock();
        var slow = new EmbeddedGenerator(new GenerationOptions { SceneDelay = TimeSpan.FromSeconds(8) }, clock);
        await using var studio = await Studio.StartAsync(slow, clock: clock);
        await studio.BeginAsync();
        await studio.WhilePausesPassAsync(() => studio.IsAsync("completed"));
        var view = await studio.GetAsync();
        var end = view.State.EndedAt!.Value;
        // The end, and not the beginning, is what counts.
        end.ShouldBeGreaterThanOrEqualTo(view.CreatedAt.AddSeconds(32));

        await ShouldExpireAsync(studio, end.AddHours(6));
    }

    [Fact]
    public async Task A_failed_one_is_kept_for_an_hour_after_its_failure()
    {
        var generator = new HeldGenerator(heldScene: 2);
        await using var studio = await Studio.StartAsync(generator);
        await studio.BeginAsync();
        await generator.Reached();
        await studio.PassUntilAsync((await studio.GetAsync()).State.LastProgressAt.AddMinutes(30));
        await studio.WaitForAsync("generation-failed");

        await ShouldExpireAsync(studio, (await studio.GetAsync()).State.EndedAt!.Value.AddHours(1));
    }

    [Fact]
    public async Task A_cancelled_one_is_kept_for_an_hour_and_a_retry_begins_its_life_anew()
    {
        var generator = new HeldGenerator(heldScene: 2);
        await using var studio = await Studio.StartAsync(generator);
        await studio.BeginAsync();
        await generator.Reached();
        await studio.SendAsync(new Cancel());
        studio.Clock.Advance(TimeSpan.FromMinutes(59));

        generator.Release();
        await studio.FinishAsync(new Retry());

        await ShouldExpireAsync(studio, (await studio.GetAsync()).State.EndedAt!.Value.AddHours(6));
    }

    [Fact]
    public async Task A_scene_made_anew_leaves_all_others_as_they_are_to_the_byte()
    {
        await using var studio = await FinishedAsync();
        var before = await KeptAsync(studio);

        await studio.FinishAsync(new RegenerateScene(2));

        var after = await KeptAsync(studio);
        after.Where(scene => scene.Number != 2).ShouldBe(before.Where(scene => scene.Number != 2));
        after[1].Picture.ShouldNotBe(before[1].Picture);
        var (state, events) = ((await studio.GetAsync()).State, await studio.EventsAsync(after: 13));
        (state.Run, state.Find(2)!.Revision, state.PicturesStored).ShouldBe((2, 2, 5));
        events.Select(happened => happened.Type).ShouldBe([
            "scene-regeneration-started", "generation-started", "progress-made", "scene-made", "generation-completed"]);
    }

    [Fact]
    public async Task An_edit_changes_its_words_alone_and_outlives_a_regeneration()
    {
        await using var studio = await FinishedAsync();
        var before = await KeptAsync(studio);

        var edited = (await studio.Sojourn.SendAsync(Studio.Id, new EditScene(3, Title: "The gate"))).Reply;

        (edited.Title, edited.PictureIsStale).ShouldBe(("The gate", false));
        var after = await KeptAsync(studio);
        after.Where(scene => scene.Number != 3).ShouldBe(before.Where(scene => scene.Number != 3));
        after[2].Picture.ShouldBe(before[2].Picture);
        (await studio.GetAsync()).Status.ShouldBe("completed");

        await studio.FinishAsync(new RegenerateScene(3));
        (await studio.GetAsync()).State.Find(3)!.Title.ShouldBe("The gate");
    }

    [Fact]
    public async Task Approved_scenes_are_checked_and_completed_with_exactly_these()
    {
        await using var studio = await FinishedAsync();
        var before = await KeptAsync(studio);

        await studio.FinishAsync(new ApproveScenes([3, 1]));

        (await studio.EventsAsync(after: 13))[^1].Data<GenerationCompleted>().ApprovedScenes.ShouldBe([1, 3]);
        var view = await studio.GetAsync();
        (view.Status, view.State.Progress.Percentage).ShouldBe(("completed", 100));
        view.State.ApprovedScenes.ShouldBe([1, 3]);
        (await KeptAsync(studio)).Select(scene => scene.Picture).ShouldBe(before.Select(scene => scene.Picture));

        await studio.SendAsync(new EditScene(1, Title: "The gate"));
        (await studio.GetAsync()).State.ApprovedScenes.ShouldBe([3]);
    }

    private static async Task<Studio> FinishedAsync()
    {
        var studio = await Studio.StartAsync(new EmbeddedGenerator());
        await studio.BeginAsync();
        await studio.WaitForAsync("generation-completed");
        return studio;
    }

    /// <summary>Still there a minute before its time, gone at its time, and the watcher is told why.</summary>
    private static async Task ShouldExpireAsync(Studio studio, DateTimeOffset due)
    {
        var view = await studio.GetAsync();
        view.ExpiresAt.ShouldBe(due);
        studio.Clock.Advance(due - OneMinute - studio.Clock.GetUtcNow());
        (await studio.GetAsync()).Status.ShouldBe(view.Status);

        await using var news = studio.Sojourn.WatchAsync(Studio.Key, view.LastEvent, Engine.Bench.Patience())
            .GetAsyncEnumerator();
        var next = news.MoveNextAsync();
        await studio.PassUntilAsync(due);
        (await next).ShouldBeTrue();
        news.Current.ShouldBe(new SessionRemoved(RemovalReason.Expired));
        (await studio.Sojourn.GetAsync<State>(Studio.Id)).Problem!.Type.ShouldBe(ProblemTypes.NotFound);
    }

    private static async Task<IReadOnlyList<KeptScene>> KeptAsync(Studio studio)
    {
        var scenes = new List<KeptScene>();
        foreach (var scene in (await studio.GetAsync()).State.Scenes)
        {
            var picture = Convert.ToBase64String(await studio.PictureAsync(scene));
            scenes.Add(new KeptScene(scene.Number, JsonSerializer.Serialize(scene, SojournJson.Stored), picture));
        }

        return scenes;
    }

    /// <summary>Every byte of a scene.</summary>
    private sealed record KeptScene(int Number, string Json, string Picture);
}
