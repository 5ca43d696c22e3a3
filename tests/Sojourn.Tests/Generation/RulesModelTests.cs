using FsCheck;
using FsCheck.Fluent;
using Sojourn.Kinds.Generation;
using State = Sojourn.Kinds.Generation.Generation;

namespace Sojourn.Tests.Generation;

/// <summary>Whatever is sent, in whatever order: what must always hold, holds.</summary>
public sealed class RulesModelTests
{
    private const int Scenes = 3;

    private static Gen<Act> Acts => Gen.Frequency(
        (12, from reports in Gen.Choose(1, 6)
             select new Act($"drive {reports}", desk =>
            desk.DriveAsync(reports: reports))),
        (2, Command("cancel", new Cancel())),
        (2, Command("retry", new Retry())),
        (2, from number in Gen.Choose(0, 4) select Say($"regenerate {number}", new RegenerateScene(number))),
        (2, from number in Gen.Choose(0, 4)
            from text in Gen.Elements("x", "A desert at dawn", "nude", "Setting: sea, night.")
            select Say($"edit {number} {text}", new EditScene(number, text, null, text))),
        (2, from numbers in Gen.Choose(0, 4).ListOf() select Say("approve", new ApproveScenes([.. numbers]))),
        (1, from run in Gen.Choose(1, 3) select Say($"late {run}", new ReportFinished(run))),
        (1, from run in Gen.Choose(1, 3)
            from number in Gen.Choose(0, 4)
            from revision in Gen.Choose(1, 3)
            select Say($"stray text {run} {number} {revision}", new ReportText(
                run, number, revision, new SceneText("Stray", "A stray description.", "A stray prompt.")))),
        (1, from run in Gen.Choose(1, 3)
            from number in Gen.Choose(1, 3)
            select Say($"stray picture {run} {number}", new ReportPicture(
                run, number, 1, new DrawnPicture("image/png", new byte[] { 1, 2, 3 })))),
        (1, from run in Gen.Choose(1, 3) select Say($"failure {run}", new ReportFailure(run, "It rains in."))),
        (1, from hours in Gen.Choose(0, 2) select new Act($"wake {hours}", desk => Wake(desk, hours))));

    [Fact]
    public void Any_sequence_of_commands_keeps_the_promises() => Prop.ForAll(
        Acts.ListOf().ToArbitrary(),
        acts =>
        {
            var desk = new Desk();
            desk.Start(new StartGeneration(Stories.Short, NumScenes: Scenes)).ShouldBeNull();
            foreach (var act in acts)
            {
                var before = desk.State;
                var events = desk.Events.Count;
                // Nothing in the embedded generator or on the desk waits: the task is done when it is given.
                var done = act.Do(desk);
                done.IsCompletedSuccessfully.ShouldBeTrue(done.Exception?.ToString());
                Check(before, desk, desk.Events.Skip(events));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    private static void Check(State before, Desk desk, IEnumerable<object> happened)
    {
        var after = desk.State;
        after.Run.ShouldBeGreaterThanOrEqualTo(before.Run);
        after.Progress.Percentage.ShouldBeInRange(0, 100);
        (after.Progress.Percentage == 100).ShouldBe(after.Status == GenerationStatus.Completed);
        if (after.Run == before.Run)
        {
            after.Progress.Percentage.ShouldBeGreaterThanOrEqualTo(before.Progress.Percentage);
        }

        (after.EndedAt is null).ShouldBe(after.IsBusy);
        (after.Error is not null).ShouldBe(after.Status == GenerationStatus.Failed);
        (after.Status == GenerationStatus.Completed).ShouldBe(after.Work is null);
        after.PicturesStored.ShouldBe(desk.Pictures.Count);
        after.Scenes.Select(scene => scene.Number)
            .ShouldBe(after.Scenes.Select(scene => scene.Number).Distinct().Order());
        after.Scenes.Select(scene => scene.Picture.Entry).ShouldBeUnique();
        after.Scenes.ShouldAllBe(scene => scene.Picture.Entry >= 1 && scene.Picture.Entry <= after.PicturesStored);
        if (after.Status == GenerationStatus.Completed)
        {
            after.Scenes.Count.ShouldBe(Scenes);
        }

        // A finished scene changes only by an edit or a regeneration, each of which says so.
        var changed = happened.Select(each => each switch
        {
            SceneMade made => made.Number,
            SceneEdited edited => edited.Number,
            _ => 0,
        }).ToHashSet();
        foreach (var scene in before.Scenes.Where(scene => !changed.Contains(scene.Number)))
        {
            var same = after.Scenes.Single(other => other.Number == scene.Number);
            (same.Title, same.ImagePrompt, same.Picture).ShouldBe((scene.Title, scene.ImagePrompt, scene.Picture));
        }
    }

    private static Gen<Act> Command(string name, object command) => Gen.Constant(Say(name, command));

    private static Act Say(string name, object command) => new(name, desk =>
    {
        desk.Send(command);
        return Task.CompletedTask;
    });

    private static Task Wake(Desk desk, int hours)
    {
        desk.Now = desk.Now.AddHours(hours).AddMinutes(31);
        desk.Wake();
        return Task.CompletedTask;
    }

    private sealed record Act(string Name, Func<Desk, Task> Do)
    {
        public override string ToString() => Name;
    }
}
