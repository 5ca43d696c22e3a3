using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Sojourn.Kinds.Explorer;
using Sojourn.Kinds.Explorer.Saves;
using Sojourn.Stores;
using Sojourn.Testing;
using Sojourn.Tests.Engine;

namespace Sojourn.Tests.Explorer.Saves;

/// <summary>Games on an engine with a clock that is moved by hand, without a server.</summary>
internal sealed class GameBench : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private GameBench(ISessionStore store, ExplorerOptions? explorer, OwnerQuota? quota)
    {
        Store = new FaultyStore(store);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSojourn(options =>
        {
            options.Store = _ => Store;
            options.Seed = 7;
            options.DefaultQuota = quota ?? options.DefaultQuota;
        }).AddExplorer(explorer);
        _services = services.BuildServiceProvider();
    }

    public ManualClock Clock { get; } = new();

    public FaultyStore Store { get; }

    public SojournEngine Sojourn => _services.GetRequiredService<SojournEngine>();

    public SaveSlots Slots => _services.GetRequiredService<SaveSlots>();

    public PendingSaves Pending => _services.GetRequiredService<PendingSaves>();

    /// <summary>What saves by itself.</summary>
    public IHostedService Saver => _services.GetServices<IHostedService>().OfType<AutoSaver>().Single();

    /// <param name="store">Where to keep sessions.</param>
    /// <param name="saves">False to have nothing saved by itself.</param>
    /// <param name="explorer">The limits of games.</param>
    /// <param name="quota">What each owner may have.</param>
    public static async Task<GameBench> StartAsync(
        ISessionStore? store = null, bool saves = true, ExplorerOptions? explorer = null, OwnerQuota? quota = null)
    {
        var bench = new GameBench(store ?? new MemoryStore(), explorer, quota);
        await bench.Sojourn.StartAsync();
        if (saves)
        {
            await bench.Saver.StartAsync(default);
        }

        return bench;
    }

    public AutoSaver NewSaver() => new(Sojourn, Slots, Pending, Clock, NullLogger<AutoSaver>.Instance);

    public async Task BeginAsync(string id) => (await Sojourn.CreateAsync(
        new StartGame("Ada", 7), new CreateOptions { Id = id })).Problem.ShouldBeNull();

    public async Task<SessionView<Game>> GetAsync(string id) => (await Sojourn.GetAsync<Game>(id)).Reply;

    public async Task FlyAsync(string id) => (await Sojourn.SendAsync(id, new Navigate())).Problem.ShouldBeNull();

    /// <summary>Changes a game by hand, to where play would take long to get.</summary>
    public async Task SetAsync(string id, Func<Game, Game> change) => (await Sojourn.SendAsync(
        id, new TakeUpSave(change((await GetAsync(id)).State), null))).Problem.ShouldBeNull();

    /// <summary>
    /// What a slot holds, without what reading it through the slots would bring about; null for nothing.
    /// </summary>
    public async Task<SavedSlot?> StoredAsync(string id, int slot)
    {
        var answer = await Sojourn.GetAsync(new SessionKey(ExplorerSaveKind.KindName, default, $"{id}.{slot}"));
        return answer.IsAccepted ? (SavedSlot)answer.Reply.State : null;
    }

    /// <summary>Lets pauses pass, one after another as they begin, until something holds.</summary>
    public async Task UntilAsync(Func<Task<bool>> holdsAsync)
    {
        var patience = Bench.Patience();
        while (!await holdsAsync())
        {
            patience.ThrowIfCancellationRequested();
            Clock.TryAdvanceToNext(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Saver.StopAsync(default);
        await Sojourn.DisposeAsync();
        await _services.DisposeAsync();
    }
}
