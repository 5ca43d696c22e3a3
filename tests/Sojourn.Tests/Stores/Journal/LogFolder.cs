using System.Text;
using Sojourn.Sqlite;
using Sojourn.Sqlite.Journal;
using Sojourn.Stores;

namespace Sojourn.Tests.Stores.Journal;

/// <summary>A journal's directory of its own, with a log in it.</summary>
internal sealed class LogFolder : IDisposable
{
    private readonly BatchWriter _batch = new();

    public string Path { get; } = Directory.CreateTempSubdirectory("sojourn-journal-").FullName;

    public JournalOptions Options { get; } = new() { SegmentBytes = 64 << 10 };

    /// <summary>The one segment file, or the newest of several.</summary>
    public string Newest => Directory.EnumerateFiles(Path, "*.log").Max()!;

    public JournalLog Open()
    {
        var files = JournalFiles.Find(Path);
        var last = files.Read(0).Select(each => each.Batch.Sequence).LastOrDefault();
        var log = new JournalLog(Path, Options);
        log.Open(files, last);
        return log;
    }

    /// <summary>Appends a batch of sessions with these ids.</summary>
    public void Append(JournalLog log, params ReadOnlySpan<string> ids)
    {
        _batch.Clear();
        foreach (var id in ids)
        {
            _batch.Add(Change(id), number: 1);
        }

        log.Append(_batch);
    }

    /// <summary>What a start would find: a batch's ids in one text, with '?' for each frame that is gone.</summary>
    public string[] Found(long after = 0) => [.. JournalFiles.Find(Path).Read(after).Select(each => Text(each.Batch))];

    public void Dispose() => Directory.Delete(Path, recursive: true);

    public static SaveSession Change(string id) => new(
        new SessionKey("tally", OwnerId.Local, id), 0, new SessionRecord
        {
            Key = new SessionKey("tally", OwnerId.Local, id),
            Version = 1,
            Status = "open",
            IsBusy = false,
            IsFinal = false,
            CreatedAt = DateTimeOffset.UnixEpoch,
            LastActivityAt = DateTimeOffset.UnixEpoch,
            StatusSince = DateTimeOffset.UnixEpoch,
            ExpiresAt = null,
            WakeAt = null,
            FirstEvent = 1,
            LastEvent = 1,
            Tails = new Dictionary<string, StreamTail>(),
            Labels = new Dictionary<string, string>(),
            State = Encoding.UTF8.GetBytes($$"""{"note":"{{string.Concat(Enumerable.Repeat(id, 40))}}"}"""),
        })
    {
        Entries = [new StreamEntry("events", 1, Encoding.UTF8.GetBytes("an event of " + id))],
        Operations = [],
    };

    private static string Text(LoggedBatch batch)
    {
        var ids = Enumerable.Repeat("?", Math.Max(1, batch.Count - 1)).ToArray();
        foreach (var frame in batch.Frames.Where(frame => !frame.IsDirectory))
        {
            ids[frame.Place] = LoggedChange.Read(batch.Payload(frame)).Key.Id.ToString();
        }

        return string.Join(' ', ids);
    }
}
