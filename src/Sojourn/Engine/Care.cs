using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>Sees to sessions that come into memory, leave it, or turn out to be damaged.</summary>
internal sealed partial class Care(ISessionStore store, Observers observers, TimeProvider time, ILogger log)
{
    /// <summary>How many damaged sessions are remembered. With more of them, some are told of again.</summary>
    private const int MaxAside = 10_000;

    // With what was wrong: a session that is read again and again is kept aside, counted and told of once.
    private readonly ConcurrentDictionary<SessionKey, string> _aside = new();

    // Not a parameter only: the source generator of log messages wants a field.
    private readonly ILogger _log = log;

    /// <summary>What the store counts has changed behind the engine's back. Set once, before the start.</summary>
    public Action Recount { get; set; } = () => { };

    /// <summary>A session has come into memory; another one may have to go.</summary>
    public void Settle(Cell cell)
    {
        _aside.TryRemove(cell.Key, out _);
        try
        {
            var now = time.GetUtcNow();
            cell.Kind.Residents.Add(cell, now);
            cell.Kind.Residents.PutOut(now);
        }
        catch (Exception broken)
        {
            // What was asked of this session is decided. Who else has to go is no business of it.
            LogNotSettled(broken, cell.Key);
        }
    }

    /// <summary>Puts a session out of memory, if nothing and nobody needs it there. Called by the holder of its
    /// turn.</summary>
    public void Passivate(Cell cell)
    {
        if (cell.IsDead)
        {
            return;
        }

        var mayGo = cell.IsLoaded && !cell.MustReload && cell.SeenEpoch == cell.Epoch && cell.Drive is null
            && IsSettled(cell) && ReferenceEquals(cell.Latest, cell.Visible);
        // Before it goes: afterwards the cell knows nothing of it.
        var last = mayGo ? observers.ViewOf(cell) : null;
        if (mayGo && cell.TryRetire())
        {
            Forget(cell);
            cell.Kind.Counters.Count(Counted.Passivated);
            observers.Tell(Happening.Passivated, cell, last);
        }
        else if (cell.IsLoaded)
        {
            // It is not asked again for as long as it can be.
            cell.Kind.Residents.Add(cell, time.GetUtcNow());
        }
        else
        {
            RetireIfEmpty(cell);
        }
    }

    /// <summary>Takes a cell without a session out of use. Called by the holder of its turn.</summary>
    public static void RetireIfEmpty(Cell cell)
    {
        var isEmpty = !cell.IsLoaded || (cell.Latest is null && cell.Visible is null);
        if (isEmpty && IsSettled(cell))
        {
            cell.Retire();
            Forget(cell);
        }
    }

    // In this order: the committer says that it is in doubt before it says that nothing is under way.
    private static bool IsSettled(Cell cell) => Volatile.Read(ref cell.Unsettled) == 0 && !cell.IsDoubtful;

    /// <summary>Keeps the bytes of a record that cannot be read, and says so.</summary>
    public async Task KeepAsideAsync(Cell cell, DamagedRecordException damage)
    {
        if (_aside.TryGetValue(cell.Key, out var known) && known == damage.Message)
        {
            return;
        }

        LogDamaged(damage, cell.Key);
        cell.Kind.Counters.Count(Counted.Damaged);
        observers.Tell(Happening.Damaged, cell);
        try
        {
            await store.QuarantineAsync(cell.Key, damage.Message, time.GetUtcNow()).ConfigureAwait(false);
            if (_aside.Count >= MaxAside)
            {
                _aside.Clear();
            }

            _aside[cell.Key] = damage.Message;
        }
        catch (Exception failure)
        {
            LogNotAside(failure, cell.Key);
        }
    }

    /// <summary>
    /// Restores a session that is not in memory from its newest good snapshot. If there is none, or nothing to restore,
    /// it stays as it is.
    /// </summary>
    public async ValueTask TryRestoreAsync(Cell cell)
    {
        if (await store.RestoreAsync(cell.Key, time.GetUtcNow()).ConfigureAwait(false) is not null)
        {
            LogRestored(cell.Key);
            cell.Kind.Counters.Count(Counted.Recovered);
            observers.Tell(Happening.Recovered, cell);
            Recount();
        }
    }

    private static void Forget(Cell cell)
    {
        cell.Kind.Cells.Remove(cell);
        cell.Kind.Residents.Remove(cell);
    }

    [LoggerMessage(110, LogLevel.Error, "A rule failed on {Session} ({Request}); the session is as it was.")]
    public partial void LogRuleFailed(Exception broken, SessionKey session, string request);

    [LoggerMessage(115, LogLevel.Critical, "The engine failed on {Session} ({Request}); that request alone failed.")]
    public partial void LogRequestBroke(Exception broken, SessionKey session, string request);

    [LoggerMessage(116, LogLevel.Error,
        "Which sessions have to leave memory could not be told when {Session} came in; the next one looks again.")]
    private partial void LogNotSettled(Exception broken, SessionKey session);

    [LoggerMessage(112, LogLevel.Error, "The store could not be read for {Session}.")]
    public partial void LogReadFailed(Exception failure, SessionKey session);

    [LoggerMessage(111, LogLevel.Error, "The stored record of {Session} cannot be read.")]
    private partial void LogDamaged(Exception damage, SessionKey session);

    [LoggerMessage(113, LogLevel.Warning, "The damaged record of {Session} could not be put into quarantine.")]
    private partial void LogNotAside(Exception failure, SessionKey session);

    [LoggerMessage(114, LogLevel.Warning, "{Session} was restored from its newest good snapshot.")]
    private partial void LogRestored(SessionKey session);
}
