using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sojourn.Kinds.Generation;
using Sojourn.Models;
using Sojourn.Testing;
using Sojourn.Tests.Engine;
using Sojourn.Tests.Generation;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Models;

/// <summary>A generator over a pretended model, with a clock that is moved by hand, a key and a log.</summary>
internal sealed class Easel : IAsyncDisposable
{
    public const string Key = "sk-pretend-0123456789abcdef";

    public static readonly StartGeneration Request = new(Stories.Short, NumScenes: 4);

    private readonly ScratchDirectory _scratch = new();

    private Easel(PretendModel model, ManualClock clock, Action<ModelOptions>? configure)
    {
        (Model, Clock) = (model, clock);
        Generator = Another(configure);
    }

    public PretendModel Model { get; }

    public ManualClock Clock { get; }

    public ModelGenerator Generator { get; }

    public ListLog Log { get; } = new();

    public Bill Bill { get; } = new(Usage.None);

    public static async Task<Easel> SetUpAsync(Action<ModelOptions>? configure = null)
    {
        var clock = new ManualClock();
        return new Easel(await PretendModel.StartAsync(clock), clock, configure);
    }

    /// <summary>Another generator over the same model, as after a restart with another configuration.</summary>
    public ModelGenerator Another(Action<ModelOptions>? configure = null)
    {
        var options = new ModelOptions
        {
            BaseUrl = Model.BaseUrl,
            TextModel = "pretend-text",
            ImageModel = "pretend-image",
            KeyFile = _scratch.File("model-key", Key + "\n"),
        };
        configure?.Invoke(options);
        return new ModelGenerator(options, Clock, Log);
    }

    public Task<StoryAnalysis> AnalyseAsync(CancellationToken stop = default) =>
        PausingAsync(Generator.BilledTo(Bill).AnalyseAsync(Request, stop));

    public async Task<SceneText> WriteAsync(int number = 1, int revision = 1) =>
        await PausingAsync(Generator.BilledTo(Bill).WriteAsync(await BriefAsync(number, revision), default));

    public async Task<DrawnPicture> DrawAsync(CancellationToken stop = default) => await PausingAsync(
        Generator.BilledTo(Bill).DrawAsync(
            await BriefAsync(), new SceneText("A title", "A description.", "A lighthouse at night."), stop));

    /// <summary>The sentence that a failure is told with.</summary>
    public static async Task<string> FailureAsync<T>(Task<T> work) =>
        (await Should.ThrowAsync<SojournException>(work)).Message;

    /// <summary>Lets pauses between attempts pass until the work is done; calls have all the time they need.</summary>
    public async Task<T> PausingAsync<T>(Task<T> work)
    {
        var patience = Bench.Patience();
        while (!work.IsCompleted)
        {
            patience.ThrowIfCancellationRequested();
            // Less than the time of a call, which therefore never ends in here.
            Clock.TryAdvanceToNext(TimeSpan.FromSeconds(61));
            await Task.Yield();
        }

        return await work;
    }

    public async ValueTask DisposeAsync()
    {
        Generator.Dispose();
        await Model.DisposeAsync();
        _scratch.Dispose();
    }

    private static async Task<SceneBrief> BriefAsync(int number = 1, int revision = 1)
    {
        var embedded = new EmbeddedGenerator();
        var analysis = await embedded.AnalyseAsync(Request, default);
        return new SceneBrief(
            Request, analysis, await embedded.PlanAsync(Request, analysis, default), number, revision);
    }
}

/// <summary>Keeps every line, with all that an exception would print.</summary>
internal sealed class ListLog : ILogger<ModelGenerator>
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");
}
