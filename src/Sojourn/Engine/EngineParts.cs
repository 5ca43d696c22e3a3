using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>A driver, its state's type forgotten, and the kind it drives.</summary>
internal sealed record DriverEntry(Type StateType, Func<DriveLink, CancellationToken, Task> Run);

/// <summary>Puts the engine together, starts it, and takes it down in the right order.</summary>
internal sealed partial class EngineParts : IAsyncDisposable
{
    private readonly FrozenDictionary<string, KindRuntime> _kinds;
    private readonly FrozenDictionary<Type, (KindRuntime Kind, CommandRule Rule)> _rules;
    private readonly FrozenDictionary<Type, KindRuntime> _states;
    private readonly SojournOptions _options;
    private readonly TimeProvider _time;
    private readonly WakeClock _wakeClock;
    private readonly EngineMeter _meter;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lifeGate = new();
    private Task? _start;
    private Task<StopReport>? _stop;

    public EngineParts(
        SojournOptions options, IReadOnlyList<Kind> kinds, ISessionStore store, TimeProvider time, ILogger log)
    {
        var faults = options.Faults().ToList();
        if (faults.Count > 0)
        {
            throw new SojournException($"The options cannot be used: {string.Join(" ", faults)}");
        }

        log = new GuardedLog(log);
        (_options, _time, _log, Store) = (options, time, log, store);
        Accounts = new Accounts(kinds.Count, options.DefaultQuota);
        foreach (var (owner, quota) in options.Quotas)
        {
            Accounts.Of(owner).Quota = quota;
        }

        _kinds = KindTable.ByName(kinds, Accounts);
        _rules = KindTable.ByCommand(_kinds.Values);
        _states = KindTable.ByState(_kinds.Values);
        _wakeClock = new WakeClock(store, time, log) { Wake = WakeAsync, Kinds = _kinds.Keys };
        Observers = new Observers(time, log);
        var publisher = new Publisher(_wakeClock, Observers);
        Committer = new Committer(store, publisher, options, time, log) { RecountAsync = RecountAsync };
        var care = new Care(store, Observers, time, log) { Recount = Committer.Recount };
        var seed = options.Seed ?? BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        Runner = new Runner(store, new Decider(time, seed), Committer, publisher, care);
        Evictor = new Evictor(store, Committer, Runner, time);
        Reporter = new Reporter(this, time);
        Streams = new SessionStreams(store, Committer);
        Reads = new StreamReads(Streams);
        foreach (var kind in _kinds.Values)
        {
            kind.Residents.Passivate = cell => Runner.Post(new PassivateRequest(cell));
        }

        _meter = new EngineMeter(this, log);
        Describe();
    }

    public ISessionStore Store { get; }

    public Committer Committer { get; }

    public Runner Runner { get; }

    public SessionStreams Streams { get; }

    /// <summary>Reads logs as streams.</summary>
    public StreamReads Reads { get; }

    public Observers Observers { get; }

    public Accounts Accounts { get; }

    public Evictor Evictor { get; }

    public Reporter Reporter { get; }

    public TimeProvider Time => _time;

    public IEnumerable<KindRuntime> Kinds => _kinds.Values;

    public DateTimeOffset StartedAt { get; private set; }

    public IReadOnlyDictionary<string, KindDescription> Descriptions { get; private set; } = null!;

    public bool IsRunning { get; private set; }

    /// <summary>Cancelled when the engine stops, for those who only look on.</summary>
    public CancellationToken Stopping => _stopping.Token;

    public KindRuntime Kind(string name) => _kinds.GetValueOrDefault(name) ?? throw new ArgumentException(
        $"There is no kind '{name}'; there is: {string.Join(", ", _kinds.Keys.Order(StringComparer.Ordinal))}.",
        nameof(name));

    public KindRuntime? FindKind(string name) => _kinds.GetValueOrDefault(name);

    public KindRuntime KindOfState(Type state) => _states.GetValueOrDefault(state) ?? throw new ArgumentException(
        $"No kind was added whose state is a {state.Name}.", nameof(state));

    public (KindRuntime Kind, CommandRule Rule) RuleOf(Type command) => _rules.TryGetValue(command, out var found)
        ? found
        : throw new ArgumentException($"No kind was added that has a command {command.Name}.", nameof(command));

    public void AddDriver(DriverEntry driver)
    {
        var kind = KindOfState(driver.StateType);
        var node = new NodeServices(
            $"node-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}",
            _options.LeaseLength,
            Store,
            Runner,
            Streams,
            Observers,
            _time,
            _log);
        kind.Dispatcher = kind.Dispatcher is null
            ? new Dispatcher(kind, node, driver.Run)
            : throw new SojournException($"The kind '{kind.Name}' has two drivers; it can have one.");
    }

    /// <summary>Says anew what the kinds are, after a policy has changed.</summary>
    public void Describe() =>
        Descriptions = _kinds.ToFrozenDictionary(kind => kind.Key, kind => KindTable.Describe(kind.Value));

    public Task StartAsync(CancellationToken giveUp)
    {
        lock (_lifeGate)
        {
            return _start ??= OpenAsync(giveUp);
        }
    }

