using Microsoft.Extensions.Logging.Abstractions;
using Sojourn.Engine;
using Sojourn.Stores;
using Sojourn.Testing;

namespace Sojourn.Tests.Engine;

/// <summary>What the wake clock remembers of sessions that are in memory.</summary>
public sealed class WakeClockTests
{
    [Fact]
    public void Those_that_have_left_memory_do_not_pile_up_until_they_are_due()
    {
        var clock = new ManualClock();
        using var wakeClock = new WakeClock(new MemoryStore(), clock, NullLogger.Instance);
        var policy = TallyKind.DefaultPolicy with { Durability = Durability.WriteBehind };
        var kind = KindTable.ByName([new TallyKind(policy)], new Accounts(1, OwnerQuota.Unlimited))["tally"];
        var due = clock.GetUtcNow().AddDays(30);

        for (var i = 0; i < 100_000; i++)
        {
            var cell = kind.CellOf(OwnerId.Local, $"s{i}");
            wakeClock.Note(cell, due);
            cell.Retire();
        }

        wakeClock.Remembered.ShouldBeLessThan(5_000);
    }
}
