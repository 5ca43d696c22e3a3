using System.Text.Json;
using Sojourn.Stores;

namespace Sojourn.Sqlite.Journal;

/// <summary>
/// Sessions of which a part of the log was lost. Kept in a small file beside the log, <c>damaged.json</c>, because the
/// log itself
/// is freed; written anew as a whole whenever it changes, which is hardly ever.
/// </summary>
internal sealed class DamagedSessions(string directory)
{
    private const string Place = "damaged sessions";

    private readonly Lock _gate = new();
    private readonly string _file = Path.Combine(directory, "damaged.json");
    private Dictionary<SessionKey, DamagedSession> _sessions = [];

    // So that a store without damage, which is every one, pays one look at a field.
    private volatile bool _isAny;

    /// <exception cref="DamagedRecordException">The file itself is damaged.</exception>
    public void Load()
    {
        if (File.Exists(_file))
        {
            var json = Framing.Unwrap(Place, File.ReadAllBytes(_file)).Span;
            var read = JsonSerializer.Deserialize<List<DamagedSession>>(json, SojournJson.Stored) ?? [];
            _sessions = read.ToDictionary(session => session.Key);
            _isAny = read.Count > 0;
        }
    }

    public DamagedSession? Find(SessionKey key)
    {
        if (!_isAny)
        {
            return null;
        }

        lock (_gate)
        {
            return _sessions.GetValueOrDefault(key);
        }
    }

    public IReadOnlyList<DamagedSession> All()
    {
        lock (_gate)
        {
            return [.. _sessions.Values];
        }
    }

    /// <exception cref="DamagedRecordException">A part of this session is lost.</exception>
    public void ThrowIf(SessionKey key)
    {
        if (Find(key) is { } damaged)
        {
            throw new DamagedRecordException($"{key}: {damaged.Reason}");
        }
    }

    public void Add(IEnumerable<DamagedSession> found)
    {
        lock (_gate)
        {
            foreach (var session in found)
            {
                var version = Math.Max(session.Version, _sessions.GetValueOrDefault(session.Key)?.Version ?? 0);
                _sessions[session.Key] = session with { Version = version };
            }

            Write_Locked();
        }
    }

    public void Remove(SessionKey key)
    {
        lock (_gate)
        {
            if (_sessions.Remove(key))
            {
                Write_Locked();
            }
        }
    }

    private void Write_Locked()
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(_sessions.Values.ToList(), SojournJson.Stored);
        var next = _file + ".tmp";
        using (var file = new FileStream(next, FileMode.Create, FileAccess.Write))
        {
            file.Write(Framing.Wrap(Place, json));
            file.Flush(flushToDisk: true);
        }

        File.Move(next, _file, overwrite: true);
        Disk.FlushDirectory(directory);
        _isAny = _sessions.Count > 0;
    }
}

/// <summary>A session of which a part of the log was lost.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Owner">Its owner.</param>
/// <param name="Id">Its id.</param>
/// <param name="Version">The highest version that it is known to have had.</param>
/// <param name="Reason">What was found.</param>
internal sealed record DamagedSession(string Kind, string Owner, string Id, long Version, string Reason)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public SessionKey Key => new(
        Kind, Owner == OwnerId.Local.ToString() ? OwnerId.Local : OwnerId.Parse(Owner), SessionId.Parse(Id));

    public static DamagedSession Of(SessionKey key, long version, string reason) =>
        new(key.Kind, key.Owner.ToString(), key.Id.ToString(), version, reason);
}
