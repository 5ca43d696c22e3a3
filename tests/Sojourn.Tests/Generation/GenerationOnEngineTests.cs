using System.Security.Cryptography;
using System.Text.Json;
using Sojourn.Kinds.Generation;
using Sojourn.Stores;
using Sojourn.Testing;
using Sojourn.Tests.Engine;

namespace Sojourn.Tests.Generation;

/// <summary>The kind, its driver and its generator on the real engine.</summary>
public sealed class GenerationOnEngineTests
{
    private static readonly string[] WholeRun =
    [
        "generation-requested", "generation-started", "story-analysed", "scenes-planned",
        "progress-made", "scene-made", "progress-made", "scene-made", "progress-made", "scene-made",
        "progress-made", "scene-made", "generation-completed",
    ];

    [Fact]
    public async Task A_story_becomes_a_storyboard_and_the_bar_goes_from_nothing_to_everything()
    {
        await using var studio = await Studio.StartAsync(new EmbeddedGenerator());
        await studio.BeginAsync();

        await studio.WaitForAsync("generation-completed");

        var events = await studio.EventsAsync();
        events.Select(happened => happened.Number).ShouldBe(Enumerable.Range(1, 13).Select(number => (long)number));
        events.Select(happened => happened.Type).ShouldBe(WholeRun);
        var bar = events.Select(happened => happened.Data<Barred>().Progress.Percentage).ToList();
        bar.ShouldBe(bar.Order());
        (bar[0], bar[^1]).ShouldBe((0, 100));
        bar.Take(bar.Count - 1).ShouldAllBe(percentage => percentage < 100);
        var view = await studio.GetAsync();
        (view.Status, view.IsFinal, view.IsBusy, view.LastEvent).ShouldBe(("completed", true, false, 13));
        await ShouldBeWholeAsync(studio);
    }

    [Fact]
    public async Task A_cancellation_reaches_the_generator_and_keeps_what_is_finished()
    {
        var generator = new HeldGenerator(heldScene: 3);
        await using var studio = await Studio.StartAsync(generator);
        await studio.BeginAsync();
        await generator.Reached();

        await studio.SendAsync(new Cancel());
        await generator.Cancelled();

        var cancelled = await studio.GetAsync();
        (cancelled.Status, cancelled.State.Scenes.Count, cancelled.State.Error).ShouldBe(("cancelled", 2, null));
        (await studio.Sojourn.SendAsync(Studio.Id, new Cancel())).Problem!.Code.ShouldBe("not-busy");

        generator.Release();
        await studio.FinishAsync(new Retry());
        (await studio.GetAsync()).State.Run.ShouldBe(2);
        AskedOnceBut(generator, "write 3");
        await ShouldBeWholeAsync(studio);
    }

    [Fact]
    public async Task Work_without_progress_for_half_an_hour_fails_and_a_retry_makes_only_what_is_missing()
    {
        var generator = new HeldGenerator(heldScene: 2);
        await using var studio = await Studio.StartAsync(generator);
        await studio.BeginAsync();
        await generator.Reached();
        var first = (await studio.GetAsync()).State;

        var due = first.LastProgressAt.AddMinutes(30);
        await studio.PassUntilAsync(due.AddSeconds(-1));
        (await studio.GetAsync()).Status.ShouldBe("processing");
        await studio.PassUntilAsync(due);
        await studio.WaitForAsync("generation-failed");
        await generator.Cancelled();

        var stuck = (await studio.GetAsync()).State;
        stuck.Error!.ShouldContain("30 minutes");
        stuck.EndedAt.ShouldBe(due);
        stuck.Scenes.Single().ShouldBeEquivalentTo(first.Scenes.Single());

        generator.Release();
        await studio.FinishAsync(new Retry());
        Json((await studio.GetAsync()).State.Scenes[0]).ShouldBe(Json(first.Scenes[0]));
        AskedOnceBut(generator, "write 2");
        await ShouldBeWholeAsync(studio);
    }

    [Fact]
    public async Task Work_that_a_long_outage_interrupted_is_not_taken_for_stuck()
    {
        var generator = new HeldGenerator(heldScene: 3);
        var (store, clock) = (new MemoryStore(), new ManualClock());
        await using (var studio = await Studio.StartAsync(generator, store, clock))
        {
            await studio.BeginAsync();
            await generator.Reached();
        }

        clock.Advance(TimeSpan.FromHours(10));
        generator.Release();
        await using var later = await Studio.StartAsync(generator, store, clock);
        await later.WaitForAsync("generation-completed");

        (await later.EventsAsync()).Select(happened => happened.Type).ShouldBe(WholeRun);
    }

