using System.Collections.Concurrent;
using Sojourn.Kinds.Generation;
using Sojourn.Tests.Engine;

namespace Sojourn.Tests.Generation;

/// <summary>
/// Works like the embedded generator, but counts what it is asked for, and at one scene it waits, or fails, until it is
/// let go.
/// </summary>
internal sealed class HeldGenerator(int heldScene = 0) : IStoryboardGenerator
{
    private readonly EmbeddedGenerator _inner = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly TaskCompletionSource _reached = NewSignal();
    private readonly TaskCompletionSource _cancelled = NewSignal();
    private readonly TaskCompletionSource _released = NewSignal();

    /// <summary>What it was asked for, in order, such as <c>write 2</c>.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    /// <summary>What the held scene fails with instead of waiting; null to wait.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Completes when it waits at the held scene.</summary>
    public Task Reached() => _reached.Task.WaitAsync(Bench.Patience());

    /// <summary>Completes when that wait was cancelled.</summary>
    public Task Cancelled() => _cancelled.Task.WaitAsync(Bench.Patience());

    /// <summary>From now on nothing waits.</summary>
    public void Release() => _released.TrySetResult();

    public Task<StoryAnalysis> AnalyseAsync(StartGeneration request, CancellationToken stop)
    {
        _asked.Enqueue("analyse");
        return _inner.AnalyseAsync(request, stop);
    }

    public Task<IReadOnlyList<PlannedScene>> PlanAsync(
        StartGeneration request, StoryAnalysis analysis, CancellationToken stop)
    {
        _asked.Enqueue("plan");
        return _inner.PlanAsync(request, analysis, stop);
    }

    public async Task<SceneText> WriteAsync(SceneBrief brief, CancellationToken stop)
    {
        _asked.Enqueue($"write {brief.Number}");
        if (brief.Number == heldScene)
        {
            await HoldAsync(stop);
        }

        return await _inner.WriteAsync(brief, stop);
    }

    public Task<DrawnPicture> DrawAsync(SceneBrief brief, SceneText text, CancellationToken stop)
    {
        _asked.Enqueue($"draw {brief.Number}");
        return _inner.DrawAsync(brief, text, stop);
    }

    private async Task HoldAsync(CancellationToken stop)
    {
        _reached.TrySetResult();
        if (Failure is { } failure)
        {
            throw failure;
        }

        try
        {
            await _released.Task.WaitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            _cancelled.TrySetResult();
            throw;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
