using System.Runtime.InteropServices;
using Sojourn.Engine;
using Sojourn.Stores;

namespace Sojourn.Tests.Engine;

/// <summary>How many of a session's newest events its watchers find in memory.</summary>
public sealed class EventLogTests
{
    [Theory]
    [InlineData(100, 256)] // Small ones: so many.
    [InlineData(1024, 256)] // Exactly as many as there may be bytes.
    [InlineData(2048, 128)] // Larger ones: so many bytes.
    [InlineData(64 << 10, 4)]
    [InlineData(256 << 10, 1)]
    [InlineData((256 << 10) + 1, 0)]
    [InlineData(4 << 20, 0)]
    public void It_keeps_the_newest_by_number_and_by_bytes(int bytes, int kept)
    {
        var log = new EventLog();
        log.TryAddWatcher(1).ShouldBe(Admission.Admitted);

        for (var number = 1; number <= 1000; number++)
        {
            log.Append([Event(number, bytes)], Life, long.MaxValue);
        }

        // Trimmed in runs of an eighth.
        Kept(log, 1000).ShouldBeInRange(kept, kept + (kept / 8) + 1);
    }

    [Fact]
    public void What_no_store_will_ever_have_stays_however_large_it_is()
    {
        var log = new EventLog();
        log.TryAddWatcher(1).ShouldBe(Admission.Admitted);

        for (var number = 1; number <= 20; number++)
        {
            log.Append([Event(number, 1 << 20)], Life, mustKeepFrom: 5);
        }

        Kept(log, 20).ShouldBe(16);
        log.Trim(mustKeepFrom: 21, Life);
        Kept(log, 20).ShouldBe(0);
    }

    [Fact]
    public void Small_ones_after_a_large_one_are_kept()
    {
        var log = new EventLog();
        log.TryAddWatcher(1).ShouldBe(Admission.Admitted);

        log.Append([Event(1, 1 << 20), Event(2, 10), Event(3, 10)], Life, long.MaxValue);

        Kept(log, 3).ShouldBe(2);
    }

    [Theory]
    [InlineData(256, 256)]
    [InlineData(1024, 128)] // Half of the bytes: the other half is for their form on the wire.
    [InlineData(128 << 10, 1)]
    [InlineData((128 << 10) + 1, 0)]
    public void It_keeps_the_newest_of_a_stream_by_number_and_by_bytes(int bytes, int kept)
    {
        var log = Watched();
        for (var number = 1; number <= 1000; number++)
        {
            log.Append([new StreamEntry("data", number, new byte[bytes])], Life);
        }

        var after = 1000;
        while (log.Read(Life, "data", after - 1, Most) is not null)
            after--;
        (1000 - after).ShouldBeInRange(kept, kept + (kept / 8) + 1);
    }

    [Fact]
    public void An_entry_does_not_keep_in_memory_what_it_came_with()
    {
        var log = Watched();
        var body = new byte[1 << 20];
        log.Append([new StreamEntry("data", 1, body.AsMemory(5, 3)), new StreamEntry("data", 2, new byte[9])], Life);

        var read = log.Read(Life, "data", 0, Most).ShouldNotBeNull();
        MemoryMarshal.TryGetArray(read[0].Bytes, out var held).ShouldBeTrue();
        held.Array!.Length.ShouldBe(3);
    }

    [Fact]
    public void Nothing_is_kept_once_the_last_watcher_is_gone()
    {
        var log = Watched();
        log.TryAddWatcher(2).ShouldBe(Admission.Admitted);
        log.Append([Event(1, 10), Event(2, 10)], Life, long.MaxValue);
        log.Append([new StreamEntry("data", 1, new byte[9])], Life);

        log.RemoveWatcher();
        Kept(log, 2).ShouldBe(2);
        log.Read(Life, "data", 0, Most).ShouldNotBeNull();
        log.RemoveWatcher();
        Kept(log, 2).ShouldBe(0);
        log.Read(Life, "data", 0, Most).ShouldBeNull();
    }

    [Fact]
    public void What_no_store_will_ever_have_stays_when_the_last_watcher_goes()
    {
        var log = Watched();
        log.Append([Event(1, 10), Event(2, 10), Event(3, 10)], Life, mustKeepFrom: 2);
        log.RemoveWatcher();
        Kept(log, 3).ShouldBe(2);
    }

    private static readonly StreamLimits Most = new(1000, 1 << 20);

    private static readonly DateTimeOffset Life = DateTimeOffset.UnixEpoch;

    private static EventLog Watched()
    {
        var log = new EventLog();
        log.TryAddWatcher(2).ShouldBe(Admission.Admitted);
        return log;
    }

    private static SessionEvent Event(long number, int bytes) => new(number, new byte[bytes]);

    private static int Kept(EventLog log, int last)
    {
        var kept = 0;
        while (kept < last && log.Read(Life, last - kept - 1, 1) is [var read] && read.Number == last - kept)
        {
            kept++;
        }

        return kept;
    }
}
