using System.Runtime.InteropServices;
using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>
/// The newest entries of one session's logs in memory, its events and its named streams, shared by all who watch it,
/// and the pulse that tells them of more. A watcher holds nothing but its offset: one that is too slow for what is kept
/// here reads from the store, and can slow nobody.
/// </summary>
internal sealed class EventLog
{
    /// <summary>How many events are kept for watchers beyond those that must be.</summary>
    public const int KeptForWatchers = 256;

    /// <summary>
    /// As <see cref="KeptForWatchers"/>, in bytes: 256 KiB, and up to an eighth more, since they are dropped in runs.
    /// An event that is larger is read from the store by each watcher.
    /// </summary>
    public const int BytesKeptForWatchers = 256 << 10;

    /// <summary>
    /// As <see cref="BytesKeptForWatchers"/>, of a named stream: half, since beside each entry its form for the wire is
    /// kept, which is a little longer.
    /// </summary>
    public const int StreamBytesKeptForWatchers = BytesKeptForWatchers / 2;

    // An entry keeps all in memory that it came with. Below this that does not matter.
    private const int SmallBody = 4 << 10;

    private const int LongestShared = 16;

    private readonly Lock _gate = new();
    private readonly RecentEntries<SessionEvent> _events =
        new(static happened => happened.Number, static happened => happened.Json.Length);
    private Dictionary<string, RecentEntries<StreamItem>>? _streams;
    private SharedPage? _shared;
    private TaskCompletionSource? _pulse;
    private DateTimeOffset? _life;
    private RemovalReason? _closed;
    private long _mustKeepFrom;
    private int _watchers;
    private bool _isRetired;

    /// <summary>Why the session is gone; null while it is not.</summary>
    public RemovalReason? Closed
    {
        get
        {
            lock (_gate)
            {
                return _closed;
            }
        }
    }

    public Admission TryAddWatcher(int limit)
    {
        lock (_gate)
        {
            if (_isRetired)
            {
                return Admission.Retired;
            }

            var admitted = _watchers < limit;
            _watchers += admitted ? 1 : 0;
            return admitted ? Admission.Admitted : Admission.Full;
        }
    }

    /// <summary>
    /// Another log takes this one's place; this one's watchers are told of the end when it is closed.
    /// </summary>
    /// <returns>True if it had been retired before.</returns>
    public bool GiveWay()
    {
        lock (_gate)
        {
            var wasRetired = _isRetired;
            _isRetired = true;
            return wasRetired;
        }
    }

    /// <summary>Admits no more watchers; false if there are some, and that matters.</summary>
    public bool TryRetire(bool evenIfWatched)
    {
        lock (_gate)
        {
            _isRetired |= evenIfWatched || _watchers == 0;
            return _isRetired;
        }
    }

    public void RemoveWatcher()
    {
        lock (_gate)
        {
            _watchers--;
            if (_watchers == 0)
            {
                (_streams, _shared) = (null, null);
                Trim_Locked(_mustKeepFrom);
            }
        }
    }

    /// <summary>
    /// Adds events of the life that began at a time, and drops those below <paramref name="mustKeepFrom"/> that no
    /// watcher is likely to want.
    /// </summary>
    public void Append(IReadOnlyList<SessionEvent> events, DateTimeOffset? life, long mustKeepFrom)
    {
        lock (_gate)
        {
            _life = life;
            _events.Append(events);
            Trim_Locked(mustKeepFrom);
        }
    }

    /// <summary>
    /// Adds what was appended to named streams in the life that began at a time. Nothing is kept while nobody watches:
    /// the store, or what stands in its place, has it.
    /// </summary>
    public void Append(IReadOnlyList<StreamEntry> entries, DateTimeOffset? life)
    {
        lock (_gate)
        {
            _life = life;
            if (_watchers == 0)
            {
                (_streams, _shared) = (null, null);
                return;
            }

            _streams ??= new(StringComparer.Ordinal);
            foreach (var entry in entries)
            {
                if (!_streams.TryGetValue(entry.Stream, out var recent))
                {
                    _streams[entry.Stream] = recent = new(static item => item.Number, static item => item.Bytes.Length);
                }

                recent.Append([new StreamItem(entry.Number, Alone(entry.Bytes))]);
            }

            foreach (var recent in _streams.Values)
            {
                recent.Trim(long.MaxValue, KeptForWatchers, StreamBytesKeptForWatchers);
            }
        }
    }

