using Microsoft.Extensions.Logging.Abstractions;
using Sojourn.Sqlite;
using Sojourn.Testing;

namespace Sojourn.Tests.Engine;

/// <summary>Stopping with much to do, and what is said of what could not be done.</summary>
public sealed class StopTests
{
    private static readonly Policy WriteBehind = TallyKind.DefaultPolicy with
    {
        Durability = Durability.WriteBehind,
        WriteBehindDelay = TimeSpan.FromMinutes(1),
        MaxInMemory = 1_000_000,
    };

    [Fact]
    public async Task A_hundred_thousand_unwritten_sessions_are_all_written()
    {
        const int count = 100_000;
        using var directory = new TempDirectory();
        await using (var bench = await StartAsync(directory))
        {
            await Parallel.ForAsync(0, count, async (i, stop) => await bench.CreateAsync($"s{i}"));

            var report = await bench.Sojourn.StopAsync();

            report.Unsaved.ShouldBeEmpty();
        }

        await using var again = await StartAsync(directory);
        (await again.Sojourn.CountAsync(new(), count * 2)).ShouldBe(count);
        (await again.GetAsync("s99999")).Version.ShouldBe(1);
    }

    [Fact]
    public async Task What_the_store_does_not_take_in_time_is_named()
    {
        await using var bench = await Bench.StartAsync(WriteBehind);
        await bench.CreateAsync("saved");
        await bench.Sojourn.FlushAsync();
        bench.Store.Hold();
        await bench.CreateAsync("lost-1");
        await bench.CreateAsync("lost-2");

        var stopping = bench.Sojourn.StopAsync();
        await bench.Store.Held().WaitAsync(Bench.Patience());
        bench.Clock.Advance(TimeSpan.FromMinutes(1));

        (await stopping).Unsaved.Select(session => session.Id.ToString()).Order(StringComparer.Ordinal)
            .ShouldBe(["lost-1", "lost-2"]);
    }

    [Fact]
    public async Task Commands_that_come_while_it_stops_are_refused_and_those_before_are_kept()
    {
        using var directory = new TempDirectory();
        var kept = 0;
        await using (var bench = await StartAsync(directory))
        {
            await bench.CreateAsync("a");
            var underWay = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var callers = Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
            {
                for (var i = 0; ; i++)
                {
                    var answer = await bench.Sojourn.SendAsync("a", new Add(1));
                    if (answer.Problem is { } problem)
                    {
                        // On a slow disk too much may wait to be written, for a while.
                        if (problem.Type == ProblemTypes.Overloaded)
                        {
                            await bench.Sojourn.FlushAsync();
                            continue;
                        }

                        problem.Type.ShouldBe(ProblemTypes.Stopping);
                        return;
                    }

                    if (Interlocked.Increment(ref kept) == 1000)
                    {
                        underWay.SetResult();
                    }
                }
            })).ToList();
            await underWay.Task.WaitAsync(Bench.Patience());

            (await bench.Sojourn.StopAsync()).Unsaved.ShouldBeEmpty();
            await Task.WhenAll(callers);
        }

        await using var again = await StartAsync(directory);
        (await again.GetAsync()).State.Total.ShouldBe(kept);
    }

    private static Task<Bench> StartAsync(TempDirectory directory) => Bench.StartAsync(
        WriteBehind,
        new JournaledStore(directory.Path, new JournalOptions(), TimeProvider.System, NullLogger.Instance));

    private sealed class TempDirectory : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("sojourn-stop-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
