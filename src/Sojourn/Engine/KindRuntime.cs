using System.Collections.Immutable;
using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>A kind at work: its rules, its policy, and its sessions in memory.</summary>
internal sealed class KindRuntime
{
    private readonly Dictionary<string, Status> _statuses;
    private readonly Accounts _accounts;
    private Policy _policy;
    private Retention _events;

    public KindRuntime(KindRules rules, int index, Accounts accounts)
    {
        (Rules, Index, _accounts) = (rules, index, accounts);
        _policy = rules.Kind.Policy;
        _events = _policy.EventRetention;
        IsDurable = _policy.Durability == Durability.Durable;
        IsVolatile = _policy.Durability == Durability.Volatile;
        Statuses = [.. _policy.Statuses.Select((status, place) => new Status(status, place))];
        _statuses = Statuses.ToDictionary(status => status.Name, StringComparer.Ordinal);
        CommandsByName = rules.Commands.Values.ToDictionary(rule => rule.Name, StringComparer.Ordinal);
        Tally = new SessionTally(Statuses.Length);
        Residents = new Residents(this);
    }

    public KindRules Rules { get; }

    /// <summary>Its place among the kinds, from 0.</summary>
    public int Index { get; }

    /// <summary>As it is now; it can be changed while the engine runs.</summary>
    public Policy Policy => Volatile.Read(ref _policy);

    /// <summary>How many events are kept.</summary>
    public Retention EventRetention => Volatile.Read(ref _events);

    public ImmutableArray<Status> Statuses { get; }

    public string Name => Rules.Kind.Name;

    // Asked with each command, and never changed: the policy's own word for it is two reads further away.
    public bool IsDurable { get; }

    public bool IsVolatile { get; }

    public CellTable Cells { get; } = new();

    public IReadOnlyDictionary<string, CommandRule> CommandsByName { get; }

    /// <summary>All its sessions, counted.</summary>
    public SessionTally Tally { get; }

    /// <summary>All its sessions, by age.</summary>
    public Ages Ages { get; } = new();

    /// <summary>Sessions that could make place, looked up in advance; belong to who holds <see
    /// cref="Evicting"/>.</summary>
    public Queue<Victim> Candidates { get; } = new();

    /// <summary>
    /// Grows when a session's status has changed, or the policy: others may have to go before the candidates now.
    /// </summary>
    public int Upheavals;

    /// <summary>The <see cref="Upheavals"/> that the candidates take account of.</summary>
    public int CandidatesSeen { get; set; }

    /// <summary>Held while a session is chosen to make place.</summary>
    public SemaphoreSlim Evicting { get; } = new(1, 1);

    /// <summary>Held while the policy is changed.</summary>
    public SemaphoreSlim Reconfiguring { get; } = new(1, 1);

    /// <summary>
    /// Statuses of which stored sessions may still have the time to live of an older policy; belong to who holds <see
    /// cref="Reconfiguring"/>.
    /// </summary>
    public HashSet<Status> Unstamped { get; } = [];

    /// <summary>What it has done since the start.</summary>
    public KindCounters Counters { get; } = new();

    /// <summary>Its sessions in memory.</summary>
    public Residents Residents { get; }

    /// <summary>Runs the kind's drivers; null if it has none.</summary>
    public Dispatcher? Dispatcher { get; set; }

    /// <summary>The session's cell, made if it is not in memory.</summary>
    public Cell CellOf(OwnerId owner, SessionId id) =>
        Cells.Find(owner, id) ?? NewCell(owner, id);

    /// <param name="name">The status.</param>
    /// <param name="likely">The one it probably is.</param>
    /// <exception cref="InvalidOperationException">The policy does not list it.</exception>
    public Status Status(string name, Status? likely = null) =>
        likely is not null && likely.Name == name
            ? likely
            : _statuses.GetValueOrDefault(name) ?? throw new InvalidOperationException(
                $"The kind '{Name}' has no status '{name}'; its policy lists {string.Join(", ", _statuses.Keys)}.");

    /// <summary>The status of this name; null if there is none.</summary>
    public Status? FindStatus(string name) => _statuses.GetValueOrDefault(name);

