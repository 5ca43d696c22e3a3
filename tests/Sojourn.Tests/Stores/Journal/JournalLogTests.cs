using Sojourn.Sqlite;
using Sojourn.Sqlite.Journal;

namespace Sojourn.Tests.Stores.Journal;

public sealed class JournalLogTests : IDisposable
{
    private readonly LogFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_appended_is_found_in_order_also_across_segments()
    {
        using var log = _folder.Open();
        string[] ids = [.. Enumerable.Range(0, 100).Select(i => $"s{i}")];
        foreach (var id in ids)
        {
            _folder.Append(log, id, id + "-b");
        }

        Directory.EnumerateFiles(_folder.Path, "*.log").Count().ShouldBeGreaterThan(3);
        _folder.Found().ShouldBe(ids.Select(id => $"{id} {id}-b"));
        _folder.Found(after: 98).ShouldBe(["s98 s98-b", "s99 s99-b"]);
    }

    [Fact]
    public void A_crash_that_cuts_the_last_batch_at_any_byte_takes_that_batch_and_no_other()
    {
        var (start, end) = ThreeBatches();
        var whole = File.ReadAllBytes(_folder.Newest);
        for (var cut = start; cut < end; cut++)
        {
            File.WriteAllBytes(_folder.Newest, whole[..cut]);
            _folder.Found().ShouldBe(["a b", "c d"], $"cut at {cut}");

            // A file has its length beforehand, so what was not written is what was there: zeros, or an old segment's.
            File.WriteAllBytes(_folder.Newest, [.. whole[..cut], .. new byte[whole.Length - cut]]);
            _folder.Found().ShouldBe(["a b", "c d"], $"zeros from {cut}");
        }

        File.WriteAllBytes(_folder.Newest, whole[..end]);
        _folder.Found().ShouldBe(["a b", "c d", "e f g"]);
    }

    [Fact]
    public void A_batch_whose_later_pages_came_to_the_disk_without_its_first_is_torn_and_no_damage()
    {
        using (var log = _folder.Open())
        {
            _folder.Append(log, "a");
            _folder.Append(log, [.. Enumerable.Range(0, 40).Select(i => $"s{i}")]);
        }

        Zero(2 * Disk.Page, 100);
        _folder.Found().ShouldBe(["a"]);
        using (var log = _folder.Open())
        {
            log.LastSequence.ShouldBe(1);
            _folder.Append(log, "z");
        }

        _folder.Found().ShouldBe(["a", "z"], "what was left of the torn batch stays dropped");
    }

    [Fact]
    public void A_byte_that_flips_before_the_last_batch_costs_at_most_the_change_that_it_is_in()
    {
        ThreeBatches();
        var whole = File.ReadAllBytes(_folder.Newest);
        for (var at = Disk.Page; at < 3 * Disk.Page; at++)
        {
            File.WriteAllBytes(_folder.Newest, [.. whole[..at], (byte)(whole[at] ^ 0x10), .. whole[(at + 1)..]]);
            var found = _folder.Found();
            found.Length.ShouldBe(3, $"byte {at}");
            found[2].ShouldBe("e f g");
            (found[0] is "a b" or "? b" or "a ?").ShouldBeTrue($"byte {at}: {found[0]}");
            (found[1] is "c d" or "? d" or "c ?").ShouldBeTrue($"byte {at}: {found[1]}");
            found[..2].Count(batch => batch.Contains('?', StringComparison.Ordinal)).ShouldBeLessThan(2);
        }
    }

    [Fact]
    public void A_batch_that_is_gone_altogether_is_missed_because_another_followed()
    {
        ThreeBatches();
        Zero(2 * Disk.Page, Disk.Page);

        _folder.Found().ShouldBe(["a b", "?", "e f g"]);
    }

    [Fact]
    public void A_damaged_last_batch_of_a_segment_is_damage_because_the_next_segment_says_that_it_was_there()
    {
        ThreeBatches();
        var first = _folder.Newest;
        _folder.Open().Dispose();
        var bytes = File.ReadAllBytes(first);
        bytes[(3 * Disk.Page) + 40] ^= 1;
        File.WriteAllBytes(first, bytes);

        _folder.Found().ShouldBe(["a b", "c d", "? f g"]);
    }

