using Sojourn.Sqlite;
using Sojourn.Sqlite.Journal;
using Sojourn.Stores;

namespace Sojourn.Tests.Stores.Journal;

public sealed class JournaledDamageTests : IDisposable
{
    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_byte_that_flips_in_the_journal_damages_at_most_the_session_it_belongs_to()
    {
        var whole = await ThreeBatchesAsync();
        var bytes = await File.ReadAllBytesAsync(StoreFolder.NewestSegment(whole));
        for (var at = Disk.Page + 3; at < Disk.Page + 1100; at += 61)
        {
            var image = await ThreeBatchesImageAsync(whole, at, bytes);
            await using var store = await _folder.OpenAsync(image);

            var damaged = new List<string>();
            foreach (var id in (string[])["a", "b", "c"])
            {
                try
                {
                    (await store.LoadAsync(StoreFolder.Key(id), default)).ShouldNotBeNull();
                }
                catch (DamagedRecordException)
                {
                    damaged.Add(id);
                }
            }

            damaged.Count.ShouldBeLessThanOrEqualTo(1, $"byte {at}");
            (await store.CheckAsync(default)).Damaged.Count.ShouldBe(damaged.Count, $"byte {at}");
        }
    }

    [Fact]
    public async Task A_session_with_a_lost_change_says_so_is_listed_and_stays_so_until_it_is_restored()
    {
        await using var store = await DamagedAsync();

        await Should.ThrowAsync<DamagedRecordException>(async () =>
            await store.ReadStreamAsync(new StreamKey(StoreFolder.Key("a"), "events"), 0, 10, 1000, default));
        (await store.CommitAsync([StoreFolder.Step("a", 4)])).ShouldBe([CommitResult.Conflict]);
        (await store.ListAsync(new SessionQuery { IsDamaged = true }, default)).Sessions
            .ShouldHaveSingleItem().Key.ShouldBe(StoreFolder.Key("a"));
        (await StoreFolder.VersionAsync(store, "b")).ShouldBe(1, "no other session notices");

        var restored = (await store.RestoreAsync(StoreFolder.Key("a"), DateTimeOffset.UnixEpoch))!;

        (restored.Version, restored.FirstEvent, restored.LastEvent).ShouldBe((4, 3, 3));
        (await store.LoadAsync(StoreFolder.Key("a"), default))!.Version.ShouldBe(4);
        (await store.ReadStreamAsync(new StreamKey(StoreFolder.Key("a"), "events"), 0, 10, 1000, default))
            .Select(entry => entry.Number).ShouldBe([3L], "what lies before the gap cannot be read on from");
        (await store.CheckAsync(default)).Damaged.ShouldBeEmpty();
    }

    [Fact]
    public async Task Damage_is_remembered_after_the_log_it_was_in_is_gone_and_its_bytes_lie_aside()
    {
        string path;
        await using (var store = await DamagedAsync())
        {
            path = _folder.Path;
        }

        await using var later = await _folder.OpenAsync(path);
        await Should.ThrowAsync<DamagedRecordException>(async () =>
            await later.LoadAsync(StoreFolder.Key("a"), default));
        Directory.EnumerateFiles(Path.Combine(path, "journal", "damaged")).ShouldHaveSingleItem();

        await StoreFolder.CommitAsync(later, new RemoveSession(StoreFolder.Key("a"), RemoveSession.AnyVersion));
        (await later.LoadAsync(StoreFolder.Key("a"), default)).ShouldBeNull();
        await StoreFolder.CommitAsync(later, StoreFolder.Step("a", 1));
    }

