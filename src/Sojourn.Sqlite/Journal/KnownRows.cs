namespace Sojourn.Sqlite.Journal;

/// <summary>
/// What SQLite has of sessions, as far as that is remembered: null for one that it does not have. Used behind the
/// overlay's lock, so nothing here takes long.
/// </summary>
internal sealed class KnownRows
{
    /// <summary>How many rows are remembered; about 20 MB.</summary>
    private const int Most = 1 << 16;

    /// <summary>So many are copied while others wait; what was folded in larger portions is kept as it came.</summary>
    private const int Few = 1000;

    private const int MostFolds = 8;

    // A key that is in "_few" and elsewhere is right in "_few"; else the newest fold is right.
    private readonly List<Dictionary<SessionKey, SessionRow?>> _folds = [];
    private Dictionary<SessionKey, SessionRow?> _few = [];

    /// <summary>
    /// Forgets what is too much. Before a batch is looked at: none of what it needs may go after that.
    /// </summary>
    public void Tidy()
    {
        // Rare, and cheap to make good: each session is looked up once more.
        while (_folds.Count > 0 && (_folds.Count > MostFolds || _few.Count + _folds.Sum(fold => fold.Count) > Most))
        {
            _folds.RemoveAt(0);
        }

        if (_few.Count > Most)
        {
            _few = [];
        }
    }

    public bool TryFind(SessionKey key, out SessionRow? row)
    {
        if (_few.TryGetValue(key, out row))
        {
            return true;
        }

        for (var i = _folds.Count - 1; i >= 0; i--)
        {
            if (_folds[i].TryGetValue(key, out row))
            {
                return true;
            }
        }

        return false;
    }

    public void Set(SessionKey key, SessionRow? row) => _few[key] = row;

    public void Forget(SessionKey key)
    {
        _few.Remove(key);
        foreach (var fold in _folds)
        {
            fold.Remove(key);
        }
    }

    /// <summary>Takes over what was folded.</summary>
    /// <param name="rows">What SQLite has now; not used by anybody else from here on.</param>
    /// <param name="isNewer">True of a session of which more has been committed since.</param>
    public void Add(Dictionary<SessionKey, SessionRow?> rows, Func<SessionKey, bool> isNewer)
    {
        if (rows.Count > Few)
        {
            _folds.Add(rows);
            return;
        }

        foreach (var (key, row) in rows)
        {
            if (!isNewer(key))
            {
                _few[key] = row;
            }
        }
    }
}