    /// <summary>The store has the events below a number, if they are of this life.</summary>
    public void Trim(long mustKeepFrom, DateTimeOffset? life)
    {
        lock (_gate)
        {
            if (_life == life)
            {
                Trim_Locked(mustKeepFrom);
            }
        }
    }

    /// <summary>Forgets what is in memory; watchers go on from the store.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            Clear_Locked();
        }
    }

    /// <summary>
    /// Events of a life (null for whichever it has) after a number, up to so many and so many bytes; null if they are
    /// not in memory.
    /// </summary>
    public IReadOnlyList<SessionEvent>? Read(DateTimeOffset? life, long after, int max)
    {
        lock (_gate)
        {
            return life is null || _life == life ? _events.Read(after, max, SessionStreams.MaxBytes) : null;
        }
    }

    /// <summary>As the other, for a named stream.</summary>
    public IReadOnlyList<StreamItem>? Read(DateTimeOffset life, string stream, long after, StreamLimits most)
    {
        lock (_gate)
        {
            return _life == life && _streams?.GetValueOrDefault(stream) is { } recent
                ? recent.Read(after, most.Entries, most.Bytes)
                : null;
        }
    }

    /// <summary>
    /// The page that was read last, if it is of this snapshot and what is wanted: those who follow closely all want the
    /// same.
    /// </summary>
    public StreamPage? Shared(Snapshot visible, StreamWish wish) =>
        Volatile.Read(ref _shared) is { } shared && ReferenceEquals(shared.Of, visible) && shared.Wish == wish
            ? shared.Page
            : null;

    /// <summary>
    /// Keeps a page for those who want the same; only a short one, no larger than what is kept here anyway.
    /// </summary>
    public void Share(Snapshot visible, StreamWish wish, StreamPage page)
    {
        if (page.Items.Count > LongestShared || page.Items.Sum(item => item.Bytes.Length) > BytesKeptForWatchers)
        {
            return;
        }

        var shared = new SharedPage(visible, wish, page);
        lock (_gate)
        {
            // Without watchers there is nobody who wants the same, and nobody whose going would clear it away.
            _shared = _watchers > 0 ? shared : null;
        }
    }

    /// <summary>
    /// Completes at the next <see cref="Pulse"/>. Take it before looking for news, or some may be missed.
    /// </summary>
    public Task NextPulse()
    {
        lock (_gate)
        {
            _pulse ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            // The other half of the barrier in Publisher.Publish.
            Interlocked.MemoryBarrier();
            return _pulse.Task;
        }
    }

    public void Pulse()
    {
        if (Volatile.Read(ref _pulse) is null)
        {
            // Nobody waits. Whoever begins to now looks again first.
            return;
        }

        TaskCompletionSource? pulse;
        lock (_gate)
        {
            (pulse, _pulse) = (_pulse, null);
        }

        pulse?.SetResult();
    }

    public void Close(RemovalReason reason)
    {
        lock (_gate)
        {
            _closed ??= reason;
        }

        Pulse();
    }

    private void Clear_Locked()
    {
        _events.Clear();
        (_streams, _shared) = (null, null);
    }

    /// <summary>An entry that is a small part of what it came with, without the rest of that.</summary>
    private static ReadOnlyMemory<byte> Alone(ReadOnlyMemory<byte> entry) =>
        entry.Length <= StreamBytesKeptForWatchers
        && MemoryMarshal.TryGetArray(entry, out var part) && part.Array!.Length > SmallBody + (2 * part.Count)
            ? entry.ToArray()
            : entry;

    private void Trim_Locked(long mustKeepFrom)
    {
        _mustKeepFrom = mustKeepFrom;
        var (kept, keptBytes) = _watchers > 0 ? (KeptForWatchers, BytesKeptForWatchers) : (0, 0);
        _events.Trim(mustKeepFrom, kept, keptBytes);
    }
}

/// <summary>A page, and what it is the answer to.</summary>
internal sealed record SharedPage(Snapshot Of, StreamWish Wish, StreamPage Page);

/// <summary>Whether a watcher may follow a log.</summary>
internal enum Admission
{
    Admitted,

    /// <summary>There are as many as there may be.</summary>
    Full,

    /// <summary>The session has left memory: look it up again.</summary>
    Retired,
}