    [Fact]
    public async Task A_batch_that_is_gone_altogether_is_reported_and_whoever_it_left_a_gap_in_is_damaged()
    {
        var whole = await ThreeBatchesAsync();
        var segment = StoreFolder.NewestSegment(whole);
        var bytes = await File.ReadAllBytesAsync(segment);
        bytes.AsSpan(2 * Disk.Page, Disk.Page).Clear();
        await File.WriteAllBytesAsync(segment, bytes);
        await using var store = await _folder.OpenAsync(whole);

        await Should.ThrowAsync<DamagedRecordException>(async () =>
            await store.LoadAsync(StoreFolder.Key("a"), default));
        (await StoreFolder.VersionAsync(store, "b")).ShouldBe(1);
        var check = await store.CheckAsync(default);
        check.Damaged.ShouldContain(sentence => sentence.Contains("whose they were is not known"));
        check.Damaged.ShouldContain(sentence => sentence.Contains("tally/a"));
    }

    [Fact]
    public async Task What_version_one_of_the_log_wrote_is_read()
    {
        var golden = Path.Combine(AppContext.BaseDirectory, "Stores", "Journal", "Golden", "log-v1.bin");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "journal"));
        File.Copy(golden, Path.Combine(_folder.Path, "journal", Segment.NameOf(1)));
        await using var store = await _folder.OpenAsync();

        var record = (await store.LoadAsync(StoreFolder.Key("golden"), default))!;

        record.Labels.ShouldBe(new Dictionary<string, string> { ["team"] = "blau & grün" });
        (record.Version, record.Status, record.IsBusy, record.LastEvent).ShouldBe((3, "working", true, 2));
        record.Tails["pictures"].Last.ShouldBe(1);
        record.Operations.ShouldBe(new OperationWindow(DateTimeOffset.UnixEpoch, 3, 4));
        record.Reported.ShouldBe(new DriverReport(2, 9));
        (await store.FindOperationAsync(record.Key, "op", default))!.Version.ShouldBe(3);
        (await store.ReadStreamAsync(new StreamKey(record.Key, "pictures"), 0, 10, 1000, default)).Single()
            .Bytes.ToArray().ShouldBe("a picture"u8.ToArray());
        (await store.LoadAsync(StoreFolder.Key("gone"), default)).ShouldBeNull();
        var now = DateTimeOffset.UnixEpoch;
        (await store.ClaimAsync(new LeaseClaim("tally", "here", now, now.AddHours(1), 1))).Single().Term.ShouldBe(8);
    }

    /// <summary>Session a takes steps 1, 2 and 3 in a batch each; b begins in the first, c in the last. Killed
    /// then.</summary>
    private async Task<string> ThreeBatchesAsync()
    {
        await using var store = await _folder.OpenAsync();
        await StoreFolder.CommitAsync(store, StoreFolder.Step("a", 1), StoreFolder.Step("b", 1));
        await StoreFolder.CommitAsync(store, StoreFolder.Step("a", 2));
        await StoreFolder.CommitAsync(store, StoreFolder.Step("a", 3), StoreFolder.Step("c", 1));
        return _folder.Image();
    }

    private static async Task<string> ThreeBatchesImageAsync(string image, int at, byte[] bytes)
    {
        // The same image again and again: what the last start left of it goes.
        foreach (var left in Directory.EnumerateFileSystemEntries(image).ToList())
        {
            if (Directory.Exists(left))
            {
                Directory.Delete(left, recursive: true);
            }
            else
            {
                File.Delete(left);
            }
        }

        Directory.CreateDirectory(Path.Combine(image, "journal"));
        await File.WriteAllBytesAsync(
            Path.Combine(image, "journal", Segment.NameOf(1)),
            [.. bytes[..at], (byte)(bytes[at] ^ 0x10), .. bytes[(at + 1)..]]);
        return image;
    }

    /// <summary>The second of session a's three steps cannot be read.</summary>
    private async Task<JournaledStore> DamagedAsync()
    {
        var whole = await ThreeBatchesAsync();
        var bytes = await File.ReadAllBytesAsync(StoreFolder.NewestSegment(whole));
        bytes[(2 * Disk.Page) + 60] ^= 1;
        foreach (var left in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories))
        {
            File.Delete(left);
        }

        await File.WriteAllBytesAsync(Path.Combine(_folder.Path, "journal", Segment.NameOf(1)), bytes);
        return await _folder.OpenAsync();
    }
}
