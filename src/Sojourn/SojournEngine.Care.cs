using Sojourn.Engine;
using Sojourn.Stores;

namespace Sojourn;

public sealed partial class SojournEngine
{
    /// <summary>
    /// Tells a subscriber in this process what happens to sessions of all kinds, in order for each session. It runs on
    /// a task of its own: if it is slow or throws, no session notices. While it is told one thing, up to <paramref
    /// name="queue"/> wait; what comes beyond that is dropped, and it is told how many (<see
    /// cref="Happening.Missed"/>).
    /// </summary>
    /// <param name="observe">Is called with one happening at a time; the token says that the engine stops.</param>
    /// <param name="queue">1 to 1,000,000. Default 10,000.</param>
    /// <returns>Ends the subscription. What waits is not told any more.</returns>
    public IAsyncDisposable Subscribe(
        Func<SessionHappening, CancellationToken, ValueTask> observe, int queue = 10_000)
    {
        ArgumentNullException.ThrowIfNull(observe);
        ArgumentOutOfRangeException.ThrowIfLessThan(queue, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(queue, 1_000_000);
        return _parts.Observers.Add(observe, queue);
    }

    /// <summary>
    /// Changes a kind's limits while it runs; it holds at once. Durability and statuses stay as they are, but for how
    /// long they are kept. Where there are more sessions than a stricter policy allows, and <see
    /// cref="Policy.WhenFull"/> says so, sessions are evicted before this completes. Nothing of it outlives the
    /// process.
    /// </summary>
    /// <exception cref="SojournException">
    /// The policy cannot be used; the message names all that is wrong. Or it is in force, but the store could not take
    /// for all sessions how long they live now (<see cref="SojournException.Problem"/> is then not null): ask for the
    /// same policy again to go on.
    /// </exception>
    public async Task ReconfigureAsync(string kind, Policy policy, CancellationToken giveUp = default)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var runtime = _parts.Kind(kind);
        await new Reconfiguration(_parts, runtime).ApplyAsync(policy, giveUp).ConfigureAwait(false);
    }

    /// <summary>Gives an owner a quota of its own. It holds at once; what is over it already stays.</summary>
    /// <exception cref="SojournException">The quota cannot be used.</exception>
    public void SetQuota(OwnerId owner, OwnerQuota quota)
    {
        ArgumentNullException.ThrowIfNull(quota);
        var faults = quota.Faults().ToList();
        if (owner == OwnerId.System)
        {
            faults.Add(OwnerQuota.NotForSystem);
        }

        if (faults.Count > 0)
        {
            throw new SojournException($"The quota cannot be used: {string.Join(" ", faults)}");
        }

        _parts.Accounts.Of(owner).Quota = quota;
    }

    /// <summary>An owner's quota.</summary>
    public OwnerQuota QuotaOf(OwnerId owner) => _parts.Accounts.Of(owner).Quota;

    /// <summary>
    /// Puts the newest good snapshot in the place of a session that answers <see cref="ProblemTypes.Damaged"/>; its
    /// steps since then are lost, its logs are not. A session that can be read is left as it is.
    /// </summary>
    /// <returns>The session; <see cref="ProblemTypes.Damaged"/> if nothing good of it is left.</returns>
    public async ValueTask<Answer<SessionView>> RestoreAsync(SessionKey session, CancellationToken giveUp = default)
    {
        var kind = _parts.Kind(session.Kind);
        return (await WaitAsync(new RestoreRequest(kind.CellOf(session.Owner, session.Id)), giveUp)
            .ConfigureAwait(false))
            .As(view => (SessionView)view!);
    }

    /// <summary>Copies the whole store into a new directory while work goes on, and proves the copy.</summary>
    /// <exception cref="SojournException">It cannot be done; the message says why.</exception>
    public async ValueTask<BackupReport> BackupAsync(string directory, CancellationToken giveUp = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        await FlushAsync(giveUp).ConfigureAwait(false);
        return await _parts.Store.BackupAsync(directory, giveUp).ConfigureAwait(false);
    }

    /// <summary>Reads every stored record and compares it with its checksum, while work goes on.</summary>
    /// <exception cref="SojournException">The store cannot be read.</exception>
    public ValueTask<StoreCheck> CheckAsync(CancellationToken giveUp = default) =>
        ReadingAsync(_parts.Store.CheckAsync(giveUp));

    /// <summary>How well the engine is. Loads and wakes no session.</summary>
    /// <exception cref="SojournException">The store cannot be read.</exception>
    public ValueTask<HealthReport> CheckHealthAsync(CancellationToken giveUp = default) =>
        ReadingAsync(_parts.Reporter.HealthAsync(giveUp));

    /// <summary>What the engine has and does; of one owner, or of all.</summary>
    /// <param name="owner">Whose; null (the default) for everybody's.</param>
    /// <param name="giveUp">Ends the waiting.</param>
    /// <exception cref="SojournException">The store cannot be read.</exception>
    public ValueTask<EngineStatistics> StatisticsAsync(OwnerId? owner = null, CancellationToken giveUp = default) =>
        ReadingAsync(_parts.Reporter.StatisticsAsync(owner, giveUp));

    internal static async ValueTask<T> ReadingAsync<T>(ValueTask<T> reading)
    {
        try
        {
            return await reading.ConfigureAwait(false);
        }
        catch (DamagedRecordException damage)
        {
            throw new SojournException(Problems.Damaged(damage));
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or FormatException
            or ArgumentException or SojournException))
        {
            throw new SojournException(Problems.StoreUnavailable(failure));
        }
    }
}
