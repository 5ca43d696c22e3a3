using Sojourn.Stores;

namespace Sojourn;

/// <summary>How the engine runs. Checked when it is built, all faults at once.</summary>
public sealed class SojournOptions
{
    /// <summary>
    /// Makes the store. Default: a <see cref="MemoryStore"/>, whose sessions are gone with the process; see
    /// <c>UseSqlite</c> for one that keeps them.
    /// </summary>
    public Func<IServiceProvider, ISessionStore> Store { get; set; } = _ => new MemoryStore();

    /// <summary>
    /// How long a node may be silent before another one takes over what it drives. Default 15 s, 1 s to 10 min.
    /// It is renewed three times in that time.
    /// </summary>
    public TimeSpan LeaseLength { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long <see cref="SojournEngine.StopAsync"/> gives drivers and rules to return, and then, as long again, the
    /// store to take what is unwritten and subscribers to hear the rest. Default 30 s, 0 to 10 min.
    /// </summary>
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// What chance begins with. Null (the default): with true randomness, new at each start. A fixed one is for tests.
    /// </summary>
    public ulong? Seed { get; set; }

    /// <summary>
    /// The most steps that may be on their way to the store at once. Default 100,000, at least 1. Beyond it a command
    /// is answered <see cref="ProblemTypes.Overloaded"/>.
    /// </summary>
    public int MaxPendingSteps { get; set; } = 100_000;

    /// <summary>As <see cref="MaxPendingSteps"/>, in bytes of states, events and entries. Default 256 MiB.</summary>
    public long MaxPendingBytes { get; set; } = 256 << 20;

    /// <summary>The quota of each owner that <see cref="Quotas"/> does not name. Default: nothing is limited.</summary>
    public OwnerQuota DefaultQuota { get; set; } = OwnerQuota.Unlimited;

    /// <summary>Owners with a quota of their own. Default none.</summary>
    public IDictionary<OwnerId, OwnerQuota> Quotas { get; } = new Dictionary<OwnerId, OwnerQuota>();

    /// <summary>All that is wrong, in sentences.</summary>
    internal IEnumerable<string> Faults()
    {
        if (LeaseLength < TimeSpan.FromSeconds(1) || LeaseLength > TimeSpan.FromMinutes(10))
        {
            yield return $"{nameof(LeaseLength)} must be 1 s to 10 min; it is {LeaseLength}.";
        }

        if (StopGrace < TimeSpan.Zero || StopGrace > TimeSpan.FromMinutes(10))
        {
            yield return $"{nameof(StopGrace)} must be 0 to 10 min; it is {StopGrace}.";
        }

        foreach (var fault in Quotas.Values.Append(DefaultQuota).SelectMany(quota => quota.Faults()))
        {
            yield return fault;
        }

        if (Quotas.ContainsKey(OwnerId.System))
        {
            yield return OwnerQuota.NotForSystem;
        }

        if (MaxPendingSteps < 1 || MaxPendingBytes < 1)
        {
            yield return $"{nameof(MaxPendingSteps)} and {nameof(MaxPendingBytes)} must be at least 1.";
        }
    }
}
