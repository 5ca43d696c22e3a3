using Sojourn.Sqlite.Journal;
using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>Damage and copies: what is done with SQLite once all that was committed is there.</summary>
public sealed partial class JournaledStore
{
    /// <inheritdoc />
    public async ValueTask QuarantineAsync(SessionKey key, string reason, DateTimeOffset now)
    {
        if (await _below.IsAsideAsync(key, default).ConfigureAwait(false))
        {
            return;
        }

        if (_overlay.Holds(key))
        {
            await Folding.DrainAsync().ConfigureAwait(false);
        }

        await _below.QuarantineAsync(key, reason, now).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async ValueTask<SessionRecord?> RestoreAsync(SessionKey key, DateTimeOffset now)
    {
        await _appending.WaitAsync().ConfigureAwait(false);
        try
        {
            await Folding.DrainAsync().ConfigureAwait(false);
            await KnowAsync([key]).ConfigureAwait(false);
            var before = _overlay.Find(key).Version;
            SessionRecord? record;
            try
            {
                record = await _below.RestoreAsync(key, now).ConfigureAwait(false);
            }
            finally
            {
                // Also if that failed: it may have been done.
                _overlay.Forget(key);
            }

            if (record is null)
            {
                return null;
            }

            await KnowAsync([key]).ConfigureAwait(false);
            var number = _overlay.Find(key).Number;
            if (_damaged.Find(key) is not { } damaged)
            {
                _overlay.Busy(busy => busy.Restore(record, number, isAnother: record.Version != before));
                return record;
            }

            var mended = await Mending.MendAsync(record, damaged.Version, now, _below).ConfigureAwait(false);
            _batch.Clear();
            _judged.Clear();
            _batch.Add(mended, number);
            _judged.Add(new LoggedSave(key, number, mended));
            await WriteAsync().ConfigureAwait(false);
            _overlay.Busy(busy => busy.Restore(mended.Record, number, isAnother: true));
            // After it is in the log: a crash in between leaves a damaged session, which can be restored again.
            _damaged.Remove(key);
            return mended.Record;
        }
        finally
        {
            _appending.Release();
        }
    }

    /// <inheritdoc />
    public async ValueTask<BackupReport> BackupAsync(string directory, CancellationToken giveUp)
    {
        await Folding.DrainAsync().ConfigureAwait(false);
        return await _below.BackupAsync(directory, giveUp).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async ValueTask<StoreCheck> CheckAsync(CancellationToken giveUp)
    {
        await Folding.DrainAsync().ConfigureAwait(false);
        var check = await _below.CheckAsync(giveUp).ConfigureAwait(false);
        return check with
        {
            Damaged =
            [
                .. _damaged.All().Select(damaged => $"{damaged.Key}: {damaged.Reason}"), .. _unknown, .. check.Damaged,
            ],
        };
    }
}
