using Microsoft.Extensions.DependencyInjection;
using Sojourn.Kinds.Generation;
using Sojourn.Stores;
using Sojourn.Testing;
using Sojourn.Tests.Engine;
using State = Sojourn.Kinds.Generation.Generation;

namespace Sojourn.Tests.Generation;

/// <summary>Generations on the real engine, with a clock moved by hand and a store that fails on demand.</summary>
internal sealed class Studio : IAsyncDisposable
{
    // Less than a lease's third: then the clock moves for pauses alone, and not while work goes on.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    // More than a lease's third: the clock moves on and on, in steps too short for a lease to run out.
    private static readonly TimeSpan Stride = TimeSpan.FromSeconds(30);

    private readonly ServiceProvider _services;

    private Studio(IStoryboardGenerator generator, ISessionStore store, ManualClock clock)
    {
        Store = new FaultyStore(store);
        Clock = clock;
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(clock);
        services.AddSojourn(options =>
        {
            options.Store = _ => Store;
            options.Seed = 7;
            options.StopGrace = TimeSpan.FromMinutes(1);
            options.LeaseLength = TimeSpan.FromMinutes(1);
        }).AddKind(new GenerationKind()).AddDriver(_ => new GenerationDriver(generator));
        _services = services.BuildServiceProvider();
        Sojourn = _services.GetRequiredService<SojournEngine>();
    }

    public static SessionId Id { get; } = SessionId.Parse("generation-studio");

    public static SessionKey Key { get; } = new(GenerationKind.KindName, OwnerId.Local, Id);

    public SojournEngine Sojourn { get; }

    public FaultyStore Store { get; }

    public ManualClock Clock { get; }

    public static async Task<Studio> StartAsync(
        IStoryboardGenerator generator, ISessionStore? store = null, ManualClock? clock = null)
    {
        var studio = new Studio(generator, store ?? new MemoryStore(), clock ?? new ManualClock());
        await studio.Sojourn.StartAsync();
        return studio;
    }

    public async Task BeginAsync(int scenes = 4) => (await Sojourn.CreateAsync(
        new StartGeneration(Stories.Short, NumScenes: scenes), new CreateOptions { Id = Id })).Problem.ShouldBeNull();

    public async Task<SessionView<State>> GetAsync() => (await Sojourn.GetAsync<State>(Id)).Reply;

    public async Task SendAsync<TReply>(ICommand<TReply> command) =>
        (await Sojourn.SendAsync(Id, command)).Problem.ShouldBeNull();

    /// <summary>Whether it has come to this status; one that fails on the way there fails the test.</summary>
    public async Task<bool> IsAsync(string status)
    {
        var view = await GetAsync();
        if (status != "failed")
        {
            view.State.Error.ShouldBeNull();
        }

        return view.Status == status;
    }

    public Task<IReadOnlyList<SessionEvent>> EventsAsync(long after = 0) =>
        Sojourn.ReadEventsAsync(Key, after, 1_000).AsTask();

    /// <summary>Sends a command that starts work, and sees that completed.</summary>
    public async Task FinishAsync(ICommand command)
    {
        await SendAsync(command);
        // One that follows a failure at once waits out the pause that the driver takes after it.
        await WhilePausesPassAsync(() => IsAsync("completed"));
    }

    /// <summary>A scene's picture as it is stored.</summary>
    public async Task<byte[]> PictureAsync(Scene scene) =>
        (await Sojourn.ReadEntryAsync(Key, GenerationKind.PictureStream, scene.Picture.Entry))!.Value.ToArray();

    /// <summary>Follows the session until an event of this type, by signals alone; the clock stands still.</summary>
    public async Task<SessionEvent> WaitForAsync(string type, long after = 0)
    {
        await foreach (var news in Sojourn.WatchAsync(Key, after).WithCancellation(Bench.Patience()))
        {
            if (news is SessionEvent happened && happened.Type == type)
            {
                return happened;
            }
        }

        throw new InvalidOperationException($"The session ended without a '{type}'.");
    }

    /// <summary>Lets pauses pass, one after another as they begin, until something holds.</summary>
    public async Task WhilePausesPassAsync(Func<Task<bool>> holdsAsync)
    {
        var patience = Bench.Patience();
        while (!await holdsAsync())
        {
            patience.ThrowIfCancellationRequested();
            Clock.TryAdvanceToNext(Pause);
            await Task.Yield();
        }
    }

    /// <summary>
    /// Lets time pass until then, and no further: what is due then has all the time it needs to happen while the clock
    /// stands still.
    /// </summary>
    public async Task PassUntilAsync(DateTimeOffset time)
    {
        var patience = Bench.Patience();
        while (time - Clock.GetUtcNow() is var left && left > TimeSpan.Zero)
        {
            patience.ThrowIfCancellationRequested();
            if (!Clock.TryAdvanceToNext(left < Stride ? left : Stride) && left < Stride)
            {
                Clock.Advance(left);
            }

            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Store.Release();
        await Sojourn.DisposeAsync();
        await _services.DisposeAsync();
    }
}