    [Fact]
    public async Task A_generator_that_fails_is_told_in_its_words_and_a_retry_goes_on()
    {
        var generator = new HeldGenerator(heldScene: 2) { Failure = new HttpRequestException("The painter is ill.") };
        await using var studio = await Studio.StartAsync(generator);
        await studio.BeginAsync();

        var failed = (await studio.WaitForAsync("generation-failed")).Data<GenerationFailed>();

        (failed.Error, failed.FinishedScenes).ShouldBe(("The painter is ill.", 1));
        (await studio.GetAsync()).State.Error.ShouldBe("The painter is ill.");
        generator.Failure = null;
        generator.Release();
        await studio.FinishAsync(new Retry());
        (await studio.GetAsync()).State.Error.ShouldBeNull();
        AskedOnceBut(generator, "write 2");
        await ShouldBeWholeAsync(studio);
    }

    [Fact]
    public async Task An_engine_stopped_in_the_middle_goes_on_at_the_next_scene_and_makes_none_twice()
    {
        var generator = new HeldGenerator(heldScene: 3);
        var (store, clock) = (new MemoryStore(), new ManualClock());
        string before;
        await using (var studio = await Studio.StartAsync(generator, store, clock))
        {
            await studio.BeginAsync();
            await generator.Reached();
            before = Json((await studio.GetAsync()).State.Scenes);
            (await studio.Sojourn.StopAsync()).StillDriven.ShouldBeEmpty();
            await generator.Cancelled();
        }

        generator.Release();
        await using var later = await Studio.StartAsync(generator, store, clock);
        await later.WaitForAsync("generation-completed");

        AskedOnceBut(generator, "write 3");
        Json((await later.GetAsync()).State.Scenes.Take(2)).ShouldBe(before);
        (await later.EventsAsync()).Select(happened => happened.Type).ShouldBe(WholeRun);
        await ShouldBeWholeAsync(later);
    }

    [Theory]
    [InlineData(StoreFault.BeforeWriting)]
    [InlineData(StoreFault.AfterWriting)]
    public async Task A_disk_that_fails_for_a_while_costs_no_scene_and_doubles_none(StoreFault fault)
    {
        var generator = new HeldGenerator(heldScene: 3);
        await using var studio = await Studio.StartAsync(generator);
        await studio.BeginAsync();
        await generator.Reached();

        studio.Store.Fault = fault;
        generator.Release();
        await studio.WhilePausesPassAsync(() => Task.FromResult(studio.Sojourn.Health.Critical is not null));
        studio.Store.Fault = StoreFault.None;
        await studio.WhilePausesPassAsync(() => studio.IsAsync("completed"));

        AskedOnceBut(generator);
        (await studio.EventsAsync()).Select(happened => happened.Type).ShouldBe(WholeRun);
        await ShouldBeWholeAsync(studio);
    }

    [Fact]
    public async Task The_pause_before_each_scene_is_kept()
    {
        var clock = new ManualClock();
        var pace = new GenerationOptions { SceneDelay = TimeSpan.FromSeconds(8) };
        await using var studio = await Studio.StartAsync(new EmbeddedGenerator(pace, clock), clock: clock);
        await studio.BeginAsync();
        await studio.WaitForAsync("scenes-planned");

        await studio.WhilePausesPassAsync(() => studio.IsAsync("completed"));

        var times = (await studio.EventsAsync()).Where(happened => happened.Type is "scenes-planned" or "scene-made")
            .Select(happened => happened.At).ToList();
        times.Count.ShouldBe(5);
        times.Zip(times.Skip(1), (earlier, later) => later - earlier).ShouldAllBe(pause => pause >= pace.SceneDelay);
    }

    /// <summary>What every event that moved the bar has.</summary>
    private sealed record Barred(Progress Progress);

    private static string Json(object value) => JsonSerializer.Serialize(value, SojournJson.Stored);

    /// <summary>Nothing was made twice but what is named.</summary>
    private static void AskedOnceBut(HeldGenerator generator, params string[] again) =>
        generator.Asked.GroupBy(asked => asked, StringComparer.Ordinal).Where(same => same.Count() > 1)
            .Select(same => same.Key).ShouldBe(again);

    private static async Task ShouldBeWholeAsync(Studio studio)
    {
        var state = (await studio.GetAsync()).State;
        state.Scenes.Select(scene => scene.Number).ShouldBe([1, 2, 3, 4]);
        string.Concat(state.Scenes.Select(scene => scene.Excerpt)).ShouldBe(Stories.Short);
        state.PicturesStored.ShouldBe(4);
        foreach (var scene in state.Scenes)
        {
            Convert.ToHexStringLower(SHA256.HashData(await studio.PictureAsync(scene))).ShouldBe(scene.Picture.Sha256);
        }
    }
}
