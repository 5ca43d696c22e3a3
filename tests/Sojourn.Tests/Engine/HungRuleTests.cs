using Microsoft.Extensions.DependencyInjection;
using Sojourn.Testing;

namespace Sojourn.Tests.Engine;

/// <summary>A rule that does not return holds up its own session, and neither wake-ups nor starts of others.</summary>
public sealed class HungRuleTests : IAsyncLifetime, IDisposable
{
    private readonly ManualResetEventSlim _hole = new();
    private readonly ManualClock _clock = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ServiceProvider? _services;

    [Fact]
    public async Task Others_are_woken_while_one_waits_for_its_turn()
    {
        var engine = await StartAsync(new() { Statuses = [new("open") { KeepFor = TimeSpan.FromSeconds(30) }] });
        await engine.CreateAsync(new StartPit(), new CreateOptions { Id = "hole" });
        var fallen = await FallAsync(engine);

        await ShouldRingAsync(engine);

        fallen.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Others_are_woken_while_the_rule_for_a_wake_up_does_not_return()
    {
        var engine = await StartAsync(new());
        await engine.CreateAsync(
            new StartPit(_clock.GetUtcNow().AddSeconds(30)), new CreateOptions { Id = "hole" });

        await ShouldRingAsync(engine);

        await _begun.Task.WaitAsync(Bench.Patience());
    }

    [Theory]
    [InlineData(Durability.Durable)]
    [InlineData(Durability.Volatile)]
    public async Task Another_one_makes_place(Durability durability)
    {
        var engine = await StartAsync(new()
        {
            Durability = durability,
            MaxSessions = 2,
            WhenFull = WhenFull.EvictOldest,
        });
        await engine.CreateAsync(new StartPit(), new CreateOptions { Id = "hole" });
        await engine.CreateAsync(new StartPit(), new CreateOptions { Id = "second" });
        await FallAsync(engine);

        var third = engine.CreateAsync(new StartPit(), new CreateOptions { Id = "third" }).AsTask();

        (await third.WaitAsync(Bench.Patience())).IsAccepted.ShouldBeTrue();
        var left = new List<string>();
        await foreach (var session in engine.SelectAsync(new() { Kind = "pit" }))
        {
            left.Add(session.Id.ToString());
        }

        left.Order(StringComparer.Ordinal).ShouldBe(["hole", "third"]);
    }

    [Fact]
    public async Task Where_no_other_can_make_place_a_start_is_refused_and_the_session_stays_when_it_is_its_turn()
    {
        var engine = await StartAsync(new() { MaxSessions = 1, WhenFull = WhenFull.EvictOldest });
        await engine.CreateAsync(new StartPit(_clock.GetUtcNow()), new CreateOptions { Id = "hole" });
        await _begun.Task.WaitAsync(Bench.Patience());

        var second = engine.CreateAsync(new StartPit(), new CreateOptions { Id = "second" }).AsTask();
        await UntilAsync(() => Task.FromResult(second.IsCompleted));

        (await second).Problem!.Type.ShouldBe(ProblemTypes.Full);
        _hole.Set();
        await UntilAsync(async () => (await engine.GetAsync<Pit>("hole")).Reply.Version == 2);
        (await engine.SendAsync("hole", new FallIn())).IsAccepted.ShouldBeTrue();
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _hole.Set();
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }
    }

    public void Dispose() => _hole.Dispose();

    private async Task<SojournEngine> StartAsync(Policy policy)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_clock);
        services.AddSojourn(options => options.StopGrace = TimeSpan.FromMinutes(1))
            .AddKind(new TallyKind())
            .AddKind(new PitKind(policy, () =>
            {
                _begun.TrySetResult();
                _hole.Wait(Bench.Patience());
            }));
        _services = services.BuildServiceProvider();
        var engine = _services.GetRequiredService<SojournEngine>();
        await engine.StartAsync();
        return engine;
    }

    private async Task<Task> FallAsync(SojournEngine engine)
    {
        var fallen = Task.Run(() => engine.SendAsync("hole", new FallIn()).AsTask());
        await _begun.Task.WaitAsync(Bench.Patience());
        return fallen;
    }

    private async Task ShouldRingAsync(SojournEngine engine)
    {
        await engine.CreateAsync(new StartTally(), new CreateOptions { Id = "a" });
        await engine.SendAsync("a", new RingAt(_clock.GetUtcNow().AddMinutes(2)));
        await UntilAsync(async () => (await engine.GetAsync<Tally>("a")).Reply.State.Rings == 1);
    }

    private async Task UntilAsync(Func<Task<bool>> holdsAsync)
    {
        var patience = Bench.Patience();
        while (!await holdsAsync())
        {
            patience.ThrowIfCancellationRequested();
            _clock.TryAdvanceToNext(TimeSpan.FromMinutes(2));
            await Task.Yield();
        }
    }
}

public sealed record Pit(DateTimeOffset? WakeAt);

public sealed record StartPit(DateTimeOffset? WakeAt = null) : IStart<Pit>;

public sealed record FallIn : ICommand;

/// <summary>A kind whose rules, but for the start, do what the test says.</summary>
public sealed class PitKind : Kind<Pit>
{
    private readonly Action _fall;

    public PitKind(Policy policy, Action fall)
        : base("pit", policy)
    {
        _fall = fall;
        Start<StartPit>((start, context) => Go(new Pit(start.WakeAt)));
        On<FallIn>((pit, command, context) => Fall(pit));
    }

    protected override string StatusOf(Pit state) => "open";

    protected override DateTimeOffset? WakeAt(Pit state) => state.WakeAt;

    protected override Step<Pit> Wake(Pit state, RuleContext context) => Fall(state);

    private Step<Pit> Fall(Pit pit)
    {
        _fall();
        return Go(pit with { WakeAt = null });
    }
}
