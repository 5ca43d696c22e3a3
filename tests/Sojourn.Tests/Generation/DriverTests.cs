using System.Security.Cryptography;
using Sojourn.Kinds.Generation;

namespace Sojourn.Tests.Generation;

public sealed class DriverTests
{
    private readonly Desk _desk = new();

    public DriverTests() => _desk.Start(new StartGeneration(Stories.Short, NumScenes: 4)).ShouldBeNull();

    [Fact]
    public async Task A_story_becomes_a_storyboard_scene_by_scene()
    {
        await _desk.DriveAsync();

        _desk.Status.ShouldBe("completed");
        _desk.State.Scenes.Select(scene => scene.Number).ShouldBe([1, 2, 3, 4]);
        string.Concat(_desk.State.Scenes.Select(scene => scene.Excerpt)).ShouldBe(Stories.Short);
        _desk.State.Scenes.Select(scene => scene.Title).Distinct().Count().ShouldBe(4);
        _desk.State.Scenes[0].ImagePrompt.ShouldContain("Mara");
        _desk.State.EndedAt.ShouldBe(Desk.Noon);
        _desk.Events[^1].ShouldBeOfType<GenerationCompleted>().Progress.Percentage.ShouldBe(100);
        foreach (var scene in _desk.State.Scenes)
        {
            var bytes = (await _desk.ReadPicture(scene.Picture.Entry, CancellationToken.None))!.Value;
            Convert.ToHexStringLower(SHA256.HashData(bytes.Span)).ShouldBe(scene.Picture.Sha256);
            bytes.Length.ShouldBe(scene.Picture.Bytes);
        }
    }

    [Fact]
    public async Task A_crash_after_any_report_makes_no_piece_twice()
    {
        for (var crashAfter = 1; crashAfter < 16; crashAfter++)
        {
            var desk = new Desk();
            desk.Start(new StartGeneration(Stories.Short, NumScenes: 4)).ShouldBeNull();
            var generator = new CountingGenerator();

            // Whoever takes up tells so first; after that one report a life is the least that gets anywhere.
            for (var life = 0; life < 40 && desk.State.IsBusy; life++)
            {
                await desk.DriveAsync(generator, crashAfter + 1);
            }

            desk.Status.ShouldBe("completed");
            generator.Made.ShouldBe([
                "analyse", "plan", "write 1", "draw 1", "write 2", "draw 2", "write 3", "draw 3", "write 4", "draw 4"]);
            desk.Pictures.Count.ShouldBe(4);
        }
    }

    [Fact]
    public async Task A_watcher_can_draw_the_bar_from_events_alone()
    {
        await _desk.DriveAsync();

        var bar = _desk.Events.Select(happened => happened.GetType().GetProperty("Progress")!.GetValue(happened))
            .Cast<Progress>().ToList();
        bar.Select(progress => progress.Percentage).ShouldBe(bar.Select(progress => progress.Percentage).Order());
        bar.ShouldAllBe(progress => progress.TotalSteps == 6);
        bar[^1].ShouldBe(new Progress(6, 6, 100, "Done"));
        bar.ShouldContain(progress => progress.Description == "Drawing scene 2 of 4");
        bar.ShouldContain(progress => progress.CurrentStep == 1 && progress.Percentage == 16.7);
    }

    [Fact]
    public async Task A_report_that_arrives_twice_counts_once()
    {
        var driver = new GenerationDriver(new EmbeddedGenerator());
        _desk.Send(new TakeUp(1)).ShouldBeNull();
        while (_desk.State.IsBusy)
        {
            var report = await driver.WorkAsync(_desk.State, _desk.ReadPicture, CancellationToken.None);
            _desk.Send(report).ShouldBeNull();
            var (state, events, pictures) = (_desk.State, _desk.Events.Count, _desk.Pictures.Count);

            _desk.Send(report)?.Code.ShouldBe("stale-run");

            _desk.Events.Count.ShouldBe(events);
            _desk.Pictures.Count.ShouldBe(pictures);
            _desk.State.Scenes.Count.ShouldBe(state.Scenes.Count);
        }
    }

