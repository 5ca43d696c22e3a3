using Microsoft.Extensions.Logging.Abstractions;
using Sojourn.Sqlite;
using Sojourn.Tests.Stores;

namespace Sojourn.Tests.Engine;

public sealed class FullDiskTests
{
    [SmallDiskFact]
    public async Task On_a_full_disk_what_was_acknowledged_is_there_the_rest_is_refused_and_space_heals()
    {
        using var disk = SmallDisk.Mount("6m");
        var filler = Path.Combine(disk.Path, "filler");
        await File.WriteAllBytesAsync(filler, new byte[2 << 20]);
        var data = Path.Combine(disk.Path, "data");
        var acknowledged = new List<string>();
        string refused;
        await using (var bench = await Bench.StartAsync(store: new SqliteStore(data, NullLogger.Instance)))
        {
            refused = await FillAsync(bench, acknowledged, "before");
            bench.Sojourn.Health.Critical.ShouldNotBeNull();
            (await bench.Sojourn.SendAsync("before-0", new Add(1))).Problem!.Type
                .ShouldBe(ProblemTypes.StoreUnavailable);
            (await bench.GetAsync("before-0")).Version.ShouldBe(2, "reading goes on");

            File.Delete(filler);
            await bench.UntilAsync(() => Task.FromResult(bench.Sojourn.Health.Critical is null));

            (await bench.Sojourn.GetAsync<Tally>(refused)).Problem?.Type.ShouldBe(ProblemTypes.NotFound);
            (await bench.Sojourn.SendAsync("before-0", new Add(1))).IsAccepted.ShouldBeTrue();
            await FillAsync(bench, acknowledged, "after");
        }

        acknowledged.Count(id => id.StartsWith("after", StringComparison.Ordinal)).ShouldBeGreaterThan(0);
        await using var store = new SqliteStore(data, NullLogger.Instance);
        await using var later = await Bench.StartAsync(store: store);
        foreach (var id in acknowledged)
        {
            (await later.GetAsync(id)).State.Note.ShouldBe(Note(id));
        }

        (await store.CheckAsync(default)).Damaged.ShouldBeEmpty();
    }

    /// <summary>Writes until the disk is full.</summary>
    /// <returns>The session whose write was refused.</returns>
    private static async Task<string> FillAsync(Bench bench, List<string> acknowledged, string name)
    {
        for (var i = 0; i < 10_000; i++)
        {
            var id = $"{name}-{i}";
            var created = await bench.Sojourn.CreateAsync(new StartTally(), new CreateOptions { Id = id });
            var written = created.IsAccepted ? await bench.Sojourn.SendAsync(id, new Write(Note(id))) : default;
            var problem = created.Problem ?? written.Problem;
            if (problem is not null)
            {
                problem.Type.ShouldBe(ProblemTypes.StoreUnavailable);
                problem.Retryable.ShouldBeTrue();
                return id;
            }

            acknowledged.Add(id);
        }

        throw new InvalidOperationException("The disk did not fill up.");
    }

    private static string Note(string id) => string.Concat(Enumerable.Repeat(id, 20_000 / id.Length));
}