    [Fact]
    public void A_segments_damaged_head_costs_nothing()
    {
        ThreeBatches();
        Zero(0, 100);

        _folder.Found().ShouldBe(["a b", "c d", "e f g"]);
    }

    [Fact]
    public void A_segment_that_is_used_again_shows_nothing_of_what_it_held()
    {
        using var log = _folder.Open();
        for (var i = 0; i < 60; i++)
        {
            _folder.Append(log, $"old{i}");
            log.Free(log.LastSequence);
        }

        Directory.EnumerateFiles(_folder.Path, "*.log").Count().ShouldBeLessThanOrEqualTo(2, "freed and used again");
        _folder.Append(log, "new");
        _folder.Found(after: 60).ShouldBe(["new"]);
    }

    [Fact]
    public void No_two_segments_are_made_ahead_under_one_name()
    {
        using var log = _folder.Open();
        var names = new List<string>();
        for (var i = 0; i < 100; i++)
        {
            _folder.Append(log, $"s{i}");
            log.Prepare();
            // Nothing is freed here, so nothing can be used again.
            names.AddRange(Directory.EnumerateFiles(_folder.Path, "*.tmp").Except(names));
        }

        names.Count.ShouldBeGreaterThan(3, "one for each segment");
    }

    [Fact]
    public void After_a_flush_that_failed_nothing_is_written_until_a_new_segment_is_begun_and_the_batch_is_gone()
    {
        using var log = _folder.Open();
        _folder.Append(log, "a");
        _folder.Options.Flush = file => throw new IOException("The disk is broken (injected).");
        Should.Throw<IOException>(() => _folder.Append(log, "lost"));
        _folder.Found().ShouldBe(["a", "lost"], "it may have come to the disk: a crash now could bring it back");

        _folder.Options.Flush = Disk.FlushBytes;
        Should.Throw<IOException>(() => _folder.Append(log, "too-early")).Message.ShouldContain("injected");
        log.Repair();
        _folder.Found().ShouldBe(["a"], "the new segment begins where it would have been");

        _folder.Append(log, "b");
        _folder.Found().ShouldBe(["a", "b"]);
    }

    [Fact]
    public void A_batch_that_is_longer_than_a_segment_gets_one_of_its_own()
    {
        using var log = _folder.Open();
        string[] many = [.. Enumerable.Range(0, 400).Select(i => $"s{i}")];
        _folder.Append(log, "a");
        _folder.Append(log, many);
        _folder.Append(log, "b");

        _folder.Found().ShouldBe(["a", string.Join(' ', many), "b"]);
    }

    [Fact]
    public void A_log_of_a_newer_version_is_refused_and_left_untouched()
    {
        var newer = Path.Combine(_folder.Path, Segment.NameOf(1));
        File.WriteAllBytes(newer, new SegmentHeader(SegmentHeader.Newest + 1, 1, 1).Write());
        var before = File.ReadAllBytes(newer);

        Should.Throw<SojournException>(() => JournalFiles.Find(_folder.Path)).Message.ShouldContain("newer Sojourn");

        File.ReadAllBytes(newer).ShouldBe(before);
    }

    [Fact]
    public void A_log_that_is_no_longer_needed_leaves_nothing_behind()
    {
        using var log = _folder.Open();
        _folder.Append(log, "a");

        log.Clear();

        Directory.EnumerateFileSystemEntries(_folder.Path).ShouldBeEmpty();
    }

    /// <summary>One batch a page; says where the last one begins and ends.</summary>
    private (int Start, int End) ThreeBatches()
    {
        using var log = _folder.Open();
        _folder.Append(log, "a", "b");
        _folder.Append(log, "c", "d");
        _folder.Append(log, "e", "f", "g");
        var last = JournalFiles.Find(_folder.Path).Read(0).Last().Batch;
        return (last.Frames[0].Offset, last.Frames[^1].Payload + last.Frames[^1].Length);
    }

    private void Zero(int at, int length)
    {
        var bytes = File.ReadAllBytes(_folder.Newest);
        bytes.AsSpan(at, length).Clear();
        File.WriteAllBytes(_folder.Newest, bytes);
    }
}