    [Fact]
    public async Task A_report_that_comes_after_a_cancellation_is_refused()
    {
        await _desk.DriveAsync(reports: 4);
        var driver = new GenerationDriver(new EmbeddedGenerator());
        var late = await driver.WorkAsync(_desk.State, _desk.ReadPicture, CancellationToken.None);
        _desk.Send(new Cancel()).ShouldBeNull();

        _desk.Send(late).ShouldNotBeNull().Code.ShouldBe("stale-run");
        _desk.Send(new Retry()).ShouldBeNull();
        _desk.Send(late).ShouldNotBeNull().Code.ShouldBe("stale-run");

        await _desk.DriveAsync();
        _desk.State.Scenes.Count.ShouldBe(4);
        _desk.Pictures.Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_generator_whose_plan_loses_a_part_of_the_story_is_refused()
    {
        await _desk.DriveAsync(reports: 2);

        _desk.Send(new ReportPlan(1, [new PlannedScene(1, 0, 10)])).ShouldNotBeNull().Code.ShouldBe("plan-incomplete");
        _desk.State.Plan.ShouldBeEmpty();
    }

    [Fact]
    public void An_error_of_the_driver_fails_the_generation_with_its_reason()
    {
        _desk.Send(new TakeUp(1)).ShouldBeNull();

        _desk.DriverEnds("The model is out of paint.").ShouldBeNull();

        _desk.Status.ShouldBe("failed");
        _desk.State.Error.ShouldBe("The model is out of paint.");
        _desk.State.EndedAt.ShouldBe(Desk.Noon);
        _desk.Events[^1].ShouldBeOfType<GenerationFailed>();
    }

    [Fact]
    public void A_driver_that_merely_returned_is_given_the_session_again()
    {
        _desk.DriverEnds(null).ShouldBeNull();

        _desk.Status.ShouldBe("pending");
    }

    [Fact]
    public void Half_an_hour_without_progress_is_stuck()
    {
        _desk.Send(new TakeUp(1)).ShouldBeNull();
        _desk.WakeAt.ShouldBe(Desk.Noon.AddMinutes(30));

        _desk.Now = Desk.Noon.AddMinutes(30);
        _desk.Wake().ShouldBeNull();

        _desk.Status.ShouldBe("failed");
        _desk.State.Error.ShouldNotBeNull().ShouldStartWith("Stuck");
    }

    [Fact]
    public void A_node_that_was_down_does_not_call_its_sessions_stuck()
    {
        _desk.Send(new TakeUp(1)).ShouldBeNull();

        _desk.Now = Desk.Noon.AddHours(2);
        _desk.Wake().ShouldBeNull();

        _desk.Status.ShouldBe("processing");
        _desk.WakeAt.ShouldBe(_desk.Now.AddMinutes(30));
        _desk.State.LastProgressAt.ShouldBe(Desk.Noon);
    }

    [Fact]
    public void Taken_up_again_the_wait_begins_anew()
    {
        _desk.Send(new TakeUp(1)).ShouldBeNull();
        _desk.Now = Desk.Noon.AddMinutes(20);

        _desk.Send(new TakeUp(1)).ShouldBeNull();

        _desk.WakeAt.ShouldBe(_desk.Now.AddMinutes(30));
        _desk.Events.OfType<GenerationStarted>().Count().ShouldBe(1);
    }

    private sealed class CountingGenerator : IStoryboardGenerator
    {
        private readonly EmbeddedGenerator _inner = new();

        public List<string> Made { get; } = [];

        public Task<StoryAnalysis> AnalyseAsync(StartGeneration request, CancellationToken stop)
        {
            Made.Add("analyse");
            return _inner.AnalyseAsync(request, stop);
        }

        public Task<IReadOnlyList<PlannedScene>> PlanAsync(
            StartGeneration request, StoryAnalysis analysis, CancellationToken stop)
        {
            Made.Add("plan");
            return _inner.PlanAsync(request, analysis, stop);
        }

        public Task<SceneText> WriteAsync(SceneBrief brief, CancellationToken stop)
        {
            Made.Add($"write {brief.Number}");
            return _inner.WriteAsync(brief, stop);
        }

        public Task<DrawnPicture> DrawAsync(SceneBrief brief, SceneText text, CancellationToken stop)
        {
            Made.Add($"draw {brief.Number}");
            return _inner.DrawAsync(brief, text, stop);
        }
    }
}
