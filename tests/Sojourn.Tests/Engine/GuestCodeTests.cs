using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sojourn.Testing;

namespace Sojourn.Tests.Engine;

/// <summary>
/// Code of the application that throws, or never returns, wherever the engine calls it: nothing else stops.
/// </summary>
public sealed class GuestCodeTests
{
    [Fact]
    public async Task A_subscriber_that_never_returns_holds_up_a_stop_for_the_grace_time_and_no_other_subscriber()
    {
        await using var bench = await Bench.StartAsync();
        var never = new TaskCompletionSource();
        var heard = new ConcurrentQueue<Happening>();
        bench.Sojourn.Subscribe((happening, stop) => new ValueTask(never.Task));
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Sojourn.Subscribe((happening, stop) =>
        {
            heard.Enqueue(happening.What);
            told.TrySetResult();
            return default;
        });
        await bench.CreateAsync("a");
        await told.Task.WaitAsync(Bench.Patience());

        var ending = bench.Sojourn.DisposeAsync().AsTask();
        await bench.UntilAsync(() => Task.FromResult(ending.IsCompleted));

        await ending;
        heard.ShouldBe([Happening.Created]);
    }

    [Fact]
    public async Task A_subscriber_that_throws_when_it_is_told_to_stop_leaves_no_store_open()
    {
        await using var bench = await Bench.StartAsync();
        var never = new TaskCompletionSource();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Sojourn.Subscribe((happening, stop) =>
        {
            stop.Register(() => throw new InvalidOperationException("A subscriber's bug."));
            begun.TrySetResult();
            return new ValueTask(never.Task);
        });
        await bench.CreateAsync("a");
        await begun.Task.WaitAsync(Bench.Patience());

        var stopping = bench.Sojourn.StopAsync();
        await bench.UntilAsync(() => Task.FromResult(stopping.IsCompleted));

        (await stopping).Unsaved.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_driver_that_never_returns_costs_nothing_that_was_acknowledged()
    {
        var driver = new DeafDriver();
        var grace = TimeSpan.FromSeconds(61);
        await using var bench = await Bench.StartAsync(
            TallyKind.DefaultPolicy with
            {
                Durability = Durability.WriteBehind,
                WriteBehindDelay = TimeSpan.FromMinutes(1),
                MaxDriven = 1,
            },
            driver: () => driver,
            configure: options => options.StopGrace = grace);
        await bench.CreateAsync("driven", "working");
        await bench.Sojourn.FlushAsync();
        await driver.Begun.Task.WaitAsync(Bench.Patience());
        await bench.CreateAsync("a");
        await bench.Sojourn.SendAsync("a", new Add(5));

        var stopping = bench.Sojourn.StopAsync();
        // The grace time of drivers; what is saved afterwards has a time of its own, which does not pass.
        await bench.Clock.WhenAwaited(grace).WaitAsync(Bench.Patience());
        bench.Clock.Advance(grace);

        var report = await stopping.WaitAsync(Bench.Patience());
        report.StillDriven.Single().Id.ToString().ShouldBe("driven");
        report.Unsaved.ShouldBeEmpty();
        (await bench.Store.LoadAsync(Bench.Key("a"), default))!.Version.ShouldBe(2);
    }

    [Fact]
    public async Task A_driver_that_throws_and_throws_when_cancelled_is_begun_again_and_others_are_driven()
    {
        var driver = new ThrowingDriver();
        await using var bench = await Bench.StartAsync(driver: () => driver);
        await bench.CreateAsync("bad", "working");
        await bench.CreateAsync("good", "working");

        await bench.UntilAsync(async () => (await bench.GetAsync("good")).Status == "done" && driver.Attempts >= 3);

        await bench.Sojourn.SendAsync("bad", new Move("open"));
        (await bench.GetAsync("bad")).State.Note.ShouldBe("The model is asleep.");
    }

    [Theory]
    [InlineData(Durability.Durable)]
    [InlineData(Durability.WriteBehind)]
    public async Task A_rule_that_never_returns_holds_up_its_own_session_and_a_stop_for_the_grace_time(
        Durability durability)
    {
        using var hole = new ManualResetEventSlim();
        var clock = new ManualClock();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(clock);
        var grace = TimeSpan.FromSeconds(61);
        services.AddSojourn(options => options.StopGrace = grace)
            .AddKind(new TallyKind(TallyKind.DefaultPolicy with { Durability = durability }))
            .AddKind(new HoleKind(durability, () =>
            {
                begun.TrySetResult();
                hole.Wait(Bench.Patience());
            }));
        await using var provider = services.BuildServiceProvider();
        var engine = provider.GetRequiredService<SojournEngine>();
        await engine.StartAsync();
        await engine.CreateAsync(new StartHole(), new CreateOptions { Id = "hole" });
        var fallen = Task.Run(() => engine.SendAsync("hole", new Fall()).AsTask());
        await begun.Task.WaitAsync(Bench.Patience());

        await engine.CreateAsync(new StartTally(), new CreateOptions { Id = "a" });
        (await engine.SendAsync("a", new Add(5))).Reply.ShouldBe(5);
        var stopping = engine.StopAsync();
        // The grace time of rules; what is saved afterwards has a time of its own, which does not pass.
        await clock.WhenAwaited(grace).WaitAsync(Bench.Patience());
        clock.Advance(grace);

        (await stopping.WaitAsync(Bench.Patience())).Unsaved.ShouldBeEmpty();
        hole.Set();
        (await fallen).Problem!.Type.ShouldBe(ProblemTypes.Stopping);
    }

    [Fact]
    public async Task A_log_that_throws_stops_nothing()
    {
        var clock = new ManualClock();
        var store = new FaultyStore(new Sojourn.Stores.MemoryStore());
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(clock);
        services.AddLogging(logging => logging.AddProvider(new FullLog()));
        services.AddSojourn(options => options.Store = _ => store).AddKind(new TallyKind());
        await using var provider = services.BuildServiceProvider();
        var engine = provider.GetRequiredService<SojournEngine>();
        await engine.StartAsync();
        await engine.CreateAsync(new StartTally(), new CreateOptions { Id = "a" });
        store.Fault = StoreFault.BeforeWriting;
        (await engine.SendAsync("a", new Add(1))).Problem!.Type.ShouldBe(ProblemTypes.StoreUnavailable);
        store.Fault = StoreFault.None;

        var patience = Bench.Patience();
        while (engine.Health.Critical is not null)
        {
            patience.ThrowIfCancellationRequested();
            clock.TryAdvanceToNext(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }

        (await engine.SendAsync("a", new Crash())).Problem!.Type.ShouldBe(ProblemTypes.RuleFailed);
        (await engine.SendAsync("a", new Add(2))).Reply.ShouldBe(2);
    }

    [Fact]
    public async Task A_listener_of_measurements_that_throws_fails_no_commit()
    {
        await using var bench = await Bench.StartAsync();
        using var listener = new MeterListener();
        var measured = 0;
        listener.InstrumentPublished = (instrument, all) =>
        {
            if (instrument.Name == "sojourn.commit.duration")
            {
                all.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((instrument, took, tags, state) =>
        {
            Interlocked.Increment(ref measured);
            throw new InvalidOperationException("A listener's bug.");
        });
        listener.Start();

        await bench.CreateAsync("a");

        (await bench.Sojourn.SendAsync("a", new Add(1))).Reply.ShouldBe(1);
        bench.Sojourn.Health.Critical.ShouldBeNull();
        measured.ShouldBeGreaterThan(0);
    }

    private sealed class DeafDriver : IDriver<Tally>
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task DriveAsync(DrivenSession<Tally> session, CancellationToken stop)
        {
            Begun.TrySetResult();
            return new TaskCompletionSource().Task;
        }
    }

    private sealed class ThrowingDriver : IDriver<Tally>
    {
        private int _attempts;

        public int Attempts => Volatile.Read(ref _attempts);

        public async Task DriveAsync(DrivenSession<Tally> session, CancellationToken stop)
        {
            stop.Register(() => throw new InvalidOperationException("It does not want to be cancelled."));
            if (session.Key.Id.ToString() == "bad")
            {
                Interlocked.Increment(ref _attempts);
                throw new InvalidOperationException("The model is asleep.");
            }

            await session.SendAsync(new Move("done"), stop);
        }
    }

    private sealed class FullLog : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            throw new IOException("No space left on the log's device.");

        public void Dispose()
        {
        }
    }
}

public sealed record Hole(int Depth);

public sealed record StartHole : IStart<Hole>;

public sealed record Fall : ICommand;

/// <summary>A kind whose one command does what the test says.</summary>
public sealed class HoleKind : Kind<Hole>
{
    public HoleKind(Durability durability, Action fall)
        : base("hole", new Policy { Durability = durability })
    {
        Start<StartHole>((start, context) => Go(new Hole(0)));
        On<Fall>((hole, command, context) =>
        {
            fall();
            return Go(hole with { Depth = hole.Depth + 1 });
        });
    }

    protected override string StatusOf(Hole state) => "open";
}