    /// <summary>Takes a policy that has been checked.</summary>
    /// <returns>Statuses whose sessions now live for another time.</returns>
    public IReadOnlyList<Status> Take(Policy policy)
    {
        var changed = new List<Status>();
        foreach (var (status, now) in Statuses.Zip(policy.Statuses))
        {
            if (status.KeepFor != now.KeepFor)
            {
                status.KeepFor = now.KeepFor;
                changed.Add(status);
            }
        }

        Volatile.Write(ref _events, policy.EventRetention);
        Volatile.Write(ref _policy, policy);
        Interlocked.Increment(ref Upheavals);
        return changed;
    }

    public SessionView View(Cell cell, Snapshot snapshot) => Rules.NewView() with
    {
        Key = cell.Key,
        Status = snapshot.Status.Name,
        IsBusy = snapshot.Status.Busy,
        IsFinal = snapshot.Status.Final,
        IsComplete = snapshot.Status.IsEnd,
        Version = snapshot.Version,
        DurableVersion = cell.DurableOf(snapshot),
        FirstEvent = snapshot.FirstEvent,
        LastEvent = snapshot.LastEvent,
        CreatedAt = snapshot.CreatedAt,
        LastActivityAt = snapshot.LastActivityAt,
        ExpiresAt = snapshot.ExpiresAt,
        Labels = snapshot.Extras.Labels,
        Streams = snapshot.Extras.Tails,
        State = snapshot.State,
    };

    public static SessionRecord Record(Cell cell, Snapshot snapshot, ReadOnlyMemory<byte> state) => new()
    {
        Key = cell.Key,
        Version = snapshot.Version,
        Status = snapshot.Status.Name,
        IsBusy = snapshot.Status.Busy,
        IsFinal = snapshot.Status.Final,
        CreatedAt = snapshot.CreatedAt,
        LastActivityAt = snapshot.LastActivityAt,
        StatusSince = snapshot.StatusSince,
        ExpiresAt = snapshot.ExpiresAt,
        WakeAt = snapshot.WakeAt,
        BusySince = snapshot.BusySince,
        FirstEvent = snapshot.FirstEvent,
        LastEvent = snapshot.LastEvent,
        EventMarks = snapshot.Extras.Events.ToMarks(snapshot.EventBytes, snapshot.CreatedAt),
        Bytes = snapshot.Bytes,
        Tails = snapshot.Extras.Tails,
        Labels = snapshot.Extras.Labels,
        Operations = snapshot.Extras.Operations,
        Reported = snapshot.Extras.Reported,
        State = state,
    };

    public Snapshot Read(SessionRecord record) => new()
    {
        Version = record.Version,
        State = StateJson.Read(this, record.State),
        StateBytes = record.State.Length,
        Status = Status(record.Status),
        CreatedAt = record.CreatedAt,
        LastActivityAt = record.LastActivityAt,
        StatusSince = record.StatusSince,
        WakeAt = record.WakeAt,
        LastEvent = record.LastEvent,
        EventBytes = record.EventMarks.Sum(mark => mark.Bytes),
        Extras = ReadExtras(record),
    };

    private SnapshotExtras ReadExtras(SessionRecord record)
    {
        var isPlain = record.Tails.Count == 0 && record.Labels.Count == 0 && record.Operations is null
            && record.Reported is null && record.BusySince == 0 && record.FirstEvent == 1
            && (record.EventMarks.Count == 0 || (record.EventMarks.Count == 1 && EventRetention.Age is null));
        return isPlain
            ? SnapshotExtras.None
            : new SnapshotExtras
            {
                Tails = record.Tails,
                Events = EventPortions.Of(record.FirstEvent, record.EventMarks),
                BusySince = record.BusySince,
                Labels = record.Labels.Count == 0 ? Snapshot.NoLabels : record.Labels,
                Operations = record.Operations,
                Reported = record.Reported,
            };
    }

    private Cell NewCell(OwnerId owner, SessionId id) => Cells.GetOrAdd(new Cell(this, _accounts.Of(owner), id));
}
