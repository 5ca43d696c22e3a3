namespace Sojourn.Kinds.Play.Cloud;

/// <summary>
/// Lets one owner's changes happen one after another, so that what the owner has used is known exactly when the next is
/// judged, and lets in no more of them than fit into memory together.
/// </summary>
internal sealed class OwnerTurns(int mostOfOwner, int most)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<OwnerId, Line> _lines = [];
    private int _underWay;

    /// <summary>Lets a change in, until <see cref="Leave"/>.</summary>
    /// <returns>False if too many are under way.</returns>
    public bool TryEnter(OwnerId owner)
    {
        lock (_gate)
        {
            var line = _lines.GetValueOrDefault(owner) ?? new Line();
            if (line.UnderWay >= mostOfOwner || _underWay >= most)
            {
                return false;
            }

            _lines[owner] = line;
            line.UnderWay++;
            _underWay++;
            return true;
        }
    }

    /// <summary>A change that was let in has ended.</summary>
    public void Leave(OwnerId owner)
    {
        lock (_gate)
        {
            _underWay--;
            if (--_lines[owner].UnderWay == 0)
            {
                _lines.Remove(owner);
            }
        }
    }

    /// <summary>Does something once all that came before it is done. Only between entering and leaving.</summary>
    public Task<T> RunAsync<T>(OwnerId owner, Func<Task<T>> workAsync)
    {
        lock (_gate)
        {
            var line = _lines[owner];
            var mine = AfterAsync(line.Last, workAsync);
            line.Last = mine;
            return mine;
        }
    }

    // Yields at once, so that nobody's work runs while the lock is held.
    private static async Task<T> AfterAsync<T>(Task before, Func<Task<T>> workAsync)
    {
        await before.ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        return await workAsync().ConfigureAwait(false);
    }

    private sealed class Line
    {
        public int UnderWay { get; set; }

        public Task Last { get; set; } = Task.CompletedTask;
    }
}