    public Task<StopReport> StopAsync()
    {
        lock (_lifeGate)
        {
            return _stop ??= CloseAsync(_start);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The token of the stop stays: somebody may still ask whether the engine has stopped.
        await StopAsync().ConfigureAwait(false);
        Observers.Dispose();
        _meter.Dispose();
    }

    private async Task OpenAsync(CancellationToken giveUp)
    {
        // Not on the caller's time: it holds the gate.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (Store.IsShared && _kinds.Values.FirstOrDefault(kind => !kind.IsDurable) is { } loose)
        {
            throw new SojournException(
                $"The kind '{loose.Name}' is {loose.Policy.Durability}, but the store is shared by several processes. "
                + "Make the kind Durable, or use a store of its own.");
        }

        await Store.OpenAsync(giveUp).ConfigureAwait(false);
        if (Store is MemoryStore && _kinds.Values.Any(kind => !kind.IsVolatile))
        {
            LogNotKept();
        }

        StartedAt = _time.GetUtcNow();
        await RecountAsync().ConfigureAwait(false);
        Committer.Start();
        _wakeClock.Start();
        foreach (var kind in _kinds.Values)
        {
            kind.Residents.Start(_time);
            kind.Dispatcher?.Start();
        }

        IsRunning = true;
    }

    private async Task<StopReport> CloseAsync(Task? start)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        IsRunning = false;
        Runner.IsStopping = true;
        await _stopping.CancelAsync().ConfigureAwait(false);
        if (start is not { IsCompletedSuccessfully: true })
        {
            await Store.DisposeAsync().ConfigureAwait(false);
            return new StopReport([], []);
        }

        var driven = await ParkAsync().ConfigureAwait(false);
        // A time of its own: what was acknowledged must not be lost to a driver or a rule that does not return.
        using var grace = new CancellationTokenSource(_options.StopGrace, _time);
        StopReport report;
        try
        {
            report = new StopReport(await Committer.StopAsync().WaitAsync(grace.Token).ConfigureAwait(false), driven);
            await Observers.StopAsync(grace.Token).ConfigureAwait(false);
            await Store.DisposeAsync().ConfigureAwait(false);
            await Committer.DisposeAsync().ConfigureAwait(false);
            _wakeClock.Dispose();
            foreach (var kind in _kinds.Values)
            {
                kind.Residents.Dispose();
            }
        }
        catch (OperationCanceledException)
        {
            // The store does not answer. What waits in it is left to end with the process.
            report = new StopReport(Committer.GiveUp(), driven);
        }

        if (report.Unsaved.Count + report.StillDriven.Count > 0)
        {
            LogLeftBehind(report.Unsaved.Count, report.StillDriven.Count, string.Join(", ", report.Unsaved.Take(20)));
        }

        return report;
    }

    /// <summary>Ends what works by itself: wake-ups, drivers and, last, rules.</summary>
    /// <returns>Sessions whose driver had not returned when the grace time was over.</returns>
    private async Task<IReadOnlyList<SessionKey>> ParkAsync()
    {
        using var grace = new CancellationTokenSource(_options.StopGrace, _time);
        var driven = new List<SessionKey>();
        await _wakeClock.StopAsync().WaitAsync(grace.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var dispatcher in _kinds.Values.Select(kind => kind.Dispatcher).OfType<Dispatcher>())
        {
            driven.AddRange(await dispatcher.StopAsync(grace.Token).ConfigureAwait(false));
        }

        await Runner.CloseAsync(grace.Token).ConfigureAwait(false);
        return driven;
    }

    /// <summary>
    /// Counts the stored sessions anew. What is acknowledged and not stored yet of write-behind kinds is only known
    /// here, so theirs are counted at the start alone.
    /// </summary>
    private async Task RecountAsync()
    {
        var census = await Store.CensusAsync(CancellationToken.None).ConfigureAwait(false);
        Accounts.Take(census, [.. _kinds.Values.Where(kind => kind.IsDurable || (!kind.IsVolatile && !IsRunning))]);
    }

    private async ValueTask<bool> WakeAsync(SessionKey key)
    {
        if (!_kinds.TryGetValue(key.Kind, out var kind))
        {
            // Stored by a process that knew more kinds. It is not ours to touch.
            return false;
        }

        var request = new WakeRequest(kind.CellOf(key.Owner, key.Id));
        var answer = await Runner.SubmitAsync(request).ConfigureAwait(false);
        if (kind.Policy.Durability == Durability.WriteBehind
            && (answer.IsChange || Volatile.Read(ref request.Cell.Unsettled) > 0))
        {
            // Until that is in the store, or what put the time off before, the store says that the session is due.
            await Committer.FlushAsync().ConfigureAwait(false);
        }

        return answer.IsAccepted && !(request.DueAfter <= _time.GetUtcNow());
    }

    [LoggerMessage(140, LogLevel.Warning,
        "Sessions are kept in memory alone and are gone with this process; configure a store to keep them.")]
    private partial void LogNotKept();

    [LoggerMessage(141, LogLevel.Critical,
        "Stopped with {Unsaved} sessions whose last acknowledged steps could not be saved and {Driven} whose driver "
        + "did not return. Unsaved: {Sessions}")]
    private partial void LogLeftBehind(int unsaved, int driven, string sessions);
}
