using System.Text.Json;
using System.Text.Json.Nodes;
using Sojourn.Kinds.Generation;
using State = Sojourn.Kinds.Generation.Generation;

namespace Sojourn.Tests.Generation;

/// <summary>What generators use is counted with the pieces that they make.</summary>
public sealed class BillTests
{
    private static readonly Usage OneCall = new(1, 10, 5, 0, 0.25m);

    private readonly Desk _desk = new();

    public BillTests() => _desk.Start(new StartGeneration(Stories.Short, NumScenes: 2)).ShouldBeNull();

    [Fact]
    public async Task Every_piece_is_billed_once_even_if_its_report_arrives_twice()
    {
        var driver = new GenerationDriver(new BillingGenerator());
        _desk.Send(new TakeUp(1)).ShouldBeNull();
        while (_desk.State.IsBusy)
        {
            var report = await driver.WorkAsync(_desk.State, _desk.ReadPicture, CancellationToken.None);
            _desk.Send(report).ShouldBeNull();
            _desk.Send(report);
        }

        _desk.State.Usage.ShouldBe(new Usage(6, 60, 30, 0, 1.5m));
        _desk.Events.OfType<GenerationCompleted>().Single().Usage.ShouldBe(_desk.State.Usage);
    }

    [Fact]
    public async Task A_generator_sees_what_the_session_has_used_before()
    {
        var generator = new BillingGenerator();
        await _desk.DriveAsync(generator);
        generator.Seen.ShouldBe([0, 1, 2, 3, 4, 5, 6]);

        _desk.Send(new RegenerateScene(2)).ShouldBeNull();
        await _desk.DriveAsync(generator);
        _desk.State.Usage.Calls.ShouldBe(8);
    }

    [Fact]
    public async Task A_failure_brings_its_bill_too()
    {
        await _desk.DriveAsync(new BillingGenerator { Failure = "Out of paint." });

        (_desk.Status, _desk.State.Error).ShouldBe(("failed", "Out of paint."));
        _desk.State.Usage.ShouldBe(OneCall);
        _desk.Events.OfType<GenerationFailed>().Single().Usage.ShouldBe(OneCall);
    }

    [Fact]
    public async Task A_generator_that_uses_no_model_has_nothing_to_tell()
    {
        await _desk.DriveAsync();

        _desk.State.Usage.ShouldBe(Usage.None);
        _desk.Events.OfType<GenerationCompleted>().Single().Usage.ShouldBeNull();
    }

    [Fact]
    public async Task A_fallback_is_noted_in_the_state_and_in_an_event_before_the_piece()
    {
        await _desk.DriveAsync(new BillingGenerator { Fallback = new string('x', 2_000) });

        _desk.State.Fallbacks.Select(fallback => (fallback.Piece, fallback.Scene)).ShouldBe([
            (PieceKind.Analysis, null), (PieceKind.Plan, null), (PieceKind.Text, 1), (PieceKind.Picture, 1),
            (PieceKind.Text, 2), (PieceKind.Picture, 2)]);
        _desk.State.Fallbacks.ShouldAllBe(fallback => fallback.Reason.Length == 1_000);
        var events = _desk.Events.Select(happened => happened.GetType().Name).ToList();
        events.Count(name => name == nameof(PieceFellBack)).ShouldBe(6);
        events.IndexOf(nameof(PieceFellBack)).ShouldBe(events.IndexOf(nameof(StoryAnalysed)) - 1);

        _desk.Send(new RegenerateScene(1)).ShouldBeNull();
        await _desk.DriveAsync(new BillingGenerator());
        _desk.State.Fallbacks.ShouldAllBe(fallback => fallback.Scene != 1);
        _desk.State.Fallbacks.Count.ShouldBe(4);
    }

    [Fact]
    public async Task What_was_stored_before_usage_was_counted_can_still_be_read()
    {
        await _desk.DriveAsync(new BillingGenerator());
        var state = JsonSerializer.SerializeToNode(_desk.State, SojournJson.Stored)!.AsObject();
        state.Remove("usage").ShouldBeTrue();
        state.Remove("fallbacks").ShouldBeTrue();

        var read = state.Deserialize<State>(SojournJson.Stored)!;

        (read.Usage, read.Fallbacks.Count, read.Scenes.Count).ShouldBe((Usage.None, 0, 2));
        foreach (var happened in _desk.Events)
        {
            var json = JsonSerializer.SerializeToNode(happened, SojournJson.Stored)!.AsObject();
            json.Remove("usage");
            json.Deserialize(happened.GetType(), SojournJson.Stored).ShouldNotBeNull();
        }
    }

    private sealed class BillingGenerator : IStoryboardGenerator
    {
        private readonly EmbeddedGenerator _inner = new();
        private Bill? _bill;

        public string? Failure { get; init; }

        public string? Fallback { get; init; }

        public List<long> Seen { get; } = [];

        public IStoryboardGenerator BilledTo(Bill bill)
        {
            Seen.Add(bill.Total.Calls);
            _bill = bill;
            return this;
        }

        public Task<StoryAnalysis> AnalyseAsync(StartGeneration request, CancellationToken stop) =>
            Billed(() => _inner.AnalyseAsync(request, stop));

        public Task<IReadOnlyList<PlannedScene>> PlanAsync(
            StartGeneration request, StoryAnalysis analysis, CancellationToken stop) =>
            Billed(() => _inner.PlanAsync(request, analysis, stop));

        public Task<SceneText> WriteAsync(SceneBrief brief, CancellationToken stop) =>
            Billed(() => _inner.WriteAsync(brief, stop));

        public Task<DrawnPicture> DrawAsync(SceneBrief brief, SceneText text, CancellationToken stop) =>
            Billed(() => _inner.DrawAsync(brief, text, stop));

        private Task<T> Billed<T>(Func<Task<T>> make)
        {
            _bill!.Add(OneCall);
            if (Fallback is { } reason)
            {
                _bill.FellBack(reason);
            }

            return Failure is { } failure ? throw new SojournException(failure) : make();
        }
    }
}
