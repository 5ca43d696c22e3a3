using Microsoft.Extensions.DependencyInjection;
using Sojourn.Stores;
using Sojourn.Testing;

namespace Sojourn.Tests.Engine;

/// <summary>An engine on a workbench: a clock that is moved by hand and a store that fails on demand.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private Bench(
        Kind kind,
        ISessionStore store,
        ManualClock clock,
        Func<IDriver<Tally>>? driver,
        Action<SojournOptions>? configure)
    {
        Store = new FaultyStore(store);
        Clock = clock;
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Clock);
        var builder = services.AddSojourn(options =>
        {
            options.Store = _ => Store;
            options.Seed = 7;
            options.StopGrace = TimeSpan.FromMinutes(1);
            // Long, so that the pauses of retries and probes can pass without a lease running out.
            options.LeaseLength = TimeSpan.FromMinutes(10);
            configure?.Invoke(options);
        }).AddKind(kind);
        if (driver is not null)
        {
            builder.AddDriver(_ => driver());
        }

        _services = services.BuildServiceProvider();
        Sojourn = _services.GetRequiredService<SojournEngine>();
    }

    public SojournEngine Sojourn { get; }

    public FaultyStore Store { get; }

    public ManualClock Clock { get; }

    public static async Task<Bench> StartAsync(
        Policy? policy = null,
        ISessionStore? store = null,
        ManualClock? clock = null,
        Func<IDriver<Tally>>? driver = null,
        Action<SojournOptions>? configure = null)
    {
        var bench = new Bench(
            new TallyKind(policy), store ?? new MemoryStore(), clock ?? new ManualClock(), driver, configure);
        await bench.Sojourn.StartAsync();
        return bench;
    }

    public static SessionKey Key(string id) => new("tally", OwnerId.Local, id);

    public async Task<SessionId> CreateAsync(string id = "a", string status = "open")
    {
        var answer = await Sojourn.CreateAsync(new StartTally(0, status), new CreateOptions { Id = id });
        return answer.Reply.Key.Id;
    }

    public async Task<SessionView<Tally>> GetAsync(string id = "a") => (await Sojourn.GetAsync<Tally>(id)).Reply;

    /// <summary>Follows the session until an event of this type, by signals alone.</summary>
    public async Task<SessionEvent> WaitForAsync(string type, string id = "a", long after = 0)
    {
        await foreach (var news in Sojourn.WatchAsync(Key(id), after).WithCancellation(Patience()))
        {
            if (news is SessionEvent happened && happened.Type == type)
            {
                return happened;
            }
        }

        throw new InvalidOperationException($"The session ended without a '{type}'.");
    }

    /// <summary>
    /// Lets pauses of this length at most pass, one after another as they begin, until something holds.
    /// </summary>
    public async Task UntilAsync(Func<Task<bool>> holdsAsync, TimeSpan? pauses = null)
    {
        var patience = Patience();
        while (!await holdsAsync())
        {
            patience.ThrowIfCancellationRequested();
            Clock.TryAdvanceToNext(pauses ?? TimeSpan.FromMinutes(1));
            await Task.Yield();
        }
    }

    /// <summary>
    /// Completes once the store has everything: a commit that was under way when its trouble ended may fail still.
    /// </summary>
    public Task FlushedAsync() => UntilAsync(async () =>
    {
        try
        {
            await Sojourn.FlushAsync();
            return true;
        }
        catch (SojournException)
        {
            return false;
        }
    });

    /// <summary>A bound for waits that a bug would make endless; never what a test passes by.</summary>
    public static CancellationToken Patience() => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    public async ValueTask DisposeAsync()
    {
        Store.Release();
        await Sojourn.DisposeAsync();
        await _services.DisposeAsync();
    }
}
