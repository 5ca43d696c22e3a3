using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>Brings sessions into memory. Called by the holder of their turn.</summary>
internal sealed class Loader(ISessionStore store, Publisher publisher, Action recount)
{
    /// <exception cref="DamagedRecordException">The session cannot be read.</exception>
    public async ValueTask LoadAsync(Cell cell)
    {
        if (cell.Kind.IsVolatile)
        {
            cell.IsLoaded = true;
            return;
        }

        if (cell.IsLoaded && !cell.MustReload)
        {
            return;
        }

        var epoch = cell.Epoch;
        var record = await store.LoadAsync(cell.Key, CancellationToken.None).ConfigureAwait(false);
        var snapshot = record is null ? null : Read(cell, record);
        if (!cell.Kind.IsDurable)
        {
            var parts = cell.EnsureParts();
            (parts.DurableVersion, parts.DurableLife) = (record?.Version ?? 0, record?.CreatedAt ?? default);
            parts.Stored = snapshot;
        }

        cell.Log?.Clear();
        cell.Latest = snapshot;
        cell.SeenEpoch = epoch;
        if (cell.MustReload)
        {
            cell.MustReload = false;
            publisher.Publish(cell, snapshot, []);
            // The store's own count may have had this already.
            recount();
        }
        else
        {
            cell.Visible = snapshot;
            cell.Kind.Counters.Count(Counted.Loaded);
        }

        if (!cell.Kind.IsDurable)
        {
            cell.EnsureLog();
        }

        cell.IsLoaded = true;
    }

    /// <exception cref="DamagedRecordException">The state does not fit the kind.</exception>
    public static Snapshot Read(Cell cell, SessionRecord record)
    {
        try
        {
            return cell.Kind.Read(record);
        }
        catch (Exception unreadable)
        {
            throw new DamagedRecordException($"{cell.Key}: the stored state does not fit the kind.", unreadable);
        }
    }
}
