using Sojourn.Stores;

namespace Sojourn.Sqlite.Journal;

/// <summary>
/// Lays a batch out in the one buffer: a frame for each change, then a frame that lists their sessions, so that a
/// change that has become unreadable can still be put down to its session. One thread at a time.
/// </summary>
internal sealed class BatchWriter
{
    /// <summary>The most changes in a batch: places are 16 bits, and the directory has one.</summary>
    public const int MaxChanges = ushort.MaxValue - 1;

    private readonly PayloadWriter _to = new();
    private readonly List<(int Offset, int Length)> _frames = [];
    private readonly List<(SessionKey Key, long Version)> _directory = [];

    public int Changes => _directory.Count;

    public void Clear()
    {
        _to.Clear();
        _frames.Clear();
        _directory.Clear();
    }

    public void Add(SaveSession save, long number)
    {
        Begin();
        LoggedChange.WriteSave(_to, save, number);
        End();
        _directory.Add((save.Key, save.Record.Version));
    }

    public void AddRemoval(SessionKey key, long number)
    {
        Begin();
        LoggedChange.WriteRemoval(_to, key, number);
        End();
        _directory.Add((key, 0));
    }

    public void AddTerm(SessionKey key, long number, long term)
    {
        Begin();
        LoggedChange.WriteTerm(_to, key, number, term);
        End();
        _directory.Add((key, 0));
    }

    /// <summary>Adds the directory, numbers the frames, takes their checksums, and fills the last page up.</summary>
    public ReadOnlySpan<byte> Seal(long sequence, long segment)
    {
        Begin();
        BatchDirectory.Write(_to, _directory);
        End();
        for (var place = 0; place < _frames.Count; place++)
        {
            var (offset, length) = _frames[place];
            Frame.Seal(_to.Written, new Frame(sequence, place, _frames.Count, offset, length), segment);
        }

        // Whole pages: a later batch never shares one with a batch that has been acknowledged, and the kernel
        // need not read a page from the disk to write a part of it.
        _to.Pad(Disk.Page);
        return _to.Written;
    }

    /// <summary>The pages that the batch will take up at most.</summary>
    public long Length => Disk.WholePages(_to.Length + Frame.Whole(BatchDirectory.MaxEntry * (_directory.Count + 1)));

    private void Begin()
    {
        _frames.Add((_to.Length, 0));
        _to.Skip(Frame.HeadLength);
    }

    private void End()
    {
        var offset = _frames[^1].Offset;
        _frames[^1] = (offset, _to.Length - offset - Frame.HeadLength);
        _to.Pad(8);
    }
}

/// <summary>The last frame of a batch: the sessions of the frames before it, in order.</summary>
internal static class BatchDirectory
{
    /// <summary>The longest entry: a kind's, an owner's and an id's name of 64 characters each, and a
    /// version.</summary>
    public const int MaxEntry = (3 * 65) + 10;

    public static void Write(PayloadWriter to, List<(SessionKey Key, long Version)> entries)
    {
        to.Number(entries.Count);
        foreach (var (key, version) in entries)
        {
            LoggedChange.Write(to, key);
            to.Number(version);
        }
    }

    /// <exception cref="FormatException">The bytes are not of this format.</exception>
    public static List<(SessionKey Key, long Version)> Read(ReadOnlySpan<byte> payload)
    {
        var from = new PayloadReader(payload);
        var entries = new List<(SessionKey, long)>();
        for (var left = from.Count(); left > 0; left--)
        {
            entries.Add((LoggedChange.ReadKey(ref from), from.Number()));
        }

        return entries;
    }
}
