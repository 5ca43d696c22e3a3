using Sojourn.Engine;

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

    private static readonly DateTimeOffset Life = DateTimeOffset.UnixEpoch;

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
