using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sojourn.Stores;

namespace Sojourn.Engine;

/// <content>
/// Write-behind steps that the store did not take. They were acknowledged, so they are tried again for as long as that
/// can help; what can never be saved is given up, said, and holds up nobody else.
/// </content>
internal sealed partial class Settlement
{
    /// <summary>How many sessions are named at the stop; the log names all of them.</summary>
    private const int MaxLost = 10_000;

    // Not a parameter only: the source generator of log messages wants a field.
    private readonly ILogger _log = log;
    private readonly ConcurrentDictionary<SessionKey, bool> _lost = new();
    private Problem? _loss;

    /// <summary>Sessions of which acknowledged steps are lost. For any thread.</summary>
    public IEnumerable<SessionKey> Lost => _lost.Keys;

    /// <summary>What was lost since this was last asked, for those who wait for a flush; null for nothing.</summary>
    public Problem? TakeLoss()
    {
        var loss = _loss;
        _loss = null;
        return loss;
    }

    /// <summary>What it was decided on was taken back before it came to the store.</summary>
    public void Outdated(Request request)
    {
        if (request.Cell.Kind.IsDurable)
        {
            SendBack(request);
        }
        else
        {
            // Acknowledged, so it cannot be judged again; and what it was decided on is gone.
            GiveUp(request.Cell, [request], null);
        }
    }

    /// <summary>
    /// A write-behind session has a version in the store that was not expected. Its store is not shared, so this is
    /// a commit of ours that was reported as failed and took effect after all: go on from there.
    /// </summary>
    private async ValueTask ReconcileAsync(Group group)
    {
        SessionRecord? stored;
        try
        {
            stored = await store.LoadAsync(group.Cell.Key, CancellationToken.None).ConfigureAwait(false);
        }
        catch (DamagedRecordException damage)
        {
            // However often it is tried again, this one will not be taken: the others must not wait for it.
            Abandon(group.Cell, group.Requests, damage);
            await KeepAsideAsync(group.Cell, damage).ConfigureAwait(false);
            return;
        }
        catch (Exception failure)
        {
            prober.Failed(failure);
            Carry.InsertRange(0, group.Requests);
            return;
        }

        var left = new List<Request>();
        foreach (var request in group.Requests)
        {
            var isStored = request.Change?.After is { } after
                ? after.CreatedAt == stored?.CreatedAt && after.Version <= stored.Version
                : stored is null;
            if (isStored)
            {
                NoteStored(group.Cell, request.Change?.After);
                Settle(request);
            }
            else
            {
                left.Add(request);
            }
        }

        if (left.Count > 0 && ++left[0].Attempts >= MaxAttempts)
        {
            // Not a commit of ours: the store has what these were never decided on.
            Abandon(group.Cell, left, null);
            left.Clear();
        }

        Carry.InsertRange(0, left);
        if (stored is null)
        {
            Resubmit(new RetireRequest(group.Cell));
        }
    }

    /// <summary>The store has a write-behind session as it is after this step, or a later one.</summary>
    private static void NoteStored(Cell cell, Snapshot? after)
    {
        var parts = cell.EnsureParts();
        parts.DurableVersion = after?.Version ?? 0;
        parts.DurableLife = after?.CreatedAt ?? default;
        parts.Stored = after;
        cell.Log?.Trim((after?.LastEvent ?? 0) + 1, after?.CreatedAt);
        if (after is { Status.Busy: true } && cell.Drive is null)
        {
            // Only now is it in the index that leases are claimed by.
            cell.Kind.Dispatcher?.Nudge(cell);
        }
    }

    /// <summary>The session goes on from what the store has, if that can be read; these steps are not in it.</summary>
    private void Abandon(Cell cell, IReadOnlyList<Request> requests, Exception? cause)
    {
        cell.MustReload = true;
        TakeBack(cell);
        GiveUp(cell, requests, cause);
    }

    private void GiveUp(Cell cell, IReadOnlyList<Request> requests, Exception? cause)
    {
        LogLost(cause, requests.Count, cell.Key);
        _loss ??= Problems.StepsLost(cell.Key);
        if (_lost.Count < MaxLost)
        {
            _lost[cell.Key] = true;
        }

        foreach (var request in requests)
        {
            Settle(request);
        }
    }

    [LoggerMessage(106, LogLevel.Critical,
        "{Steps} acknowledged steps of {Session} are lost: the store has another record of it than they were decided "
        + "on, or one that cannot be read. Other sessions are not concerned.")]
    private partial void LogLost(Exception? cause, int steps, SessionKey session);
}
