using Sojourn.Kinds.Play.Saves;

namespace Sojourn.Testing.Disks;

/// <summary>
/// A folder in memory that is as bad as a disk may be. What was not flushed may be forgotten after a power cut, in any
/// order: some renames and deletions survive and others do not, and of bytes some blocks. The power can be cut at each
/// call that changes something; <see cref="Survivors"/> are the disks that may be found then. It can also be full, and
/// fail. Safe from any thread.
/// </summary>
public sealed class SimulatedDisk : ISaveDisk
{
    private readonly Lock _gate = new();
    private readonly int _blockBytes;
    private readonly List<NameChange> _changes = [];
    private Dictionary<string, SimulatedFile> _durable = new(StringComparer.Ordinal);
    private Dictionary<string, SimulatedFile> _names = new(StringComparer.Ordinal);
    private long _clock;
    private bool _isLocked;
    private bool _isOff;

    /// <summary>An empty folder.</summary>
    /// <param name="blockBytes">What is written whole or not at all, 512 bytes by default.</param>
    public SimulatedDisk(int blockBytes = 512)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blockBytes, 1);
        _blockBytes = blockBytes;
    }

    /// <inheritdoc />
    public string Folder => "a simulated disk";

    /// <summary>Bytes that all files may have together; null, the default, for no end of them.</summary>
    public long? Capacity { get; set; }

    /// <inheritdoc />
    public long? FreeBytes => Capacity - Used;

    /// <summary>Calls that changed something, or were to: creating, writing, flushing, renaming, deleting.</summary>
    public int Calls { get; private set; }

    /// <summary>Flushes so far, of files and of the directory.</summary>
    public int Flushes { get; private set; }

    /// <summary>The power goes when <see cref="Calls"/> reaches this, before that call does anything; null for never.</summary>
    public int? CutAtCall { get; set; }

    /// <summary>The call of this number fails with an I/O error; null for none.</summary>
    public int? FailAtCall { get; set; }

    /// <summary>The flush of this number does nothing and says that it did; null for none.</summary>
    public int? LeaveOutFlush { get; set; }

    /// <summary>Whether a file cannot be read; none by default.</summary>
    public Func<string, bool> IsUnreadable { get; set; } = _ => false;

    /// <summary>Called before each flush, and may take its time; true if it is the directory's.</summary>
    public Action<bool> Flushing { get; set; } = _ => { };

    /// <summary>The names of all files, in order.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_gate)
            {
                return [.. _names.Keys.Order(StringComparer.Ordinal)];
            }
        }
    }

    private long Used => _names.Values.Sum(file => (long)file.Current.Length);

    /// <summary>A file's bytes.</summary>
    public byte[] Read(string name)
    {
        lock (_gate)
        {
            return [.. _names[name].Current];
        }
    }

    /// <summary>Makes a file as it is to be, on the disk at once, as a fault or another program would.</summary>
    public void Put(string name, ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            byte[] all = [.. bytes];
            var file = new SimulatedFile(all, all, ++_clock);
            _names[name] = file;
            _durable[name] = file;
        }
    }

    /// <summary>The same disk once more, with all that is not flushed.</summary>
    public SimulatedDisk Copy()
    {
        lock (_gate)
        {
            var copies = new Dictionary<SimulatedFile, SimulatedFile>();
            var copy = new SimulatedDisk(_blockBytes) { _clock = _clock, Capacity = Capacity };
            copy._durable = _durable.ToDictionary(each => each.Key, each => CopyOf(each.Value), StringComparer.Ordinal);
            copy._names = _names.ToDictionary(each => each.Key, each => CopyOf(each.Value), StringComparer.Ordinal);
            copy._changes.AddRange(_changes.Select(change => change.With(CopyOf)));
            return copy;

            SimulatedFile CopyOf(SimulatedFile file)
            {
                if (!copies.TryGetValue(file, out var made))
                {
                    copies.Add(file, made = file.Copy());
                }

                return made;
            }
        }
    }

    /// <summary>
    /// The disks that may be found when the power comes back: all of them, if they are few; otherwise the one on which
    /// nothing survived, the one on which all did, and others by chance.
    /// </summary>
    /// <param name="most">How many at most, from 2 on.</param>
    /// <param name="seed">Chance; the same seed gives the same disks.</param>
    public IEnumerable<SimulatedDisk> Survivors(int most, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 2);
        var (changes, files) = Pending();
        var choices = changes.Select(_ => 2).Concat(files.Select(file => file.Remains.Count)).ToList();
        var total = choices.Aggregate(1.0, (product, each) => product * each);
        if (total <= most)
        {
            return Enumerable.Range(0, (int)total).Select(number => Found(changes, files, Digits(number, choices)));
        }

        var chance = new Random(seed);
        return Enumerable.Range(0, most).Select(number => Found(changes, files, number switch
        {
            0 => [.. choices.Select(_ => 0)],
            1 => [.. choices.Select(each => each - 1)],
            _ => [.. choices.Select(each => chance.Next(each))],
        })).ToList();
    }

    /// <inheritdoc />
    public IDisposable Lock(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_isLocked)
            {
                throw new SaveFolderInUseException(Folder, processId: null, since: null);
            }

            _isLocked = true;
            return new Held(this);
        }
    }

    /// <inheritdoc />
    public IReadOnlyList<DiskFile> List()
    {
        lock (_gate)
        {
            ThrowIfOff();
            return [.. _names.Select(each => new DiskFile(
                each.Key, each.Value.Current.Length, DateTimeOffset.UnixEpoch.AddTicks(each.Value.Changes)))];
        }
    }

    /// <inheritdoc />
    public Stream OpenRead(string name)
    {
        lock (_gate)
        {
            ThrowIfOff();
            return IsUnreadable(name) ? throw new IOException($"'{name}' is on a bad block.")
                : _names.TryGetValue(name, out var file) ? new MemoryStream(file.Current, writable: false)
                : throw new FileNotFoundException($"There is no '{name}'.");
        }
    }

    /// <inheritdoc />
    public Stream Create(string name)
    {
        lock (_gate)
        {
            Count();
            if (_names.TryGetValue(name, out var file))
            {
                file.Change([], ++_clock);
            }
            else
            {
                _names[name] = file = SimulatedFile.Empty(++_clock);
                _changes.Add(new NameChange.Created(name, file));
            }

            return new SimulatedStream(bytes => Append(file, bytes), file);
        }
    }

    /// <inheritdoc />
    public void Flush(Stream created)
    {
        Flushing(false);
        lock (_gate)
        {
            Count();
            if (++Flushes != LeaveOutFlush)
            {
                ((SimulatedStream)created).File.Flush();
            }
        }
    }

    /// <inheritdoc />
    public void Rename(string from, string to)
    {
        lock (_gate)
        {
            Count();
            if (!_names.Remove(from, out var file))
            {
                throw new FileNotFoundException($"There is no '{from}'.");
            }

            _names[to] = file;
            _changes.Add(new NameChange.Renamed(from, to, file));
        }
    }

    /// <inheritdoc />
    public void Delete(string name)
    {
        lock (_gate)
        {
            Count();
            if (_names.Remove(name, out var file))
            {
                _changes.Add(new NameChange.Deleted(name, file));
            }
        }
    }

    /// <inheritdoc />
    public void FlushDirectory()
    {
        Flushing(true);
        lock (_gate)
        {
            Count();
            if (++Flushes != LeaveOutFlush)
            {
                _durable = new(_names, StringComparer.Ordinal);
                _changes.Clear();
            }
        }
    }

    private static int[] Digits(int number, List<int> choices)
    {
        var digits = new int[choices.Count];
        for (var i = 0; i < digits.Length; i++)
        {
            (number, digits[i]) = Math.DivRem(number, choices[i]);
        }

        return digits;
    }

    private (IReadOnlyList<NameChange> Changes, IReadOnlyList<(SimulatedFile File, IReadOnlyList<byte[]> Remains)> Files)
        Pending()
    {
        lock (_gate)
        {
            var files = _durable.Values.Concat(_names.Values).Concat(_changes.OfType<NameChange.Renamed>()
                .Select(change => change.File)).Distinct().Where(file => !file.IsFlushed);
            return ([.. _changes], [.. files.Select(file => (file, file.Remains(_blockBytes)))]);
        }
    }

    private SimulatedDisk Found(
        IReadOnlyList<NameChange> changes,
        IReadOnlyList<(SimulatedFile File, IReadOnlyList<byte[]> Remains)> files,
        int[] chosen)
    {
        var names = new Dictionary<string, SimulatedFile>(_durable, StringComparer.Ordinal);
        foreach (var (change, _) in changes.Zip(chosen).Where(each => each.Second == 1))
        {
            change.ApplyTo(names);
        }

        var remains = files.Zip(chosen.Skip(changes.Count))
            .ToDictionary(each => each.First.File, each => each.First.Remains[each.Second]);
        var found = new SimulatedDisk(_blockBytes) { _clock = _clock, Capacity = Capacity };
        foreach (var (name, file) in names)
        {
            found.Put(name, remains.GetValueOrDefault(file, file.Durable));
        }

        return found;
    }

    private void Append(SimulatedFile file, ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            Count();
            if (Used + bytes.Length > Capacity)
            {
                throw new IOException("No space left on device.", OperatingSystem.IsWindows()
                    ? unchecked((int)0x80070070)
                    : 28);
            }

            file.Change([.. file.Current, .. bytes], ++_clock);
        }
    }

    private void Count()
    {
        ThrowIfOff();
        _isOff = ++Calls == CutAtCall;
        ThrowIfOff();
        if (Calls == FailAtCall)
        {
            throw new IOException("The disk does not answer.");
        }
    }

    private void ThrowIfOff()
    {
        if (_isOff)
        {
            throw new PowerCutException();
        }
    }

    private sealed class Held(SimulatedDisk disk) : IDisposable
    {
        public void Dispose()
        {
            lock (disk._gate)
            {
                disk._isLocked = false;
            }
        }
    }
}
