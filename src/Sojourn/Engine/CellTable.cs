namespace Sojourn.Engine;

/// <summary>
/// A kind's sessions in memory, by owner and id. A hash table whose chains run through the cells themselves: it is
/// asked with each command and may hold a million, and an ordinary dictionary would add a third to what an idle session
/// takes. Looking up takes no lock; adding and removing lock one of many shards, so that no growth of the table holds
/// up more than a few.
/// </summary>
internal sealed class CellTable
{
    private const int Shards = 64;

    private readonly Shard[] _shards = [.. Enumerable.Range(0, Shards).Select(_ => new Shard())];

    public int Count => _shards.Sum(shard => shard.Count);

    /// <summary>
    /// The cell; null if there is none. In the moment in which a shard grows it may miss one that is there: whoever
    /// must be sure asks <see cref="GetOrAdd"/>.
    /// </summary>
    public Cell? Find(OwnerId owner, SessionId id)
    {
        var hash = Hash(id);
        return _shards[hash % Shards].Find(hash / Shards, owner, id);
    }

    /// <summary>The cell of this name, or the given one, which then has it.</summary>
    public Cell GetOrAdd(Cell cell)
    {
        var hash = Hash(cell.Id);
        return _shards[hash % Shards].GetOrAdd(hash / Shards, cell);
    }

    /// <summary>Harmless if it is not there.</summary>
    public void Remove(Cell cell)
    {
        var hash = Hash(cell.Id);
        _shards[hash % Shards].Remove(hash / Shards, cell);
    }

    /// <summary>All of them, as they are at some moment of the call.</summary>
    public IReadOnlyList<Cell> ToList()
    {
        var cells = new List<Cell>(Count);
        foreach (var shard in _shards)
        {
            shard.CopyTo(cells);
        }

        return cells;
    }

    // By the id alone: owners are few.
    private static uint Hash(SessionId id) => (uint)id.ToString().GetHashCode(StringComparison.Ordinal);

    private sealed class Shard
    {
        private readonly Lock _gate = new();
        private Cell?[] _buckets = new Cell?[4];
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public Cell? Find(uint hash, OwnerId owner, SessionId id)
        {
            var buckets = Volatile.Read(ref _buckets);
            var cell = Volatile.Read(ref buckets[hash & (uint)(buckets.Length - 1)]);
            while (cell is not null && !(cell.Id == id && cell.Owner == owner))
            {
                // A cell that is moved to another chain meanwhile leads into that one, which ends as well.
                cell = Volatile.Read(ref cell.Next);
            }

            return cell;
        }

        public Cell GetOrAdd(uint hash, Cell cell)
        {
            lock (_gate)
            {
                if (Find(hash, cell.Owner, cell.Id) is { } found)
                {
                    return found;
                }

                if (_count >= _buckets.Length)
                {
                    Grow_Locked();
                }

                Link_Locked(_buckets, hash, cell);
                _count++;
                return cell;
            }
        }

        public void Remove(uint hash, Cell cell)
        {
            lock (_gate)
            {
                ref var link = ref _buckets[hash & (uint)(_buckets.Length - 1)];
                while (link is not null && link != cell)
                {
                    link = ref link.Next;
                }

                if (link is not null)
                {
                    // The cell keeps its own link: whoever stands on it finds the way on.
                    Volatile.Write(ref link, cell.Next);
                    _count--;
                }
            }
        }

        public void CopyTo(List<Cell> cells)
        {
            lock (_gate)
            {
                foreach (var first in _buckets)
                {
                    for (var cell = first; cell is not null; cell = cell.Next)
                    {
                        cells.Add(cell);
                    }
                }
            }
        }

        private static void Link_Locked(Cell?[] buckets, uint hash, Cell cell)
        {
            ref var bucket = ref buckets[hash & (uint)(buckets.Length - 1)];
            Volatile.Write(ref cell.Next, bucket);
            Volatile.Write(ref bucket, cell);
        }

        private void Grow_Locked()
        {
            var larger = new Cell?[_buckets.Length * 2];
            foreach (var first in _buckets)
            {
                for (var cell = first; cell is not null;)
                {
                    var next = cell.Next;
                    Link_Locked(larger, Hash(cell.Id) / Shards, cell);
                    cell = next;
                }
            }

            Volatile.Write(ref _buckets, larger);
        }
    }
}
