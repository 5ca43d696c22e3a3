namespace Sojourn.Kinds.Agents.Screens;

/// <summary>The lines of a page, oldest first; when it is full the oldest ones go. It grows as it fills.</summary>
internal sealed class LineRing(int capacity)
{
    private const int AtFirst = 32;

    private Line[] _lines = [];
    private int _start;

    /// <summary>The most lines that it holds.</summary>
    public int Capacity { get; private set; } = capacity;

    public int Count { get; private set; }

    public bool IsFull => Count >= Capacity;

    public Line this[int index]
    {
        get => _lines[Place(index)];
        set => _lines[Place(index)] = value;
    }

    /// <summary>Adds at the end of a ring that is not full.</summary>
    public void Add(Line line)
    {
        if (Count == _lines.Length)
        {
            Arrange(Math.Min(Math.Max(AtFirst, 2 * Count), Math.Max(Capacity, Count + 1)));
        }

        Count++;
        this[Count - 1] = line;
    }

    public void RemoveLast() => Count--;

    /// <summary>Takes the oldest line and puts it at the end, to be used again.</summary>
    public Line Recycle()
    {
        var line = this[0];
        _start = Place(1);
        this[Count - 1] = line;
        return line;
    }

    public void RemoveAt(int index)
    {
        for (var each = index; each < Count - 1; each++)
        {
            this[each] = this[each + 1];
        }

        Count--;
    }

    /// <summary>Inserts a line; a full ring loses its oldest one.</summary>
    public void Insert(int index, Line line)
    {
        if (IsFull)
        {
            RemoveFirst(1);
            index--;
        }

        Add(line);
        for (var each = Count - 1; each > index; each--)
        {
            this[each] = this[each - 1];
        }

        this[index] = line;
    }

    public void RemoveFirst(int count)
    {
        count = Math.Min(count, Count);
        for (var each = 0; each < count; each++)
        {
            _lines[Place(each)] = null!;
        }

        _start = _lines.Length == 0 ? 0 : Place(count);
        Count -= count;
    }

    /// <summary>Changes the capacity; lines beyond it must have been removed.</summary>
    public void SetCapacity(int lines)
    {
        Capacity = lines;
        if (_lines.Length > lines)
        {
            Arrange(lines);
        }
    }

    public void Replace(IReadOnlyList<Line> lines)
    {
        _lines = [.. lines];
        (_start, Count) = (0, lines.Count);
    }

    public IEnumerable<Line> All()
    {
        for (var index = 0; index < Count; index++)
        {
            yield return this[index];
        }
    }

    private void Arrange(int size)
    {
        var lines = new Line[size];
        for (var index = 0; index < Count; index++)
        {
            lines[index] = this[index];
        }

        (_lines, _start) = (lines, 0);
    }

    private int Place(int index)
    {
        var place = _start + index;
        return place >= _lines.Length ? place - _lines.Length : place;
    }
}
