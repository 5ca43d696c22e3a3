using System.Collections.Concurrent;
using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>A kind at work: its rules, its policy, and its sessions in memory.</summary>
internal sealed class KindRuntime
{
    private readonly Dictionary<string, StatusPolicy> _statuses;

    public KindRuntime(KindRules rules)
    {
        Rules = rules;
        Policy = rules.Kind.Policy;
        _statuses = Policy.Statuses.ToDictionary(status => status.Name, StringComparer.Ordinal);
        CommandsByName = rules.Commands.Values.ToDictionary(rule => rule.Name, StringComparer.Ordinal);
    }

    public KindRules Rules { get; }

    public Policy Policy { get; }

    public string Name => Rules.Kind.Name;

    public bool IsDurable => Policy.Durability == Durability.Durable;

    public bool IsVolatile => Policy.Durability == Durability.Volatile;

    public ConcurrentDictionary<CellKey, Cell> Cells { get; } = new();

    public IReadOnlyDictionary<string, CommandRule> CommandsByName { get; }

    /// <summary>Runs the kind's drivers; null if it has none.</summary>
    public Dispatcher? Dispatcher { get; set; }

    /// <param name="name">The status.</param>
    /// <param name="likely">The one it probably is.</param>
    /// <exception cref="InvalidOperationException">The policy does not list it.</exception>
    public StatusPolicy Status(string name, StatusPolicy? likely = null) =>
        likely is not null && likely.Name == name
            ? likely
            : _statuses.GetValueOrDefault(name) ?? throw new InvalidOperationException(
                $"The kind '{Name}' has no status '{name}'; its policy lists {string.Join(", ", _statuses.Keys)}.");

    public SessionView View(Cell cell, Snapshot snapshot) => Rules.NewView() with
    {
        Key = cell.Key,
        Status = snapshot.Status.Name,
        IsBusy = snapshot.Status.Busy,
        IsFinal = snapshot.Status.Final,
        Version = snapshot.Version,
        DurableVersion = cell.DurableOf(snapshot),
        FirstEvent = snapshot.FirstEvent,
        LastEvent = snapshot.LastEvent,
        CreatedAt = snapshot.Extras.CreatedAt,
        LastActivityAt = snapshot.LastActivityAt,
        ExpiresAt = snapshot.ExpiresAt,
        Labels = snapshot.Extras.Labels,
        State = snapshot.State,
    };

    public static SessionRecord Record(Cell cell, Snapshot snapshot, ReadOnlyMemory<byte> state) => new()
    {
        Key = cell.Key,
        Version = snapshot.Version,
        Status = snapshot.Status.Name,
        IsBusy = snapshot.Status.Busy,
        IsFinal = snapshot.Status.Final,
        CreatedAt = snapshot.Extras.CreatedAt,
        LastActivityAt = snapshot.LastActivityAt,
        StatusSince = snapshot.StatusSince,
        ExpiresAt = snapshot.ExpiresAt,
        WakeAt = snapshot.WakeAt,
        BusySince = snapshot.BusySince,
        FirstEvent = snapshot.FirstEvent,
        LastEvent = snapshot.LastEvent,
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
        Status = Status(record.Status),
        LastActivityAt = record.LastActivityAt,
        StatusSince = record.StatusSince,
        WakeAt = record.WakeAt,
        BusySince = record.BusySince,
        FirstEvent = record.FirstEvent,
        LastEvent = record.LastEvent,
        Extras = new SnapshotExtras
        {
            CreatedAt = record.CreatedAt,
            Tails = record.Tails,
            Labels = record.Labels,
            Operations = record.Operations,
            Reported = record.Reported,
        },
    };
}
