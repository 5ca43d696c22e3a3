using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Sojourn.Sqlite;
using Sojourn.Stores;
using Sojourn.Testing;

namespace Sojourn.Tests.Stores.Journal;

/// <summary>A journaled store's directory, and copies of it as a process that was killed would leave it.</summary>
internal sealed class StoreFolder : IDisposable
{
    private readonly List<string> _all = [Directory.CreateTempSubdirectory("sojourn-store-").FullName];

    public string Path => _all[0];

    /// <summary>Folds only when told to.</summary>
    public JournalOptions Options { get; } = new()
    {
        SegmentBytes = 64 << 10,
        FoldAfter = TimeSpan.FromMinutes(10),
    };

    public ManualClock Clock { get; } = new();

    public static SessionKey Key(string id) => new("tally", OwnerId.Local, id);

    public async Task<JournaledStore> OpenAsync(string? path = null)
    {
        var store = new JournaledStore(path ?? Path, Options, Clock, NullLogger.Instance);
        await store.OpenAsync(default);
        return store;
    }

    /// <summary>What a kill at this moment would leave.</summary>
    public string Image()
    {
        var image = Directory.CreateTempSubdirectory("sojourn-image-").FullName;
        _all.Add(image);
        foreach (var file in Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories)
            .Where(file => System.IO.Path.GetFileName(file) != "sojourn.lock"))
        {
            var copy = System.IO.Path.Combine(image, System.IO.Path.GetRelativePath(Path, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            using var from = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var to = File.Create(copy);
            from.CopyTo(to);
        }

        return image;
    }

    public static string NewestSegment(string directory) =>
        Directory.EnumerateFiles(System.IO.Path.Combine(directory, "journal"), "*.log").Max()!;

    /// <summary>A step of a session: version n has events 1 to n.</summary>
    public static SaveSession Step(string id, long version, string status = "open") =>
        new(Key(id), version - 1, LogFolder.Change(id).Record with
        {
            Version = version,
            Status = status,
            IsBusy = status == "working",
            LastEvent = version,
            State = Encoding.UTF8.GetBytes($$"""{"total":{{version}}}"""),
        })
        {
            Entries = [new StreamEntry("events", version, Encoding.UTF8.GetBytes($"event {version}"))],
            Operations = [],
        };

    public static async Task CommitAsync(ISessionStore store, params SessionChange[] batch) =>
        (await store.CommitAsync(batch)).ShouldAllBe(result => result == CommitResult.Committed);

    /// <summary>The version that a session has; all its events must be there, and no more.</summary>
    public static async Task<long> VersionAsync(ISessionStore store, string id)
    {
        var version = (await store.LoadAsync(Key(id), default))?.Version ?? 0;
        var events = await store.ReadStreamAsync(new StreamKey(Key(id), "events"), 0, 10_000, 1 << 20, default);
        events.Select(entry => entry.Number).ShouldBe(Enumerable.Range(1, (int)version).Select(number => (long)number));
        return version;
    }

    public void Dispose()
    {
        foreach (var directory in _all)
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
